"""Any number of laptops and a county edit, carry, lose, double and settle in any order; in the end all
hold the same, and nothing that anybody typed is absent from history.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tests.conftest import PASSPHRASE

from ruhu.bundle.merge import current
from ruhu.county.stick import leave_answers
from ruhu.county.store import CountyStore
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, take_from

LAPTOPS = 3
RECORDS = [UUID(int=n) for n in (1, 2)]
FIELDS = (("housing", "floor_area_m2"), ("housing", "paid_amount"), ("registration", "score"))
MEMBERS = ("m1", "m2", "m3")

laptops = st.integers(0, LAPTOPS - 1)
records = st.sampled_from(RECORDS)


class Exchange(RuleBasedStateMachine):
    """One stick a laptop, one county."""

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp())
        self.typed: set[str] = set()
        self.turn = 0
        self.county, _ = CountyStore.create(
            self.place / "county.db", PASSPHRASE, county="451024", name="德保县"
        )
        self.stores: list[Store] = []
        for number in range(LAPTOPS):
            store = Store.create(self.place / str(number), PASSPHRASE, surveyor=f"员{number}")
            store.set_county(self.county.public)
            self.county.enrol(store.device)
            self.stores.append(store)
        first = self.stores[0]
        first.import_documents(
            [
                {"record_id": str(r), "kind": "household", "members": [{"member_id": "m1"}]}
                for r in RECORDS
            ]
        )
        for number, store in enumerate(self.stores):
            if number:
                store.take_answer([r for record in RECORDS for r in first.revisions(record)])
            for record in RECORDS:
                self.change(number, record, lambda d: d)

    def change(self, laptop: int, record: UUID, how: Any) -> None:
        store = self.stores[laptop]
        self.turn += 1
        document = how(store.document(record))
        document["survey"] = {"notes": f"visit {self.turn}"}
        store.save_draft(record, document, field="")
        store.close_visit(record)

    def stick(self, laptop: int) -> Path:
        return self.place / f"stick{laptop}"

    @rule(laptop=laptops, record=records, field=st.sampled_from(FIELDS))
    def type_a_fact(self, laptop: int, record: UUID, field: tuple[str, str]) -> None:
        value = str(1000 + self.turn)
        self.typed.add(value)

        def how(document: dict[str, Any]) -> dict[str, Any]:
            document.setdefault(field[0], {})[field[1]] = value
            return document

        self.change(laptop, record, how)

    @rule(laptop=laptops, record=records, member=st.sampled_from(MEMBERS))
    def type_a_member(self, laptop: int, record: UUID, member: str) -> None:
        name = f"名{self.turn}"
        self.typed.add(name)

        def how(document: dict[str, Any]) -> dict[str, Any]:
            rest = [m for m in document.get("members", []) if m["member_id"] != member]
            return {**document, "members": [*rest, {"member_id": member, "name": name}]}

        self.change(laptop, record, how)

    @rule(laptop=laptops, record=records, member=st.sampled_from(MEMBERS))
    def take_a_member_away(self, laptop: int, record: UUID, member: str) -> None:
        def how(document: dict[str, Any]) -> dict[str, Any]:
            rest = [m for m in document.get("members", []) if m["member_id"] != member]
            return {**document, "members": rest}

        self.change(laptop, record, how)

    @rule(laptop=laptops)
    def write_the_stick(self, laptop: int) -> None:
        export_bundles(self.stores[laptop], self.stick(laptop))

    @rule(laptop=laptops, data=st.data())
    def carry_some_of_it_in_any_order(self, laptop: int, data: st.DataObject) -> None:
        files = sorted(self.stick(laptop).glob("*.bundle.age"))
        if files:
            for path in data.draw(st.lists(st.sampled_from(files), max_size=4)):
                self.county.import_file(path)

    @rule(laptop=laptops)
    def lose_the_stick(self, laptop: int) -> None:
        shutil.rmtree(self.stick(laptop), ignore_errors=True)

    @rule(laptop=laptops)
    def bring_the_answer(self, laptop: int) -> None:
        stick = self.stick(laptop)
        stick.mkdir(exist_ok=True)
        leave_answers(self.county, stick, sorted(stick.glob("*.bundle.age")))
        take_from(self.stores[laptop], stick)

    @rule(side=st.integers(0, 1))
    def settle(self, side: int) -> None:
        for waiting in self.county.waiting():
            chosen = {c.path: c.values[side % len(c.values)][1] for c in waiting.conflicts}
            self.county.settle(waiting.record_id, chosen)

    def teardown(self) -> None:
        if not hasattr(self, "stores"):
            return
        try:
            for _ in range(2):  # once to bring all in, once to bring all back
                for laptop in range(LAPTOPS):
                    self.write_the_stick(laptop)
                    for path in sorted(self.stick(laptop).glob("*.bundle.age")):
                        self.county.import_file(path)
                self.settle(0)
                for laptop in range(LAPTOPS):
                    self.bring_the_answer(laptop)
            self.check()
        finally:
            for store in self.stores:
                store.close()
            self.county.close()
            shutil.rmtree(self.place)

    def check(self) -> None:
        at_county = {UUID(d["record_id"]): d for d in self.county.documents()}
        history = ""
        for record in RECORDS:
            revisions = self.county.revisions(record)
            assert current(revisions).conflicts == ()
            history += json.dumps([r.document for r in revisions], ensure_ascii=False)
        for record in RECORDS:
            held = [store.document(record) for store in self.stores]
            assert held[0] == held[1] == held[2] == at_county[record]
        assert [value for value in sorted(self.typed) if f'"{value}"' not in history] == []
        assert all(store.unconfirmed_bundles() == [] for store in self.stores)


def test_all_sides_end_with_the_same_and_nothing_typed_is_lost() -> None:
    # Without shrinking: a failure is told with its steps, and a step costs a signature and a file.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    run_state_machine_as_test(
        Exchange,
        settings=settings(max_examples=12, stateful_step_count=30, deadline=None, phases=phases),
    )
