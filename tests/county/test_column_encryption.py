"""Nobody without the key reads a person's data, in whichever database it lies."""

import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from build.qa.postgresql import Server, programs
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite
from tests.conftest import PASSPHRASE

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.database import tables
from ruhu.county.database.column_encryption import DecryptionFailed, EncryptedCompressedText
from ruhu.county.database.engine import DatabaseNotReached
from ruhu.errors import UserError
from ruhu.exchange.keys.key_wrap import TooManyTries, WrongPassphrase
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles

PERSONAL = ("韦岜明", "451099198606190789", "45109900000009", "测试员", "蒙才花", "面积再量")


def filled(store: Store, county: CountyStore, household: dict[str, Any], stick: Path) -> None:
    store.records.import_documents([household])
    for path in export_bundles(store, stick).files:
        county.exchange.import_file(path)
    (stick / "覃二的包.bundle.age").write_bytes("覃二".encode())
    county.exchange.import_file(stick / "覃二的包.bundle.age")
    (listed,) = county.records.search("岜明")
    county.review.send_back(listed.record_id, "面积再量")


def test_the_database_holds_no_personal_text(
    linked: Store, county: CountyStore, household: dict[str, Any], tmp_path: Path, place: Path | str
) -> None:
    filled(linked, county, household, tmp_path / "stick")
    assert [d["members"][0]["name"] for d in county.records.documents()] == ["韦岜明"]
    county.close()
    if isinstance(place, Path):
        dumped = b"".join(path.read_bytes() for path in place.parent.glob("county.db*"))
    else:
        folder = programs()
        assert folder is not None
        at = place.replace("postgresql+psycopg", "postgresql")
        dump = [str(folder / "pg_dump"), "--inserts", "-d", at]
        dumped = subprocess.run(dump, check=True, capture_output=True).stdout
        # Bytes are dumped in hexadecimal.
        for word in (*PERSONAL, "覃二"):
            assert word.encode().hex().encode() not in dumped
        assert b"COPY" in dumped or b"INSERT INTO public.revision" in dumped
    for word in (*PERSONAL, "覃二", PASSPHRASE):
        assert word.encode() not in dumped


def test_a_sealed_value_that_was_altered_or_moved_does_not_open(postgresql: Server) -> None:
    url = postgresql.url(postgresql.database())
    county, _ = CountyStore.create(url, PASSPHRASE, county="451024", name="德保县")
    with county:
        with county.transaction(Permission.USERS) as tx:
            tx.connection.execute(text("update audit set who = detail"))
        with pytest.raises(DecryptionFailed):
            county.audit.entries()
        profile = select(text("profile")).select_from(tables.account)
        with county.transaction(Permission.USERS) as tx:
            raw = tx.connection.execute(profile).scalar_one()
            altered = raw[:-1] + bytes([raw[-1] ^ 1])
            tx.connection.execute(text("update account set profile = :p"), {"p": altered})
        with pytest.raises(DecryptionFailed):
            CountyStore.open(url, PASSPHRASE)


def test_wrong_passwords_wait_wherever_they_are_tried(place: Path | str) -> None:
    CountyStore.create(place, PASSPHRASE, county="451024", name="德保县")[0].close()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            CountyStore.open(place, "something else")
    with pytest.raises(TooManyTries):
        CountyStore.open(place, PASSPHRASE)


def test_create_refuses_an_existing_county_and_adds_others(postgresql: Server) -> None:
    url = postgresql.url(postgresql.database())
    CountyStore.create(url, PASSPHRASE, county="451024", name="德保县")[0].close()
    with pytest.raises(UserError):
        CountyStore.create(url, PASSPHRASE, county="451024", name="德保县")
    CountyStore.create(url, "another passphrase", county="451026", name="那坡县")[0].close()
    with pytest.raises(UserError):
        CountyStore.open(url, PASSPHRASE)
    with CountyStore.open(url, "another passphrase", county="451026") as county:
        assert county.public.name == "那坡县"
        assert county.records.counts().households == 0
    with pytest.raises(WrongPassphrase):
        CountyStore.open(url, PASSPHRASE, county="451026")


def test_other_files_are_reported_as_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseNotReached):
        CountyStore.open(f"postgresql+psycopg://nobody@/none?host={tmp_path}", PASSPHRASE)
    for place in ("mysql://x/y", "postgresql://[", tmp_path / "none.db"):
        with pytest.raises(UserError):
            CountyStore.open(place, PASSPHRASE)


@pytest.mark.parametrize(
    "kept",
    [
        '{"at":"2017-06-01","author":"测试员","document":{"kind":"household","population":3}}',
        "eAHt/QmAHEX5v4H3ZjfXJJsEQEVFUgQgCcwuu5s7gSS7uSEXSbgEhd6Z3p0mM9ND90w2iwjxVlHB+1ZUxFtR8RYNiYo3eN8aRQXvIKqgkP3/n/etnqnd3XD6/f2+v//fzWZnuruq6n3feuutT731VvUzZvnVWUtndXV0LmrrWNjW0TkrO8uvVQtRPGvprN9+7Oq7PvTq37z8dbOys/JRrlYKytVZS58xa2dYzs9aOqsQ1ZKgEBXzs7KzKlGlVvSrYVSetXTeM5/5/wELiB64",
        "eD+cD6vP7f0JgBxF+b+B92Y31ySbBEBFRVIEIAnMLrubO4Eku7khF0m4BIXemd6dJjPTQ/dMNosI8VZRwftWVMRbUfEWDYmKN3jfGkUF7yCqoJD9/5/3rZ6p3d1w+v39vr//381mZ7q7qup933rrrU+99VY1wkyp7VjY1tHpQtjffuzquz706t+8/HWzssPA6061hHURi6I0GnDeM5/5/wELiB64",
    ],
    ids=["not packed", "packed by itself", "packed on what revisions have in common"],
)
def test_what_was_packed_once_is_read_for_good(kept: str) -> None:
    read = EncryptedCompressedText("revision.body").result_processor(sqlite.dialect(), None)
    assert read is not None
    held = kept if kept.startswith("{") else b64decode(kept)
    assert read(held) == (
        '{"at":"2017-06-01","author":"测试员","document":{"kind":"household","population":3}}'
    )
