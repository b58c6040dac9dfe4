"""Create the data kept for each release, so that tests can prove that later programs open it.

usage: python -m build.release.release_data [--out FOLDER]

Run it once for each version, before its tag, and commit `tests/data/releases/<version>`: a laptop's
store, a county's file, such a county in PostgreSQL as pg_dump writes it, what lay on the stick between
them, and `expected.json`, what is in all of these. A released folder is never made again. All
people are the demo village's.
"""

import argparse
import gzip
import hashlib
import io
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from build.qa.postgresql import Server, server
from PIL import Image

from ruhu import __version__
from ruhu.county.access.permissions import Role
from ruhu.county.case_rules import ORDER, StageTransition
from ruhu.county.county import CountyStore
from ruhu.county.removable_media import write_replies
from ruhu.exchange.keys.county import CountyPublic
from ruhu.files.atomic_write import write_atomic
from ruhu.images import read_picture
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import read_draft
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.model import DatedStandards
from ruhu.resources import resource
from ruhu.slips.issuing import issue_slip
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.attachments import Paper, Purpose, with_paper
from ruhu.survey.models.choices import HousingStage
from ruhu.survey.roster.reader import read_roster
from ruhu.sync.folder import export_bundles, import_from

FOLDER, CHANGELOG = Path("tests/data/releases"), Path("CHANGELOG.md")
PASSPHRASE = "release passphrase"  # noqa: S105 - opens made-up data only
CLERK_PASSPHRASE = "clerk's passphrase"  # noqa: S105
COUNTY, NAME = "451024", "德保县"
SPACE = UUID("fb5db162-d1ed-5596-adab-abdae880b3b4")
VISITED = date(2017, 6, 1)


def dated_versions(changelog: str) -> set[str]:
    """Return the released versions of a changelog: those with a date."""
    return set(re.findall(r"^## \[([^\]]+)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE))


def households() -> list[Document]:
    """Four households of the demo roster with ids that stay, and what visits found."""
    roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
    found = []
    for document in roster.households[:4]:
        number = document["registration"]["household_no"]
        found.append({"record_id": str(uuid5(SPACE, number)), **document})
    return found


def visited(document: Document, area: str) -> Document:
    """Return a household of the roster as a visit completes it."""
    return {
        **document,
        "survey": {"date": VISITED.isoformat(), "surveyor": "演示员"},
        "population": len(document["members"]),
        "place": {**document["place"], "poor_county": True, "poor_village": True},
        "housing": {
            **document.get("housing", {}),
            "danger_grade": "D",
            "relocation_listed": False,
            "renovation": "rebuild",
            "floor_area_m2": area,
            "storage_area_m2": "8",
            "self_funding": True,
        },
    }


def _visit(store: Store, document: Document, area: str) -> None:
    record_id = UUID(document["record_id"])
    store.records.save_draft(record_id, visited(store.records.document(record_id), area), field="")
    store.records.close_visit(record_id)


def _add_photo(store: Store, document: Document) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), (120, 90, 60)).save(stream, "JPEG")
    picture = read_picture("house.jpg", stream.getvalue())
    record_id = UUID(document["record_id"])
    store.attachments.save(record_id, picture)
    paper = Paper(picture.digest, Purpose.HOUSE_BEFORE, note="正面")
    store.records.save_draft(
        record_id, with_paper(store.records.document(record_id), paper), field=""
    )
    store.records.close_visit(record_id)


def exchange(county: CountyStore, stick: Path, *stores: Store) -> None:
    """Export all stores to the stick, and let the county import them and answer."""
    for store in stores:
        export_bundles(store, stick)
    files = sorted(stick.glob("*.bundle.age"))
    for path in files:
        county.exchange.import_file(path)
    write_replies(county, stick, files)


def _there_and_back(county: CountyStore, stick: Path, *stores: Store) -> None:
    exchange(county, stick, *stores)
    for store in stores:
        import_from(store, stick)


def live(county: CountyStore, laptop: Store, other: Store, stick: Path) -> None:
    """Simulate some weeks of a county and two laptops, so that every table has rows."""
    documents = households()
    ids = [UUID(document["record_id"]) for document in documents]
    for store in (laptop, other):
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
    laptop.records.import_documents(documents)
    for document, area in zip(documents[:3], ("68", "96.5", "72"), strict=True):
        _visit(laptop, document, area)
    _there_and_back(county, stick, laptop)
    county.replies.subscribe(other.identity.device.device_id, ids)
    _there_and_back(county, stick, laptop, other)
    _visit(laptop, documents[1], "61")
    _visit(other, documents[1], "63")
    _add_photo(laptop, documents[0])
    _there_and_back(county, stick, laptop, other)
    _keep_ledgers(county, ids)
    county.review.send_back(ids[2], "请再量一次", "housing.floor_area_m2")
    bad = stick / f"ruhu-{COUNTY}-{'0' * 12}-000001.bundle.age"
    bad.write_bytes(b"not a bundle")
    county.exchange.import_file(bad)
    county.users.add("韦某", Role.CLERK, CLERK_PASSPHRASE)
    issue_slip(laptop, ids[0], standards=laptop.standards.load().book)
    laptop.records.set_route([ids[3], ids[2]])
    laptop.records.save_draft(
        ids[3], visited(laptop.records.document(ids[3]), "88"), field="housing.floor_area_m2"
    )


