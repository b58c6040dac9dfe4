"""Any number of laptops and a county edit, carry, lose, double, tear and settle in any order; in the
end all hold the same, and nothing that anybody typed is absent from history.
"""

import contextlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.conftest import PASSPHRASE, QUICK

from ruhu.county.county import CountyStore
from ruhu.county.removable_media import write_replies
from ruhu.errors import UserError
from ruhu.exchange.media_files import list_media_files
from ruhu.revisions.merge import MergedRecord, merge_revisions
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, import_from

MOST_LAPTOPS = 4
RECORDS = [UUID(int=n) for n in (1, 2)]
FIELDS = (("housing", "floor_area_m2"), ("housing", "paid_amount"), ("registration", "score"))
MEMBERS = ("m1", "m2", "m3")
TRAININGS = ("t1", "t2")
Change = Callable[[dict[str, Any]], dict[str, Any]]

laptops = st.integers(0, MOST_LAPTOPS - 1)
records = st.sampled_from(RECORDS)
members = st.sampled_from(MEMBERS)


class Exchange(RuleBasedStateMachine):
    """One stick a laptop, one county. `done` counts what was done, over all runs."""

    done: ClassVar[Counter[str]] = Counter()

    @initialize(count=st.sampled_from([3, 2, 4, 1]))
    def begin(self, count: int) -> None:
        self.place = Path(tempfile.mkdtemp())
        self.typed: set[str] = set()
        self.turn = 0
        self.made: list[UUID] = [*RECORDS]
        self.twice: list[tuple[UUID, UUID]] = []
        self.county, _ = CountyStore.create(
            self.place / "county.db", PASSPHRASE, county="451024", name="德保县", cost=QUICK
        )
        self.stores: list[Store] = []
        for number in range(count):
            store = Store.create(
                self.place / str(number), PASSPHRASE, surveyor=f"员{number}", cost=QUICK
            )
            store.identity.set_county(self.county.public)
            self.county.devices.enrol(store.identity.device)
            self.stores.append(store)
        self.stores[0].records.import_documents(
            [
                {"record_id": str(r), "kind": "household", "members": [{"member_id": "m1"}]}
                for r in RECORDS
            ]
        )
        self.write_the_stick(0)
        for found in self._there(0):
            self.county.exchange.import_file(found.path)
        for number in range(1, min(count, 3)):  # a fourth laptop is handed records on the way
            self.county.replies.subscribe(self.stores[number].identity.device.device_id, RECORDS)
            self.bring_the_answer(number)
        self.count("run")

    def laptop(self, number: int) -> Store:
        return self.stores[number % len(self.stores)]

    def stick(self, number: int) -> Path:
        return self.place / f"stick{number % len(self.stores)}"

    def count(self, what: str) -> None:
        self.done[what] += 1

    def held(self, store: Store, record: UUID) -> dict[str, Any] | None:
        try:
            return store.records.document(record)
        except KeyError:
            return None

    def change(self, number: int, record: UUID, how: Change, *, close: bool = True) -> bool:
        store = self.laptop(number)
        before = self.held(store, record)
        if before is None:
            return False
        self.turn += 1
        store.records.save_draft(record, how(before), field="")
        if close:
            store.records.close_visit(record)
        return True

    # What people type

    @rule(number=laptops, record=records, field=st.sampled_from(FIELDS), close=st.booleans())
    def type_a_fact(self, number: int, record: UUID, field: tuple[str, str], close: bool) -> None:
        value = str(1000 + self.turn)

        def how(document: dict[str, Any]) -> dict[str, Any]:
            section = {**document.get(field[0], {}), field[1]: value}
            return {**document, field[0]: section}

        if self.change(number, record, how, close=close):
            self.count("fact typed" if close else "fact typed, visit left open")
            # In a visit that stays open a value may be typed over: no revision has seen it.
            self.typed |= {value} if close else set()

    @rule(number=laptops, record=records, member=members)
    def type_a_member(self, number: int, record: UUID, member: str) -> None:
        name = f"名{self.turn}"

        def how(document: dict[str, Any]) -> dict[str, Any]:
            kept = [dict(m) for m in document.get("members", [])]
            found = next((m for m in kept if m["member_id"] == member), None)
            if found is None:
                kept.append({"member_id": member, "name": name})
            else:
                found["name"] = name
            return {**document, "members": kept}

        if self.change(number, record, how):
            self.typed.add(name)
            self.count("member typed")

    @rule(number=laptops, record=records, member=members, training=st.sampled_from(TRAININGS))
    def type_a_training(self, number: int, record: UUID, member: str, training: str) -> None:
        days = str(2000 + self.turn)

        def how(document: dict[str, Any]) -> dict[str, Any]:
            kept = [dict(m) for m in document.get("members", [])]
            for found in (m for m in kept if m["member_id"] == member):
                rest = [t for t in found.get("trainings", []) if t["training_id"] != training]
                found["trainings"] = [*rest, {"training_id": training, "notes": days}]
                self.typed.add(days)
            return {**document, "members": kept}

        if self.change(number, record, how):
            self.count("training typed")

    @rule(number=laptops, record=records, member=members)
    def take_a_member_away(self, number: int, record: UUID, member: str) -> None:
        def how(document: dict[str, Any]) -> dict[str, Any]:
            rest = [m for m in document.get("members", []) if m["member_id"] != member]
            return {**document, "members": rest}

        if self.change(number, record, how):
            self.count("member taken away")

    @rule(number=laptops, record=records)
    def close_a_visit(self, number: int, record: UUID) -> None:
        if self.laptop(number).records.close_visit(record) is not None:
            self.count("visit closed later")

    @rule(number=laptops, record=records)
    def take_a_record_away(self, number: int, record: UUID) -> None:
        store = self.laptop(number)
        if self.turn % 4 == 0 and self.held(store, record) is not None:
            store.records.replace([], [record], reason="edit")
            self.turn += 1
            self.count("record taken away")

    @rule(number=laptops, record=records)
    def create_the_same_household_again_and_join_it(self, number: int, record: UUID) -> None:
        store = self.laptop(number)
        kept = self.held(store, record)
        if kept is None or len(self.made) > 5:
            return
        other = self._household_made(store, "另")
        moved = store.records.document(other)["members"]
        joined = {**kept, "members": [*kept.get("members", []), *moved]}
        store.records.replace([joined], [other], reason="join")
        self.turn += 1
        self.count("household created twice and joined")

    @rule(number=laptops, record=records)
    def create_the_same_household_again(self, number: int, record: UUID) -> None:
        store = self.laptop(number)
        if self.held(store, record) is None or len(self.made) > 5:
            return
        self.twice.append((record, self._household_made(store, "重")))
        self.turn += 1
        self.count("household created twice")

    def _household_made(self, store: Store, called: str) -> UUID:
        name = f"{called}{self.turn}"
        self.typed.add(name)
        made = store.records.add(
            {"kind": "household", "members": [{"member_id": f"x{self.turn}", "name": name}]}
        )
        store.records.close_visit(made)
        self.made.append(made)
        return made

    # What is carried

    @rule(number=laptops)
    def write_the_stick(self, number: int) -> None:
        export_bundles(self.laptop(number), self.stick(number))
        self.count("stick written")

    @rule(number=laptops, chosen=st.lists(st.integers(0, 9), max_size=4))
    def carry_some_of_it_in_any_order(self, number: int, chosen: list[int]) -> None:
        files = [f.path for f in self._there(number) if f.kind == "bundle"]
        for which in chosen if files else []:
            self.county.exchange.import_file(files[which % len(files)])
            self.count("bundle carried, maybe again")

    def _there(self, number: int) -> list[Any]:
        self.stick(number).mkdir(exist_ok=True)
        return list_media_files(self.stick(number))

    @rule(number=laptops)
    def lose_the_stick(self, number: int) -> None:
        shutil.rmtree(self.stick(number), ignore_errors=True)
        self.count("stick lost")

    @rule(number=laptops, which=st.integers(0, 9), thousandth=st.integers(0, 1000))
    def tear_a_file(self, number: int, which: int, thousandth: int) -> None:
        files = self._there(number)
        if files:
            path = files[which % len(files)].path
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size * thousandth // 1000)
            self.count("file torn")

    @rule(number=laptops)
    def bring_the_answer(self, number: int) -> None:
        stick = self.stick(number)
        files = [found.path for found in self._there(number) if found.kind == "bundle"]
        write_replies(self.county, stick, files)
        import_from(self.laptop(number), stick)
        self.count("answer brought")

    @rule(number=laptops, record=records)
    def hand_a_record(self, number: int, record: UUID) -> None:
        self.county.replies.subscribe(self.laptop(number).identity.device.device_id, [record])
        self.count("record handed to a laptop")

    @rule(number=laptops, countys=st.booleans())
    def change_a_key(self, number: int, countys: bool) -> None:
        if countys:
            self.county.keys.rotate()
        else:
            self.laptop(number).rotate_device_key()
        self.count("county's key changed" if countys else "laptop's key changed")

    # What the county does

    @rule(side=st.integers(0, 3))
    def settle(self, side: int) -> None:
        for waiting in self.county.review.pending():
            chosen = {c.path: c.values[side % len(c.values)][1] for c in waiting.conflicts}
            self.county.review.settle(waiting.record_id, chosen)
            self.count("conflict settled")

    @rule(record=records)
    def send_back(self, record: UUID) -> None:
        if not self.county.records.revisions(record):
            return
        with contextlib.suppress(UserError):  # sides disagree, or it was taken away
            self.county.review.send_back(record, f"请核实{self.turn}")
            self.count("record sent back")

    @rule()
    def the_county_joins_what_was_created_twice(self) -> None:
        if self.twice:
            self._bring_all_in()
        for kept, other in self.twice:
            with contextlib.suppress(UserError):
                self.county.review.merge(kept, other)
                self.count("two creations joined at the county")

    @rule(record=records, member=members)
    def the_county_takes_a_member_out(self, record: UUID, member: str) -> None:
        with contextlib.suppress(UserError):
            self.county.review.remove_member(record, member)
            self.count("member taken out at the county")

    # In the end

    def teardown(self) -> None:
        if not hasattr(self, "stores"):
            return
        try:
            for store in self.stores:
                for record in self.made:
                    store.records.close_visit(record)
            self._exchange()
            for store in self.stores:
                self.county.replies.subscribe(store.identity.device.device_id, self._known())
            self._exchange()
            self._check(settled=False)
            self.settle(0)
            self._exchange()
            self._check(settled=True)
        finally:
            for store in self.stores:
                store.close()
            self.county.close()
            shutil.rmtree(self.place)

    def _exchange(self) -> None:
        for _ in range(2):  # once to bring all in, once to bring all back
            self._bring_all_in()
            for number in range(len(self.stores)):
                self.bring_the_answer(number)

    def _bring_all_in(self) -> None:
        for number in range(len(self.stores)):
            self.write_the_stick(number)
            for found in self._there(number):
                if found.kind == "bundle":
                    self.county.exchange.import_file(found.path)

    def _known(self) -> list[UUID]:
        return [record for record in self.made if self.county.records.revisions(record)]

    def _check(self, *, settled: bool) -> None:
        history = ""
        for record in self._known():
            revisions = self.county.records.revisions(record)
            state = merge_revisions(revisions)
            assert not (settled and state.conflicts)
            history += json.dumps([r.document for r in revisions], ensure_ascii=False)
            for store in self.stores:
                assert _content(store.records.current(record)) == _content(state)
        at_county = {UUID(d["record_id"]): d for d in self.county.records.documents()}
        for record in self._known():
            state = self.stores[0].records.current(record)
            assert at_county.get(record) == state.document
        missing = [value for value in sorted(self.typed) if f'"{value}"' not in history]
        assert missing == [], f"{missing} not in {history}; {self.county.exchange.quarantined()}"
        for store in self.stores:
            entries = [(p.sequence, p.state, p.refused) for p in store.outbox.entries()]
            assert store.outbox.unconfirmed() == [], entries
            assert self.county.exchange.chain(store.identity.device.device_id).gaps == ()


def _content(state: MergedRecord) -> tuple[Any, ...]:
    return state.document, state.conflicts, [head.revision_id for head in state.heads]
