"""Assessing many records in columns answers what assessing them one by one does."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.record_strategies import DAYS, records

from ruhu.policy.batch.assess import BatchRecord, assess_all
from ruhu.policy.batch.rule_results import OUTCOMES, STRENGTHS, RuleColumns
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Outcome
from ruhu.policy.evaluation.record_reader import RecordView
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.language.numbers import as_decimal, to_fen
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.model import Standards
from ruhu.policy.standards.parser import parse_standards
from ruhu.resources import resource
from ruhu.survey.facts.catalogue import MODELS

Answers = dict[tuple[str, str], tuple[Any, ...]]


def sample() -> Standards:
    path = resource("demo/standards.toml")
    return parse_standards(read_standards_file(path.name, path.read_bytes()))


def one_by_one(reading: RecordView, day: date, standards: Standards | None) -> Answers:
    found = assess(reading, on=day, standards=standards, show_all=True).findings
    return {
        (f.rule, f.subject): (f.outcome, f.strength, f.value, f.limit, f.amount)
        if f.outcome is not Outcome.NOT_APPLICABLE
        else (f.outcome, f.strength, None, None, None)
        for f in found
    }


def answers_of(rulings: RuleColumns, row: int) -> tuple[Any, ...]:
    value, limit, amount = (n.at(row) for n in (rulings.value, rulings.limit, rulings.amount))
    return (
        OUTCOMES[rulings.outcomes[row % len(rulings.outcomes)]],
        STRENGTHS[rulings.strengths[row % len(rulings.strengths)]],
        None if value is None else as_decimal(value),
        None if limit is None else as_decimal(limit),
        None if amount is None else to_fen(amount),
    )


def in_columns(readings: list[RecordView], days: list[date], standards: Standards) -> list[Answers]:
    kind = readings[0].kind
    cases = [
        BatchRecord(kind, p.root, p.county, day) for p, day in zip(readings, days, strict=True)
    ]
    answers: list[Answers] = [{} for _ in readings]
    for batch, _, all_rulings in assess_all(kind, cases, standards):
        for rulings in all_rulings:
            place = batch.frame.place_of(rulings.rule)
            subjects: list[tuple[int, Subject]] = [
                (row, item) for row in batch.rows for item in cases[row].root.items(place)
            ]
            for at, (row, item) in enumerate(subjects):
                if rulings.stated[at % len(rulings.stated)]:
                    name = rulings.rule.subject + (f":{item.identity}" if place else "")
                    answers[row][rulings.rule.id, name] = answers_of(rulings, at)
    return answers


@settings(max_examples=150)
@given(
    st.sampled_from(tuple(MODELS)).flatmap(
        lambda kind: st.lists(
            st.tuples(records((kind,)), st.sampled_from(DAYS)), min_size=1, max_size=4
        )
    )
)
def test_columns_answer_what_the_single_record_does(given_: list[tuple[RecordView, date]]) -> None:
    reading, days = [p for p, _ in given_], [day for _, day in given_]
    standards = sample()
    for (record, day), found in zip(given_, in_columns(reading, days, standards), strict=True):
        expected = one_by_one(record, day, standards)
        assert found.keys() == expected.keys()
        differing = {
            key: (found[key], expected[key]) for key in found if found[key] != expected[key]
        }
        assert not differing
