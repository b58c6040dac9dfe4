import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.sync.sync_state_machine import Exchange


@pytest.mark.slow
def test_all_sides_end_with_the_same_and_nothing_typed_is_lost() -> None:
    # Without shrinking: a failure lists its steps, and a step costs a signature and a file.
    # `python -m build.qa.sync_soak` runs many more.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    run_state_machine_as_test(
        Exchange,
        settings=settings(max_examples=10, stateful_step_count=30, deadline=None, phases=phases),
    )
