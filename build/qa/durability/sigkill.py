"""Kill -9 at random moments of the work, thousands of times."""

import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from build.qa.durability.workload import Job, Lost
from build.qa.report import Report

KILLS_A_FOLDER = 12
"""The number of kills after which the work restarts in a fresh folder, or old data would dominate the checks."""
EARLY = 0.15
"""The share of kills that may come while things are still being opened."""
MOST_STEPS = 10_000


class Worker:
    """A process of its own that works until it is killed; what it acknowledges comes by a pipe."""

    def __init__(self, job: Job, folder: Path, first: int) -> None:
        self._reader, writer = os.pipe()
        self._read = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._reader)
            self._work(job, folder, first, writer)
        os.close(writer)

    @staticmethod
    def _work(job: Job, folder: Path, first: int, writer: int) -> None:
        try:
            with job.open(folder) as step:
                os.write(writer, b"ready\n")
                for number in range(first, first + (job.steps if job.ends else MOST_STEPS)):
                    step(number, lambda text: _write(writer, text))
        except BaseException:  # noqa: BLE001 - the parent learns by the exit code
            traceback.print_exc()
            os._exit(3)
        os._exit(0)

    def wait_ready(self) -> None:
        """Return once the work begins. Raises `Lost` where it does not."""
        while b"\n" not in self._read:
            part = os.read(self._reader, 65536)
            if not part:
                raise Lost("the work ended before it began")
            self._read += part

    def kill(self) -> list[str]:
        """Kill it; what it had acknowledged. Raises `Lost` where it ended by an error of its own."""
        os.kill(self.pid, signal.SIGKILL)
        while part := os.read(self._reader, 65536):
            self._read += part
        os.close(self._reader)
        _, status = os.waitpid(self.pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise Lost(f"the work ended with an error ({os.WEXITSTATUS(status)})")
        lines = self._read.decode().split("\n")[:-1]
        return [line for line in lines if line != "ready"]


def _write(writer: int, text: str) -> None:
    os.write(writer, f"{text}\n".encode())


@contextmanager
def fresh(prepared: Path, folder: Path) -> Iterator[Path]:
    """A copy of what work begins with, gone afterwards."""
    shutil.copytree(prepared, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kill_at_random(
    job: Job, place: Path, kills: int, report: Report, span: float | None = None
) -> None:
    """Kill a job many times and look each time whether all is there.

    `span` is how long the work takes, in seconds; it is tried out where it is not given.
    """
    done: Counter[str] = Counter()
    chance = random.Random(job.name)
    prepared = place / f"begun {job.name}"
    prepared.mkdir()
    job.prepare(prepared)
    batch = 1 if job.ends else KILLS_A_FOLDER
    if span is None:
        with fresh(prepared, place / job.name) as folder:
            span = _seconds(job, folder)
    while done["kills"] < kills:
        with fresh(prepared, place / job.name) as folder:
            acknowledged: list[str] = []
            for _ in range(min(batch, kills - done["kills"])):
                done["kills"] += 1
                try:
                    acknowledged += _one_kill(job, folder, chance, span, done)
                    job.check(folder, acknowledged)
                except Exception as error:  # noqa: BLE001 - whatever it is, the promise is broken
                    report.broken(f"kill {done['kills']} while {job.name}", error)
                    break
            done["acknowledged"] += len(acknowledged)
    report.add(
        f"kill -9 while {job.name}",
        kills=done["kills"],
        while_opening=done["early"],
        acknowledged=done["acknowledged"],
    )


def _seconds(job: Job, folder: Path) -> float:
    """How long the work takes undisturbed, once everything is loaded; the children inherit that."""
    with job.open(folder) as step:
        step(0, lambda _: None)
        begun = time.monotonic()
        for number in range(1, job.steps):
            step(number, lambda _: None)
        return (time.monotonic() - begun) * job.steps / (job.steps - 1)


def _one_kill(
    job: Job, folder: Path, chance: random.Random, span: float, done: Counter[str]
) -> list[str]:
    # Numbers go on behind whatever the killed one may have done without saying so.
    first = 0 if job.ends else MOST_STEPS * done["kills"]
    sys.stdout.flush()
    worker = Worker(job, folder, first)
    early = chance.random() < EARLY
    done["early"] += early
    if not early:
        worker.wait_ready()
    time.sleep(chance.uniform(0, span))
    return worker.kill()
