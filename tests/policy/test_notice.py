"""Compare the packs with the notice itself, if its text is next to the project."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ruhu.policy.language.nodes import Scalar
from ruhu.policy.packs.loader import load_packs
from ruhu.policy.packs.model import Figure

SEEDS = sorted((Path(__file__).resolve().parents[3] / "shared" / "seeds").glob("*.txt"))
NAMES = {
    "water": "水利",
    "housing": "危房",
    "farming": "特色",
    "enterprise": "企业",
    "ecommerce": "电商",
    "education": "教育",
    "employment": "劳动力",
    "health": "卫生",
}
IN_WORDS = {
    date(2017, 3, 21): ("公布之日",),
    date(2016, 1, 1): ("十三五",),
    date(2020, 12, 31): ("十三五",),
}
CHINESE = "零一二三四五六七八九十"


def texts_of_plans(text: str) -> dict[str, str]:
    """What the notice says on each plan: in its list of changes, its table, and the plan's text."""
    text = re.sub(r"[ \t\u3000]", "", text)
    texts = dict.fromkeys(NAMES, "")
    words = "|".join(NAMES.values())
    heading = re.compile(rf"脱贫攻坚[^\n。；，]{{0,4}}({words})[^\n。；，]{{0,20}}方案")
    marks = list(heading.finditer(text))
    plans = {word: plan for plan, word in NAMES.items()}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        texts[plans[mark.group(1)]] += text[mark.start() : end]
    return texts


def forms(value: Scalar, unit: str | None) -> Iterator[str]:
    """How the notice may write a figure."""
    if isinstance(value, date):
        yield from IN_WORDS.get(value, ())
        yield f"{value.year}年{value.month}月{value.day}日"
        if (value.month, value.day) == (1, 1):
            yield f"{value.year}年"
        if (value.month, value.day) == (12, 31):
            yield f"{value.year}年底"
    if not isinstance(value, Fraction):
        return
    if value.denominator != 1:
        yield f"{float(value * 100):g}%"
        yield f"{float(value * 100):g}个百分点"
        yield f"{float(value):g}"
        return
    number = int(value)
    yield rf"(?<![\d.]){number}(?![\d])"
    if number % 10_000 == 0:
        yield f"{number // 10_000}万"
    if unit in ("month", "CNY/month") and number % 12 == 0:
        yield f"{number // 12}年"
        yield f"{CHINESE[number // 12]}年"
    if number % 7 == 0:
        yield f"{number // 7}周"
    if number < len(CHINESE):
        yield CHINESE[number]


def values_of(figure: Figure) -> Iterator[tuple[Scalar, str]]:
    for since in figure.series:
        entries = since.value.values() if isinstance(since.value, Mapping) else [since.value]
        for entry in entries:
            yield entry, since.clause


@pytest.mark.skipif(not SEEDS, reason="the notice's text is not next to the project")
def test_every_figure_stands_in_the_notice_at_the_cited_plan() -> None:
    texts = texts_of_plans("\n".join(path.read_text(encoding="utf-8") for path in SEEDS))
    missing = [
        (pack.id, figure.name, str(value), clause)
        for pack in load_packs()
        for figure in pack.figures.values()
        for value, clause in values_of(figure)
        if not any(
            re.search(form, texts[clause.split("/")[0]]) for form in forms(value, figure.unit)
        )
    ]
    assert not missing


def test_where_the_notice_disagrees_with_itself_a_clause_says_so() -> None:
    first, amended = (
        " ".join(clause.note.zh for clause in pack.clauses.values() if clause.note)
        for pack in load_packs()
    )
    for words in ("工业扶贫", "特色产业", "就业合同", "国家扶贫开发重点县", "第15行", "90%"):
        assert words in amended, words
    assert first.count("“符合条件”没有定义") == 2
    assert first.count("2020年目标2016年文本有效期内不会到达") == 2


def test_every_row_of_the_table_has_rules_or_says_why_not() -> None:
    amended = load_packs()[-1]
    cited = {rule.clause for rule in amended.rules} | {
        since.clause for figure in amended.figures.values() for since in figure.series
    }
    served: dict[int, list[str]] = {}
    for clause in amended.clauses.values():
        for row in clause.rows:
            served.setdefault(row, []).append(clause.id)
            assert clause.id in cited or clause.without_rule, clause.id
            assert clause.changed, clause.id
    assert sorted(served) == list(range(1, 22))
