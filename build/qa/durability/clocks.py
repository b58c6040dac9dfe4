"""Clocks that are wrong: set back and forward between two fields, on leap days, in other time zones.

usage (under libfaketime): python -m build.qa.durability.clocks FOLDER TIMES JOB SEED
"""

import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from build.qa.durability.workload import Job, Lost, derive_once, job_of, require_sound
from build.qa.report import Report
from build.release.release_data import county_state, laptop_state

from ruhu.cli.commands.demo import PASSPHRASE as DEMO_PASSPHRASE
from ruhu.county.county import CountyStore
from ruhu.exchange.keys.key_wrap import MAX_RETRY_DELAY_S, TooManyTries, WrongPassphrase
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import read_draft
from ruhu.store.store import Store

MOMENTS = (
    ("2016-02-29 23:59:58", "Asia/Shanghai"),
    ("2009-01-01 00:00:05", "UTC"),
    ("2024-02-29 12:00:00", "America/St_Johns"),
    ("2038-01-19 03:14:06", "Pacific/Kiritimati"),
    ("2026-12-31 23:59:59", "Pacific/Pago_Pago"),
    ("2098-06-01 12:00:00", "Asia/Shanghai"),
)
"""When and where the whole demo job is run."""
ZONES = ("Asia/Shanghai", "UTC", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago")
FORM = "%Y-%m-%d %H:%M:%S"


def library() -> Path:
    """Debian's libfaketime."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


def _faked(**more: str) -> dict[str, str]:
    # Waits and time-outs go by the monotonic clock, which nobody sets.
    return {
        **os.environ,
        "LD_PRELOAD": str(library()),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        **more,
    }


def whole_jobs(place: Path, moments: int, report: Report) -> None:
    """The demo job at odd moments; what it made is the same each time and opens by today's clock."""
    states: list[dict[str, Any]] = []
    for number, (moment, zone) in enumerate(MOMENTS[:moments]):
        out = place / f"demo{number}"
        words = [sys.executable, "-m", "ruhu", "demo", "--out", str(out)]
        environment = _faked(FAKETIME=f"@{moment}", TZ=zone)
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            report.broken(f"the demo job on {moment} in {zone}", done.stderr[-500:])
            continue
        with Store.open(out / "data", DEMO_PASSPHRASE) as store:
            require_sound(store)
            laptop = _by_number(laptop_state(store)["documents"])
        with CountyStore.open(out / "county.db", DEMO_PASSPHRASE) as county:
            county.audit.verify()
            states.append(
                {"laptop": laptop, "county": _by_number(county_state(county)["documents"])}
            )
    if not moments:
        return
    if any(state != states[0] for state in states):
        report.broken("the demo job at odd moments", "what it made differs")
    report.add("the whole demo job at odd moments", runs=len(states))


def _by_number(documents: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Documents without their random ids."""
    return {
        d["registration"]["household_no"]: {k: v for k, v in d.items() if k != "record_id"}
        for d in documents.values()
    }


def jumps(job: Job, place: Path, runs: int, steps: int, report: Report) -> None:
    """Change the clock and its zone before each step of a job, backward as often as forward."""
    total = 0
    for seed in range(runs):
        folder, times = place / f"{job.name}{seed}", place / "times"
        folder.mkdir()
        job.prepare(folder)
        times.write_text(datetime.now(UTC).strftime(FORM))
        words = [sys.executable, "-m", "build.qa.durability.clocks", str(folder), str(times)]
        done = subprocess.run(
            [*words, job.name, str(seed), str(steps)],
            env=_faked(FAKETIME_TIMESTAMP_FILE=str(times), FAKETIME_NO_CACHE="1"),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        acknowledged = json.loads(done.stdout) if not done.returncode else []
        total += len(acknowledged)
        try:
            if done.returncode:
                raise Lost(done.stderr[-500:])
            job.check(folder, acknowledged)
        except Exception as error:  # noqa: BLE001 - whatever it is, the promise is broken
            report.broken(f"the clock jumps while {job.name}, run {seed}", error)
    report.add(f"the clock jumps while {job.name}", jumps=runs * steps, acknowledged=total)


def leap_days(place: Path, report: Report) -> None:
    """Households surveyed and born around leap days are answered, each day as the one before."""
    job, asked = job_of("typing"), 0
    folder = place / "leap"
    folder.mkdir()
    job.prepare(folder)
    with Store.open(folder / "laptop", "release passphrase") as store:
        documents = [store.records.document(each.record_id) for each in store.records.summaries()]
    for first in (date(2016, 2, 26), date(2017, 2, 26), date(2020, 2, 26), date(2024, 2, 26)):
        for document in documents:
            for member, born in zip(
                document["members"], ("2004-02-29", "2012-02-29"), strict=False
            ):
                member["birth_date"] = born
            counted = set()
            for day in (first + timedelta(days=n) for n in range(6)):
                document["survey"] = {"date": day.isoformat(), "surveyor": "演示员"}
                reading = read_draft(document)
                counted.add(len({f.rule for f in assess(reading, show_all=True).findings}))
                asked += 1
            if len(counted) != 1:
                report.broken(f"around {first}", f"{counted} rules answer")
    report.add("surveys and birthdays around leap days", assessments=asked)


def clock_set_back_after_wrong_tries(place: Path, report: Report) -> None:
    """Wrong passphrases, then a clock set back by years: the right one opens after the usual wait."""
    job = job_of("typing")
    folder = place / "tries"
    folder.mkdir()
    job.prepare(folder)
    now = datetime(2026, 6, 1, tzinfo=UTC)

    def opens(passphrase: str) -> bool:
        try:
            Store.open(folder / "laptop", passphrase, clock=lambda: now).close()
        except (WrongPassphrase, TooManyTries):
            return False
        return True

    for _ in range(3):
        opens("not the passphrase")
    now -= timedelta(days=365 * 17)
    early = opens("release passphrase")
    now += timedelta(seconds=MAX_RETRY_DELAY_S)
    if early or not opens("release passphrase"):
        report.broken("the clock is set back after wrong passphrases", "the wait is not kept")
    report.add(
        "the clock is set back 17 years after wrong passphrases", longest_wait_s=MAX_RETRY_DELAY_S
    )


def main() -> None:
    """Do a job's steps, each at another moment; print what was acknowledged."""
    derive_once()
    folder, times, name, seed, steps = sys.argv[1:]
    chance, acknowledged = random.Random(int(seed)), list[str]()
    with job_of(name).open(Path(folder)) as step:
        for number in range(int(steps)):
            moment = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=chance.uniform(0, 9_000))
            if number % 5 == 0:
                moment = moment.replace(year=2024, month=2, day=29)
            Path(times).write_text(moment.strftime(FORM))
            os.environ["TZ"] = chance.choice(ZONES)
            time.tzset()
            step(number, acknowledged.append)
    print(json.dumps(acknowledged))


if __name__ == "__main__":
    main()
