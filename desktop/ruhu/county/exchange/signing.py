"""What the county signs: its standards, its server's address, receipts for bundles."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, insert, literal, select, update

from ruhu.county.access.certificate import make_certificate
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.devices.bundle_sequence import sequence_of
from ruhu.county.records.import_result import read_reason
from ruhu.errors import UserError
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.exchange.formats.signed_standards import sign_standards
from ruhu.exchange.keys.county import CountyPublic, CountySecrets, CountyServer, sign_server
from ruhu.i18n import BilingualText
from ruhu.policy.standards.parser import parse_standards
from ruhu.strict_json import Document


def signing_secret(connection: Connection, county: str) -> bytes:
    """Return the county's secret Ed25519 key."""
    table = tables.county
    secret = connection.execute(select(table.c.signing_secret).where(table.c.county == county))
    return bytes.fromhex(secret.scalar_one())


def sign_own_standards(act: Transaction, document: Document) -> Document:
    """Sign the county's own standards for its laptops.

    Raises `StandardsErrors` for faulty ones, `UserError` for those of another county.
    """
    standards = parse_standards(document)
    if standards.county != act.county:
        raise UserError(
            BilingualText(
                "这是县 {other} 的标准，本库属于县 {own}",
                "these are the standards of county {other}; this is {own}",
            ).format(other=standards.county, own=act.county)
        )
    signed = sign_standards(document, signing_secret(act.connection, act.county))
    act.log("sign_standards", {"valid_from": str(standards.valid_from)})
    return signed


def server_certificate(act: Transaction) -> tuple[str, str]:
    """Return the server's private key and certificate as PEM, created on first use."""
    table = tables.server
    known = act.connection.execute(
        select(table.c.key, table.c.certificate).where(table.c.county == act.county)
    ).one_or_none()
    if known is not None:
        return known.key, known.certificate
    key, made = make_certificate(act.county)
    act.connection.execute(insert(table).values(county=act.county, key=key, certificate=made))
    act.log("make certificate", {})
    return key, made


def name_server(act: Transaction, public: CountyPublic, url: str) -> CountyPublic:
    """Return the county's public keys with its server's signed address and certificate."""
    bare = CountyServer(url=url, certificate=server_certificate(act)[1])
    server = sign_server(bare, signing_secret(act.connection, act.county))
    named = public.model_copy(update={"server": server})
    table = tables.county
    act.connection.execute(
        update(table).where(table.c.county == act.county).values(public=named.model_dump_json())
    )
    act.log("name server", {"url": url})
    return named


def sequence_statement(
    connection: Connection, county: str, device_id: UUID, at: datetime
) -> SequenceStatement:
    """Return the signed statement of which of a device's bundles have arrived."""
    found = sequence_of(connection, county, device_id)
    word = SequenceStatement(
        county=county, device_id=device_id, last=found.last, gaps=found.gaps, at=at
    )
    return word.signed(signing_secret(connection, county))


def rotate(act: Transaction, public: CountyPublic, *, vouched: bool) -> tuple[CountyPublic, str]:
    """Replace the keys for encryption and signing.

    Returns the public keys and the identities, the new one first. With `vouched` the old key signs
    the new ones; without, as after a theft, its signatures become invalid.
    """
    table = tables.county
    row = act.connection.execute(
        select(table.c.seal_identity, table.c.signing_secret).where(table.c.county == act.county)
    ).one()
    secrets = CountySecrets(row.seal_identity, bytes.fromhex(row.signing_secret))
    secrets, told = secrets.rotated(public, vouched=vouched)
    act.connection.execute(
        update(table)
        .where(table.c.county == act.county)
        .values(
            public=told.model_dump_json(),
            seal_identity=secrets.seal_identity,
            signing_secret=secrets.signing_secret.hex(),
        )
    )
    act.log("rotate keys", {"vouched": vouched, "fingerprint": told.fingerprint})
    return told, secrets.seal_identity


def receipt(connection: Connection, county: str, digest: str) -> SignedReceipt | None:
    """Return the signed receipt for a bundle, `None` if it never arrived."""
    bundle, aside = tables.bundle, tables.set_aside
    taken = select(bundle.c.imported_at.label("at"), literal("").label("reason")).where(
        bundle.c.county == county, bundle.c.digest == digest
    )
    refused = select(aside.c.at, aside.c.reason).where(
        aside.c.county == county, aside.c.digest == digest
    )
    row = connection.execute(taken).first()
    outcome: Literal["taken_in", "set_aside"] = "taken_in" if row else "set_aside"
    row = row or connection.execute(refused).first()
    if row is None:
        return None
    why = read_reason(row.reason)
    word = SignedReceipt(
        county=county,
        digest=digest,
        outcome=outcome,
        reason=why.zh,
        reason_en=why.en if why.en != why.zh else "",
        at=row.at,
    )
    return word.signed(signing_secret(connection, county))
