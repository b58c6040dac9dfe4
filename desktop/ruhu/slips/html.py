"""The slip as HTML for a page: plain tables and headings, without a style sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ruhu.i18n import BilingualText
from ruhu.slips.document import Slip, SlipLine
from ruhu.survey.models.choices import Choice

QR_NAME = "qr.png"


class PaperFormat(Choice):
    """The paper that slips are printed on."""

    A4 = "A4", "A4", "A4"
    A5 = "A5", "A5", "A5"
    ROLL = "roll", "80毫米卷纸", "80 mm roll"


@dataclass(frozen=True, slots=True)
class PageMetrics:
    """A paper's size in millimetres, and its font size in points.

    `height` is 0 for a roll, which is cut at the end of the slip. `code` is the side of the QR code in pixels
    of 1/96 inch.
    """

    width: float
    height: float
    margin: float
    points: float
    title_points: int
    code: int


SHEETS = {
    PaperFormat.A4: PageMetrics(210, 297, 12, 9.0, 17, 118),
    PaperFormat.A5: PageMetrics(148, 210, 9, 7.5, 13, 106),
    PaperFormat.ROLL: PageMetrics(80, 0, 4, 8.0, 12, 150),
}


def _text(text: str) -> str:
    """Return a text as HTML; English below Chinese is paler."""
    chinese, _, english = text.partition("\n")
    if not english:
        return escape(chinese)
    return f'{escape(chinese)}<br/><span style="color:#55626a;">{escape(english)}</span>'


def _inline(texts: Iterable[str], between: str) -> str:
    return escape(between.join(text.replace("\n", " ") for text in texts))


def _table(rows: list[list[str]], head: list[str] | None, widths: list[int]) -> str:
    def row(cells: list[str], tag: str) -> str:
        shade = ' bgcolor="#eef2f5"' if tag == "th" else ""
        return (
            "<tr>"
            + "".join(
                f'<td width="{width}%"{shade}>{"<b>" if tag == "th" else ""}{_text(cell)}'
                f"{'</b>' if tag == 'th' else ''}</td>"
                for cell, width in zip(cells, widths, strict=True)
            )
            + "</tr>"
        )

    body = "".join(row(cells, "td") for cells in rows)
    header = f"<thead>{row(head, 'th')}</thead>" if head else ""
    return (
        '<table width="100%" border="1" cellspacing="0" cellpadding="3" '
        f'style="border-collapse:collapse; border-color:#9aa7b0;">{header}{body}</table>'
    )


def _facts(slip: Slip) -> str:
    cells = [text for pair in slip.facts for text in pair]
    cells += [""] * (-len(cells) % 4)
    rows = [cells[start : start + 4] for start in range(0, len(cells), 4)]
    return _table(rows, None, [20, 30, 20, 30])


def _named(line: SlipLine) -> str:
    return f"{line.title}（{line.subject}）" if line.subject else line.title


def _lines(lines: tuple[SlipLine, ...], say: "_Wording") -> str:
    head = [say("事项", "Matter"), say("结论", "Outcome"), say("力度", "Wording"),
            say("数额／标准", "Figures"), say("依据", "Clause")]  # fmt: skip
    rows = [[_named(x), x.outcome, x.strength, x.figures, x.clause] for x in lines]
    return _table(rows, head, [28, 15, 13, 20, 24])


def _arithmetic(lines: tuple[SlipLine, ...], say: "_Wording") -> str:
    steps = dict.fromkeys(
        text for line in lines for text in line.detail if "＝" in text or "=" in text
    )
    worked = "".join(f"<p>{_text(text)}</p>" for text in steps)
    return f"<p><b>{say('计算', 'Arithmetic')}</b></p>{worked}" if steps else ""


class _Wording:
    def __init__(self, slip: Slip) -> None:
        self.language = slip.language

    def __call__(self, zh: str, en: str) -> str:
        if self.language == "both":
            return f"{zh} {en}"
        return BilingualText(zh, en).in_language(self.language)


@dataclass(frozen=True, slots=True)
class PrintedIssue:
    """A slip's printed number and day, and whether it is a reprint."""

    number: str
    issued_on: str
    reprint: bool


def slip_html(slip: Slip, issue: PrintedIssue, paper: PaperFormat) -> str:
    """Return the whole slip as HTML for a paper; the QR code is the image `qr.png`."""
    say = _Wording(slip)
    return _roll(slip, issue, say) if paper is PaperFormat.ROLL else _sheet(slip, issue, say, paper)


def _title(slip: Slip, issue: PrintedIssue, say: _Wording, paper: PaperFormat) -> str:
    again = say("（补打）", " (reprint)") if issue.reprint else ""
    title = slip.title.replace("\n", "　")
    points = SHEETS[paper].title_points - (2 if slip.language == "both" else 0)
    return f'<p style="font-size:{points}pt;"><b>{escape(title)}</b>{again}</p>'


