"""Where each record stands by the rules, the ledgers, the years' plans, the published standards."""

import sqlalchemy as sa
from alembic import op

from ruhu.county.database.migrations import sealed

revision = "0004"
down_revision = "0003"


def _table(name: str, *columns: sa.Column) -> None:  # type: ignore[type-arg]
    op.create_table(name, sa.Column("county", sa.String(6), primary_key=True), *columns)


def _place() -> tuple[sa.Column, sa.Column]:  # type: ignore[type-arg]
    return (
        sa.Column("township", sa.String(60), nullable=False),
        sa.Column("village", sa.String(60), nullable=False),
    )


def _record(*, key: bool) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column("record_id", sa.String(36), primary_key=key, nullable=False)


def upgrade() -> None:
    """Make the tables; standings are worked out when the county is opened next."""
    _standings()
    _housing()
    _table(
        "payment",
        sa.Column("rule", sa.String(60), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("period", sa.String(8), primary_key=True),
        _record(key=False),
        sa.Column("address", sealed("payment.address"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("claimed_on", sa.String(10), nullable=False),
        sa.Column("paid_on", sa.String(10)),
    )
    op.create_index("payment_record", "payment", ["county", "record_id"])
    _table(
        "follow_up",
        sa.Column("note_id", sa.String(36), primary_key=True),
        sa.Column("rule", sa.String(60), nullable=False),
        _record(key=False),
        sa.Column("address", sealed("follow_up.address"), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("note", sealed("follow_up.note"), nullable=False),
        sa.Column("by", sealed("follow_up.by"), nullable=False),
    )
    op.create_index("follow_up_record", "follow_up", ["county", "rule", "record_id"])
    _table(
        "standards",
        sa.Column("valid_from", sa.String(10), primary_key=True),
        sa.Column("signed", sa.Text, nullable=False),
        sa.Column("published_at", sa.String(40), nullable=False),
    )


def _standings() -> None:
    _table(
        "standing",
        _record(key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        *_place(),
        sa.Column("as_of", sa.String(10)),
        sa.Column("policy", sa.String(20)),
        sa.Column("registered", sa.Integer, nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(12)),
        sa.Column("problem", sealed("standing.problem")),
    )
    op.create_index("standing_place", "standing", ["county", "township", "village"])
    _table(
        "answer",
        _record(key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        *_place(),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("address", sealed("answer.address"), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("amount_fen", sa.BigInteger),
        sa.Column("per", sa.String(10)),
        sa.Column("value", sa.Integer),
    )
    op.create_index("answer_rule", "answer", ["county", "rule", "outcome"])
    place = ["county", "township", "village"]
    op.create_index("answer_sum", "answer", [*place, "rule", "per", "outcome", "amount_fen"])
    _table(
        "tally",
        _record(key=True),
        sa.Column("indicator", sa.String(60), primary_key=True),
        *_place(),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("met", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Integer, nullable=False),
    )
    op.create_index("tally_sum", "tally", [*place, "indicator", "counted", "met", "left_out"])


def _housing() -> None:
    _table(
        "refusal",
        _record(key=True),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("reason", sealed("refusal.reason"), nullable=False),
    )
    _table(
        "plan",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("quota", sa.Integer, nullable=False),
        sa.Column("frozen_at", sa.String(40)),
    )
    _table(
        "plan_entry",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        _record(key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("pinned", sa.String(3)),
        sa.Column("reason", sealed("plan_entry.reason")),
    )
