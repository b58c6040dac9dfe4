"""`ruhu demo`: the whole main job on the demo village, without a display."""

import argparse
import shutil
from datetime import date
from pathlib import Path

from ruhu.cli.commands.slip import print_to_file
from ruhu.cli.options.record_files import read_standards
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.errors import UserError
from ruhu.export.register import write_register
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText, Language
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.resources import resource
from ruhu.slips.issuing import issue_slip
from ruhu.store.roster_import import apply_import, plan_import
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.roster.reader import read_roster
from ruhu.sync.folder import export_bundles

HELP = BilingualText(
    "演示：在示范村上把全流程走一遍，不需要图形界面",
    "run the whole job on the demo village, without a display",
)
PASSPHRASE = "demo passphrase"  # noqa: S105 - opens made-up data only
VISIT_DAY = date(2017, 6, 1)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu demo`."""
    text = BilingualText(
        "结果放在哪里（每次重建其中的演示文件）", "where the results go (replaced each time)"
    )
    parser.add_argument("--out", type=Path, required=True, help=text.in_language(language))


def visit(document: Document) -> Document:
    """The facts that the demo visit adds to the roster's."""
    housing = {
        **document.get("housing", {}),
        "danger_grade": "D",
        "relocation_listed": False,
        "renovation": "rebuild",
        "floor_area_m2": "68",
        "storage_area_m2": "8",
        "self_funding": True,
    }
    return {
        **document,
        "survey": {"date": VISIT_DAY.isoformat(), "surveyor": "演示员"},
        "place": {**document["place"], "poor_county": True, "poor_village": True},
        "housing": housing,
    }


def _prepare(folder: Path) -> None:
    """Make the folder, or clear what an earlier demo left; foreign files are not touched."""
    marker = folder / "ruhu-demo"
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise UserError(
            BilingualText(
                "{folder} 里有别的文件，请换一个空文件夹",
                "{folder} holds other files; name an empty folder",
            ).format(folder=folder)
        )
    for name in ("data", "stick"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("county.db", "county.db.keys.json", "county.json", "recovery.key", "device.json",
                 "slip.pdf", "register.xlsx", "county.db-wal", "county.db-shm", "tries.json"):  # fmt: skip
        (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    marker.touch()


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run the whole job: county, roster, visit, slip, bundle, import, export."""

    def say(zh: str, en: str) -> None:
        print(BilingualText(zh, en).in_language(language))

    out: Path = arguments.out
    _prepare(out)
    county, recovery = CountyStore.create(
        out / "county.db", PASSPHRASE, county="451024", name="德保县"
    )
    write_atomic(out / "county.json", county.public.model_dump_json(indent=1).encode())
    write_atomic(out / "recovery.key", f"{recovery}\n".encode(), private=True)
    say(f"县数据库 {out / 'county.db'}", f"county database {out / 'county.db'}")
    with county, Store.create(out / "data", PASSPHRASE, surveyor="演示员") as store:
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
        roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
        intake = plan_import(store, roster)
        apply_import(store, intake)
        line = intake.text
        say(f"名册导入：{line.zh}；存疑{len(roster.report)}处",
            f"roster: {line.en}; {len(roster.report)} remarks")  # fmt: skip
        household = next(s for s in store.records.summaries() if s.persons == 3)
        document = visit(store.records.document(household.record_id))
        store.records.save_draft(household.record_id, document, field="housing.floor_area_m2")
        store.records.close_visit(household.record_id)
        standards = read_standards([resource("demo") / "standards.toml"])
        assessment = assess(read_record(document), standards=standards)
        decided = next(f for f in assessment.findings if f.rule == "housing.area.range")
        say(f"入户核对：{decided.title.zh}，{decided.explanation.zh}",
            f"visit checked: {decided.title.en}: {decided.explanation.en}")  # fmt: skip
        issued = issue_slip(store, household.record_id, standards=standards, language=language)
        pages = print_to_file(issued, out / "slip.pdf").pages
        say(f"明白卡 {issued.number}，{pages}页：{out / 'slip.pdf'}",
            f"slip {issued.number}, {pages} pages: {out / 'slip.pdf'}")  # fmt: skip
        exported = export_bundles(store, out / "stick")
        for path in exported.files:
            say(f"数据包 {path}", f"bundle {path}")
        imported = [county.exchange.import_file(path) for path in exported.files]
        for result in imported:
            print(result.text.in_language(language))
        rows = write_register(county.records.documents(), out / "register.xlsx").persons
        say(f"县台账 {rows} 人：{out / 'register.xlsx'}",
            f"county register, {rows} persons: {out / 'register.xlsx'}")  # fmt: skip
    say(f"演示口令：{PASSPHRASE}", f"the demo's passphrase: {PASSPHRASE}")
    return 0 if all(result.outcome is not ImportOutcome.REJECTED for result in imported) else 2
