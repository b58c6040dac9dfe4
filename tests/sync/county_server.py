"""The county's real server on loopback, and a line to it that breaks where a test wants it to."""

import contextlib
import selectors
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from ruhu.county.county import CountyStore
from ruhu.county.server.serve import ServerOptions, make_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(county: CountyStore, database: Path) -> Iterator[int]:
    """Run the county's service; gives its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        server = make_server(
            county,
            ServerOptions("127.0.0.1", port, database.with_name(f"{database.name}.uploads")),
            Path(place),
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive(), "the server did not come up"
            assert time.monotonic() < deadline, "the server did not come up"
            threading.Event().wait(0.01)
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(timeout=20)


class Line:
    """A line to a port. Each connection carries as many bytes up as `cuts` says next, or down as `falls`
    says, then breaks; once these are empty, connections hold. `carried` counts the bytes that went up,
    `fallen` those that came down.
    """

    def __init__(self, port: int, cuts: list[int], falls: list[int] | None = None) -> None:
        self.to, self.cuts, self.carried = port, cuts, 0
        self.falls, self.fallen = falls or [], 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.close()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            budget = self.cuts.pop(0) if self.cuts else None
            fall = self.falls.pop(0) if self.falls else None
            threading.Thread(target=self._carry, args=(caller, budget, fall), daemon=True).start()

    def _carry(self, caller: socket.socket, budget: int | None, fall: int | None) -> None:
        with (
            contextlib.suppress(OSError),
            caller,
            socket.create_connection(("127.0.0.1", self.to)) as called,
            selectors.DefaultSelector() as chosen,
        ):
            chosen.register(caller, selectors.EVENT_READ)
            chosen.register(called, selectors.EVENT_READ)
            while budget is None or budget > 0:
                for key, _ in chosen.select():
                    upward = key.fileobj is caller
                    data = (caller if upward else called).recv(65536)
                    if not data:
                        return
                    if not upward:
                        caller.sendall(data if fall is None else data[:fall])
                        self.fallen += len(data)
                        fall = None if fall is None else fall - len(data)
                        if fall is not None and fall <= 0:
                            return
                        continue
                    sent = data if budget is None else data[:budget]
                    budget = None if budget is None else budget - len(sent)
                    self.carried += len(sent)
                    called.sendall(sent)


class Proxy:
    """A proxy that lets TLS through by CONNECT; `asked` are the addresses that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def _carry(self, caller: socket.socket) -> None:
        with contextlib.suppress(OSError), caller:
            head = b""
            while b"\r\n\r\n" not in head:
                head += caller.recv(4096)
            method, address, _ = head.split(b" ", 2)
            assert method == b"CONNECT"
            self.asked.append(address.decode())
            host, _, port = address.decode().rpartition(":")
            with (
                socket.create_connection((host, int(port))) as called,
                selectors.DefaultSelector() as chosen,
            ):
                caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                chosen.register(caller, selectors.EVENT_READ)
                chosen.register(called, selectors.EVENT_READ)
                while True:
                    for key, _ in chosen.select():
                        data = (caller if key.fileobj is caller else called).recv(65536)
                        if not data:
                            return
                        (called if key.fileobj is caller else caller).sendall(data)
