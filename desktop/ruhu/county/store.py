"""The county's records: opened from one encrypted file, filled by importing bundles."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.pool import StaticPool
from uuid_utils.compat import uuid7

from ruhu.bundle.answer import seal_answer
from ruhu.bundle.encrypted_file import open_encrypted
from ruhu.bundle.envelope import (
    MOST_REVISIONS,
    MOST_SEALED,
    Bundle,
    BundleRefused,
    digest,
    open_sealed,
)
from ruhu.bundle.key_file import KeyFile
from ruhu.bundle.keys import CountyPublic, CountySecrets, CountyServer, DevicePublic
from ruhu.bundle.merge import Current, current
from ruhu.bundle.receipt import SignedReceipt, sign_receipt
from ruhu.bundle.revision import Reason, Revision
from ruhu.bundle.signed_standards import sign_standards
from ruhu.county import tables
from ruhu.county.certificate import make_certificate
from ruhu.county.overview import (
    Counts,
    Device,
    Listed,
    SetAside,
    Waiting,
    count_all,
    list_devices,
    list_households,
    list_set_aside,
)
from ruhu.county.receipt import Imported, Outcome
from ruhu.county.records import (
    gaps_of,
    keep_paper,
    keep_revision,
    lacking_to,
    refresh_record,
    revisions_of,
)
from ruhu.policy.standards import parse_standards
from ruhu.survey.addressing import put_value
from ruhu.survey.sent_back import send_back
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


def _key_file(path: Path) -> KeyFile:
    return KeyFile(path.with_name(f"{path.name}.keys.json"))


def _engine(path: Path, key: bytes) -> Engine:
    return create_engine(
        "sqlite://", creator=lambda: open_encrypted(path, key), poolclass=StaticPool
    )


class CountyStore:
    """An open county database. Make one with `create` or `open`."""

    def __init__(self, engine: Engine, clock: Clock = _now) -> None:
        self._engine, self._clock = engine, clock
        with engine.connect() as connection:
            row = connection.execute(select(tables.county)).one()
        self.public = CountyPublic.model_validate_json(row.public)
        self._identity: str = row.seal_identity

    @classmethod
    def create(cls, path: Path, passphrase: str, *, county: str, name: str) -> tuple[Self, str]:
        """Make a county's database and keys.

        Returns the store and the recovery identity, which is kept nowhere else. Raises
        `UserError` when the file is there already, `WeakPassphrase`, `NotWritten`.
        """
        if path.exists():
            raise UserError(Text("{path} 已经存在", "{path} exists already").format(path=path))
        if not (len(county) == 6 and county.isascii() and county.isdigit()):
            raise UserError(
                Text(
                    "县代码“{county}”：应为6位数字", "county code “{county}”: 6 digits are wanted"
                ).format(county=county)
            )
        engine = _engine(path, _key_file(path).create(passphrase))
        secrets, public, recovery = CountySecrets.generate(county, name)
        tables.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(
                insert(tables.county).values(
                    county=county,
                    public=public.model_dump_json(),
                    seal_identity=secrets.seal_identity,
                    signing_secret=secrets.signing_secret.hex(),
                )
            )
        return cls(engine), recovery

    @classmethod
    def open(cls, path: Path, passphrase: str) -> Self:
        """Open a county's database. Raises `WrongPassphrase`, `TooManyTries`, `KeyFileDamaged`,
        `DatabaseDamaged`; `UserError` when there is none.
        """
        if not path.exists():
            raise UserError(
                Text(
                    "没有 {path}，请先运行 ruhu county init",
                    "there is no {path}; first run ruhu county init",
                ).format(path=path)
            )
        engine = _engine(path, _key_file(path).open(passphrase))
        tables.metadata.create_all(engine)
        return cls(engine)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def sign_standards(self, document: Document) -> Document:
        """Sign the county's own standards for its laptops.

        Raises `StandardsErrors` for faulty ones, `UserError` for those of another county.
        """
        standards = parse_standards(document)
        if standards.county != self.public.county:
            raise UserError(
                Text(
                    "这是县 {other} 的标准，本库属于县 {own}",
                    "these are the standards of county {other}; this is {own}",
                ).format(other=standards.county, own=self.public.county)
            )
        with self._engine.begin() as connection:
            secret = connection.execute(select(tables.county.c.signing_secret)).scalar_one()
            signed = sign_standards(document, bytes.fromhex(secret))
            self._note(connection, "sign_standards", {"valid_from": str(standards.valid_from)})
        return signed

    def name_server(self, url: str) -> CountyPublic:
        """Tell laptops of the county's server: its public file with the address and certificate."""
        _, certificate = self.certificate()
        bare = CountyServer(url=url, certificate=certificate)
        with self._engine.begin() as connection:
            secret = connection.execute(select(tables.county.c.signing_secret)).scalar_one()
            key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
            signature = base64.b64encode(key.sign(bare.signed_bytes())).decode()
            server = bare.model_copy(update={"signature": signature})
            self.public = self.public.model_copy(update={"server": server})
            connection.execute(update(tables.county).values(public=self.public.model_dump_json()))
            self._note(connection, "name server", {"url": url})
        return self.public

    def certificate(self) -> tuple[str, str]:
        """The server's private key and certificate as PEM, made at the first asking."""
        table = tables.server
        with self._engine.begin() as connection:
            known = connection.execute(select(table).where(self._mine(table))).one_or_none()
            if known is not None:
                return known.key, known.certificate
            key, certificate = make_certificate(self.public.county)
            connection.execute(
                insert(table).values(county=self.public.county, key=key, certificate=certificate)
            )
        return key, certificate

    # Devices

    def enrol(self, device: DevicePublic) -> None:
        """Let a device's bundles in; enrolling it again renews its name and ends a revocation.

        Raises `UserError` when the device is known under another key.
        """
        known = self._device(device.device_id)
        if known is not None and known.key != device.key:
            raise UserError(
                Text(
                    "设备 {device} 已用另一把密钥登记，请核对指纹",
                    "device {device} is enrolled with another key; compare the fingerprints",
                ).format(device=device.device_id)
            )
        values = {"surveyor": device.surveyor, "revoked_at": None}
        with self._engine.begin() as connection:
            if known is not None:
                connection.execute(
                    update(tables.device)
                    .where(self._mine(tables.device), self._is(device.device_id))
                    .values(**values)
                )
            else:
                connection.execute(
                    insert(tables.device).values(
                        county=self.public.county,
                        device_id=str(device.device_id),
                        key=device.key,
                        enrolled_at=self._clock().isoformat(),
                        **values,
                    )
                )
            seal = tables.device_seal
            mine = (self._mine(seal), seal.c.device_id == str(device.device_id))
            connection.execute(delete(seal).where(*mine))
            if device.seal:
                connection.execute(
                    insert(seal).values(
                        county=self.public.county,
                        device_id=str(device.device_id),
                        recipient=device.seal,
                    )
                )
            self._note(connection, "enrol", {"device": str(device.device_id)})

    def revoke(self, device_id: UUID) -> None:
        """Let no further bundles of a device in. Raises `UserError` for one never enrolled."""
        if self._device(device_id) is None:
            raise UserError(
                Text("设备 {device} 没有登记", "device {device} is not enrolled").format(
                    device=device_id
                )
            )
        with self._engine.begin() as connection:
            connection.execute(
                update(tables.device)
                .where(self._mine(tables.device), self._is(device_id))
                .values(revoked_at=self._clock().isoformat())
            )
            self._note(connection, "revoke", {"device": str(device_id)})

    def _mine(self, table: Any) -> Any:
        return table.c.county == self.public.county

    @staticmethod
    def _is(device_id: UUID) -> Any:
        return tables.device.c.device_id == str(device_id)

    def _device(self, device_id: UUID) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(
                select(tables.device).where(self._mine(tables.device), self._is(device_id))
            ).one_or_none()

    def _device_key(self, device_id: UUID) -> str | None:
        row = self._device(device_id)
        return None if row is None or row.revoked_at is not None else str(row.key)

    def issuer(self, device_id: UUID) -> tuple[str, str, bool] | None:
        """A device's key, its surveyor, and whether it was revoked; `None` for one never enrolled."""
        row = self._device(device_id)
        if row is None:
            return None
        return str(row.key), str(row.surveyor), row.revoked_at is not None

    # Bundles

    def import_file(self, path: Path) -> Imported:
        """Take in one bundle file, all of it or nothing.

        What is refused is set aside whole with its reason, and `Imported` says so. Raises
        `UserError` when the file cannot be read at all.
        """
        try:
            size = path.stat().st_size
            sealed = path.read_bytes() if size <= 4 * MOST_SEALED else b""
        except OSError as error:
            raise UserError(
                Text("{path}：打不开（{why}）", "{path}: cannot be opened ({why})").format(
                    path=path, why=error.strerror
                )
            ) from None
        try:
            if size > MOST_SEALED:
                raise BundleRefused(
                    "too_large",
                    "文件超过 {limit} MB，不予接收",
                    "the file is over {limit} MB; refused",
                    limit=MOST_SEALED // 1024 // 1024,
                )
            bundle = open_sealed(sealed, self._identity, self.public, self._device_key)
        except BundleRefused as refusal:
            self._set_aside(path.name, sealed, refusal)
            return Imported(path.name, Outcome.SET_ASIDE, reason=refusal.text)
        return self._take_in(path.name, bundle, digest(sealed))

    def receipt(self, digest_: str) -> SignedReceipt | None:
        """The county's signed word on a bundle, `None` for one that never came."""
        bundle, aside = tables.bundle, tables.set_aside
        taken = select(bundle.c.imported_at.label("at"), literal("").label("reason")).where(
            self._mine(bundle), bundle.c.digest == digest_
        )
        refused = select(aside.c.at, aside.c.reason).where(
            self._mine(aside), aside.c.digest == digest_
        )
        with self._engine.connect() as connection:
            secret = connection.execute(select(tables.county.c.signing_secret)).scalar_one()
            row = connection.execute(taken).first()
            outcome: Literal["taken_in", "set_aside"] = "taken_in" if row else "set_aside"
            row = row or connection.execute(refused).first()
        if row is None:
            return None
        receipt = SignedReceipt(
            county=self.public.county, digest=digest_, outcome=outcome, reason=row.reason, at=row.at
        )
        return sign_receipt(receipt, bytes.fromhex(secret))

    def _set_aside(self, name: str, sealed: bytes, refusal: BundleRefused) -> None:
        key = digest(sealed or name.encode())
        with self._engine.begin() as connection:
            table = tables.set_aside
            known = connection.execute(
                select(table.c.digest).where(self._mine(table), table.c.digest == key)
            ).first()
            if known is None:
                connection.execute(
                    insert(table).values(
                        county=self.public.county,
                        digest=key,
                        file_name=name,
                        code=refusal.code,
                        reason=refusal.text.zh,
                        sealed=sealed,
                        at=self._clock().isoformat(),
                    )
                )
                self._note(connection, "set aside", {"file": name, "code": refusal.code})

    def _take_in(self, name: str, bundle: Bundle, digest_: str) -> Imported:
        manifest, county = bundle.manifest, self.public.county
        with self._engine.begin() as connection:
            table = tables.bundle
            known = connection.execute(
                select(table.c.bundle_id).where(
                    self._mine(table), table.c.bundle_id == str(manifest.bundle_id)
                )
            ).first()
            if known is not None:
                gaps = gaps_of(connection, county, manifest.device_id)
                return Imported(name, Outcome.KNOWN, manifest.sequence, gaps=gaps)
            connection.execute(
                insert(table).values(
                    county=self.public.county,
                    bundle_id=str(manifest.bundle_id),
                    device_id=str(manifest.device_id),
                    sequence=manifest.sequence,
                    previous=manifest.previous,
                    digest=digest_,
                    imported_at=self._clock().isoformat(),
                )
            )
            new = [r for r in bundle.revisions if keep_revision(connection, county, r)]
            papers = [p for p in bundle.attachments if keep_paper(connection, county, p)]
            touched = {r.record_id for r in new}
            states = [refresh_record(connection, county, record_id) for record_id in touched]
            self._note(
                connection,
                "import",
                {
                    "bundle": str(manifest.bundle_id),
                    "revisions": len(new),
                    "papers": len(papers),
                    "file": name,
                },
            )
            return Imported(
                name,
                Outcome.TAKEN_IN,
                manifest.sequence,
                revisions=len(new),
                papers=len(papers),
                records=len(touched),
                merged=sum(1 for heads, conflicts in states if heads > 1 and not conflicts),
                conflicts=sum(1 for _, conflicts in states if conflicts),
                gaps=gaps_of(connection, county, manifest.device_id),
            )

    def paper_data(self, digest: str) -> bytes | None:
        """The bytes of a photo or paper, `None` while it has not come."""
        table = tables.paper
        with self._engine.connect() as connection:
            found = connection.execute(
                select(table.c.data).where(self._mine(table), table.c.digest == digest)
            ).scalar()
        return None if found is None else bytes(found)

    def _note(self, connection: Connection, act: str, detail: dict[str, Any]) -> None:
        table = tables.audit
        last = connection.execute(
            select(func.max(table.c.sequence)).where(self._mine(table))
        ).scalar()
        connection.execute(
            insert(table).values(
                county=self.public.county,
                sequence=(last or 0) + 1,
                at=self._clock().isoformat(),
                act=act,
                detail=json.dumps(detail, ensure_ascii=False),
            )
        )

    def answer(self, device_id: UUID) -> bytes | None:
        """What a laptop lacks of the records it works on, sealed to it; `None` when it lacks nothing,
        is revoked, or was enrolled without a key to seal to.

        It is worked out anew each time, so an answer that is lost costs nothing.
        """
        seal, key = tables.device_seal, str(device_id)
        with self._engine.connect() as connection:
            recipient = connection.execute(
                select(seal.c.recipient).where(self._mine(seal), seal.c.device_id == key)
            ).scalar()
            secret = connection.execute(select(tables.county.c.signing_secret)).scalar_one()
            if recipient is None or self._device_key(device_id) is None:
                return None
            lacking = lacking_to(connection, self.public.county, device_id)
        if not lacking:
            return None
        return seal_answer(
            lacking[:MOST_REVISIONS],
            county=self.public.county,
            device_id=device_id,
            recipient=recipient,
            secret=bytes.fromhex(secret),
            at=self._clock(),
        )

    # What a clerk looks at and settles

    def devices(self) -> list[Device]:
        """Every device, those at work first."""
        with self._engine.connect() as connection:
            return list_devices(connection, self.public.county)

    def set_aside(self) -> list[SetAside]:
        """What was set aside, the newest first."""
        with self._engine.connect() as connection:
            return list_set_aside(connection, self.public.county)

    def counts(self) -> Counts:
        """How much there is."""
        with self._engine.connect() as connection:
            return count_all(connection, self.public.county)

    def waiting(self) -> list[Waiting]:
        """The records with conflicts that wait for a person."""
        record = tables.record
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(record.c.record_id)
                .where(self._mine(record), record.c.conflicts > 0)
                .order_by(record.c.household_no, record.c.record_id)
            ).all()
            return [self._waiting(connection, UUID(row.record_id)) for row in rows]

    def _waiting(self, connection: Connection, record_id: UUID) -> Waiting:
        revisions = revisions_of(connection, self.public.county, record_id)
        sides = {revision.revision_id: revision for revision in revisions}
        return Waiting(record_id, current(revisions), sides)

    def settle(self, record_id: UUID, chosen: Mapping[str, Any]) -> None:
        """Settle a record's conflicts: a value for each conflicting path, as one revision of the
        county that builds on all sides. Raises `UserError` when a path was left out.
        """
        with self._engine.begin() as connection:
            state = self._waiting(connection, record_id).state
            left = [c.path for c in state.conflicts if c.path not in chosen]
            document = state.document
            if left:
                paths = ", ".join(left)
                raise UserError(
                    Text("还有没选的：{paths}", "not chosen yet: {paths}").format(paths=paths)
                )
            for path, value in chosen.items():
                if not path:  # one side took the record away
                    document = value
                elif document is not None:
                    kind = str(document.get("kind", "household"))
                    document = put_value(document, path, value, kind)
            self._revise(connection, state, record_id, document, "merge")
            detail = {"record": str(record_id), "paths": sorted(chosen)}
            self._note(connection, "settle", detail)

    def send_back(self, record_id: UUID, comment: str) -> None:
        """Send a record back to its worker, who gets it with the county's next answer.

        Raises `UserError` without a comment, or while the record has conflicts.
        """
        with self._engine.begin() as connection:
            state = self._waiting(connection, record_id).state
            if state.document is None or state.conflicts:
                raise UserError(
                    Text("先核对合并，再退回", "first settle its conflicts, then send it back")
                )
            document = send_back(
                state.document, comment=comment, by=self.public.name, on=self._clock().date()
            )
            self._revise(connection, state, record_id, document, "sent_back")
            self._note(connection, "send back", {"record": str(record_id)})

    def _revise(
        self,
        connection: Connection,
        state: Current,
        record_id: UUID,
        document: Document | None,
        reason: Reason,
    ) -> None:
        """Write a revision of the county's own that builds on all sides."""
        revision = Revision(
            revision_id=uuid7(),
            record_id=record_id,
            parents=tuple(head.revision_id for head in state.heads),
            device_id=uuid5(NAMESPACE_OID, f"ruhu county {self.public.county}"),
            author=self.public.name,
            at=self._clock(),
            reason=reason,
            document=document,
        )
        keep_revision(connection, self.public.county, revision)
        refresh_record(connection, self.public.county, record_id)

    def listed(self, text: str = "", *, most: int = 200) -> list[Listed]:
        """The households whose number or people match a text, at most so many."""
        with self._engine.connect() as connection:
            return list_households(connection, self.public.county, text.strip(), most)

    # Records

    def documents(self, kind: str = "household") -> Iterator[dict[str, Any]]:
        """The current documents of a kind, by household number."""
        table = tables.record
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(table.c.document)
                .where(self._mine(table), table.c.kind == kind, table.c.document.is_not(None))
                .order_by(table.c.household_no, table.c.record_id)
            )
            for row in rows:
                yield json.loads(row.document)
