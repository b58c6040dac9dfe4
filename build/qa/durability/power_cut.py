"""The power goes at any moment of the work: what the disk had not flushed by then is lost, kept, torn or
kept out of order, as real disks do; then all that was acknowledged must be there.

usage (under the layer, see `disk.py`): python -m build.qa.durability.power_cut FOLDER LOG JOB

Writes are kept or lost one by one, and torn at sectors of 512 bytes. Making, renaming and removing
files takes effect in its order, as file systems with a journal have it, but no sooner than the
folder, or the new file itself, was flushed.
"""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from build.qa.durability import disk
from build.qa.durability.disk import Change, Disk, read_changes
from build.qa.durability.workload import Job, Step, Typing, derive_once, job_of
from build.qa.report import Report
from build.release.release_data import PASSPHRASE

from ruhu.store.store import Store

SECTOR = 512
KEPT, TORN = 0.45, 0.65
"""Of writes that were not flushed so many are kept, and so many are kept or torn; the rest is lost."""


class Content:
    """A file's bytes that are on the disk, and its changes that may not be."""

    def __init__(self, data: bytes = b"") -> None:
        self.safe, self.waiting = bytearray(data), list[Change]()

    def flush(self) -> None:
        """All changes so far are on the disk."""
        for change in self.waiting:
            _apply(self.safe, change)
        self.waiting.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        """What may be found of it."""
        found = bytearray(self.safe)
        for change in self.waiting:
            luck = chance.random()
            if luck < KEPT:
                _apply(found, change)
            elif luck < TORN and len(change.data) > SECTOR:
                sectors = chance.randrange(1, 1 + len(change.data) // SECTOR)
                part = change.data[: SECTOR * sectors]
                _apply(found, Change("W", change.path, change.offset, part))
        return bytes(found)


def _apply(data: bytearray, change: Change) -> None:
    if change.kind == "T":
        del data[change.offset :]
        data.extend(bytes(change.offset - len(data)))
        return
    data.extend(bytes(max(0, change.offset - len(data))))
    data[change.offset : change.offset + len(change.data)] = change.data


class FileSystem:
    """Names and contents, each as it is and as far as it is safe."""

    def __init__(self, folder: Path, safe: dict[str, bytes]) -> None:
        self._folder = folder
        self._now = {name: Content(data) for name, data in safe.items()}
        self._safe = dict(self._now)
        self._names = list[tuple[Change, Content]]()

    def take(self, change: Change) -> None:
        """One change of the work."""
        name = change.path
        if change.kind == "S":
            if name in self._now:
                self._now[name].flush()
            self._flush_names(name)
        elif change.kind == "C":
            self._now[name] = Content()
            self._names.append((change, self._now[name]))
        elif change.kind == "R":
            moved = self._now.pop(name)
            self._now[change.text] = moved
            self._names.append((change, moved))
        elif change.kind == "U":
            gone = self._now.pop(name, None)
            if gone is not None:
                self._names.append((change, gone))
        elif name in self._now:
            self._now[name].waiting.append(change)

    def _flush_names(self, flushed: str) -> None:
        """A journal writes what happened to names in order, up to what was asked for."""
        last = 0
        for number, (change, content) in enumerate(self._names, 1):
            of_folder = str(Path(change.path).parent) == flushed
            made = change.kind == "C" and self._now.get(flushed) is content
            if of_folder or made:
                last = number
        for change, content in self._names[:last]:
            _rename(self._safe, change, content)
        del self._names[:last]

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files that may be found, by name."""
        names = dict(self._safe)
        for change, content in self._names[: chance.randint(0, len(self._names))]:
            _rename(names, change, content)
        return {name: content.after_cut(chance) for name, content in names.items()}


def _rename(names: dict[str, Content], change: Change, content: Content) -> None:
    if change.kind in ("R", "U"):
        names.pop(change.path, None)
    if change.kind in ("R", "C"):
        names[change.text if change.kind == "R" else change.path] = content


class Careless(Typing):
    """Typing into a store that asks for no flush: what the method must find fault with."""

    name = "typing without flushing"

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            store.database.execute("pragma synchronous = off")
            yield self.step_of(store)


def cut(
    job: Job, changes: Sequence[Change], work: Path, place: Path, cuts: int
) -> Iterator[tuple[int, str, int]]:
    """Cut the power of a recorded job at many random changes and look at what is left.

    Yields how much had been acknowledged, what is wrong, and at which change it was.
    """
    safe = {str(path): path.read_bytes() for path in work.rglob("*") if path.is_file()}
    for number in range(cuts):
        chance = random.Random(number)
        moment = chance.randrange(1, len(changes) + 1)
        system, acknowledged = FileSystem(work, safe), list[str]()
        for change in changes[:moment]:
            if change.kind == "M":
                acknowledged.append(change.text)
            else:
                system.take(change)
        found = place / "found"
        for name, data in system.after_cut(chance).items():
            path = found / Path(name).relative_to(work)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        wrong = ""
        try:
            job.check(found, acknowledged)
        except Exception as error:  # noqa: BLE001 - whatever it is, the promise is broken
            wrong = f"{type(error).__name__}: {error}"
        shutil.rmtree(found)
        yield len(acknowledged), wrong, moment


def record(library: Path, job: Job, place: Path) -> tuple[Path, list[Change]]:
    """Do a job in a process above the layer; what it began with, and its changes."""
    work, log, began = place / "work", place / "log", place / "began"
    work.mkdir()
    job.prepare(work)
    shutil.copytree(work, began)
    command = [sys.executable, "-m", "build.qa.durability.power_cut", str(work), str(log), job.name]
    subprocess.run(command, check=True, env=disk.environment(library))
    changes = list(read_changes(log.read_bytes()))
    log.unlink()
    shutil.rmtree(work)
    began.rename(work)
    return work, changes


def run(library: Path, job: Job, place: Path, cuts: int, report: Report) -> None:
    """Record a job, then cut its power again and again."""
    work, changes = record(library, job, place)
    acknowledged = 0
    for count, wrong, moment in cut(job, changes, work, place, cuts):
        acknowledged += count
        if wrong:
            report.broken(f"power cut at change {moment} while {job.name}", wrong)
    kinds = Counter(change.kind for change in changes)
    report.add(
        f"power cut while {job.name}",
        cuts=cuts,
        recorded_writes=kinds["W"],
        flushes=kinds["S"],
        acknowledged=acknowledged,
    )
    shutil.rmtree(work)


def control(library: Path, place: Path, cuts: int, report: Report) -> None:
    """The same with a store that does not flush: the method must see that this loses."""
    work, changes = record(library, CARELESS, place)
    found = sum(bool(wrong) for _, wrong, _ in cut(CARELESS, changes, work, place, 4 * cuts))
    report.add("the same without any flush, for comparison", cuts=4 * cuts, losses_found=found)
    if not found:
        report.broken("power cuts", "a store that never flushes loses nothing: the method is blind")
    shutil.rmtree(work)


CARELESS = Careless()


def main() -> None:
    """Do a job and write every change it makes to a log."""
    derive_once()
    folder, log, name = sys.argv[1:]
    job, layer = (CARELESS if name == CARELESS.name else job_of(name)), Disk(Path(folder))
    file = os.open(log, os.O_WRONLY | os.O_CREAT)
    layer.record(file)
    with job.open(Path(folder)) as step:
        for number in range(job.steps):
            step(number, layer.mark)
    layer.record(-1)


if __name__ == "__main__":
    main()
