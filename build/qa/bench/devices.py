"""Two hundred laptops at once on the county's service: the real client, the real server, over TLS."""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from build.qa.bench.county import PASSPHRASE, made_up, sealed_bundles
from build.qa.bench.figures import Figure
from build.qa.bench.openfisca import Peer
from tests.sync.county_server import free_port

from ruhu.county.county import CountyStore
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.sync.client import SyncClient

DEVICES, ROUNDS, HOUSEHOLDS = 200, 6, 5
"""An hour's worth: every laptop sends a bundle of five households every ten minutes."""
WARM = 2
"""Rounds after which the service has loaded all it needs."""


@contextmanager
def _service(database: Path, port: int) -> Iterator[int]:
    """The service in a process of its own; gives its number."""
    words = [sys.executable, "-m", "ruhu", "county", "serve", "--db", str(database)]
    environment = {**os.environ, "RUHU_PASSPHRASE": PASSPHRASE}
    process = subprocess.Popen(
        [*words, "--port", str(port)], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "the service did not come up"
        yield process.pid
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _resident(process: int) -> int:
    """The bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _send_all(
    couriers: list[SyncClient], sticks: list[list[bytes]], number: int, pool: ThreadPoolExecutor
) -> list[float]:
    """Every laptop sends its bundle of a number at the same moment; how long each took, in seconds."""
    together = threading.Barrier(len(couriers))

    def send(courier: SyncClient, sealed: bytes) -> float:
        together.wait()
        start = time.perf_counter()
        assert courier.send(sealed).outcome == "taken_in"
        return time.perf_counter() - start

    return list(pool.map(send, couriers, [stick[number] for stick in sticks]))


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Latency, loss and memory of the service under all its laptops."""
    count, rounds = (8, 2) if quick else (DEVICES, ROUNDS)
    took: list[float] = []
    held: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        database, port = Path(folder) / "county.db", free_port()
        store, _ = CountyStore.create(database, PASSPHRASE, county="451024", name="德保县")
        with store:
            public = store.keys.name_server(f"https://127.0.0.1:{port}")
            devices = [DeviceKey.generate() for _ in range(count)]
            for device in devices:
                store.devices.enrol(DevicePublic(device_id=device.device_id, key=device.public))
        sticks = [
            list(sealed_bundles(made_up(rounds * HOUSEHOLDS), public, device, HOUSEHOLDS))
            for device in devices
        ]
        with _service(database, port) as process, ExitStack() as open_:
            pool = open_.enter_context(ThreadPoolExecutor(count))
            couriers = [open_.enter_context(SyncClient(public, device)) for device in devices]
            for number in range(rounds):
                took += _send_all(couriers, sticks, number, pool)
                held.append(_resident(process))
        with CountyStore.open(database, PASSPHRASE) as store:
            counts = store.records.counts()
            gaps = [
                device for device in store.devices.all() if device.gaps or device.last != rounds
            ]
    sent = count * rounds
    lost = sent - counts.bundles + len(gaps) + abs(sent * HOUSEHOLDS - counts.households)
    slowest = statistics.quantiles(took, n=100)[98]
    middle = statistics.median(took)
    yield Figure(
        f"{count} laptops at once, {sent:,} bundles: lost or doubled",
        f"{lost}",
        f"{counts.households:,} households, every chain whole",
        float(lost),
        at_most=0.0,
    )
    yield Figure(
        f"{count} laptops at once: the slowest in a hundred to the median",
        f"{slowest:.2f} s, {len(took) / sum(took) * count:.0f} bundles a second",
        f"median {middle:.2f} s",
        slowest / middle,
        at_most=10.0,
    )
    yield Figure(
        f"memory of the service after an hour's {sent:,} bundles to that after {WARM} rounds of them",
        f"{held[-1] / 2**20:.0f} MiB",
        f"{held[min(WARM, rounds) - 1] / 2**20:.0f} MiB",
        held[-1] / held[min(WARM, rounds) - 1],
        at_most=1.1,
    )
