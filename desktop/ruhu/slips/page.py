"""The slip as HTML for a page, A4: plain tables and headings, no style sheet of its own."""

from html import escape

from ruhu.slips.document import Line, Slip
from ruhu.survey.text import Text

QR_NAME = "qr.png"


def _table(rows: list[list[str]], head: list[str] | None, widths: list[int]) -> str:
    def row(cells: list[str], tag: str) -> str:
        shade = ' bgcolor="#eef2f5"' if tag == "th" else ""
        return (
            "<tr>"
            + "".join(
                f'<td width="{width}%"{shade}>{"<b>" if tag == "th" else ""}{escape(cell)}'
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


def _lines(lines: tuple[Line, ...], say: "_Words", *, detail: bool) -> str:
    head = [say("事项", "Matter"), say("结论", "Outcome"), say("力度", "Wording"),
            say("数额／标准", "Figures"), say("依据", "Clause")]  # fmt: skip
    rows = [
        [
            f"{line.title}（{line.subject}）" if line.subject else line.title,
            line.outcome,
            line.strength,
            line.figures,
            line.clause,
        ]
        for line in lines
    ]
    table = _table(rows, head, [28, 15, 13, 20, 24])
    if not detail:
        return table
    steps = dict.fromkeys(
        text for line in lines for text in line.detail if "＝" in text or "=" in text
    )
    arithmetic = "".join(f"<p>{escape(text)}</p>" for text in steps)
    return table + (f"<p><b>{say('计算', 'Arithmetic')}</b></p>{arithmetic}" if steps else "")


class _Words:
    def __init__(self, slip: Slip) -> None:
        self.language = slip.language

    def __call__(self, zh: str, en: str) -> str:
        return Text(zh, en).in_language(self.language)


def slip_html(slip: Slip, *, number: str, issued_on: str, reprint: bool) -> str:
    """The whole slip as HTML; the QR code is the image `qr.png`."""
    say = _Words(slip)
    again = say("（补打）", " (reprint)") if reprint else ""
    top = (
        '<table width="100%"><tr><td width="80%">'
        f'<p style="font-size:17pt;"><b>{escape(slip.title)}</b>{again}</p>'
        f"<p>{say('编号', 'Number')} {escape(number)}　{say('核对日', 'As of')} {slip.as_of}　"
        f"{say('打印日', 'Printed')} {issued_on}</p>"
        f"<p>{say('政策文本', 'Policy')} {escape(slip.policy)}</p></td>"
        f'<td width="20%" align="right"><img src="{QR_NAME}" width="118" height="118"/></td>'
        "</tr></table>"
    )
    member_head = [say("姓名", "Name"), say("与户主关系", "Relation"), say("性别", "Sex"),
                   say("出生日期", "Born"), say("证件号码", "Id number"),
                   say("在校", "School"), say("劳动能力", "Able")]  # fmt: skip
    parts = [
        top,
        f"<h3>{say('一、户情', '1. Household')}</h3>",
        _facts(slip),
        f"<h3>{say('二、家庭成员', '2. Members')}</h3>",
        _table([list(row) for row in slip.members], member_head, [14, 12, 8, 16, 24, 16, 10]),
        f"<h3>{say('三、住房核对', '3. House')}</h3>",
        _lines(slip.housing, say, detail=True),
    ]
    if slip.benefits:
        title = say("四、其他政策", "4. Other plans")
        parts += [f"<h3>{title}</h3>", _lines(slip.benefits, say, detail=False)]
    parts.append(f"<p><b>{say('已知金额', 'Money known')}：{escape(slip.known_money)}</b></p>")
    if slip.open:
        waiting = say("；", "; ").join(slip.open)
        title = say("待核实的政策", "Matters still open")
        parts.append(f"<h3>{title}</h3><p>{escape(waiting)}</p>")
    asked = say("；", "; ").join(slip.missing) or say("无", "nothing")
    parts.append(f"<h3>{say('还需核实', 'Still to be asked')}</h3><p>{escape(asked)}</p>")
    parts += [f"<p>{escape(note)}</p>" for note in slip.notes]
    remark = say(
        "“原则上”“宜”“左右”的标准不符时由工作人员研定，不作为否决。未登记的事实以入户核实为准。",
        "Where the wording is not “must”, a failed check is for a person to decide.",
    )
    parts.append(f"<p>{remark}</p>")
    parts.append(
        '<table width="100%" cellpadding="10"><tr>'
        f"<td width='34%'>{say('户主签字', 'Householder')}：______________</td>"
        f"<td width='26%'>{say('手印', 'Thumbprint')}：________</td>"
        f"<td width='40%'>{say('调查员', 'Surveyor')}：{escape(slip.surveyor) or '______________'}　"
        f"{say('日期', 'Date')}：____________</td></tr></table>"
    )
    return "".join(parts)
