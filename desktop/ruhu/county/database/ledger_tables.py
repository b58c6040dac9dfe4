"""The tables of assessments, ledgers and standards.

Codes, outcomes and amounts (in fen) are plain, so that the database can sum them; personal data is
encrypted.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from ruhu.county.database.column_encryption import EncryptedText
from ruhu.county.database.tables import county_column, metadata

standing = Table(
    "standing",
    metadata,
    county_column(),
    Column("record_id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("township", String(60), nullable=False),
    Column("village", String(60), nullable=False),
    Column("as_of", String(10)),
    Column("policy", String(20)),
    Column("registered", Integer, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("stage", String(12)),
    Column("problem", EncryptedText("standing.problem")),
    Column("found", EncryptedText("standing.found")),
)
Index("standing_place", standing.c.county, standing.c.township, standing.c.village)

answer_sum = Table(
    "answer_sum",
    metadata,
    county_column(),
    Column("township", String(60), primary_key=True),
    Column("village", String(60), primary_key=True),
    Column("rule", String(60), primary_key=True),
    Column("per", String(10), primary_key=True),
    Column("outcome", String(12), primary_key=True),
    Column("subjects", Integer, nullable=False),
    Column("with_amount", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
)

tally_sum = Table(
    "tally_sum",
    metadata,
    county_column(),
    Column("township", String(60), primary_key=True),
    Column("village", String(60), primary_key=True),
    Column("indicator", String(60), primary_key=True),
    Column("counted", Integer, nullable=False),
    Column("met", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    county_column(),
    Column("record_id", String(36), primary_key=True),
    Column("on", String(10), nullable=False),
    Column("reason", EncryptedText("refusal.reason"), nullable=False),
)

waiver = Table(
    "waiver",
    metadata,
    county_column(),
    Column("record_id", String(36), primary_key=True),
    Column("stage", String(12), primary_key=True),
    Column("lacking", String(80), nullable=False),
    Column("reason", EncryptedText("waiver.reason"), nullable=False),
    Column("by", EncryptedText("waiver.by"), nullable=False),
)

plan = Table(
    "plan",
    metadata,
    county_column(),
    Column("year", Integer, primary_key=True),
    Column("quota", Integer, nullable=False),
    Column("frozen_at", String(40)),
)

plan_entry = Table(
    "plan_entry",
    metadata,
    county_column(),
    Column("year", Integer, primary_key=True),
    Column("record_id", String(36), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("pinned", String(3)),
    Column("reason", EncryptedText("plan_entry.reason")),
)

payment = Table(
    "payment",
    metadata,
    county_column(),
    Column("rule", String(60), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("record_id", String(36), nullable=False),
    Column("address", EncryptedText("payment.address"), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("claimed_on", String(10), nullable=False),
    Column("paid_on", String(10)),
)
Index("payment_record", payment.c.county, payment.c.record_id)

follow_up = Table(
    "follow_up",
    metadata,
    county_column(),
    Column("note_id", String(36), primary_key=True),
    Column("rule", String(60), nullable=False),
    Column("record_id", String(36), nullable=False),
    Column("address", EncryptedText("follow_up.address"), nullable=False),
    Column("on", String(10), nullable=False),
    Column("note", EncryptedText("follow_up.note"), nullable=False),
    Column("by", EncryptedText("follow_up.by"), nullable=False),
)
Index("follow_up_record", follow_up.c.county, follow_up.c.rule, follow_up.c.record_id)

standards = Table(
    "standards",
    metadata,
    county_column(),
    Column("valid_from", String(10), primary_key=True),
    Column("signed", Text, nullable=False),
    Column("published_at", String(40), nullable=False),
    Column("published_in", Integer, nullable=False, server_default="0"),
)
