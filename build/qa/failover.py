"""Kill the leader of a Patroni pair under load, and check that nothing acknowledged was lost.

usage: python -m build.qa.failover [SECONDS]      run on demand; wants Debian's patroni and etcd-server

Two PostgreSQL servers and an etcd in a folder of their own, on loopback. A county imports bundles without
a pause; half-way the leader is killed with everything that belongs to it. Says how long imports stood
still, and ends with 1 where a bundle that was taken in is not there afterwards.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from build.qa.bench.county import made_up
from build.qa.postgresql import SERVER_USER, programs
from uuid_utils.compat import uuid7

from ruhu.county.county import CountyStore
from ruhu.county.database.engine import DatabaseNotReached
from ruhu.county.records.import_result import ImportOutcome
from ruhu.exchange.formats.bundle import Manifest, recipient_fingerprints, seal_bundle
from ruhu.exchange.formats.container import digest
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.revisions.revision import Revision

PASSPHRASE = "correct horse battery"  # noqa: S105 - of a database that lasts a minute
NODES = ("north", "south")
CONFIG: dict[str, Any] = {
    "ttl": 20,
    "loop_wait": 5,
    "retry_timeout": 5,
    "synchronous_mode": True,
    "postgresql": {"use_pg_rewind": True, "parameters": {"synchronous_commit": "on"}},
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Pair:
    """Two servers that Patroni keeps: one leads, the other follows and takes over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._etcd = _free_port()
        self.ports = {name: (_free_port(), _free_port()) for name in NODES}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start etcd, then both nodes."""
        client, peer = f"http://127.0.0.1:{self._etcd}", f"http://127.0.0.1:{_free_port()}"
        self._run(
            "etcd", "etcd", "--data-dir", "etcd", "--enable-v2=true", "--name", "one",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", f"one={peer}",
        )  # fmt: skip
        for name in NODES:
            (self._folder / f"{name}.json").write_text(json.dumps(self._node(name)))
            self._run(name, "patroni", f"{name}.json")

    def _node(self, name: str) -> dict[str, Any]:
        port, rest = self.ports[name]
        trust = [
            "local all all trust",
            "host all all 127.0.0.1/32 trust",
            "host replication all 127.0.0.1/32 trust",
        ]
        user = {"username": SERVER_USER, "password": "trusted"}
        return {
            "scope": "county",
            "name": name,
            "restapi": {"listen": f"127.0.0.1:{rest}", "connect_address": f"127.0.0.1:{rest}"},
            "etcd3": {"host": f"127.0.0.1:{self._etcd}"},
            "bootstrap": {"dcs": CONFIG, "initdb": [{"encoding": "UTF8"}, {"locale": "C"}]},
            "postgresql": {
                "listen": f"127.0.0.1:{port}",
                "connect_address": f"127.0.0.1:{port}",
                "data_dir": str(self._folder / name),
                "bin_dir": str(programs()),
                "pg_hba": trust,
                "parameters": {"unix_socket_directories": str(self._folder)},
                "authentication": {"superuser": user, "replication": user, "rewind": user},
            },
        }

    def _run(self, name: str, *words: str) -> None:
        prefix = ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []
        log = (self._folder / f"{name}.log").open("wb")
        self._running[name] = subprocess.Popen(
            [*prefix, *words], cwd=self._folder, stdout=log, stderr=log, start_new_session=True
        )

    def leader(self) -> str | None:
        """Return the leader that the nodes report, or `None` without a leader or a follower."""
        import urllib.request

        for _, rest in self.ports.values():
            with contextlib.suppress(OSError, ValueError):
                url = f"http://127.0.0.1:{rest}/cluster"
                with urllib.request.urlopen(url, timeout=2) as answer:
                    members = json.load(answer)["members"]
                leaders = [m["name"] for m in members if m["role"] == "leader"]
                follows = [m for m in members if m["role"] == "sync_standby"]
                if leaders and follows:
                    return str(leaders[0])
        return None

    def kill(self, name: str) -> None:
        """Kill a node and its server at once, as a power cut would."""
        group = self._running.pop(name).pid
        server = (self._folder / name / "postmaster.pid").read_text().splitlines()[0]
        for process in (group, *_children(group), int(server)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def stop(self) -> None:
        """Stop everything that was started."""
        for name, running in self._running.items():
            for process in (running.pid, *_children(running.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(20)
            pid = self._folder / name / "postmaster.pid"
            if pid.exists():
                with contextlib.suppress(ProcessLookupError, ValueError):
                    os.kill(int(pid.read_text().splitlines()[0]), signal.SIGKILL)

    def url(self, database: str) -> str:
        """Return the URL of both nodes; a client connects to the writable one."""
        hosts = "&".join(f"host=127.0.0.1:{port}" for port, _ in self.ports.values())
        return f"postgresql+psycopg://{SERVER_USER}@/{database}?{hosts}&target_session_attrs=read-write"


def _children(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in children.read_text().split()] if children.exists() else []


def _bundles(store: CountyStore, folder: Path) -> Iterator[Path]:
    """Yield bundles of ten households without end."""
    device, previous, sequence = DeviceKey.generate(), None, 0
    store.devices.enrol(DevicePublic(device_id=device.device_id, key=device.public))
    documents = made_up(10)
    while True:
        sequence += 1
        at = datetime.now(UTC)
        revisions = [
            Revision(
                revision_id=uuid7(), record_id=(key := uuid4()), device_id=device.device_id, at=at,
                reason="visit", document={**document, "record_id": str(key)},
            )
            for document in documents
        ]  # fmt: skip
        manifest = Manifest(
            bundle_id=uuid7(), device_id=device.device_id, sequence=sequence, previous=previous,
            county=store.public.county, created=at, app="patroni", policy="patroni",
            counts={"revisions": len(revisions), "attachments": 0},
            recipients=recipient_fingerprints(store.public),
        )  # fmt: skip
        sealed = seal_bundle(manifest, revisions, device, store.public)
        previous = digest(sealed)
        path = folder / f"{sequence:06}.bundle.age"
        path.write_bytes(sealed)
        yield path


def _wait_for_leader(pair: Pair) -> str:
    deadline = time.monotonic() + 90
    while (leader := pair.leader()) is None:
        if time.monotonic() > deadline:
            sys.exit("Patroni chose no leader; see the logs")
        time.sleep(0.5)
    return leader


def _load(store: CountyStore, pair: Pair, folder: Path, seconds: float) -> tuple[set[str], float]:
    """Import continuously and kill the leader half-way; return what was acknowledged and the longest gap."""
    acknowledged: set[str] = set()
    begin = last = time.monotonic()
    gap, killed = 0.0, False
    for path in _bundles(store, folder):
        while True:
            try:
                outcome = store.exchange.import_file(path).outcome
            except DatabaseNotReached:
                time.sleep(0.2)
                continue
            assert outcome in (ImportOutcome.IMPORTED, ImportOutcome.KNOWN)
            break
        now = time.monotonic()
        gap, last = max(gap, now - last), now
        acknowledged.add(digest(path.read_bytes()))
        if not killed and now - begin > seconds / 2:
            leader = _wait_for_leader(pair)
            print("killing", leader, "after", len(acknowledged), "bundles", flush=True)
            pair.kill(leader)
            killed, last = True, time.monotonic()
        if killed and now - begin > seconds and len(acknowledged) > 1 and gap > 1:
            return acknowledged, gap
    raise AssertionError


def main() -> int:
    """Run the test. Returns 1 where something acknowledged is gone."""
    seconds = float(sys.argv[1]) if sys.argv[1:] else 20.0
    if not all(map(shutil.which, ("patroni", "etcd"))):
        sys.exit("first run: apt-get install --no-install-recommends patroni etcd-server")
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as bundles:
        if os.geteuid() == 0:
            shutil.chown(place, SERVER_USER, SERVER_USER)
        pair = Pair(Path(place))
        try:
            pair.start()
            _wait_for_leader(pair)
            store, _ = CountyStore.create(
                pair.url("postgres"), PASSPHRASE, county="451024", name="德保县"
            )
            with store:
                acknowledged, gap = _load(store, pair, Path(bundles), seconds)
                lost = [key for key in acknowledged if store.exchange.receipt(key) is None]
                count, _ = store.audit.verify()
        finally:
            pair.stop()
    print(
        f"{len(acknowledged)} bundles acknowledged, {len(lost)} lost, {count} acts in a whole trail"
    )
    print(f"imports stood still for {gap:.1f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
