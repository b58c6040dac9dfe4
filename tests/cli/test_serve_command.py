"""A laptop's bundles over HTTP, each side by its commands alone."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_commands import PASSPHRASE, ruhu
from tests.conftest import QUICK
from tests.sync.county_server import free_port

from ruhu.resources import resource
from ruhu.store.store import Store


@pytest.mark.slow
def test_a_laptop_sends_to_its_countys_server(tmp_path: Path, household: dict[str, Any]) -> None:
    data, database, county = tmp_path / "data", tmp_path / "county.db", tmp_path / "county.json"
    made = ("--db", database, "--county", "451024", "--name", "德保县")
    keys = ("--public", tmp_path / "first.json", "--recovery", tmp_path / "recovery.key")
    assert ruhu("county", "init", *made, *keys).returncode == 0
    with Store.create(data, PASSPHRASE, surveyor="测试员", cost=QUICK) as store:
        store.records.import_documents([household])
    assert ruhu("bundle", "device", tmp_path / "device.json", data=data).returncode == 0
    assert ruhu("county", "enrol", tmp_path / "device.json", "--db", database).returncode == 0
    refused = ruhu("bundle", "send", data=data)
    assert refused.returncode == 2
    assert "county.json" in refused.stderr
    port = free_port()
    named = ("--server", f"https://127.0.0.1:{port}", "--out", county)
    assert ruhu("county", "public", "--db", database, *named).returncode == 0
    assert ruhu("bundle", "county", county, data=data).returncode == 0
    words = [
        sys.executable,
        "-m",
        "ruhu",
        "county",
        "serve",
        "--db",
        str(database),
        "--port",
        str(port),
    ]
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    environment = {**os.environ, "RUHU_PASSPHRASE": PASSPHRASE, "RUHU_LANG": "zh",
                   "NOTIFY_SOCKET": str(tmp_path / "notify")}  # fmt: skip
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        assert "监听" in server.stdout.readline()
        assert manager.recv(100) == b"READY=1"
        sent = ruhu("bundle", "send", data=data)
        server.terminate()
        assert server.wait(timeout=20) in (0, -15)
    manager.close()
    assert sent.returncode == 0, sent.stderr
    assert "已接收" in sent.stdout
    export = ruhu("county", "export", database, "--xlsx", tmp_path / "register.xlsx")
    assert "2 人" in export.stdout


@pytest.mark.slow
def test_a_wrong_passphrase_stops_the_server_without_a_restart(
    tmp_path: Path,
) -> None:
    database = tmp_path / "county.db"
    made = ("--db", database, "--county", "451024", "--name", "德保县")
    keys = ("--public", tmp_path / "first.json", "--recovery", tmp_path / "recovery.key")
    assert ruhu("county", "init", *made, *keys).returncode == 0
    (tmp_path / "word").write_text("not the passphrase")
    word = ("--passphrase-file", tmp_path / "word")
    served = ruhu("county", "serve", "--db", database, "--port", free_port(), *word)
    assert served.returncode == 77
    assert "口令不对" in served.stderr
    unit = (resource("service") / "ruhu-county@.service").read_text("utf-8")
    assert "RestartPreventExitStatus=77" in unit
