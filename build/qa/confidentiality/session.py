"""A laptop and a county at work with planted people, everything left open until the process is killed.

usage: python -m build.qa.confidentiality.session FOLDER      then it says "open" and waits
"""

import logging
import sys
import threading
from pathlib import Path
from uuid import UUID

from build.qa.confidentiality.canaries import PASSPHRASE, people, picture
from tests.sync.county_server import serving

from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.county.removable_media import write_replies
from ruhu.exchange.formats.receipt import SignedReceipt
from ruhu.exchange.keys.county import read_county
from ruhu.slips.issuing import issue_slip
from ruhu.store.store import Store
from ruhu.survey.attachments import Paper, Purpose, with_paper
from ruhu.sync.client import SyncClient
from ruhu.sync.folder import export_bundles, import_from
from ruhu.sync.session import apply_result, plan_sync, run_sync
from ruhu.ui.core.background_worker import Worker


def work(folder: Path) -> None:
    """Run every operation that writes, once; return while everything is still open."""
    documents, _ = people()
    ids = [UUID(str(document["record_id"])) for document in documents]
    county, _ = CountyStore.create(folder / "county.db", PASSPHRASE, county="451024", name="德保县")
    store = Store.create(folder / "laptop", PASSPHRASE, surveyor="演示员")
    stick = folder / "stick"
    store.identity.set_county(county.public)
    county.devices.enrol(store.identity.device)
    store.records.import_documents(documents)
    kept = picture()
    store.attachments.save(ids[0], kept)
    photo = with_paper(documents[0], Paper(kept.digest, Purpose.DANGER, note="正面"))
    store.records.save_draft(ids[0], photo, field="housing.floor_area_m2")
    store.records.close_visit(ids[0])
    issue_slip(store, ids[0])
    for path in export_bundles(store, stick).files:
        if county.exchange.import_file(path).outcome is not ImportOutcome.IMPORTED:
            raise RuntimeError("a bundle was not taken in")
    damaged = stick / "ruhu-451024-00000000-000001.bundle.age"
    damaged.write_bytes(next(stick.glob("*-000001.bundle.age")).read_bytes()[:-9])
    county.exchange.import_file(damaged)
    county.review.send_back(ids[1], "请再量一次")
    write_replies(county, stick, sorted(stick.glob("*.bundle.age")))
    import_from(store, stick)
    with serving(county, folder / "county.db") as port:
        named = county.keys.name_server(f"https://127.0.0.1:{port}")
        store.identity.set_county(read_county(named.model_dump_json().encode()))
        store.records.save_draft(ids[1], documents[1] | {"population": 2}, field="population")
        store.records.close_visit(ids[1])
        errand = plan_sync(store)

        def noted(receipt: SignedReceipt) -> None:
            store.outbox.record_receipts([receipt])

        with SyncClient(errand.county, store.identity.device_key) as courier:
            apply_result(store, run_sync(errand, courier, noted))
    store.records.save_draft(ids[2], documents[2], field="housing.floor_area_m2")
    _fail(documents[2]["members"][0]["name"])


def _fail(name: str) -> None:
    """Let a job of the window fail with an error that contains a name, as any bug might."""
    done = threading.Event()

    def job() -> None:
        try:
            raise KeyError(name)
        finally:
            done.set()

    worker = Worker("store")
    worker.submit(job)
    done.wait(10)
    worker.stop()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    logging.basicConfig(filename=place / "program.log", level=logging.INFO)
    work(place)
    print("open", flush=True)
    sys.stdin.read()
