"""Keys of a county: the public document and the private half."""

import base64
import hashlib
from itertools import takewhile
from typing import Literal

import pyrage
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from ruhu.errors import UserError
from ruhu.exchange.keys.fingerprint import fingerprint
from ruhu.exchange.keys.fingerprint_words import words
from ruhu.exchange.keys.key_document import KeyDocument, verify
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json


class CountyServer(KeyDocument):
    """Where the county's service is, signed with the county's signing key.

    `certificate` (PEM) is the one that laptops trust; empty where a public authority vouches.
    """

    url: str
    certificate: str = ""
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return b"ruhu.server/1\0" + f"{self.url}\n{self.certificate}".encode()


class FormerKeys(KeyDocument):
    """Keys that a county has replaced: what is sealed to them is still read.

    `signature` is theirs, over the keys that came next; without it, as after a theft, nothing that
    they signed counts any more.
    """

    seal: str
    recovery: str
    signing: str
    signature: str = ""

    @property
    def recipients(self) -> list[str]:
        """The age recipients that bundles were sealed to."""
        return [self.seal, self.recovery]


class CountyPublic(KeyDocument):
    """What a laptop needs to know of its county."""

    format: Literal["ruhu.county/1"] = "ruhu.county/1"
    county: str
    name: str
    seal: str
    recovery: str
    signing: str
    server: CountyServer | None = None
    former: tuple[FormerKeys, ...] = ()
    """The keys before these, the oldest first."""

    @property
    def digest(self) -> str:
        """The SHA-256 of this document, by which a laptop knows whether it is up to date."""
        return hashlib.sha256(rfc8785.dumps(self.model_dump(mode="json"))).hexdigest()

    @property
    def signing_keys(self) -> tuple[str, ...]:
        """The keys whose signatures count: the current one and its signed predecessors."""
        vouched = takewhile(lambda keys: keys.signature, reversed(self.former))
        return (self.signing, *(keys.signing for keys in vouched))

    def signed_by(self, signature: bytes, data: bytes) -> bool:
        """Return whether the county signed `data`."""
        return any(verify(key, signature, data) for key in self.signing_keys)

    def is_successor_of(self, known: "CountyPublic") -> bool:
        """Return whether these are the known county's keys, or successors that its keys signed."""
        names = [_key_triple(keys) for keys in self.former]
        successors = [*names, _key_triple(self)][1:]
        if self.county != known.county or _key_triple(known) not in (*names, _key_triple(self)):
            return False
        start = names.index(_key_triple(known)) if _key_triple(known) in names else len(names)
        return all(
            self._handed_over(keys, next_)
            for keys, next_ in zip(self.former[start:], successors[start:], strict=True)
        )

    def _handed_over(self, keys: FormerKeys, then: tuple[str, str, str]) -> bool:
        try:
            signature = base64.b64decode(keys.signature, validate=True)
        except ValueError:
            return False
        return verify(keys.signing, signature, handover_bytes(self.county, then))

    @property
    def recipients(self) -> list[str]:
        """The age recipients that bundles are sealed to: the county and its recovery key."""
        return [self.seal, self.recovery]

    @property
    def fingerprint(self) -> str:
        """Short groups to compare over the telephone."""
        return fingerprint(self._named)

    @property
    def words(self) -> BilingualText:
        """The fingerprint as ten words."""
        return words(self._named)

    @property
    def _named(self) -> str:
        return "\n".join((self.county, *_key_triple(self)))


def _key_triple(keys: "CountyPublic | FormerKeys") -> tuple[str, str, str]:
    return keys.seal, keys.recovery, keys.signing


def handover_bytes(county: str, keys: tuple[str, str, str]) -> bytes:
    """Return what a county's replaced signing key signs: the next seal, recovery and signing keys."""
    return b"ruhu.county-handover/1\0" + "\n".join((county, *keys)).encode()


class CountySecrets:
    """The county's private keys, stored in its encrypted database.

    `seal_identity` has one age identity a line, the current one first.
    """

    def __init__(self, seal_identity: str, signing_secret: bytes) -> None:
        self.seal_identity = seal_identity
        self.signing_secret = signing_secret

    def rotated(
        self, public: CountyPublic, *, vouched: bool
    ) -> tuple["CountySecrets", CountyPublic]:
        """Return new keys for sealing and signing; the recovery key stays.

        If `vouched`, the old key signs the new ones and its signatures remain valid. Otherwise, as after a
        theft, nothing signed by the old key counts and every laptop must confirm the new keys.
        """
        fresh, bare, _ = self.generate(public.county, public.name)
        keys = (bare.seal, public.recovery, bare.signing)
        old = Ed25519PrivateKey.from_private_bytes(self.signing_secret)
        signature = base64.b64encode(old.sign(handover_bytes(public.county, keys))).decode()
        before = FormerKeys(
            seal=public.seal,
            recovery=public.recovery,
            signing=public.signing,
            signature=signature if vouched else "",
        )
        server = public.server and sign_server(public.server, fresh.signing_secret)
        update = {"seal": keys[0], "signing": keys[2], "server": server}
        identities = f"{fresh.seal_identity}\n{self.seal_identity}"
        return (
            CountySecrets(identities, fresh.signing_secret),
            public.model_copy(update={**update, "former": (*public.former, before)}),
        )

    @classmethod
    def generate(cls, county: str, name: str) -> tuple["CountySecrets", CountyPublic, str]:
        """Generate a county's keys: the secrets, their public side, and the recovery identity.

        The recovery identity must be kept off-line and is stored nowhere.
        """
        seal, recovery = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
        signing = Ed25519PrivateKey.generate()
        public = CountyPublic(
            county=county,
            name=name,
            seal=str(seal.to_public()),
            recovery=str(recovery.to_public()),
            signing=base64.b64encode(signing.public_key().public_bytes_raw()).decode(),
        )
        return cls(str(seal), signing.private_bytes_raw()), public, str(recovery)


def sign_server(server: CountyServer, secret: bytes) -> CountyServer:
    """Sign the server's address and certificate with the county's signing key (32 bytes)."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    signature = base64.b64encode(key.sign(server.signed_bytes())).decode()
    return server.model_copy(update={"signature": signature})


def read_county(data: bytes) -> CountyPublic:
    """Read a county's public key file. Raises `UserError` for anything else."""
    problem = UserError(
        BilingualText("这不是县公钥文件（county.json）", "not a county key file (county.json)")
    )
    try:
        public = CountyPublic.model_validate(read_json(data, max_bytes=65536))
        generations: list[CountyPublic | FormerKeys] = [public, *public.former]
        for keys in generations:
            for recipient in keys.recipients:
                pyrage.x25519.Recipient.from_str(recipient)
            Ed25519PublicKey.from_public_bytes(base64.b64decode(keys.signing, validate=True))
        server = public.server
        if server is not None:
            signature = base64.b64decode(server.signature, validate=True)
            if not verify(public.signing, signature, server.signed_bytes()):
                raise problem
    except (UserError, ValidationError, pyrage.RecipientError, ValueError):
        raise problem from None
    if not (len(public.county) == 6 and public.county.isdigit()):
        raise problem
    return public
