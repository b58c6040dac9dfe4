"""Packages that came over the network: where they lie, and which of them is worth applying."""

from pathlib import Path

from ruhu.data_folder import installed_program
from ruhu.errors import UserError
from ruhu.exchange.protocol.messages import ProgramInfo, UpdateOffer
from ruhu.files.atomic_write import sync_file
from ruhu.updates.installed_versions import Versions
from ruhu.updates.installer import newest_here
from ruhu.updates.package import (
    SUFFIX,
    Package,
    read_package,
    require_usable,
    trusted_root,
)
from ruhu.updates.version import CURRENT_VERSION, Version, this_platform


def running() -> ProgramInfo | None:
    """This program as the county is told of it; `None` where it takes no update."""
    if installed_program() is None or trusted_root() is None:
        return None
    return ProgramInfo(version=str(CURRENT_VERSION), platform=this_platform())


class DownloadCache:
    """The folder of packages that came, beside the versions."""

    def __init__(self, versions: Versions) -> None:
        self._versions, self.folder = versions, versions.folder / "fetched"

    def place_for(self, offer: UpdateOffer) -> Path | None:
        """Where an offered package is fetched to; `None` where it is not wanted, or is there."""
        try:
            wanted = Version.parse(offer.version) > newest_here(self._versions.read())
        except ValueError:
            return None
        if not wanted or offer.platform != this_platform() or self._is_whole(offer):
            return None
        return self.folder / f"{offer.digest}.part"

    def keep(self, offer: UpdateOffer) -> Path:
        """Give a package that has come whole its name; others are cleared away."""
        place, part = self._whole(offer), self.folder / f"{offer.digest}.part"
        sync_file(part)
        part.replace(place)
        for other in self.folder.iterdir():
            if other != place:
                other.unlink()
        return place

    def newest(self, root: bytes | None) -> Package | None:
        """The package that came and may be applied."""
        found = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                package = read_package(path, root)
                require_usable(package, newest_here(self._versions.read()))
            except UserError:
                continue
            found.append(package)
        return max(found, key=lambda package: package.version, default=None)

    def _is_whole(self, offer: UpdateOffer) -> bool:
        place = self._whole(offer)
        return place.is_file() and place.stat().st_size == offer.length

    def _whole(self, offer: UpdateOffer) -> Path:
        return self.folder / f"ruhu-{offer.version}-{offer.platform}-{offer.digest[:8]}{SUFFIX}"
