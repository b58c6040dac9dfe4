"""The county's office: statistics of all households, and the Excel register against openpyxl alone."""

import io
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from build.qa.bench.figures import Figure
from build.qa.bench.made_up import household
from build.qa.bench.openfisca import Peer
from openpyxl import Workbook
from uuid_utils.compat import uuid7

from ruhu.county.access.permissions import Permission
from ruhu.county.assessment.statistics import WHOLE_COUNTY, Scope
from ruhu.county.county import CountyStore
from ruhu.county.records.revision_rows import build_rows
from ruhu.county.records.revisions import save_revisions
from ruhu.export.register import register_rows, write_register
from ruhu.revisions.revision import Revision

AT_ONCE = 500


def settled(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a made-up household of four with a number, names and one of 200 villages in 20 townships."""
    document = household(chance, 4)
    township = f"451024{number % 20:03}"
    document["place"] |= {"township": township, "village": f"{township}{number % 200:03}"}
    document["registration"]["household_no"] = f"4510{number:010d}"
    for member in document["members"]:
        member |= {"name": f"测试{number % 97}", "relationship": "户主"}
    return document


def fill(store: CountyStore, documents: list[dict[str, Any]]) -> None:
    """Import records as if they came in bundles."""
    at, device = datetime.now(UTC), UUID(int=1)
    for start in range(0, len(documents), AT_ONCE):
        revisions = [
            Revision(
                revision_id=uuid7(),
                record_id=UUID(document["record_id"]),
                device_id=device,
                at=at,
                reason="visit",
                document=document,
            )
            for document in documents[start : start + AT_ONCE]
        ]
        with store.transaction(Permission.IMPORT) as act:
            texts = [revision.model_dump_json().encode() for revision in revisions]
            save_revisions(act, build_rows("451024", revisions, texts, None), [])


def _plain_excel(rows: list[list[Any]]) -> float:
    """Seconds for openpyxl's own write-only mode to write the same cells, undressed."""
    start = time.perf_counter()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(io.BytesIO())
    return time.perf_counter() - start


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Measure the dashboard of a county and of one township, and the register of all households."""
    count = 600 if quick else 30_000
    chance = random.Random(8)
    documents = [settled(chance, number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        store, _ = CountyStore.create(
            Path(folder) / "county.db", "correct horse battery", county="451024", name="德保县"
        )
        with store:
            fill(store, documents)
            for what, scope in (("the county", WHOLE_COUNTY), ("a township", Scope("451024001"))):
                start = time.perf_counter()
                found = store.statistics.figures(scope)
                taken = time.perf_counter() - start
                assert found.total.households
                yield Figure(
                    f"dashboard of {what} over {count:,} households: seconds",
                    f"{taken:.2f}",
                    "",
                    taken,
                    at_most=1.0,
                )
            start = time.perf_counter()
            persons = write_register(
                store.records.documents(), Path(folder) / "register.xlsx"
            ).persons
            ours = time.perf_counter() - start
        theirs = _plain_excel(list(register_rows(documents)))
    yield Figure(
        f"register of {count:,} households ({persons:,} rows) as Excel: seconds",
        f"{ours:.1f}",
        f"openpyxl write-only, the same cells undressed: {theirs:.1f}",
        ours / theirs,
        at_most=0.4,
    )
