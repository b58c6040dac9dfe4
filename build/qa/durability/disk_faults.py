"""The disk is full, or fails, at every change of the work: what was acknowledged stays, what is said can
be acted on, and the work goes on once there is room again.

usage (under the layer, see `disk.py`): python -m build.qa.durability.disk_faults FOLDER JOB=EVERY ...
"""

import errno
import json
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build.qa.durability import disk
from build.qa.durability.sigkill import fresh
from build.qa.durability.workload import Job, Lost, derive_once, job_of
from build.qa.report import Report

from ruhu.errors import UserError

MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """How a disk fails: at one change, or from it on until it is sound again."""

    name: str
    error: int
    lasting: bool


FAULTS = (
    Fault("disk full", errno.ENOSPC, lasting=True),
    Fault("one write finds no room", errno.ENOSPC, lasting=False),
    Fault("I/O error", errno.EIO, lasting=True),
    Fault("one I/O error", errno.EIO, lasting=False),
)


class Trial:
    """One job on a disk that fails."""

    def __init__(self, job: Job, prepared: Path, place: Path) -> None:
        self._job, self._prepared, self._work = job, prepared, place / "work"
        self._disk = disk.Disk(self._work)

    def changes(self) -> int:
        """How many changes the work makes undisturbed."""
        with fresh(self._prepared, self._work):
            self._disk.sound()
            self._run([])
            return self._disk.count

    def fail(self, fault: Fault, at: int) -> Counter[str]:
        """Let the so-manieth change fail. Raises whatever breaks the promise."""
        acknowledged: list[str] = []
        done: Counter[str] = Counter(tried=1)
        with fresh(self._prepared, self._work) as folder:
            self._disk.fail(at, fault.error, lasting=fault.lasting)
            try:
                done["refused"] += self._run(acknowledged)
            except UserError:
                done["refused_opening"] += 1
            finally:
                self._disk.sound()
            self._job.check(folder, acknowledged)
        done["acknowledged"] += len(acknowledged)
        return done

    def _run(self, acknowledged: list[str]) -> int:
        refused = 0
        with self._job.open(self._work) as step:
            for number in range(min(self._job.steps, MOST_STEPS)):
                try:
                    step(number, acknowledged.append)
                except UserError:
                    refused += 1
            if refused:
                # There is room again: the same open store must go on.
                self._disk.sound()
                step(MOST_STEPS + 1, acknowledged.append)
        return refused


def trials(folder: Path, jobs: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Try every so-manieth change of the jobs with every fault."""
    for name, every in jobs.items():
        job = job_of(name)
        prepared = folder / job.name
        prepared.mkdir()
        job.prepare(prepared)
        trial = Trial(job, prepared, folder)
        changes = trial.changes()
        for number, fault in enumerate(FAULTS):
            done: Counter[str] = Counter()
            for at in range(1 + number % every, changes + 1, every):
                try:
                    done += trial.fail(fault, at)
                except Exception as error:  # noqa: BLE001 - whatever it is, the promise is broken
                    where = f"{fault.name} at change {at} while {job.name}"
                    traceback.print_exception(error)
                    kind = "lost" if isinstance(error, Lost) else type(error).__name__
                    yield {"where": where, "why": f"{kind}: {error}"}
            yield {"job": job.name, "fault": fault.name, "changes": changes, "done": dict(done)}


def run(library: Path, folder: Path, jobs: dict[str, int], report: Report) -> None:
    """Run the trials in a process above the layer and report."""
    named = [f"{name}={every}" for name, every in jobs.items()]
    command = [sys.executable, "-m", "build.qa.durability.disk_faults", str(folder), *named]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=disk.environment(library)
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            outcome = json.loads(line)
            if "why" in outcome:
                report.broken(outcome["where"], outcome["why"])
            else:
                report.add(
                    f"{outcome['fault']} while {outcome['job']}",
                    changes=outcome["changes"],
                    **outcome["done"],
                )
    if process.returncode:
        report.broken("faults", f"the trials ended with {process.returncode}")


def main() -> None:
    """Print what every trial found, a line of JSON each."""
    derive_once()
    folder, *named = sys.argv[1:]
    jobs = {name: int(every) for name, every in (each.split("=") for each in named)}
    for outcome in trials(Path(folder), jobs):
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main()
