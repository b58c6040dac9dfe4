"""Bundles: creation against bare serialising, a long merge, an idle sync, and refusal of hostile ones."""

import base64
import copy
import gzip
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from build.qa.bench.county import made_up
from build.qa.bench.figures import Figure
from build.qa.bench.made_up import household
from build.qa.bench.openfisca import Peer
from build.qa.fuzz_targets import COUNTY, DEVICE, IDENTITY
from tests.sync.county_server import Line, serving
from uuid_utils.compat import uuid7

from ruhu.county.county import CountyStore
from ruhu.county.server.serve import ServerOptions, make_server
from ruhu.exchange.formats.bundle import DOMAIN, open_bundle
from ruhu.exchange.formats.container import (
    MAX_INFLATED_BYTES,
    MAX_SEALED_BYTES,
    BundleRefused,
    seal_container,
)
from ruhu.exchange.keys.county import CountySecrets, read_county
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.keys.rotation import Signer
from ruhu.revisions.merge import merge_revisions
from ruhu.revisions.revision import Revision
from ruhu.store.store import Store
from ruhu.sync.bundle_builder import build_bundles
from ruhu.sync.client import SyncClient
from ruhu.sync.session import apply_result, plan_sync, run_sync

PASSPHRASE = "correct horse battery"
AT = datetime(2017, 6, 1, tzinfo=UTC)


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Measure every promise about bundles."""
    yield _export(200 if quick else 10_000)
    yield from _merge(50 if quick else 1_000)
    yield from _quiet_sync()
    yield _breaking_line(1_000 if quick else 2_000)
    yield from _refusals(quick=quick)


def _export(count: int) -> Figure:
    documents = made_up(count)
    with tempfile.TemporaryDirectory() as folder:
        _, county, _ = CountySecrets.generate("451024", "德保县")
        with Store.create(Path(folder), PASSPHRASE) as store:
            store.identity.set_county(county)
            store.records.import_documents(documents)
            start = time.perf_counter()
            revisions, _ = build_bundles(store)
            ours = time.perf_counter() - start
            sealed = sum(parcel.size for parcel in store.outbox.entries())
    assert revisions == count
    start = time.perf_counter()
    for at in range(0, count, 500):
        text = b",".join(
            json.dumps(document, ensure_ascii=False).encode()
            for document in documents[at : at + 500]
        )
        hashlib.sha256(text).digest()
        gzip.compress(text, mtime=0)
    bare = time.perf_counter() - start
    return Figure(
        f"{count:,} changed households into signed and sealed bundles: households a second",
        f"{count / ours:,.0f} ({sealed / 1024 / 1024:.1f} MB)",
        f"serialised, hashed and compressed only: {count / bare:,.0f}",
        bare / ours,
        at_least=0.25,
    )


def _history(count: int, sides: int) -> list[Revision]:
    chance, record = random.Random(5), uuid7()
    made: list[Revision] = []

    def revise(document: dict[str, Any], *parents: UUID) -> Revision:
        revision = Revision(
            revision_id=uuid7(), record_id=record, parents=parents, device_id=record, at=AT,
            reason="visit", document=document,
        )  # fmt: skip
        made.append(revision)
        return revision

    tops = [revise(household(chance, 5))] * sides
    for number in range(count - 1):
        before = tops[number % sides]
        document = copy.deepcopy(before.document or {})
        member = chance.choice(document["members"])
        section, name, value = chance.choice(
            [
                (document, "population", number),
                (document["housing"], "floor_area_m2", str(number)),
                (document["income"], "operating", str(number)),
                (member, "name", f"名{number}"),
                (member.setdefault("health", {}), "insured", bool(number % 2)),
            ]
        )
        section[name] = value
        tops[number % sides] = revise(document, before.revision_id)
    return made


def _merge(count: int) -> Iterator[Figure]:
    for sides in (2, 3):
        revisions, times = _history(count, sides), []
        for _ in range(9):
            start = time.perf_counter()
            state = merge_revisions(revisions)
            times.append(time.perf_counter() - start)
        milliseconds = sorted(times)[len(times) // 2] * 1000
        yield Figure(
            f"a record of {count:,} revisions with {sides} sides merged: ms",
            f"{milliseconds:.1f} ({len(state.conflicts)} conflicts)",
            "",
            milliseconds,
            at_most=50,
        )


def _quiet_sync() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        county, _ = CountyStore.create(folder / "c.db", PASSPHRASE, county="451024", name="德保县")
        server = make_server(county, ServerOptions("127.0.0.1", 0, folder / "uploads"), folder)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            threading.Event().wait(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        public = county.keys.name_server(f"https://127.0.0.1:{port}")
        with Store.create(folder / "laptop", PASSPHRASE) as store:
            store.identity.set_county(read_county(public.model_dump_json().encode()))
            county.devices.enrol(store.identity.device)
            store.records.import_documents(made_up(300))
            asked: list[int] = []
            for _ in range(2):
                errand = plan_sync(store)
                with SyncClient(errand.county, errand.device, nonce=errand.nonce) as courier:
                    count: list[Any] = []
                    courier.http.event_hooks = {"request": [count.append]}
                    start = time.perf_counter()
                    brought = run_sync(errand, courier, lambda r: _note(store, r))
                    taken = time.perf_counter() - start
                apply_result(store, brought)
                asked.append(len(count))
        server.should_exit = True
        thread.join(timeout=20)
        county.close()
    yield Figure(
        "a sync with nothing to say: requests",
        f"{asked[-1]} ({taken * 1000:.0f} ms; with 300 households {asked[0]})",
        "",
        asked[-1],
        at_most=1,
    )


def _breaking_line(count: int) -> Figure:
    """Measure the bytes sent over a line that breaks five times, including TLS and headers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        county, _ = CountyStore.create(folder / "c.db", PASSPHRASE, county="451024", name="德保县")
        with (
            county,
            serving(county, folder / "c.db") as port,
            Store.create(folder / "laptop", PASSPHRASE) as store,
        ):
            line = Line(port, [])
            public = county.keys.name_server(f"https://127.0.0.1:{line.port}")
            store.identity.set_county(read_county(public.model_dump_json().encode()))
            county.devices.enrol(store.identity.device)
            store.records.import_documents(made_up(count))
            errand = plan_sync(store)
            sealed = sum(map(len, errand.waiting))
            line.cuts = [3_000, sealed // 5, 1_500, sealed // 4, sealed // 8]
            with SyncClient(errand.county, errand.device, nonce=errand.nonce) as courier:
                run_sync(errand, courier, lambda receipt: _note(store, receipt))
            assert store.outbox.unconfirmed() == []
            assert line.cuts == []
            line.close()
    return Figure(
        f"{count:,} households over a line that breaks five times: bytes sent to bytes sealed",
        f"{line.carried:,}",
        f"sealed: {sealed:,}",
        line.carried / sealed,
        at_most=1.3,
    )


def _note(store: Store, receipt: Any) -> None:
    store.outbox.record_receipts([receipt])


def hostile() -> dict[str, bytes]:
    """Return bundles of up to 8 MB, each costly to read; most name an enrolled device."""
    key = DeviceKey(DEVICE.device_id, bytes(range(32)), ["x"])
    room = MAX_INFLATED_BYTES - 400

    def signed(body: bytes) -> bytes:
        end = b',"suite":"ed25519-age-x25519"}'
        value = base64.b64encode(key.sign(DOMAIN + body + end)).decode()
        signature = json.dumps({"key": key.public, "value": value}, separators=(",", ":")).encode()
        return seal_container(body + b',"signature":' + signature + end, COUNTY.recipients)

    def filled(unit: bytes, last: bytes = b"0") -> bytes:
        head = b'{"format":"ruhu.bundle/1","x":['
        return head + unit * ((room - len(head)) // len(unit)) + last + b"]"

    sealed_junk = seal_container(
        random.Random(1).randbytes(MAX_SEALED_BYTES - 4096), COUNTY.recipients
    )
    bomb = gzip.compress(bytes(200 * 1024 * 1024))
    return {
        "bytes that are nothing": random.Random(2).randbytes(MAX_SEALED_BYTES),
        "sealed noise": sealed_junk[:MAX_SEALED_BYTES],
        "200 MB of zeros": _sealed(bomb),
        "lists in lists": signed(filled(b"[],")),
        "objects": signed(filled(b'{"a":1},')),
        "just as many objects as pass": signed(
            b'{"format":"ruhu.bundle/1","x":[' + b'{"a":1},' * 98_000 + b"0]"
        ),
        "deep": signed(b'{"format":"ruhu.bundle/1","x":' + b"[" * 90_000 + b"]" * 90_000),
        "long numbers": signed(filled(b"9" * 4000 + b",")),
        "one long text": signed(
            b'{"format":"ruhu.bundle/1","x":"' + "字".encode() * (room // 3 - 100) + b'"'
        ),
        "one long text with a rare letter": signed(
            b'{"format":"ruhu.bundle/1","x":"' + "𠀀".encode() + b"a" * (room - 200) + b'"'
        ),
    }


def _sealed(packed: bytes) -> bytes:
    import pyrage

    to = [pyrage.x25519.Recipient.from_str(recipient) for recipient in COUNTY.recipients]
    return bytes(pyrage.encrypt(packed, to))


def _refusals(*, quick: bool) -> Iterator[Figure]:
    """Measure the time and memory of each refusal in a process of its own."""
    slowest, most, named = 0.0, 0.0, ("", "")
    with tempfile.TemporaryDirectory() as folder:
        cases = list(hostile().items())
        for name, sealed in cases[:3] if quick else cases:
            path = Path(folder) / "hostile"
            path.write_bytes(sealed)
            command = [sys.executable, "-m", "build.qa.bench.bundles", str(path)]
            measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            if measured["seconds"] > slowest:
                slowest, named = measured["seconds"], (name, named[1])
            if measured["megabytes"] > most:
                most, named = measured["megabytes"], (named[0], name)
    count = 3 if quick else len(cases)
    yield Figure(
        f"{count} hostile bundles of up to 8 MB: seconds to refuse the slowest",
        f"{slowest:.2f} ({named[0]})", "", slowest, at_most=2,
    )  # fmt: skip
    yield Figure(
        f"{count} hostile bundles of up to 8 MB: MB that the greediest takes",
        f"{most:.0f} ({named[1]})", "", most, at_most=64,
    )  # fmt: skip


def refuse(path: Path) -> dict[str, float]:
    """Refuse one bundle; return the seconds and the megabytes used, including the bundle's own bytes."""
    key = DeviceKey(DEVICE.device_id, bytes(range(32)), ["x"]).public
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    before = _kilobytes("VmRSS")
    start = time.perf_counter()
    try:
        open_bundle(path.read_bytes(), [IDENTITY], COUNTY, {key: Signer(DEVICE.device_id)}.get)
    except BundleRefused:
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "megabytes": (_kilobytes("VmHWM") - before) / 1024}


def _kilobytes(name: str) -> int:
    """Return a figure of this process's memory in KiB, by its name in /proc."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    print(json.dumps(refuse(Path(sys.argv[1]))))
