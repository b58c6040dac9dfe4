from datetime import date
from typing import Any

from ruhu.survey.attachments import Paper, with_paper
from ruhu.survey.signature import (
    SignatureMethod,
    SignatureStatus,
    sign,
    signature_of,
    signature_status,
)

DOCUMENT: dict[str, Any] = {"kind": "household", "housing": {"danger_grade": "D"}}


def test_a_signed_survey_is_sealed_until_a_fact_changes() -> None:
    assert signature_status(DOCUMENT) is SignatureStatus.UNSIGNED
    signed = sign(DOCUMENT, by="韦岜明", on=date(2017, 6, 1), how=SignatureMethod.PAPER)
    assert signature_status(signed) is SignatureStatus.SEALED
    found = signature_of(signed)
    assert found is not None
    assert (found.by, found.on, found.how) == ("韦岜明", date(2017, 6, 1), SignatureMethod.PAPER)
    assert signature_status({**signed, "housing": {"danger_grade": "C"}}) is SignatureStatus.CHANGED


def test_photos_and_marks_do_not_break_the_seal() -> None:
    signed = sign(
        DOCUMENT, by="韦岜明", on=date(2017, 6, 1), how=SignatureMethod.SCREEN, paper="a" * 64
    )
    more = with_paper({**signed, "not_known": {"water.tap": True}}, Paper("b" * 64))
    assert signature_status(more) is SignatureStatus.SEALED


def test_the_order_of_keys_and_absent_facts_make_no_difference() -> None:
    signed = sign(DOCUMENT, by="x", on=date(2017, 6, 1), how=SignatureMethod.PAPER)
    turned = {**dict(reversed(signed.items())), "water": {}, "population": None}
    assert (
        signature_status({k: v for k, v in turned.items() if k != "water"})
        is SignatureStatus.SEALED
    )


def test_a_signature_from_outside_may_be_anything() -> None:
    entry: Any
    for entry in (
        None,
        3,
        [],
        {},
        {"how": "screen"},
        {"how": ["screen"], "facts": "x"},
        {"how": "paper", "facts": "x", "on": "soon"},
    ):
        assert signature_status({**DOCUMENT, "signature": entry}) is SignatureStatus.UNSIGNED
