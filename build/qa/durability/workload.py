"""Typical work with the program in steps, for proofs that kill or disturb it.

Each step reports what the program acknowledged; afterwards a check verifies that all of it is there.
"""

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid5

from build.release.release_data import FOLDER, PASSPHRASE, county_state, laptop_state

from ruhu import __version__
from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.exchange.keys import key_wrap
from ruhu.files.migration_backup import restore_backup
from ruhu.resources import resource
from ruhu.slips.issuing import issue_slip
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.roster.reader import read_roster
from ruhu.survey.validation.validate import to_document
from ruhu.sync.folder import export_bundles

Tell = Callable[[str], None]
Step = Callable[[int, Tell], None]
RECORDS = 8
FIELD = "housing.floor_area_m2"
SPACE = UUID("fb5db162-d1ed-5596-adab-abdae880b3b4")


class Lost(Exception):
    """Something that was acknowledged is not there, or a file is not sound."""


def derive_once() -> None:
    """Let this process derive a passphrase's key once, not at every opening: thousands of openings
    are to be proved, not the time a guess takes.
    """
    vars(key_wrap)["hash_secret_raw"] = cache(vars(key_wrap)["hash_secret_raw"])


class Job(Protocol):
    """One kind of work in `steps` steps; if not `ends`, it may continue beyond them.

    `check` raises `Lost`; otherwise it continues the work with the data it finds.
    """

    name: str
    steps: int
    ends: bool

    def prepare(self, folder: Path) -> None:
        """Create the data that the work starts with."""
        ...

    def open(self, folder: Path) -> AbstractContextManager[Step]:
        """Open the data and yield a function that runs a step by its number."""
        ...

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        """Check that everything acknowledged is there."""
        ...


@cache
def _roster() -> tuple[Document, ...]:
    data = (resource("demo") / "roster.xlsx").read_bytes()
    return tuple(to_document(household) for household in read_roster(data).households)


def household(number: int, area: int) -> Document:
    """Return a household of the demo roster with an id for every number; the area marks the version."""
    roster = _roster()
    document = roster[number % len(roster)]
    return {
        **document,
        "record_id": str(uuid5(SPACE, str(number))),
        "survey": {"date": "2017-06-01", "surveyor": "演示员"},
        "population": len(document["members"]),
        "housing": {**document.get("housing", {}), "floor_area_m2": str(area)},
    }


def _key(document: Document) -> UUID:
    return UUID(str(document["record_id"]))


def require_sound(store: Store) -> None:
    """Raise `Lost` where the store's file or its search index is damaged."""
    db = store.database
    db.execute("pragma wal_checkpoint(truncate)")
    results = [row[0] for row in db.execute("pragma integrity_check")]
    results += [row[0] for row in db.execute("pragma cipher_integrity_check")]
    if results != ["ok"]:
        raise Lost(f"the store is damaged: {results[:3]}")
    for table in ("person_name", "person_number"):
        db.execute(f"insert into {table} ({table}) values ('integrity-check')")


def open_county(path: Path) -> CountyStore:
    """Open a county's file."""
    return CountyStore.open(path, PASSPHRASE, user=FIRST_USER)


class Typing:
    """Typing: fields are left one after the other in some households."""

    name, steps, ends = "typing", 12, False

    def prepare(self, folder: Path) -> None:
        with Store.create(folder / "laptop", PASSPHRASE, surveyor="演示员") as store:
            store.records.import_documents([household(number, 0) for number in range(RECORDS)])

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            yield self.step_of(store)

    @staticmethod
    def step_of(store: Store) -> Step:
        """Leave one field."""

        def step(number: int, tell: Tell) -> None:
            document = household(number % RECORDS, number)
            store.records.save_draft(_key(document), document, field=FIELD)
            tell(str(number))

        return step

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        numbers = sorted(map(int, acknowledged))
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            require_sound(store)
            for last in {number % RECORDS: number for number in numbers}.values():
                found = store.records.document(_key(household(last % RECORDS, last)))
                area = int(found["housing"]["floor_area_m2"])
                if area < last or found != household(last % RECORDS, area):
                    raise Lost(f"field {last} was left and {area} is there")
            place = store.records.resume_position()
            if numbers and (place is None or place[1] != FIELD):
                raise Lost("the field that was left last is not known")
            record = household(0, 1)
            store.records.save_draft(
                _key(record), store.records.document(_key(record)), field=FIELD
            )


