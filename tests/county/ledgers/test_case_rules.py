"""A housing case goes from stage to stage; none is skipped, and the whole subsidy is paid to a card."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.county.case_rules import (
    ORDER,
    StageTransition,
    TransitionContext,
    advance,
    next_stage,
    stage_of,
    steps_of,
    transition_problems,
)
from ruhu.errors import UserError
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Outcome
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.survey.attachments import Paper, Purpose, with_paper
from ruhu.survey.models.choices import HousingStage

S = HousingStage
TODAY = date(2017, 12, 1)
BASIS = TransitionContext(TODAY, Outcome.ELIGIBLE, Decimal(28000))


def at(household: dict[str, Any], last: HousingStage | None) -> dict[str, Any]:
    """The household with every stage up to `last` recorded, ten days apart."""
    done = ORDER[: ORDER.index(last) + 1] if last else ()
    household["housing"]["card_account"] = "6217000000000000"
    household["housing"]["stages"] = [
        {"stage": stage.value, "on": (date(2017, 1, 1) + timedelta(10 * n)).isoformat()}
        for n, stage in enumerate(done)
    ]
    if last:
        household["housing"]["stage"] = last.value
    return household


def test_a_case_goes_through_every_stage_and_the_rules_agree(household: dict[str, Any]) -> None:
    document = at(household, None)
    day = date(2017, 2, 1)
    for stage in ORDER:
        move = StageTransition(
            stage,
            day,
            seismic_ok=True if stage is S.ACCEPTED else None,
            paid_amount=Decimal(28000) if stage is S.PAID else None,
            reason="老屋已倒塌",
        )
        document = advance(document, move, BASIS)
        assert stage_of(document) is stage
        answers = {f.rule: f.outcome for f in assess(read_record(document)).findings}
        assert answers["housing.procedure"] is Outcome.PASS
        day += timedelta(days=8)
    assert next_stage(document) is None
    assert document["housing"]["paid_amount"] == "28000"
    assert list(steps_of(document)) == list(ORDER)


@pytest.mark.parametrize(
    ("last", "move", "said"),
    [
        (None, StageTransition(S.APPLIED, TODAY), "鉴定"),
        (S.BUILDING, StageTransition(S.PAID, TODAY, paid_amount=Decimal(28000)), "验收"),
        (S.APPLIED, StageTransition(S.APPLIED, TODAY), "评议"),
        (S.APPLIED, StageTransition(S.APPRAISED, date(2017, 1, 10)), "2017-01-11"),
        (S.APPLIED, StageTransition(S.APPRAISED, date(2017, 12, 2)), "2017-12-01"),
        (S.PUBLICISED, StageTransition(S.REVIEWED, date(2017, 2, 6)), "2017-02-07"),
        (S.BUILDING, StageTransition(S.ACCEPTED, TODAY), "抗震"),
        (S.BUILDING, StageTransition(S.ACCEPTED, TODAY, seismic_ok=False), "抗震"),
        (None, StageTransition(S.IDENTIFIED, TODAY), "危房等级"),
        (S.PUBLICISED, StageTransition(S.REVIEWED, TODAY), "改造前房屋照片、危险部位照片"),
        (S.PUBLICISED, StageTransition(S.REVIEWED, TODAY, reason=" "), "危险部位照片"),
        (S.BUILDING, StageTransition(S.ACCEPTED, TODAY, seismic_ok=True), "改造后房屋照片"),
        (S.ACCEPTED, StageTransition(S.PAID, TODAY, paid_amount=Decimal(14000)), "28,000"),
        (S.ACCEPTED, StageTransition(S.PAID, TODAY), "28,000"),
        (S.PAID, StageTransition(S.PAID, TODAY), "办结"),
    ],
)
def test_forbidden_transitions_give_reasons(
    household: dict[str, Any], last: HousingStage | None, move: StageTransition, said: str
) -> None:
    document = at(household, last)
    if "等级" in said:
        del document["housing"]["danger_grade"]
    with pytest.raises(UserError) as caught:
        advance(document, move, BASIS)
    assert said in caught.value.text.zh
    assert stage_of(document) is last


def test_with_its_papers_a_stage_asks_for_no_reason(household: dict[str, Any]) -> None:
    for number, purpose in enumerate((Purpose.HOUSE_BEFORE, Purpose.DANGER, Purpose.HOUSE_AFTER)):
        household = with_paper(household, Paper(f"{number:064x}", purpose))
    for last, move in (
        (None, StageTransition(S.IDENTIFIED, TODAY)),
        (S.PUBLICISED, StageTransition(S.REVIEWED, TODAY)),
        (S.BUILDING, StageTransition(S.ACCEPTED, TODAY, seismic_ok=True)),
    ):
        assert not transition_problems(at(household, last), move, BASIS)


def test_the_list_hangs_out_as_long_as_the_county_says(household: dict[str, Any]) -> None:
    document = at(household, S.PUBLICISED)
    move = StageTransition(S.REVIEWED, date(2017, 2, 7), reason="老屋已倒塌")
    assert not transition_problems(document, move, BASIS)
    longer = TransitionContext(TODAY, Outcome.ELIGIBLE, Decimal(28000), publicity_days=8)
    assert transition_problems(document, move, longer)


@pytest.mark.parametrize("outcome", [Outcome.INELIGIBLE, Outcome.UNKNOWN])
def test_only_an_eligible_household_is_approved(
    household: dict[str, Any], outcome: Outcome
) -> None:
    document = at(household, S.REVIEWED)
    assert transition_problems(
        document, StageTransition(S.APPROVED, TODAY), TransitionContext(TODAY, outcome)
    )
    assert not transition_problems(document, StageTransition(S.APPROVED, TODAY), BASIS)


def test_nothing_is_paid_without_an_account_or_a_known_subsidy(household: dict[str, Any]) -> None:
    document = at(household, S.ACCEPTED)
    move = StageTransition(S.PAID, TODAY, paid_amount=Decimal(28000))
    assert transition_problems(document, move, TransitionContext(TODAY, Outcome.ELIGIBLE, None))
    document["housing"]["card_account"] = " "
    assert "账号" in transition_problems(document, move, BASIS)[0].zh


def test_a_refused_case_stands_still(household: dict[str, Any]) -> None:
    basis = TransitionContext(TODAY, Outcome.ELIGIBLE, refused=True)
    assert transition_problems(at(household, S.APPLIED), StageTransition(S.APPRAISED, TODAY), basis)


@given(st.sets(st.sampled_from(ORDER)), st.sampled_from(ORDER), st.integers(0, 340))
def test_whatever_is_recorded_a_move_keeps_the_stages_in_order(
    there: set[HousingStage], stage: HousingStage, day: int
) -> None:
    stages = [
        {"stage": s.value, "on": (date(2017, 1, 1) + timedelta(20 * ORDER.index(s))).isoformat()}
        for s in there
    ]
    document: dict[str, Any] = {"housing": {"stages": stages, "card_account": "1"}}
    move = StageTransition(stage, date(2017, 1, 1) + timedelta(day), True, Decimal(28000), "没有")
    if transition_problems(document, move, BASIS):
        return
    steps = steps_of(advance(document, move, BASIS))
    days = [steps[s] for s in ORDER if s in steps]
    assert days == sorted(days)
    assert all(s in steps for s in ORDER[: ORDER.index(stage)])
