"""Make update packages, and the keys that sign them.

usage: python -m build.release.update keys FOLDER --name NAME [--handed-over-by OLD_FOLDER]
       python -m build.release.update make --key FOLDER/release.pem [--frozen FOLDER] [--out FOLDER]

`keys` makes three root keys, of which two must agree to change any key, and the release key; it writes the
root metadata to resources/updates, which is committed and travels in the program. The root keys are then
kept off-line by three people, the release key by who makes releases. With `--handed-over-by` the new keys
follow the old ones: programs with the old root take packages of the new key.

`make` packs the frozen program, with a key that the newest committed root names. The passphrase of the keys is asked for, or read from RUHU_KEY_PASSPHRASE.
"""

import argparse
import getpass
import lzma
import os
import re
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root, TargetFile, Targets

from ruhu.i18n import NO_TEXT, BilingualText
from ruhu.updates.package import PROGRAM, SIGNER, SUFFIX, TARGETS, root_file
from ruhu.updates.version import CURRENT_VERSION, Version, this_platform

ROOT = Path(__file__).resolve().parents[2]
TRUSTED = ROOT / "resources" / "updates"
ROOT_KEYS, ROOTS_NEEDED = 3, 2
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
"""No expiry: laptops' clocks are not to be believed, versions count instead."""


# Keys


def root_name(number: int) -> str:
    """Return the file name of a root key."""
    return f"root-{number}.pem"


def make_keys(folder: Path, passphrase: str, name: str) -> None:
    """Make root keys and the release key; their files name the owner."""
    folder.mkdir(mode=0o700, parents=True)
    for file in [*(root_name(n + 1) for n in range(ROOT_KEYS)), "release.pem"]:
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
        )
        (folder / file).write_bytes(pem)
        (folder / file).chmod(0o600)
    (folder / "name.txt").write_text(name, encoding="utf-8")


def read_key(path: Path, passphrase: str) -> CryptoSigner:
    """Return a key as a signer."""
    private = load_pem_private_key(path.read_bytes(), passphrase.encode())
    assert isinstance(private, Ed25519PrivateKey)
    public = SSlibKey.from_crypto(private.public_key())
    public.unrecognized_fields[SIGNER] = (path.parent / "name.txt").read_text(encoding="utf-8")
    return CryptoSigner(private, public)


def root_keys(folder: Path, passphrase: str) -> list[CryptoSigner]:
    """Read the root keys of a folder."""
    return [read_key(folder / root_name(n + 1), passphrase) for n in range(ROOT_KEYS)]


def make_root(
    folder: Path, passphrase: str, before: tuple[int, list[CryptoSigner]] = (0, [])
) -> bytes:
    """Root metadata for a folder of keys, signed by them and by the root keys before them."""
    number, former = before
    own, release = root_keys(folder, passphrase), read_key(folder / "release.pem", passphrase)
    root = Root(version=number + 1, expires=FOR_GOOD, consistent_snapshot=False)
    for signer in own:
        root.add_key(signer.public_key, Root.type)
    root.roles[Root.type].threshold = ROOTS_NEEDED
    for role in ("targets", "snapshot", "timestamp"):
        root.add_key(release.public_key, role)
    metadata = Metadata(root)
    for signer in [*own, *former]:
        metadata.sign(signer, append=True)
    return bytes(metadata.to_bytes())


def trusted_roots(folder: Path = TRUSTED) -> dict[int, bytes]:
    """Read the root metadata in a folder, by number."""
    found = {path: re.fullmatch(r"(\d+)\.root\.json", path.name) for path in folder.glob("*.json")}
    return {int(match[1]): path.read_bytes() for path, match in sorted(found.items()) if match}


def require_named(signer: CryptoSigner, roots: dict[int, bytes]) -> None:
    """Let no package be made that no laptop would take.

    Raises `SystemExit` where there is no root yet, or the newest does not name the key.
    """
    if not roots:
        sys.exit(
            "resources/updates has no root, and no laptop takes a package: make the keys first"
        )
    newest = max(roots)
    root = Metadata[Root].from_bytes(roots[newest]).signed
    if signer.public_key.keyid not in root.roles[Targets.type].keyids:
        sys.exit(f"{newest}.root.json does not name this key as the one that releases")


# Packages


