"""PostgreSQL servers of our own, for tests and benches: in a folder, on a socket, gone afterwards."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

SERVER_USER = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "logical",
    "max_wal_size": "512MB",
}
# A test's data need not outlive the machine; a bench measures what is really written.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or `None` if none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


class Server:
    """One server in `folder`. The server refuses to be run by root, so another user runs it."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder, self._settings = folder, settings
        self._data = folder / "data"
        self._number = 0

    def make(self) -> None:
        """Make the cluster."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, SERVER_USER, SERVER_USER)
        self._run("initdb", "-D", self._data, "-U", SERVER_USER, "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip

    def start(self) -> None:
        """Start the server and return once it answers."""
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in self._all())
        self._run(
            "pg_ctl", "-D", self._data, "-l", self.folder / "log", "-w", "-o", options, "start"
        )

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` in order, `immediate` as a power cut would."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", how, "stop")

    def database(self, template: str = "template1") -> str:
        """Create a database and return its name."""
        self._number += 1
        name = f"test{self._number}"
        self.sql(f"create database {name} template {template}")
        return name

    def source(self, database: str) -> str:
        """Return the connection string by which another server reaches a database."""
        return f"host={self.folder} user={SERVER_USER} dbname={database}"

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql+psycopg://{SERVER_USER}@/{database}?host={self.folder}"

    def sql(self, *commands: str, database: str = "postgres") -> str:
        """Run SQL and return the output."""
        words = ["-h", str(self.folder), "-U", SERVER_USER, "-d", database]
        for command in commands:
            words += ["-c", command]
        return self._run("psql", *words, "-qAtX", "-v", "ON_ERROR_STOP=1")

    def dump(self, database: str) -> str:
        """Dump a database as SQL, without owners."""
        words = ["-h", str(self.folder), "-U", SERVER_USER, "--no-owner", "--no-privileges"]
        return self._run("pg_dump", *words, database)

    def load(self, database: str, script: str) -> None:
        """Run a script of SQL in a database, such as `dump` wrote."""
        path = self.folder / "load.sql"
        path.write_text(script)
        path.chmod(0o644)
        words = ["-h", str(self.folder), "-U", SERVER_USER, "-d", database]
        self._run("psql", *words, "-qAtX", "-v", "ON_ERROR_STOP=1", "-f", path)

    def _all(self) -> Iterator[tuple[str, str]]:
        yield from {**SETTINGS, **self._settings}.items()
        yield "unix_socket_directories", str(self.folder)

    def _run(self, name: str, *words: str | Path) -> str:
        folder = programs()
        if folder is None:
            raise RuntimeError("no PostgreSQL server is installed")
        command: Sequence[str] = [str(folder / name), *map(str, words)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", SERVER_USER, "--", *command]
        # What the server itself says goes to its log, which keeps no pipe of ours open.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                cwd=self.folder, check=False,
            )  # fmt: skip
            said.seek(0)
            text = said.read().decode(errors="replace")
        if done.returncode:
            raise RuntimeError(f"{name}: {text}")
        return text


@contextlib.contextmanager
def server(*, careful: bool = False, **settings: str) -> Iterator[Server]:
    """Yield a running server, removed afterwards; `careful` makes its writes durable."""
    # A socket's path has at most 107 bytes, which a test's own folder may exceed.
    with tempfile.TemporaryDirectory(prefix="pg") as place:
        made = Server(Path(place), {**({} if careful else CARELESS), **settings})
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop("immediate")
