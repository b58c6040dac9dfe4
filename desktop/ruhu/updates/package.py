"""An update package: one file, verified with the keys that the running program trusts.

It is an uncompressed ZIP archive with three kinds of members. `targets.json` is signed metadata of The Update
Framework (TUF) with the length and hash of the program's archive. `roots/N.root.json` are the handovers from
one set of root keys to the next. `program.tar.xz` is the frozen program. Members are read by name and within
limits, never unpacked under their own names.

The clock is ignored: a laptop's may be wrong. The protection against old packages is the version, which must
exceed the running one, so metadata never expires.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, TargetFile, Targets
from tuf.api.serialization import DeserializationError

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.progress import ProgressCallback, no_progress
from ruhu.resources import resource
from ruhu.updates.version import Version, this_platform

SUFFIX = ".ruhu-update"
TARGETS, PROGRAM = "targets.json", "program.tar.xz"
MAX_PACKAGE_BYTES = 1024**3
MAX_UNPACKED_BYTES = 3 * 1024**3
MAX_METADATA_BYTES = 512 * 1024
MAX_ROOT_KEYS = 64
SIGNER = "x-ruhu-signer"
"""The field of a key in the root metadata with its holder's name."""
CHUNK_BYTES = 1024 * 1024


class UpdateRefused(UserError):
    """The package must not be used; nothing was changed."""


def root_file(number: int) -> str:
    """Return the member name of the root metadata with a number."""
    return f"roots/{number}.root.json"


def trusted_root() -> bytes | None:
    """Return the newest root metadata that this program was built with, `None` if there is none."""
    roots = {
        int(path.name.partition(".")[0]): path for path in resource("updates").glob("*.root.json")
    }
    return roots[max(roots)].read_bytes() if roots else None


@dataclass(frozen=True, slots=True)
class Package:
    """A package with valid signatures; its program's bytes are verified by `copy_program` only."""

    path: Path
    version: Version
    platform: str
    signers: tuple[str, ...]
    changes: BilingualText
    unpacked: int
    target: TargetFile

    @property
    def length(self) -> int:
        """The size of the program's archive in bytes."""
        return self.target.length

    @property
    def digest(self) -> str:
        """The SHA-256 of the program's archive in hexadecimal."""
        return self.target.hashes["sha256"]

    def copy_program(self, target: Path | None, progress: ProgressCallback = no_progress) -> None:
        """Verify the program's bytes, and write them to `target` if given.

        Raises `UpdateRefused`, and `OSError` if `target` cannot be written; the bytes written are unusable
        then.
        """
        done = 0
        with target.open("wb") if target else nullcontext() as out:
            for chunk in self._checked_parts():
                if out is not None:
                    out.write(chunk)
                done += len(chunk)
                progress(done, self.length)

    def _checked_parts(self) -> Iterator[bytes]:
        """Yield the program's bytes, unverified until all were yielded. Raises `UpdateRefused`."""
        digest, done = hashlib.sha256(), 0
        with _archive(self.path) as archive, archive.open(PROGRAM) as program:
            while chunk := program.read(CHUNK_BYTES):
                done += len(chunk)
                if done > self.length:
                    raise _altered()
                digest.update(chunk)
                yield chunk
        if done != self.length or digest.hexdigest() != self.digest:
            raise _altered()


