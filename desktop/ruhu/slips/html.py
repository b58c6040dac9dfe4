"""The slip as HTML for a page, from the templates in `resources/slips`.

Qt lays the page out: plain tables and headings, without a style sheet. The templates escape all texts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from ruhu.i18n import BilingualText
from ruhu.resources import resource
from ruhu.slips.document import Slip, SlipLanguage, SlipLine
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


@dataclass(frozen=True, slots=True)
class PrintedIssue:
    """A slip's printed number and day, and whether it is a reprint."""

    number: str
    issued_on: str
    reprint: bool


def slip_html(slip: Slip, issue: PrintedIssue, paper: PaperFormat) -> str:
    """Return the whole slip as HTML for a paper; the QR code is the image `qr.png`."""
    template = "roll.html" if paper is PaperFormat.ROLL else "sheet.html"
    return (
        _environment()
        .get_template(template)
        .render(
            slip=slip,
            issue=issue,
            metrics=SHEETS[paper],
            qr_name=QR_NAME,
            fact_rows=_fact_rows(slip),
            steps=_arithmetic_steps(slip),
            say=_choose_wording(slip.language),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True, loader=FunctionLoader(_read_template), undefined=StrictUndefined
    )
    environment.filters |= {"stacked": _stacked, "inline": _inline, "called": _called}
    return environment


def _read_template(name: str) -> str:
    """Return a template on one line: Qt shows a line end inside a paragraph as a space."""
    text = (resource("slips") / name).read_text(encoding="utf-8")
    return "".join(line.strip(" ") for line in text.splitlines())


def _stacked(text: str) -> Markup:
    """Return a text with its English, paler, below its Chinese."""
    chinese, _, english = text.partition("\n")
    if not english:
        return escape(chinese)
    return Markup('{}<br/><span style="color:#55626a;">{}</span>').format(chinese, english)


def _inline(text: str) -> str:
    return text.replace("\n", " ")


def _called(line: SlipLine) -> str:
    return f"{line.title}（{line.subject}）" if line.subject else line.title


def _fact_rows(slip: Slip) -> list[list[str]]:
    """Return the facts as rows of two labels and two values."""
    cells = [text for pair in slip.facts for text in pair]
    cells += [""] * (-len(cells) % 4)
    return [cells[start : start + 4] for start in range(0, len(cells), 4)]


def _arithmetic_steps(slip: Slip) -> list[str]:
    """Return the lines of arithmetic of the housing findings, each once."""
    texts = (text for line in slip.housing for text in line.detail)
    return list(dict.fromkeys(text for text in texts if "＝" in text or "=" in text))


def _choose_wording(language: SlipLanguage) -> Callable[[str, str], str]:
    """Return the function that templates call for a text in the slip's language."""
    if language == "both":
        return lambda zh, en: f"{zh} {en}"
    return lambda zh, en: BilingualText(zh, en).in_language(language)
