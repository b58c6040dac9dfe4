"""Migrations of the store's tables; a released migration is never edited."""

import json

from pyrage import x25519

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.store.sqlite_driver import Database, Migrations

migrations = Migrations("store")
VERSION = 9
"""Migrations that this program knows; a store with more was written by a newer program."""


class NewerStore(UserError):
    """The store was written by a newer program; it is left unchanged."""


@migrations()
def m001_records(db: Database) -> None:
    """Create records, revisions, drafts, the person search, slips, bundles and settings."""
    db.table("record").create(
        {
            "record_id": str,
            "kind": str,
            "title": str,
            "village": str,
            "township": str,
            "place_group": str,
            "household_no": str,
            "status": str,
            "persons": int,
            "updated_at": str,
        },
        pk="record_id",
        not_null={"kind", "status"},
    )
    db.table("record").create_index(["kind", "village", "household_no"])
    db.table("record").create_index(["household_no"])
    db.table("revision").create(
        {
            "revision_id": str,
            "record_id": str,
            "device_id": str,
            "reason": str,
            "body": str,
            "bundle_id": str,
        },
        pk="revision_id",
    )
    db.table("revision").create_index(["record_id"])
    db.table("revision").create_index(["bundle_id"])
    db.table("draft").create({"record_id": str, "document": str, "changed_at": str}, pk="record_id")
    db.table("person").create(
        {"id": int, "record_id": str, "member_id": str, "name": str, "id_number": str}, pk="id"
    )
    db.table("person").create_index(["record_id"])
    db.table("person").create_index(["id_number"])
    # Trigrams cannot match one or two characters, the commonest search for a Chinese name: names
    # are indexed with a blank between the characters, numbers by trigrams.
    db.execute(
        "create virtual table person_name using fts5"
        "(spaced, initials, record_id unindexed, tokenize = 'unicode61')"
    )
    db.execute(
        "create virtual table person_number using fts5"
        "(numbers, record_id unindexed, tokenize = 'trigram')"
    )
    db.table("slip").create(
        {
            "number": str,
            "sequence": int,
            "record_id": str,
            "facts_hash": str,
            "policy": str,
            "issued_on": str,
            "content": str,
            "printed": int,
        },
        pk="number",
    )
    db.table("slip").create_index(["record_id"])
    db.table("outbox").create(
        {
            "bundle_id": str,
            "sequence": int,
            "digest": str,
            "file_name": str,
            "sealed": bytes,
            "confirmed": int,
        },
        pk="bundle_id",
    )
    db.table("setting").create({"name": str, "value": str}, pk="name")


@migrations()
def m002_list_order(db: Database) -> None:
    """Index the list by order and by status, so that both are instant at any length."""
    db.execute("create index record_by_status on record (kind, status)")
    db.execute(
        "create index record_in_order on record"
        "(kind, village, length(place_group), place_group, household_no, record_id)"
    )


@migrations()
def m003_slip_revision(db: Database) -> None:
    """Add the revision a slip was issued on; empty if the visit was not closed."""
    db.table("slip").add_column("revision", str, not_null_default="")


@migrations()
def m004_papers(db: Database) -> None:
    """Create photos and papers by digest, with the bundle that carried them."""
    db.table("paper").create(
        {
            "digest": str,
            "record_id": str,
            "data": bytes,
            "thumbnail": bytes,
            "bundle_id": str,
        },
        pk="digest",
    )
    db.table("paper").create_index(["record_id"])
    db.table("paper").create_index(["bundle_id"])


@migrations()
def m005_route_and_names(db: Database) -> None:
    """Create today's route, and the column that names are sorted by."""
    db.table("route").create({"record_id": str, "position": int}, pk="record_id")
    db.table("record").add_column("sort_name", str, not_null_default="")
    db.execute(
        "update record set sort_name = coalesce((select initials from person_name join person "
        "on person_name.rowid = person.id where person.record_id = record.record_id "
        "and person.name = record.title limit 1), '')"
    )
    db.execute("create index record_by_name on record (kind, sort_name, title, record_id)")


@migrations()
def m006_receipts(db: Database) -> None:
    """Add the county's reason for refusing a bundle, and the time it was made."""
    db.table("outbox").add_column("refused", str, not_null_default="")
    db.table("outbox").add_column("made_at", str, not_null_default="")


@migrations()
def m007_answers(db: Database) -> None:
    """Add the laptop's own key, to which the county seals its replies."""
    row = db.execute("select value from setting where name = 'device'").fetchone()
    if row is not None:
        device = json.loads(row[0])
        device.setdefault("identity", str(x25519.Identity.generate()))
        db.execute("update setting set value = ? where name = 'device'", [json.dumps(device)])


@migrations()
def m008_exchange(db: Database) -> None:
    """Add the revisions a draft builds on, and bundles that the county lost."""
    db.table("draft").add_column("base", str, not_null_default="[]")
    for (record_id,) in db.execute("select record_id from draft").fetchall():
        bodies = db.execute("select body from revision where record_id = ?", [record_id])
        revisions = [json.loads(row[0]) for row in bodies.fetchall()]
        parents = {parent for revision in revisions for parent in revision["parents"]}
        tops = sorted({revision["revision_id"] for revision in revisions} - parents)
        db.execute("update draft set base = ? where record_id = ?", [json.dumps(tops), record_id])
    db.table("outbox").add_column("replaced", int, not_null_default=0)
    db.table("outbox").add_column("confirmed_at", str, not_null_default="")


@migrations()
def m009_reason_in_english(db: Database) -> None:
    """Add the English reason for refusing a bundle."""
    db.table("outbox").add_column("refused_en", str, not_null_default="")


def level_of(db: Database) -> int:
    """Return the number of migrations applied; 0 for a new store."""
    return int(db.execute("pragma user_version").fetchone()[0])


def migrate(db: Database) -> None:
    """Apply all missing migrations atomically.

    Raises `NewerStore` and changes nothing then.
    """
    level = level_of(db)
    if level > VERSION:
        raise NewerStore(
            BilingualText(
                "数据由更新版本的程序写成（{level}），本程序只到 {ours}；请升级程序，数据没有改动",
                "the data was written by a newer program (version {level}, this one knows {ours}); "
                "update the program; nothing was changed",
            ).format(level=level, ours=VERSION)
        )
    if level < VERSION:
        with db.atomic():
            migrations.apply(db)
            db.execute(f"pragma user_version = {VERSION}")