def _numbers(slip: Slip, issue: PrintedIssue, say: _Wording, between: str) -> str:
    number = issue.number or say("（预览，未编号）", "(preview, no number yet)")
    parts = [f"{say('编号', 'Number')} {escape(number)}",
             f"{say('核对日', 'As of')} {_inline([slip.as_of], '')}"]  # fmt: skip
    if issue.issued_on:
        parts.append(f"{say('打印日', 'Printed')} {escape(issue.issued_on)}")
    policy = f"<p>{say('政策文本', 'Policy')} {_inline([slip.policy], '')}</p>"
    return f"<p>{between.join(parts)}</p>{policy}"


def _code(paper: PaperFormat) -> str:
    side = SHEETS[paper].code
    return f'<img src="{QR_NAME}" width="{side}" height="{side}"/>'


def _rest(slip: Slip, say: _Wording) -> list[str]:
    """Return the parts below the findings, the same for every paper."""
    between = say("；", "; ") if slip.language != "both" else "；"
    known = f"{say('已知金额', 'Money known')}：{_inline([slip.known_money], '')}"
    parts = [f"<p><b>{known}</b></p>"]
    if slip.open:
        title = say("待核实的政策", "Matters still open")
        parts.append(f"<h3>{title}</h3><p>{_inline(slip.open, between)}</p>")
    asked = _inline(slip.missing, between) or say("无", "nothing")
    parts.append(f"<h3>{say('还需核实', 'Still to be asked')}</h3><p>{asked}</p>")
    parts += [f"<p>{_text(note)}</p>" for note in slip.notes]
    remark = say(
        "“原则上”“宜”“左右”的标准不符时由工作人员研定，不作为否决。未登记的事实以入户核实为准。",
        "Where the wording is not “must”, a failed check is for a person to decide.",
    )
    return [*parts, f"<p>{remark}</p>"]


def _signing(slip: Slip, say: _Wording) -> list[str]:
    return [
        f"{say('户主签字', 'Householder')}：{_inline([slip.signed], '') or '______________'}",
        f"{say('手印', 'Thumbprint')}：________",
        f"{say('调查员', 'Surveyor')}：{escape(slip.surveyor) or '______________'}　"
        f"{say('日期', 'Date')}：____________",
    ]


def _sheet(slip: Slip, issue: PrintedIssue, say: _Wording, paper: PaperFormat) -> str:
    member_head = [say("姓名", "Name"), say("与户主关系", "Relation"), say("性别", "Sex"),
                   say("出生日期", "Born"), say("证件号码", "Id number"),
                   say("在校", "School"), say("劳动能力", "Able")]  # fmt: skip
    parts = [
        f'<table width="100%"><tr><td width="80%">{_title(slip, issue, say, paper)}'
        f"{_numbers(slip, issue, say, '　')}</td>"
        f'<td width="20%" align="right">{_code(paper)}</td></tr></table>',
        f"<h3>{say('一、户情', '1. Household')}</h3>",
        _facts(slip),
        f"<h3>{say('二、家庭成员', '2. Members')}</h3>",
        _table([list(row) for row in slip.members], member_head, [14, 12, 8, 16, 24, 16, 10]),
        f"<h3>{say('三、住房核对', '3. House')}</h3>",
        _lines(slip.housing, say) + _arithmetic(slip.housing, say),
    ]
    if slip.benefits:
        title = say("四、其他政策", "4. Other plans")
        parts += [f"<h3>{title}</h3>", _lines(slip.benefits, say)]
    parts += _rest(slip, say)
    cells = zip(_signing(slip, say), (34, 26, 40), strict=True)
    signing = "".join(f'<td width="{width}%">{text}</td>' for text, width in cells)
    return "".join([*parts, f'<table width="100%" cellpadding="10"><tr>{signing}</tr></table>'])


def _roll(slip: Slip, issue: PrintedIssue, say: _Wording) -> str:
    """Return the slip in one column: table rows become lines."""
    rule = "<hr/>"
    parts = [
        _title(slip, issue, say, PaperFormat.ROLL),
        f'<p align="center">{_code(PaperFormat.ROLL)}</p>',
        _numbers(slip, issue, say, "<br/>"),
        rule,
        *(
            f"<p>{_inline([label], '')}：<b>{_inline([value], '')}</b></p>"
            for label, value in slip.facts
        ),
        rule,
        *(f"<p>{_inline((cell for cell in row[:6] if cell), '　')}</p>" for row in slip.members),
    ]
    for title, lines in ((say("住房核对", "House"), slip.housing),
                         (say("其他政策", "Other plans"), slip.benefits)):  # fmt: skip
        if lines:
            parts += [rule, f"<h3>{title}</h3>", *(_entry(line) for line in lines)]
    parts += [_arithmetic(slip.housing, say), rule, *_rest(slip, say), rule]
    parts += [f'<p style="margin-top:16px;">{text}</p>' for text in _signing(slip, say)]
    return "".join([*parts, "<p>　</p>"])


def _entry(line: SlipLine) -> str:
    summary = _inline((t for t in (line.outcome, line.figures, line.strength) if t), "　")
    clause = f'<span style="color:#55626a;">{_inline([line.clause], "")}</span>'
    return f"<p><b>{_inline([_named(line)], '')}</b><br/>{summary}<br/>{clause}</p>"