def _keep_ledgers(county: CountyStore, ids: list[UUID]) -> None:
    path = resource("demo/standards.toml")
    standards = read_standards_file(path.name, path.read_bytes())
    county.standards.publish({name: v for name, v in standards.items() if name != "sample"})
    for number, stage in enumerate(ORDER):
        paid = stage is HousingStage.PAID
        amount = next(c.subsidy for c in county.housing.cases() if c.record_id == ids[0])
        move = StageTransition(
            stage,
            VISITED + timedelta(days=10 * number),
            True if stage is HousingStage.ACCEPTED else None,
            amount if paid else None,
            "老屋已拆",
        )
        county.housing.advance(ids[0], move)
    county.housing.refuse(ids[2], "房屋已出售")
    county.plans.draw_up(2018, 1)
    county.plans.finalise(2018)


# What is in a store and a county, for `expected.json` and for the tests that compare with it


def _outcomes(documents: list[Document], standards: DatedStandards) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for document in documents:
        found = assess(read_draft(document), on=VISITED, standards=standards)
        counted.update(finding.outcome.value for finding in found.findings)
    return dict(sorted(counted.items()))


def laptop_state(store: Store) -> dict[str, Any]:
    """Return the contents of a laptop's store as JSON."""
    listed = sorted(store.records.summaries(), key=lambda s: str(s.record_id))
    documents = {str(s.record_id): store.records.document(s.record_id) for s in listed}
    place = store.records.resume_position()
    return {
        "surveyor": store.identity.surveyor,
        "documents": documents,
        "statuses": {str(s.record_id): s.status for s in listed},
        "revisions": {str(s.record_id): len(store.records.revisions(s.record_id)) for s in listed},
        "resume": None if place is None else [str(place[0]), place[1]],
        "slips": [i.number for s in listed for i in store.slips.issued(s.record_id)],
        "bundles": {str(p.sequence): p.state for p in store.outbox.entries()},
        "pending": store.outbox.pending_count(),
        "photos": {
            digest: hashlib.sha256(store.attachments.data(digest) or b"").hexdigest() == digest
            for document in documents.values()
            for digest in document.get("papers", {})
        },
        "route": [str(record_id) for record_id in store.records.route],
        "outcomes": _outcomes(list(documents.values()), store.standards.load().book),
    }


def county_state(county: CountyStore) -> dict[str, Any]:
    """Return the contents of a county's file as JSON; a version without ledgers yields empty ones."""
    documents = list(county.records.documents())
    county.statistics.assess_missing()
    cases = sorted(county.housing.cases(), key=lambda c: str(c.record_id))
    return {
        "documents": {str(d["record_id"]): d for d in documents},
        "revisions": {
            str(d["record_id"]): len(county.records.revisions(UUID(str(d["record_id"]))))
            for d in documents
        },
        "conflicts": {
            str(waiting.record_id): {
                c.path: sorted(str(value) for _, value in c.values) for c in waiting.conflicts
            }
            for waiting in county.review.pending()
        },
        "devices": sorted([d.surveyor, d.last, list(d.gaps)] for d in county.devices.all()),
        "set_aside": [each.file_name for each in county.exchange.quarantined()],
        "users": [[account.name, account.role.value] for account in county.users.all()],
        "cases": {
            str(c.record_id): [
                c.stage and c.stage.value,
                _money(c.subsidy),
                c.refused and c.refused.reason,
            ]
            for c in cases
        },
        "paid": [[p.rule, p.payments, _money(p.paid)] for p in county.benefits.totals()],
        "plans": {
            str(year): [
                str(e.candidate.record_id) for e in county.plans.read(year).entries if e.included
            ]
            for year in county.plans.years()
        },
        "standards": [
            str(each["standards"]["valid_from"]) for each in county.standards.published()
        ],
        "outcomes": _outcomes(documents, county.standards.book()),
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


# Making a folder


@contextmanager
def _two_counties(
    folder: Path, running: Server, database: str
) -> Iterator[tuple[CountyStore, CountyStore]]:
    made, _ = CountyStore.create(folder / "county.db", PASSPHRASE, county=COUNTY, name=NAME)
    served, _ = CountyStore.create(running.url(database), PASSPHRASE, county=COUNTY, name=NAME)
    with made, served:
        yield made, served


def make(folder: Path) -> dict[str, int]:
    """Create a version's data in an empty folder; return the files and their sizes."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place, server() as running:
        aside, database = Path(place), running.database()
        with _two_counties(folder, running, database) as (county, served):
            with (
                Store.create(folder / "laptop", PASSPHRASE, surveyor="演示员") as laptop,
                Store.create(aside / "other", PASSPHRASE, surveyor="黄一") as other,
            ):
                live(county, laptop, other, folder / "stick")
                expected = {"laptop": laptop_state(laptop), "county": county_state(county)}
            with (
                Store.create(aside / "a", PASSPHRASE, surveyor="演示员") as laptop,
                Store.create(aside / "b", PASSPHRASE, surveyor="黄一") as other,
            ):
                live(served, laptop, other, aside / "stick")
                same = county_state(served) == expected["county"]
            write_atomic(folder / "county.json", _public(county.public))
        if not same:
            raise RuntimeError("the county's file and PostgreSQL do not hold the same")
        script = gzip.compress(running.dump(database).encode(), mtime=0)
        (folder / "county.sql.gz").write_bytes(script)
    for lock in folder.rglob("*.lock"):
        lock.unlink()
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "expected.json").write_text(f"{text}\n")
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _public(public: CountyPublic) -> bytes:
    return public.model_dump_json(indent=1).encode()


def main() -> None:
    """Make the data of the version at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER / __version__)
    folder: Path = parser.parse_args().out
    if folder.exists() and __version__ in dated_versions(CHANGELOG.read_text(encoding="utf-8")):
        parser.error(f"{folder}: what was released is never made again")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        sizes = make(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for name, size in sizes.items():
        print(f"{size:9,} {name}")
    print(f"{sum(sizes.values()):9,} in all")


if __name__ == "__main__":
    main()
