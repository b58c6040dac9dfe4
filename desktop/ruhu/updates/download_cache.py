"""Downloaded update packages, and which of them to install."""

from pathlib import Path

from ruhu.data_folder import installed_program
from ruhu.errors import UserError
from ruhu.exchange.protocol.messages import ProgramInfo, UpdateOffer
from ruhu.files.atomic_write import sync_file
from ruhu.updates.installed_versions import Versions
from ruhu.updates.installer import newest_version
from ruhu.updates.package import (
    SUFFIX,
    Package,
    read_package,
    require_usable,
    trusted_root,
)
from ruhu.updates.version import CURRENT_VERSION, Version, this_platform


def running_program() -> ProgramInfo | None:
    """Return this program's version for the county, `None` if it accepts no updates."""
    if installed_program() is None or trusted_root() is None:
        return None
    return ProgramInfo(version=str(CURRENT_VERSION), platform=this_platform())


class DownloadCache:
    """The folder of downloaded packages, next to the versions."""

    def __init__(self, versions: Versions) -> None:
        self._versions, self.folder = versions, versions.folder / "fetched"

    def download_path(self, offer: UpdateOffer) -> Path | None:
        """Return where to download an offered package, `None` if it is not needed or already there."""
        try:
            is_newer = Version.parse(offer.version) > newest_version(self._versions.read())
        except ValueError:
            return None
        if not is_newer or offer.platform != this_platform() or self._is_complete(offer):
            return None
        return self.folder / f"{offer.digest}.part"

    def finish(self, offer: UpdateOffer) -> Path:
        """Rename a completely downloaded package to its final name; delete the others."""
        target, part = self._package_path(offer), self.folder / f"{offer.digest}.part"
        sync_file(part)
        part.replace(target)
        for path in self.folder.iterdir():
            if path != target:
                path.unlink()
        return target

    def newest(self, root: bytes | None) -> Package | None:
        """Return the newest downloaded package that can be installed."""
        packages = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                package = read_package(path, root)
                require_usable(package, newest_version(self._versions.read()))
            except UserError:
                continue
            packages.append(package)
        return max(packages, key=lambda package: package.version, default=None)

    def _is_complete(self, offer: UpdateOffer) -> bool:
        path = self._package_path(offer)
        return path.is_file() and path.stat().st_size == offer.length

    def _package_path(self, offer: UpdateOffer) -> Path:
        return self.folder / f"ruhu-{offer.version}-{offer.platform}-{offer.digest[:8]}{SUFFIX}"
