"""Nothing that was acknowledged is lost: killed, on a disk that fails, by power cuts and odd clocks."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from build.qa.display import display
from build.qa.durability import clocks, disk, disk_faults, power_cut
from build.qa.durability.sigkill import kill_at_random
from build.qa.durability.workload import derive_once, job_of
from build.qa.report import Report


@dataclass(frozen=True, slots=True)
class Size:
    """How much is tried: by job the kills and every so-manieth change that fails; kills in the window,
    power cuts a job, runs of jumping clocks and their steps, and moments of the whole job.
    """

    kills: dict[str, int]
    every: dict[str, int]
    window: int
    cuts: int
    clock_runs: int
    clock_steps: int
    moments: int


FULL = Size(
    {"typing": 2000, "saving": 1000, "exporting": 250, "importing": 120, "migrating": 120},
    dict.fromkeys(("typing", "saving", "exporting", "importing", "migrating"), 1),
    window=40,
    cuts=120,
    clock_runs=4,
    clock_steps=40,
    moments=len(clocks.MOMENTS),
)
QUICK = Size(
    {"typing": 4},
    {"typing": 60},
    window=1,
    cuts=1,
    clock_runs=1,
    clock_steps=3,
    moments=0,
)
WINDOW_SPAN = 1.5


def prove(report: Report, *, quick: bool) -> None:
    """Try all of it."""
    derive_once()
    size = QUICK if quick else FULL
    # In memory: what a kill or the layer leaves does not depend on the disk, and is sooner there.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        place = Path(folder)
        for name, kills in size.kills.items():
            kill_at_random(job_of(name), place, kills, report)
        with display() as environment:
            os.environ.update(environment)
            from build.qa.confidentiality.window import InWindow

            kill_at_random(InWindow(), place, size.window, report, WINDOW_SPAN)
        clocks.whole_jobs(place, size.moments, report)
        for name in size.kills:
            clocks.jumps(job_of(name), place, size.clock_runs, size.clock_steps, report)
        clocks.leap_days(place, report)
        clocks.clock_set_back_after_wrong_tries(place, report)
        library = disk.build(place)
        disk_faults.run(library, place, size.every, report)
        for name in size.kills:
            power_cut.run(library, job_of(name), place, size.cuts, report)
        power_cut.control(library, place, size.cuts, report)
    report.note(
        "A power cut is replayed from recorded writes: it takes the disk at its word where it says that "
        "it has flushed, and names to change in order, as file systems with a journal do."
    )