class Saving:
    """Saving: visits are closed, each a revision, and slips are issued."""

    name, steps, ends = "saving", 6, False

    def prepare(self, folder: Path) -> None:
        Store.create(folder / "laptop", PASSPHRASE, surveyor="演示员").close()

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        with Store.open(folder / "laptop", PASSPHRASE) as store:

            def step(number: int, tell: Tell) -> None:
                document = household(number // 3, number)
                store.records.save_draft(_key(document), document, field=FIELD)
                revision = store.records.close_visit(_key(document))
                if revision is not None:
                    tell(f"revision {_key(document)} {revision.revision_id}")
                if number % 3 == 0:
                    tell(f"slip {_key(document)} {issue_slip(store, _key(document)).number}")

            yield step

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        wanted: dict[UUID, set[str]] = defaultdict(set)
        for line in acknowledged:
            _, name, what = line.split()
            wanted[UUID(name)].add(what)
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            require_sound(store)
            for record, names in wanted.items():
                found = {str(revision.revision_id) for revision in store.records.revisions(record)}
                found |= {slip.number for slip in store.slips.issued(record)}
                if not names <= found:
                    raise Lost(f"{len(names - found)} visits or slips of {record} are gone")
            document = household(0, 1)
            store.records.save_draft(_key(document), document, field=FIELD)
            store.records.close_visit(_key(document))


class Exporting:
    """A visit is closed and the bundles are written to a stick."""

    name, steps, ends = "exporting", 4, False

    def prepare(self, folder: Path) -> None:
        county, _ = CountyStore.create(
            folder / "county.db", PASSPHRASE, county="451024", name="德保县"
        )
        with county, Store.create(folder / "laptop", PASSPHRASE, surveyor="演示员") as store:
            store.identity.set_county(county.public)
            county.devices.enrol(store.identity.device)

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        with Store.open(folder / "laptop", PASSPHRASE) as store:

            def step(number: int, tell: Tell) -> None:
                document = household(number % RECORDS, number)
                store.records.save_draft(_key(document), document, field=FIELD)
                revision = store.records.close_visit(_key(document))
                if revision is not None:
                    tell(f"revision {_key(document)} {revision.revision_id}")
                path = export_bundles(store, folder / "stick").files[-1]
                tell(f"file {path.name} {_digest(path)}")

            yield step

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        stick, wanted = folder / "stick", defaultdict(set)
        for line in acknowledged:
            kind, name, what = line.split()
            if kind == "revision":
                wanted[UUID(name)].add(what)
            elif not (stick / name).exists() or _digest(stick / name) != what:
                raise Lost(f"{name} was written and is not there")
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            require_sound(store)
            with open_county(folder / "county.db") as county:
                self._take_in(county, stick)
                export_bundles(store, stick)
                self._take_in(county, stick)
                if (
                    store.outbox.pending_count()
                    or county.exchange.chain(store.identity.device.device_id).gaps
                ):
                    raise Lost("the next export does not bring what is missing")
                for record, names in wanted.items():
                    if not names <= {str(r.revision_id) for r in county.records.revisions(record)}:
                        raise Lost(f"visits of {record} never come to the county")

    @staticmethod
    def _take_in(county: CountyStore, stick: Path) -> None:
        for path in sorted(stick.glob("*.bundle.age")):
            if county.exchange.import_file(path).outcome is ImportOutcome.REJECTED:
                raise Lost(f"{path.name} is no whole bundle")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Importing:
    """The county takes bundles of two laptops in, one file a step."""

    name, steps, ends = "importing", 10, True

    def prepare(self, folder: Path) -> None:
        stick, contents = folder / "stick", dict[str, list[list[str]]]()
        county, _ = CountyStore.create(
            folder / "county.db", PASSPHRASE, county="451024", name="德保县"
        )
        with county:
            for who in ("黄一", "覃二"):
                with Store.create(folder / who, PASSPHRASE, surveyor=who) as store:
                    store.identity.set_county(county.public)
                    county.devices.enrol(store.identity.device)
                    for turn in range(self.steps // 2):
                        documents = [household(number, turn) for number in range(RECORDS)]
                        store.records.replace(documents, [], reason="visit")
                        pending = store.outbox.pending_revisions()
                        written = export_bundles(store, stick).files
                        newest = [path for path in written if path.name not in contents]
                        revisions = [[str(r.record_id), str(r.revision_id)] for r in pending]
                        contents |= {path.name: revisions for path in newest}
        (folder / "contents.json").write_text(json.dumps(contents))
        with _copied(folder / "county.db", folder / "all.db") as whole:
            for path in sorted(stick.glob("*.bundle.age")):
                whole.exchange.import_file(path)
            (folder / "documents.json").write_text(json.dumps(list(whole.records.documents())))

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        files = sorted((folder / "stick").glob("*.bundle.age"))
        with open_county(folder / "county.db") as county:

            def step(number: int, tell: Tell) -> None:
                path = files[number % len(files)]
                if county.exchange.import_file(path).outcome is not ImportOutcome.REJECTED:
                    tell(path.name)

            yield step

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        contents: dict[str, list[list[str]]] = json.loads((folder / "contents.json").read_text())
        with open_county(folder / "county.db") as county:
            _require_sound_county(county)
            for name, revisions in contents.items():
                there = [
                    any(
                        str(r.revision_id) == revision
                        for r in county.records.revisions(UUID(record))
                    )
                    for record, revision in revisions
                ]
                if any(there) != all(there) or (name in acknowledged and not all(there)):
                    raise Lost(f"{name}: {sum(there)} of {len(there)} revisions are there")
            for path in sorted((folder / "stick").glob("*.bundle.age")):
                county.exchange.import_file(path)
            documents = json.loads((folder / "documents.json").read_text())
            if list(county.records.documents()) != documents:
                raise Lost("the documents differ from those of an undisturbed import")


@contextmanager
def _copied(source: Path, target: Path) -> Iterator[CountyStore]:
    for suffix in ("", ".keys.json"):
        shutil.copy(f"{source}{suffix}", f"{target}{suffix}")
    with open_county(target) as county:
        yield county


def _require_sound_county(county: CountyStore) -> None:
    with county.transaction(Permission.USERS) as tx:
        results = tx.connection.exec_driver_sql("pragma integrity_check").scalars().all()
    if results != ["ok"]:
        raise Lost(f"the county's file is damaged: {results[:3]}")
    county.audit.verify()


class Migrating:
    """A laptop's store and a county's file of the first program are opened by today's."""

    name, steps, ends = "migrating", 2, True
    source = FOLDER / "0.0"

    def prepare(self, folder: Path) -> None:
        shutil.copytree(self.source, folder, dirs_exist_ok=True)

    @contextmanager
    def open(self, folder: Path) -> Iterator[Step]:
        def step(number: int, tell: Tell) -> None:
            if number % 2 == 0:
                Store.open(folder / "laptop", PASSPHRASE).close()
                tell("laptop")
            else:
                open_county(folder / "county.db").close()
                tell("county")

        yield step

    def check(self, folder: Path, acknowledged: list[str]) -> None:
        self._require_all(folder)
        # The copies that were made before are whole, too: the program can go back to them.
        for database in (folder / "laptop" / "store.db", folder / "county.db"):
            if restore_backup(database, __version__) is None:
                raise Lost(f"there is no copy of {database.name} of before")
        self._require_all(folder)

    def _require_all(self, folder: Path) -> None:
        expected = json.loads((self.source / "expected.json").read_text())
        with Store.open(folder / "laptop", PASSPHRASE) as store:
            require_sound(store)
            if laptop_state(store) != expected["laptop"]:
                raise Lost("the laptop does not hold what it had")
        with open_county(folder / "county.db") as county:
            _require_sound_county(county)
            if county_state(county) != expected["county"]:
                raise Lost("the county does not hold what it had")


JOBS: tuple[Job, ...] = (Typing(), Saving(), Exporting(), Importing(), Migrating())


def job_of(name: str) -> Job:
    """Return a job by its name."""
    return next(job for job in JOBS if job.name == name)
