"""Update packages that the county offers to its laptops."""

from collections.abc import Iterator
from typing import BinaryIO

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.devices import update_distribution
from ruhu.exchange.protocol.messages import UpdateOffer


class UpdateService:
    """Publishing update packages, and reading them for laptops."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def publish(self, version: str, platform: str, package: BinaryIO) -> UpdateOffer:
        """Offer a package, whose signatures were verified, to the laptops of its platform."""
        with self._session.transaction(Permission.DEVICES) as tx:
            return update_distribution.publish(tx, version, platform, package)

    def offered(self, platform: str) -> UpdateOffer | None:
        """Return the offer for a platform."""
        with self._session.reader(Permission.IMPORT) as connection:
            return update_distribution.offered(connection, self._session.county, platform)

    def find(self, digest: str) -> UpdateOffer | None:
        """Return the offer of a package by its SHA-256."""
        with self._session.reader(Permission.IMPORT) as connection:
            return update_distribution.find_offer(connection, self._session.county, digest)

    def read(self, offer: UpdateOffer, start: int) -> Iterator[bytes]:
        """Yield a package's bytes from an offset; they end early if the package was replaced."""
        number, skipped = divmod(start, update_distribution.PART_BYTES)
        while number * update_distribution.PART_BYTES < offer.length:
            with self._session.reader(Permission.IMPORT) as connection:
                data = update_distribution.read_part(
                    connection, self._session.county, offer.digest, number
                )
            if not data:
                return
            yield data[skipped:]
            number, skipped = number + 1, 0
