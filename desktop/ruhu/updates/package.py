"""An update package: one file, checked against the keys that the running program trusts.

It is a ZIP archive without compression of three kinds of members: `targets.json`, signed metadata of The
Update Framework (TUF) that names the program's archive with its length and hash; `roots/N.root.json`, the
handovers from one set of root keys to the next; and `program.tar.xz`, the frozen program. Members are
read by name and within bounds, never unpacked by their own names.

The clock counts for nothing: a laptop may believe that it is 2009. What protects from an old package is
the version, which must be above the one that runs; so metadata never expires.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, TargetFile, Targets
from tuf.api.serialization import DeserializationError

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.resources import resource
from ruhu.updates.version import Version, this_platform

SUFFIX = ".ruhu-update"
TARGETS, PROGRAM = "targets.json", "program.tar.xz"
MAX_PACKAGE_BYTES = 1024**3
MAX_UNPACKED_BYTES = 3 * 1024**3
MAX_METADATA_BYTES = 512 * 1024
MAX_ROOT_KEYS = 64
SIGNER = "x-ruhu-signer"
"""The field of a key in the root metadata that says whose it is."""
PART = 1024 * 1024

Counting = Callable[[int, int], None]
"""Called with what is done and what there is to do, in bytes."""


class UpdateRefused(UserError):
    """The package is not to be used; nothing was changed."""


def root_file(number: int) -> str:
    """The member with the root metadata of a number."""
    return f"roots/{number}.root.json"


def trusted_root() -> bytes | None:
    """The newest root metadata that this program was built with; `None` where it was built without."""
    found = {
        int(path.name.partition(".")[0]): path for path in resource("updates").glob("*.root.json")
    }
    return found[max(found)].read_bytes() if found else None


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose signatures hold; its program's bytes are checked by `copy_program` only."""

    path: Path
    version: Version
    platform: str
    signers: tuple[str, ...]
    changes: BilingualText
    unpacked: int
    target: TargetFile

    @property
    def length(self) -> int:
        """The bytes of the program's archive."""
        return self.target.length

    @property
    def digest(self) -> str:
        """The SHA-256 of the program's archive, in hexadecimal."""
        return self.target.hashes["sha256"]

    def copy_program(self, place: Path | None, told: Counting = lambda _, __: None) -> None:
        """Check the program's bytes; with `place` keep them there as they are checked.

        Raises `UpdateRefused`, and `OSError` where `place` does not take it; what was written there is
        then of no use.
        """
        done = 0
        with place.open("wb") if place else nullcontext() as out:
            for part in self._checked_parts():
                if out is not None:
                    out.write(part)
                done += len(part)
                told(done, self.length)

    def _checked_parts(self) -> Iterator[bytes]:
        """The program's bytes, of which none counts before all have come. Raises `UpdateRefused`."""
        digest, done = hashlib.sha256(), 0
        with _archive(self.path) as archive, archive.open(PROGRAM) as program:
            while part := program.read(PART):
                done += len(part)
                if done > self.length:
                    raise _altered()
                digest.update(part)
                yield part
        if done != self.length or digest.hexdigest() != self.digest:
            raise _altered()


def read_package(path: Path, root: bytes | None) -> Package:
    """What a package says of itself, once the signatures hold from `root` on.

    Raises `UpdateRefused` where it is no package, or not signed by whom the program trusts.
    """
    if root is None:
        raise UpdateRefused(
            BilingualText(
                "这个程序没有带更新公钥，不能用更新包；请用安装包升级",
                "this program was built without update keys and takes no update package; "
                "install the new version as a whole",
            )
        )
    with _archive(path) as archive:
        names = set(archive.namelist())
        trusted = _follow_roots(archive, names, root)
        targets = _metadata(Targets, _member(archive, TARGETS))
        result = trusted.get_verification_result(
            Targets.type, targets.signed_bytes, targets.signatures
        )
        if not result.verified:
            raise _not_signed()
        if archive.getinfo(PROGRAM).compress_type != zipfile.ZIP_STORED:
            raise _no_package()
    signers = tuple(sorted(_signer(key.unrecognized_fields) for key in result.signed.values()))
    return _described(path, targets.signed, signers)


