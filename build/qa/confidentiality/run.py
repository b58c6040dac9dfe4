"""Nobody without the key reads a person's data: not in files, not in memory left behind, not over the
service.
"""

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from build.qa.confidentiality import api_list, audit, memory, osv
from build.qa.confidentiality.canaries import PASSPHRASE, Secret, people, search_files
from build.qa.report import Report

from ruhu.data_folder import keys_of
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.store.store import Store


def prove(report: Report, *, quick: bool, advisories: Path | None = None) -> None:
    """Look everywhere; `advisories` is a folder of them in the OSV format."""
    documents, secrets = people()
    secrets.append(Secret("passphrase", PASSPHRASE))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        look_into_files(place / "living", secrets, report)
        modes(place / "living", report)
        core_dumps(place / "crash", report)
        key = _store(place / "window", documents)
        look_into_memory(place / "window", key, report)
        api_list.run_list(place / "api", report)
        known_until = audit.DATA_ENDS
        if advisories is not None:
            known_until = osv.run(advisories, audit.locked(), report)
        if not quick:
            audit.run(place / "audit", report, known_until)


def look_into_files(place: Path, secrets: list[Secret], report: Report) -> None:
    """All that a day's work and a kill leave on the disk, temporary files and logs included."""
    place.mkdir()
    homes = {name: place / name for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    for home in homes.values():
        home.mkdir()
    environment = {**os.environ, **{name: str(home) for name, home in homes.items()}}
    work = place / "work"
    work.mkdir()
    with (
        (work / "output.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "build.qa.confidentiality.session", str(work)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        if process.stdout.readline() != b"open\n":
            report.broken("a day's work", (work / "output.log").read_text()[-800:])
        open_files, _, while_open = search_files(place, secrets)
        process.kill()
    files, size, found = search_files(place, secrets)
    wal = [path.name for path in work.rglob("*-wal") if path.stat().st_size]
    for where in {*while_open, *found}:
        report.broken(f"in {where.where}", f"{where.what} as {where.writing}")
    report.add(
        "files of a day's work, killed with all open",
        files=max(files, open_files),
        bytes=size,
        write_ahead_logs=len(wal),
        looked_for=len(secrets) * 6,
        found=len({*while_open, *found}),
    )
    control = place / "control"
    control.mkdir()
    for number, secret in enumerate(secrets):
        for writing, data in secret.writings():
            (control / f"{number} {writing}").write_bytes(b"x" * number + data + b"x")
    seen = len({(f.what, f.writing) for f in search_files(control, secrets)[2]})
    report.add("planted in the clear, for comparison", files=seen, found=seen)
    if not seen:
        report.broken("the search", "finds nothing where it was planted")
    for path in control.iterdir():
        path.unlink()


def modes(place: Path, report: Report) -> None:
    """What opens anything is for its owner alone, also where the system would let everybody in."""
    work = place / "work"
    out = place / "init"
    out.mkdir()
    words = ["county", "init", "--db", f"{out}/county.db", "--county", "451024", "--name", "德保县",
             "--public", f"{out}/county.json", "--recovery", f"{out}/recovery.key"]  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "ruhu", *words],
        env={**os.environ, "RUHU_PASSPHRASE": PASSPHRASE},
        check=True, capture_output=True, umask=0,
    )  # fmt: skip
    private = {
        "recovery_key": out / "recovery.key",
        "county_keys": out / "county.db.keys.json",
        "laptop_keys": work / "laptop" / "keys.json",
        "data_folder": work / "laptop",
    }
    modes_of = {name: path.stat().st_mode for name, path in private.items()}
    for name, mode in modes_of.items():
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            report.broken(name, f"others may look into it ({stat.filemode(mode)})")
    report.add("permissions", **{name: stat.filemode(mode) for name, mode in modes_of.items()})


def core_dumps(place: Path, report: Report) -> None:
    """A crash must write no core file, however much the system would let it."""
    place.mkdir()
    allowed = resource.getrlimit(resource.RLIMIT_CORE)[1]

    def unlimited() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (allowed, allowed))

    program = "import os, signal; {}; os.kill(os.getpid(), signal.SIGSEGV)"
    ours = "from ruhu.cli.main import main; main(['schema', 'county'])"
    cores = {}
    for name, what in (("bare", "pass"), ("ours", ours)):
        folder = place / name
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", program.format(what)],
            cwd=folder, capture_output=True, check=False, preexec_fn=unlimited,
        )  # fmt: skip
        assert done.returncode == -signal.SIGSEGV
        cores[name] = len(list(folder.iterdir()))
    if cores["ours"]:
        report.broken("a crash", "leaves a core file with what was open")
    report.add("core files after a crash", bare_python=cores["bare"], the_program=cores["ours"])


def _store(folder: Path, documents: list[dict[str, object]]) -> bytes:
    with Store.create(folder, PASSPHRASE, surveyor="演示员") as store:
        store.records.import_documents(documents)
        return KeyFile(keys_of(folder)).open(PASSPHRASE)


def look_into_memory(folder: Path, key: bytes, report: Report) -> None:
    """The window's memory, as a core dump would hold it: figures, and what they mean."""
    counts = memory.run(folder, key, report)
    locked = counts["locked"]
    for what in memory.MUST_GO:
        if locked[what] > counts["before the passphrase"][what]:
            report.broken("memory of the locked window", f"{what} is still there")
    rest = {
        what: number for what, number in locked.items() if number and what not in memory.MUST_GO
    }
    report.note(
        "While unlocked, the memory of the process holds what is shown and the key; the same user "
        "or an administrator can read it there. "
        + (f"After a lock this is left: {rest}." if rest else "After a lock none of it is left.")
    )
