"""Pull the plug anywhere: every field that was left is there on the next start."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from ruhu.store.store import Store

PASSPHRASE = "correct horse battery"
TYPIST = """
import pathlib, sys
from ruhu.data_folder import store_exists
from ruhu.store.store import Store
folder, first = pathlib.Path(sys.argv[1]), int(sys.argv[2])
if store_exists(folder):
    store = Store.open(folder, sys.argv[3])
else:
    store = Store.create(folder, sys.argv[3])
number = first
while True:
    record = store.records.add({"kind": "household", "population": 1,
                               "members": [{"member_id": "m1", "name": f"第{number}人"}]})
    print(number, record, flush=True)
    if number % 3 == 0:
        store.records.close_visit(record)
    number += 1
"""


@pytest.mark.slow
def test_every_acknowledged_field_survives_kill_9(tmp_path: Path) -> None:
    folder, chance = tmp_path / "data", random.Random(1)
    acknowledged: dict[str, str] = {}
    for _ in range(12):
        command = [sys.executable, "-c", TYPIST, str(folder), str(len(acknowledged)), PASSPHRASE]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as typist:
            assert typist.stdout is not None
            for _ in range(chance.randrange(1, 40)):
                number, record = typist.stdout.readline().split()
                acknowledged[record] = number
            typist.kill()
            for line in typist.stdout.read().splitlines():
                if len(parts := line.split()) == 2 and len(parts[1]) == 36:
                    acknowledged[parts[1]] = parts[0]
    with Store.open(folder, PASSPHRASE) as store:
        names = {str(s.record_id): s.title for s in store.records.summaries()}
        assert {record: names.get(record) for record in acknowledged} == {
            record: f"第{number}人" for record, number in acknowledged.items()
        }
        assert store.database.execute("pragma integrity_check").fetchone()[0] == "ok"
