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


def sign_own_standards(tx: Transaction, document: Document) -> Document:
    """Sign the county's own standards for its laptops.

    Raises `StandardsErrors` for faulty ones, `UserError` for those of another county.
    """
    standards = parse_standards(document)
    if standards.county != tx.county:
        raise UserError(
            BilingualText(
                "这是县 {other} 的标准，本库属于县 {own}",
                "these are the standards of county {other}; this database belongs to county {own}",
            ).format(other=standards.county, own=tx.county)
        )
    signed = sign_standards(document, signing_secret(tx.connection, tx.county))
    tx.log("sign_standards", {"valid_from": str(standards.valid_from)})
    return signed


def server_certificate(tx: Transaction) -> tuple[str, str]:
    """Return the server's private key and certificate as PEM, created on first use."""
    table = tables.server
    row = tx.connection.execute(
        select(table.c.key, table.c.certificate).where(table.c.county == tx.county)
    ).one_or_none()
    if row is not None:
        return row.key, row.certificate
    key, certificate = make_certificate(tx.county)
    tx.connection.execute(insert(table).values(county=tx.county, key=key, certificate=certificate))
    tx.log("make certificate", {})
    return key, certificate


def name_server(tx: Transaction, public: CountyPublic, url: str) -> CountyPublic:
    """Return the county's public keys with its server's signed address and certificate."""
    unsigned = CountyServer(url=url, certificate=server_certificate(tx)[1])
    server = sign_server(unsigned, signing_secret(tx.connection, tx.county))
    signed = public.model_copy(update={"server": server})
    table = tables.county
    tx.connection.execute(
        update(table).where(table.c.county == tx.county).values(public=signed.model_dump_json())
    )
    tx.log("name server", {"url": url})
    return signed


def sequence_statement(
    connection: Connection, county: str, device_id: UUID, at: datetime
) -> SequenceStatement:
    """Return the signed statement of which of a device's bundles have arrived."""
    sequence = sequence_of(connection, county, device_id)
    statement = SequenceStatement(
        county=county, device_id=device_id, last=sequence.last, gaps=sequence.gaps, at=at
    )
    return statement.signed(signing_secret(connection, county))


def rotate(tx: Transaction, public: CountyPublic, *, vouched: bool) -> tuple[CountyPublic, str]:
    """Replace the keys for encryption and signing.

    Returns the public keys and the identities, the new one first. With `vouched` the old key signs
    the new ones; without, as after a theft, its signatures become invalid.
    """
    table = tables.county
    row = tx.connection.execute(
        select(table.c.seal_identity, table.c.signing_secret).where(table.c.county == tx.county)
    ).one()
    secrets = CountySecrets(row.seal_identity, bytes.fromhex(row.signing_secret))
    secrets, public_keys = secrets.rotated(public, vouched=vouched)
    tx.connection.execute(
        update(table)
        .where(table.c.county == tx.county)
        .values(
            public=public_keys.model_dump_json(),
            seal_identity=secrets.seal_identity,
            signing_secret=secrets.signing_secret.hex(),
        )
    )
    tx.log("rotate keys", {"vouched": vouched, "fingerprint": public_keys.fingerprint})
    return public_keys, secrets.seal_identity


def receipt(connection: Connection, county: str, digest: str) -> SignedReceipt | None:
    """Return the signed receipt for a bundle, `None` if it never arrived."""
    bundle, aside = tables.bundle, tables.set_aside
    imported = select(bundle.c.imported_at.label("at"), literal("").label("reason")).where(
        bundle.c.county == county, bundle.c.digest == digest
    )
    refused = select(aside.c.at, aside.c.reason).where(
        aside.c.county == county, aside.c.digest == digest
    )
    row = connection.execute(imported).first()
    outcome: Literal["taken_in", "set_aside"] = "taken_in" if row else "set_aside"
    row = row or connection.execute(refused).first()
    if row is None:
        return None
    explanation = read_reason(row.reason)
    unsigned = SignedReceipt(
        county=county,
        digest=digest,
        outcome=outcome,
        reason=explanation.zh,
        reason_en=explanation.en if explanation.en != explanation.zh else "",
        at=row.at,
    )
    return unsigned.signed(signing_secret(connection, county))
