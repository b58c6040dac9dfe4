"""Fixtures that many tests share: a household, a store, a county."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from build.qa.display import display
from build.qa.postgresql import Server, programs, server
from hypothesis import settings
from tests.cups import printer

from ruhu.county.county import CountyStore
from ruhu.exchange.keys.key_wrap import HashCost
from ruhu.store.store import Store

PASSPHRASE = "correct horse battery"
QUICK = HashCost(memory_kib=8, passes=1, lanes=1)
"""Low costs, so that no test waits for the key of a passphrase."""

settings.register_profile("ruhu", deadline=None, max_examples=60)
settings.load_profile("ruhu")


def pytest_configure(config: pytest.Config) -> None:
    """Give each of several workers a screen of its own: windows on one take the focus from each other."""
    if "PYTEST_XDIST_WORKER" in os.environ and os.environ.get("QT_QPA_PLATFORM") == "xcb":
        screen = ExitStack()
        os.environ.update(screen.enter_context(display()))
        config.add_cleanup(screen.close)


@pytest.fixture
def household() -> dict[str, Any]:
    """Return a made-up registered household whose house is to be rebuilt."""
    text = """{
      "record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", "kind": "household",
      "survey": {"date": "2017-06-01", "surveyor": "测试员"},
      "place": {"county": "451024", "village_name": "示范一村", "group": "1",
                "poor_county": true, "poor_village": true},
      "registration": {"registered_poor": true, "household_no": "45109900000009",
                       "attribute": "general", "score": "40"},
      "population": 3,
      "housing": {"danger_grade": "D", "relocation_listed": false, "renovation": "rebuild",
                  "floor_area_m2": "68", "storage_area_m2": "8", "self_funding": true},
      "members": [
        {"member_id": "m1", "name": "韦岜明", "id_number": "451099198606190789",
         "relationship": "户主", "schooling": {"stage": "none"}},
        {"member_id": "m2", "name": "蒙才花", "sex": "female", "birth_date": "2008-01-01",
         "relationship": "之女", "schooling": {"stage": "primary", "boarding": true}}]}"""
    document: dict[str, Any] = json.loads(text)
    return document


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield an open store in a folder of its own."""
    with Store.create(tmp_path / "data", PASSPHRASE, surveyor="测试员", cost=QUICK) as opened:
        yield opened


@pytest.fixture(scope="session")
def office_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the folder for the pages of the printer `office`.

    Qt looks for print servers once a process, so this one starts before the first window.
    """
    if sys.platform == "win32":  # it prints its own way
        yield tmp_path_factory.mktemp("pages") / "none"
        return
    patch = pytest.MonkeyPatch()
    with printer(tmp_path_factory.mktemp("cups"), "office") as (environment, pages):
        for name, value in environment.items():
            patch.setenv(name, value)
        yield pages
    patch.undo()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Yield a PostgreSQL server for the tests."""
    if programs() is None:
        pytest.skip("needs a PostgreSQL server")
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Return the place for a county's database: a file, or an empty PostgreSQL database."""
    if request.param == "sqlite":
        return tmp_path / "county.db"
    running: Server = request.getfixturevalue("postgresql")
    return running.url(running.database())


@pytest.fixture
def county(place: Path | str) -> Iterator[CountyStore]:
    """Yield an open county database."""
    opened, _ = CountyStore.create(place, PASSPHRASE, county="451024", name="德保县", cost=QUICK)
    with opened:
        yield opened


@pytest.fixture
def linked(store: Store, county: CountyStore) -> Store:
    """Return a store enrolled at its county."""
    store.identity.set_county(county.public)
    county.devices.enrol(store.identity.device)
    return store
