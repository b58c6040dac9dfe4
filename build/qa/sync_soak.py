"""Run the tests' exchange of laptops and county many more times, and count the operations.

usage: python -m build.qa.sync_soak [--runs 200] [--steps 60]
"""

import argparse
import time

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.sync.sync_state_machine import Exchange


def main() -> None:
    """Run the exchange and print the operations; different documents at the end are an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--steps", type=int, default=60)
    arguments = parser.parse_args()
    begun = time.monotonic()
    run_state_machine_as_test(
        Exchange,
        settings=settings(
            max_examples=arguments.runs,
            stateful_step_count=arguments.steps,
            deadline=None,
            phases=(Phase.generate,),
        ),
    )
    print(
        f"{arguments.runs} runs of up to {arguments.steps} steps, {time.monotonic() - begun:.0f} s"
    )
    for what, times in Exchange.done.most_common():
        print(f"{times:8,} {what}")


if __name__ == "__main__":
    main()
