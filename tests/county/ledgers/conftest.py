"""A county with households whose houses are to be rebuilt, and the sample standards in force."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.policy.standards.files import read_standards_file
from ruhu.resources import resource
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles

Bring = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def bring(linked: Store, county: CountyStore, tmp_path: Path) -> Bring:
    """Takes records to the county by stick: new ones, or known ones that changed."""
    turns = iter(range(100))

    def take(documents: list[dict[str, Any]]) -> None:
        there = {str(summary.record_id) for summary in linked.records.summaries()}
        new = [d for d in documents if d["record_id"] not in there]
        linked.records.import_documents(new)
        for document in documents:
            linked.records.save_draft(UUID(document["record_id"]), document, field="")
            linked.records.close_visit(UUID(document["record_id"]))
        exported = export_bundles(linked, tmp_path / f"stick{next(turns)}")
        for path in exported.files:
            assert county.exchange.import_file(path).outcome is not ImportOutcome.REJECTED

    return take


@pytest.fixture
def standards() -> dict[str, Any]:
    """The sample standards as a document."""
    path = resource("demo/standards.toml")
    document = read_standards_file(path.name, path.read_bytes())
    return {name: value for name, value in document.items() if name != "sample"}


@pytest.fixture
def village(household: dict[str, Any]) -> list[dict[str, Any]]:
    """Three households in two villages: the second poorer, the third not in a poor village."""
    found = []
    for number, (score, poor, code) in enumerate(
        (("40", True, "451024100200"), ("28", True, "451024100200"), ("35", False, "451024101201"))
    ):
        document = copy.deepcopy(household)
        document["record_id"] = f"fb5db162-d1ed-5596-adab-00000000000{number}"
        document["registration"] |= {"score": score, "household_no": f"4510990000000{number}"}
        document["place"] |= {"village": code, "township": code[:9], "poor_village": poor,
                              "poor_county": poor}  # fmt: skip
        document["housing"]["card_account"] = f"621700000000000{number}"
        if number:
            document["members"][0] |= {"name": ("陆大光", "黄小妹")[number - 1]}
            del document["members"][0]["id_number"]
        found.append(document)
    return found