def read_package(path: Path, root: bytes | None) -> Package:
    """Read a package's metadata and verify its signatures, starting from `root`.

    Raises `UpdateRefused` if it is not a package, or not signed by a trusted key.
    """
    if root is None:
        raise UpdateRefused(
            BilingualText(
                "这个程序没有带更新公钥，不能用更新包；请用安装包升级",
                "this program was built without update keys and cannot use update packages; "
                "install the new version with its installer",
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
            raise _not_a_package()
    signers = tuple(sorted(_signer(key.unrecognized_fields) for key in result.signed.values()))
    return _described(path, targets.signed, signers)


def check_package(
    path: Path, root: bytes | None, progress: ProgressCallback = no_progress
) -> Package:
    """Read a package and verify its signatures and all its bytes. Raises `UpdateRefused`."""
    package = read_package(path, root)
    package.copy_program(None, progress)
    return package


def require_usable(package: Package, installed: Version) -> None:
    """Raise `UpdateRefused` unless a package is for this platform and newer than a version."""
    if package.platform != this_platform():
        raise UpdateRefused(
            BilingualText(
                "更新包是给 {theirs} 的，本机是 {ours}；没有改动",
                "the package is for {theirs}, this machine is {ours}; nothing was changed",
            ).format(theirs=package.platform, ours=this_platform())
        )
    if package.version <= installed:
        raise UpdateRefused(
            BilingualText(
                "更新包是 {theirs}，不比已有的 {ours} 新；没有改动",
                "the package is {theirs}, not newer than the installed {ours}; nothing was changed",
            ).format(theirs=package.version, ours=installed)
        )


# Reading


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the package as an archive; map every fault of its bytes to a refusal."""
    try:
        if path.stat().st_size > MAX_PACKAGE_BYTES:
            raise _not_a_package()
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError):
        raise _altered() from None
    except (KeyError, RuntimeError):
        raise _not_a_package() from None
    except OSError as error:
        raise UpdateRefused(
            BilingualText("{path} 读不出来（{why}）", "{path} cannot be read ({why})").format(
                path=path.name, why=error.strerror or error
            )
        ) from None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > MAX_METADATA_BYTES:
        raise _not_a_package()
    with archive.open(info) as member:
        data = member.read(MAX_METADATA_BYTES + 1)
    if len(data) > MAX_METADATA_BYTES:
        raise _not_a_package()
    return data


def _metadata(kind: type[Any], data: bytes) -> Metadata[Any]:
    try:
        metadata: Metadata[Any] = Metadata.from_bytes(data)
    except DeserializationError:
        raise _not_a_package() from None
    if not isinstance(metadata.signed, kind):
        raise _not_a_package()
    return metadata


def _follow_roots(archive: zipfile.ZipFile, names: set[str], root: bytes) -> Root:
    """Return the newest root that the trusted one handed over to, by the package's members."""
    trusted: Root = _metadata(Root, root).signed
    for _ in range(MAX_ROOT_KEYS):
        name = root_file(trusted.version + 1)
        if name not in names:
            break
        root_metadata = _metadata(Root, _member(archive, name))
        try:
            for signer in (trusted, root_metadata.signed):
                signer.verify_delegate(
                    Root.type, root_metadata.signed_bytes, root_metadata.signatures
                )
        except UnsignedMetadataError:
            raise _not_signed() from None
        if root_metadata.signed.version != trusted.version + 1:
            raise _not_signed()
        trusted = root_metadata.signed
    return trusted


def _signer(fields: dict[str, Any]) -> str:
    return str(fields.get(SIGNER, "?"))[:80]


def _described(path: Path, signed: Targets, signers: tuple[str, ...]) -> Package:
    try:
        (target,) = signed.targets.values()
        fields = target.unrecognized_fields["custom"]
        package = Package(
            path,
            Version.parse(fields["version"]),
            str(fields["platform"]),
            signers,
            BilingualText(str(fields["changes"]["zh"]), str(fields["changes"]["en"])),
            int(fields["unpacked"]),
            target,
        )
        valid = len(package.digest) == 64 and package.length <= MAX_PACKAGE_BYTES
    except (ValueError, KeyError, TypeError):
        raise _not_a_package() from None
    if not valid or not 0 < package.unpacked <= MAX_UNPACKED_BYTES:
        raise _not_a_package()
    return package


def _not_a_package() -> UpdateRefused:
    return UpdateRefused(
        BilingualText("这不是更新包；没有改动", "not an update package; nothing was changed")
    )


def _altered() -> UpdateRefused:
    return UpdateRefused(
        BilingualText(
            "更新包不完整或被改动过，请重新拷贝；没有改动",
            "the package is incomplete or was altered, copy it again; nothing was changed",
        )
    )


def _not_signed() -> UpdateRefused:
    return UpdateRefused(
        BilingualText(
            "更新包的签名不是本程序信任的，请勿使用；没有改动",
            "the package is not signed by a key that this program trusts, do not use it; nothing was changed",
        )
    )