def check_package(path: Path, root: bytes | None, told: Counting = lambda _, __: None) -> Package:
    """A package whose signatures hold and whose program's bytes are what was signed.

    Raises `UpdateRefused`.
    """
    package = read_package(path, root)
    package.copy_program(None, told)
    return package


def require_usable(package: Package, than: Version) -> None:
    """Raise `UpdateRefused` unless a package is for this platform and above a version."""
    if package.platform != this_platform():
        raise UpdateRefused(
            BilingualText(
                "更新包是给 {theirs} 的，本机是 {ours}；没有改动",
                "the package is for {theirs}, this machine is {ours}; nothing was changed",
            ).format(theirs=package.platform, ours=this_platform())
        )
    if package.version <= than:
        raise UpdateRefused(
            BilingualText(
                "更新包是 {theirs}，不比已有的 {ours} 新；没有改动",
                "the package is {theirs}, not newer than {ours}, which is here; nothing was changed",
            ).format(theirs=package.version, ours=than)
        )


# How it is read


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The package as an archive; whatever is wrong with its bytes is one of three refusals."""
    try:
        if path.stat().st_size > MAX_PACKAGE_BYTES:
            raise _no_package()
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError):
        raise _altered() from None
    except (KeyError, RuntimeError):
        raise _no_package() from None
    except OSError as error:
        raise UpdateRefused(
            BilingualText("{path} 读不出来（{why}）", "{path} cannot be read ({why})").format(
                path=path.name, why=error.strerror or error
            )
        ) from None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > MAX_METADATA_BYTES:
        raise _no_package()
    with archive.open(info) as member:
        data = member.read(MAX_METADATA_BYTES + 1)
    if len(data) > MAX_METADATA_BYTES:
        raise _no_package()
    return data


def _metadata(kind: type[Any], data: bytes) -> Metadata[Any]:
    try:
        read: Metadata[Any] = Metadata.from_bytes(data)
    except DeserializationError:
        raise _no_package() from None
    if not isinstance(read.signed, kind):
        raise _no_package()
    return read


def _follow_roots(archive: zipfile.ZipFile, names: set[str], root: bytes) -> Root:
    """The newest root to which the trusted one has handed over, by the package's own members."""
    trusted: Root = _metadata(Root, root).signed
    for _ in range(MAX_ROOT_KEYS):
        name = root_file(trusted.version + 1)
        if name not in names:
            break
        told = _metadata(Root, _member(archive, name))
        try:
            for signer in (trusted, told.signed):
                signer.verify_delegate(Root.type, told.signed_bytes, told.signatures)
        except UnsignedMetadataError:
            raise _not_signed() from None
        if told.signed.version != trusted.version + 1:
            raise _not_signed()
        trusted = told.signed
    return trusted


def _signer(fields: dict[str, Any]) -> str:
    return str(fields.get(SIGNER, "?"))[:80]


def _described(path: Path, signed: Targets, signers: tuple[str, ...]) -> Package:
    try:
        (target,) = signed.targets.values()
        told = target.unrecognized_fields["custom"]
        package = Package(
            path,
            Version.parse(told["version"]),
            str(told["platform"]),
            signers,
            BilingualText(str(told["changes"]["zh"]), str(told["changes"]["en"])),
            int(told["unpacked"]),
            target,
        )
        sound = len(package.digest) == 64 and package.length <= MAX_PACKAGE_BYTES
    except (ValueError, KeyError, TypeError):
        raise _no_package() from None
    if not sound or not 0 < package.unpacked <= MAX_UNPACKED_BYTES:
        raise _no_package()
    return package


def _no_package() -> UpdateRefused:
    return UpdateRefused(
        BilingualText("这不是更新包；没有改动", "this is no update package; nothing was changed")
    )


def _altered() -> UpdateRefused:
    return UpdateRefused(
        BilingualText(
            "更新包不完整或被改动过，请重新拷贝；没有改动",
            "the package is cut short or was altered, copy it again; nothing was changed",
        )
    )


def _not_signed() -> UpdateRefused:
    return UpdateRefused(
        BilingualText(
            "更新包的签名不是本程序信任的，请勿使用；没有改动",
            "the package is not signed by whom this program trusts, do not use it; nothing was changed",
        )
    )