def pack_program(frozen: Path, archive: Path, preset: int = 6) -> int:
    """Pack a frozen program's folder reproducibly; return its unpacked size in bytes."""
    size = 0

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        nonlocal size
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = ""
        size += member.size if member.isreg() else 0
        return member

    with (
        lzma.open(archive, "wb", preset=preset) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(frozen.rglob("*")):
            name = path.relative_to(frozen)
            if name.parts[0] not in ("data", "versions"):  # a portable program's own
                tar.add(path, str(name), recursive=False, filter=plain)
    return size


def describe(
    archive: Path, unpacked: int, version: Version, platform: str, changes: BilingualText
) -> Targets:
    """Return the unsigned metadata of a program's archive."""
    name = f"ruhu-{version}-{platform}.tar.xz"
    target = TargetFile.from_file(name, str(archive), ["sha256"])
    target.unrecognized_fields["custom"] = {
        "version": str(version),
        "platform": platform,
        "unpacked": unpacked,
        "changes": {"zh": changes.zh, "en": changes.en},
    }
    number = (version.major * 10_000 + version.minor) * 10_000 + version.patch + 1
    return Targets(version=number, expires=FOR_GOOD, targets={name: target})


def write_package(
    place: Path,
    archive: Path,
    targets: Targets,
    signers: Iterable[CryptoSigner],
    roots: dict[int, bytes],
) -> Path:
    """Write a package of a packed program, signed."""
    metadata = Metadata(targets)
    for signer in signers:
        metadata.sign(signer, append=True)
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
        package.writestr(TARGETS, metadata.to_bytes())
        for number, root in roots.items():
            package.writestr(root_file(number), root)
        package.write(archive, PROGRAM)
    return place


def make_package(
    frozen: Path,
    out: Path,
    signer: CryptoSigner,
    *,
    version: Version = CURRENT_VERSION,
    changes: BilingualText = NO_TEXT,
    roots: dict[int, bytes] | None = None,
    preset: int = 6,
) -> Path:
    """Pack a frozen program of this platform into a signed package in the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    platform = this_platform()
    with tempfile.TemporaryDirectory(dir=out) as place:
        archive = Path(place) / "program"
        unpacked = pack_program(frozen, archive, preset)
        targets = describe(archive, unpacked, version, platform, changes)
        path = out / f"ruhu-{version}-{platform}{SUFFIX}"
        return write_package(
            path, archive, targets, [signer], trusted_roots() if roots is None else roots
        )


def changes_of(version: Version) -> BilingualText:
    """Return a version's changes: the quoted Chinese summary and the entries of the changelog."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## \[{version}\].*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    lines = found[1].splitlines() if found else []
    zh = [line.removeprefix(">").strip() for line in lines if line.startswith(">")]
    en = [line for line in lines if line.startswith("- ")]
    return BilingualText("\n".join(zh)[:4000], "\n".join(en)[:4000])


def passphrase() -> str:
    """Ask for the passphrase of the keys, or read it from the environment."""
    return os.environ.get("RUHU_KEY_PASSPHRASE") or getpass.getpass("passphrase of the keys: ")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    acts = parser.add_subparsers(dest="act", required=True)
    keys = acts.add_parser("keys")
    keys.add_argument("folder", type=Path)
    keys.add_argument("--name", required=True)
    keys.add_argument("--handed-over-by", type=Path)
    make = acts.add_parser("make")
    make.add_argument("--key", type=Path, required=True)
    make.add_argument("--frozen", type=Path, default=ROOT / "out" / "dist" / "ruhu")
    make.add_argument("--out", type=Path, default=ROOT / "out" / "packages")
    asked = parser.parse_args()
    if asked.act == "make":
        signer = read_key(asked.key, passphrase())
        require_named(signer, trusted_roots())
        path = make_package(asked.frozen, asked.out, signer, changes=changes_of(CURRENT_VERSION))
        print(path, f"{path.stat().st_size / 1024**2:.0f} MB")
        return
    known, secret = trusted_roots(), passphrase()
    if bool(known) != bool(asked.handed_over_by):
        sys.exit(
            "there are keys already: name them with --handed-over-by"
            if known
            else "no keys to follow"
        )
    number = max(known, default=0)
    former = root_keys(asked.handed_over_by, secret) if known else []
    make_keys(asked.folder, secret, asked.name)
    TRUSTED.mkdir(exist_ok=True)
    place = TRUSTED / f"{number + 1}.root.json"
    place.write_bytes(make_root(asked.folder, secret, (number, former)))
    print(
        f"{place.relative_to(ROOT)}: commit it; keep {asked.folder} off-line, each root key elsewhere"
    )


if __name__ == "__main__":
    main()
