"""The county's keys: the public ones, and the identities that open bundles."""

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.exchange import signing
from ruhu.exchange.keys.county import CountyPublic


class KeyService:
    """The county's current keys; `identities` are age identities, the newest first."""

    def __init__(self, session: DatabaseSession, public: CountyPublic, identities: str) -> None:
        self._session = session
        self.public = public
        self._identities = identities

    @property
    def identities(self) -> tuple[str, ...]:
        """The secret identities, one for each key that bundles may be encrypted to."""
        return tuple(self._identities.splitlines())

    def name_server(self, url: str) -> CountyPublic:
        """Add the server's address and certificate to the public file; return that."""
        with self._session.transaction(Permission.DEVICES) as tx:
            self.public = signing.name_server(tx, self.public, url)
        return self.public

    def rotate(self, *, vouched: bool = True) -> CountyPublic:
        """Replace the keys for encryption and signing; return the public ones.

        Laptops get them from the stick, the server or the new public file; see `signing.rotate`.
        """
        with self._session.transaction(Permission.DEVICES) as tx:
            self.public, self._identities = signing.rotate(tx, self.public, vouched=vouched)
        return self.public

    def server_certificate(self) -> tuple[str, str]:
        """Return the server's private key and certificate as PEM, created on first use."""
        with self._session.transaction(Permission.IMPORT) as tx:
            return signing.server_certificate(tx)
