"""The county: import of bundles against bare inserts of the same documents into the same database."""

import gc
import json
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
from build.qa.postgresql import server
from sqlalchemy import create_engine, text
from sqlcipher3 import dbapi2 as sqlcipher
from uuid_utils.compat import uuid7

from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.exchange.formats.bundle import (
    MAX_BUNDLE_REVISIONS,
    Manifest,
    recipient_fingerprints,
    seal_bundle,
)
from ruhu.exchange.formats.container import digest
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.files.encrypted_sqlite import open_encrypted
from ruhu.revisions.revision import Revision

PASSPHRASE = "correct horse battery"
BYTES, MEMBERS, A_BUNDLE, AT_LEAST = 5_000, 4, MAX_BUNDLE_REVISIONS, 0.25
AT = datetime(2017, 6, 1, tzinfo=UTC)


def made_up(count: int) -> list[dict[str, Any]]:
    """Households of four members and 5 KB each, as they are with names, numbers and notes."""
    chance, documents = random.Random(7), []
    for number in range(count):
        document = {**household(chance, MEMBERS), "record_id": str(uuid7())}
        document["registration"]["household_no"] = f"4510{number:010d}"
        for at, member in enumerate(document["members"]):
            member |= {
                "name": f"韦{number}{'甲乙丙丁'[at]}",
                "relationship": "户主" if not at else "其他",
            }
        room = BYTES - len(json.dumps(document, ensure_ascii=False).encode()) - 20
        document["notes"] = "".join(chance.choices("山水田村户屋路桥地林", k=max(0, room // 3)))
        documents.append(document)
    return documents


def sealed_bundles(
    documents: list[dict[str, Any]], county: CountyPublic, device: DeviceKey, size: int = A_BUNDLE
) -> Iterator[bytes]:
    """Yield a device's chain of bundles with `size` visits each."""
    previous = None
    for number, start in enumerate(range(0, len(documents), size), start=1):
        revisions = [
            Revision(
                revision_id=uuid7(), record_id=UUID(document["record_id"]), device_id=device.device_id,
                author="测试员", at=AT, reason="visit", document=document,
            )
            for document in documents[start : start + size]
        ]  # fmt: skip
        manifest = Manifest(
            bundle_id=uuid7(), device_id=device.device_id, sequence=number, previous=previous,
            county=county.county, created=AT, app="bench", policy="bench",
            counts={"revisions": len(revisions), "attachments": 0},
            recipients=recipient_fingerprints(county),
        )  # fmt: skip
        sealed = seal_bundle(manifest, revisions, device, county)
        previous = digest(sealed)
        yield sealed


def _bundles(
    documents: list[dict[str, Any]], county: CountyPublic, device: DeviceKey, folder: Path
) -> list[Path]:
    paths = []
    for number, sealed in enumerate(sealed_bundles(documents, county, device), start=1):
        paths.append(folder / f"{number:06}.bundle.age")
        paths[-1].write_bytes(sealed)
    return paths


def _import(place: Path | str, documents: list[dict[str, Any]], folder: Path) -> float:
    """Households a second, from sealed files to a list that finds them."""
    store, _ = CountyStore.create(place, PASSPHRASE, county="451024", name="德保县")
    with store:
        device = DeviceKey.generate()
        store.devices.enrol(DevicePublic(device_id=device.device_id, key=device.public))
        paths = _bundles(documents, store.public, device, folder)
        gc.collect()
        gc.freeze()  # the program has no such heap of documents to look through for cycles
        start = time.perf_counter()
        results = list(store.exchange.import_files(paths))
        assert len(store.records.search("韦1甲")) == 1
        took = time.perf_counter() - start
        assert all(result.outcome is ImportOutcome.IMPORTED for result in results)
        assert store.records.counts().households == len(documents)
    return len(documents) / took


def _rows(documents: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(d["record_id"], json.dumps(d, ensure_ascii=False)) for d in documents]


def _executemany(path: Path, documents: list[dict[str, Any]]) -> float:
    rows = _rows(documents)
    connection: sqlcipher.Connection = open_encrypted(path, bytes(32))
    connection.execute("create table document (id text primary key, body text)")
    start = time.perf_counter()
    for at in range(0, len(rows), A_BUNDLE):
        connection.executemany("insert into document values (?, ?)", rows[at : at + A_BUNDLE])
        connection.commit()
    took = time.perf_counter() - start
    connection.close()
    return len(rows) / took


def _copy(url: str, documents: list[dict[str, Any]]) -> float:
    rows = _rows(documents)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table document (id text primary key, body text)"))
    start = time.perf_counter()
    for at in range(0, len(rows), A_BUNDLE):
        with engine.begin() as connection:
            cursor: Any = connection.connection.cursor()
            with cursor.copy("copy document from stdin") as copy:
                for row in rows[at : at + A_BUNDLE]:
                    copy.write_row(row)
    took = time.perf_counter() - start
    engine.dispose()
    return len(rows) / took


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Compare the import of bundles with bare `executemany` and `COPY` in transactions of the same size."""
    documents = made_up(400 if quick else 20_000)
    with tempfile.TemporaryDirectory() as place, server(careful=True) as postgresql:
        folder = Path(place)
        url = postgresql.url(postgresql.database())
        for name, bare, ours in (
            (
                "SQLite",
                _executemany(folder / "bare.db", documents),
                _import(folder / "county.db", documents, folder),
            ),
            (
                "PostgreSQL",
                _copy(postgresql.url(postgresql.database()), documents),
                _import(url, documents, folder),
            ),
        ):
            yield Figure(
                f"sealed bundles into {name}, 5 KB a household, verified, merged, assessed, indexed",
                f"{ours:,.0f} households a second",
                f"bare {'COPY' if name == 'PostgreSQL' else 'executemany'}: {bare:,.0f}",
                ours / bare,
                at_least=AT_LEAST,
            )
