"""The list of what a frozen program ships, as CycloneDX with every licence's text.

`installer.spec` calls `write_sbom` with what PyInstaller has found, so the list holds what really travels: the
libraries of which files were taken, Python, fonts and data, and the system's own libraries by Debian package.
Freezing ends where a part's licence would force the GPL on the whole.

usage: python -m build.release.sbom     tells what the frozen program in out/dist ships, by licence
"""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from cyclonedx.model import AttachedText, ExternalReference, ExternalReferenceType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.component_evidence import ComponentEvidence
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from license_expression import ExpressionError, Licensing, get_spdx_licensing
from packageurl import PackageURL

from ruhu import __version__
from ruhu.licences.component import ComponentKind, LicensedComponent
from ruhu.licences.installed import OURSELVES, bundled_components, component_of, normal_name
from ruhu.licences.listed import KIND, SBOM

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "out" / SBOM
DOCUMENTS = Path("/usr/share/doc")
TYPES = {ComponentKind.LIBRARY: ComponentType.LIBRARY, ComponentKind.RUNTIME: ComponentType.PLATFORM,
         ComponentKind.SYSTEM: ComponentType.LIBRARY, ComponentKind.DATA: ComponentType.DATA}  # fmt: skip
LET_OFF = re.compile(r"GPL-[0-9.]+-or-later WITH (GCC-exception-3\.1|Bootloader-exception)")
"""The GPL with the leave to be part of any program: GCC's run-time library, PyInstaller's loader."""
Entry = tuple[str, str, str]
"""What PyInstaller says of a file: where it goes, where it comes from, what it is."""


# Licences


@cache
def spdx() -> Licensing:
    """Return the licences of SPDX, cached: reading them takes half a second."""
    return get_spdx_licensing()


def forces_gpl(licence: str) -> bool:
    """Return whether a part under an SPDX expression may only be shipped with a program under the GPL.

    The LGPL does not: its libraries stay files of their own that anybody may exchange.
    """
    licensing = spdx()
    parsed = licensing.parse(LET_OFF.sub("0BSD", licence))
    without = {
        symbol: licensing.FALSE if symbol.key.startswith(("GPL-", "AGPL-")) else licensing.TRUE
        for symbol in licensing.license_symbols(parsed)
    }
    return bool(parsed.subs(without).simplify() == licensing.FALSE)


def is_spdx(licence: str) -> bool:
    """Return whether an SPDX expression is valid and all of its licences are known."""
    if not licence:
        return False
    known = licence.replace("LicenseRef-Public-Domain", "CC0-1.0")
    try:
        return not spdx().validate(known, strict=True).errors
    except ExpressionError:
        return False


# What is shipped


@cache
def owners() -> dict[str, importlib.metadata.Distribution]:
    """Return the distribution of each installed file."""
    found = {}
    for distribution in importlib.metadata.distributions():
        site = os.path.realpath(str(distribution.locate_file("")))
        for file in distribution.files or ():
            found[os.path.normpath(os.path.join(site, file))] = distribution  # noqa: PTH118 - 30,000 times
    return found


@cache
def debian_package(path: str) -> str | None:
    """Return the Debian package of a system file, or `None` if it has none."""
    for place in (path, path.removeprefix("/usr"), f"/usr{path}"):
        words = ["dpkg-query", "-S", place]
        try:
            done = subprocess.run(words, check=False, capture_output=True, text=True)
        except FileNotFoundError:
            return None
        if not done.returncode:
            return done.stdout.partition(":")[0]
    return None


def system_part(package: str) -> LicensedComponent:
    """Return a Debian package as a part."""
    stated = tomllib.loads(
        (ROOT / "build" / "release" / "system_licences.toml").read_text(encoding="utf-8")
    )
    version = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], check=True, capture_output=True, text=True
    ).stdout  # fmt: skip
    copyright_ = DOCUMENTS / package / "copyright"
    text = copyright_.read_text(encoding="utf-8", errors="replace") if copyright_.is_file() else ""
    return LicensedComponent(package, version, ComponentKind.SYSTEM, stated.get(package, ""), text)


def shipped(entries: Iterable[Entry]) -> list[LicensedComponent]:
    """Return the parts whose files a frozen program contains."""
    libraries: dict[str, LicensedComponent] = {}
    packages: set[str] = set()
    stdlib = str(Path(sysconfig.get_path("stdlib")).resolve())
    for _, source, kind in entries:
        if not source or source.startswith(str(ROOT / "desktop")):
            continue
        path = str(Path(source).resolve())
        owner = owners().get(path)
        if owner is not None:
            name = normal_name(owner.metadata["Name"])
            if name != OURSELVES and name not in libraries:
                libraries[name] = component_of(owner)
        elif kind in ("BINARY", "EXTENSION") and not path.startswith((stdlib, str(ROOT))):
            package = debian_package(path)
            if package is not None and not package.startswith(("python3", "libpython3")):
                packages.add(package)
    return [*libraries.values(), *map(system_part, sorted(packages)), *bundled_components()]


# As CycloneDX


def component(part: LicensedComponent) -> Component:
    """Return a part as a component, with the licence's text as evidence."""
    group = "deb/debian" if part.kind is ComponentKind.SYSTEM else "pypi"
    purl = PackageURL.from_string(f"pkg:{group}/{part.name}@{part.version}".replace("+", "%2B"))
    licence: License
    if is_spdx(part.licence):
        licence = LicenseExpression(part.licence)
    else:
        licence = DisjunctiveLicense(name=part.licence or "see text")
    evidence = DisjunctiveLicense(name="text", text=AttachedText(content=part.text))
    return Component(
        type=TYPES[part.kind],
        name=part.name,
        version=part.version,
        bom_ref=f"{part.kind}:{part.name}@{part.version}",
        licenses=[licence],
        evidence=ComponentEvidence(licenses=[evidence]) if part.text else None,
        purl=purl if part.kind in (ComponentKind.LIBRARY, ComponentKind.SYSTEM) else None,
        properties=[Property(name=KIND, value=part.kind)],
        external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.url))]
        if part.url
        else [],
    )  # fmt: skip


def bill(parts: Iterable[LicensedComponent]) -> str:
    """Return the list as CycloneDX 1.6 in JSON."""
    bom = Bom(components=[component(part) for part in parts])
    bom.metadata.component = ourselves = Component(
        type=ComponentType.APPLICATION,
        name=OURSELVES,
        version=__version__,
        bom_ref=OURSELVES,
        licenses=[LicenseExpression("MIT")],
    )
    bom.register_dependency(ourselves, bom.components)
    return str(JsonV1Dot6(bom).output_as_string(indent=1))


def write_sbom(entries: Iterable[Entry], place: Path = PLACE) -> Path:
    """Write the list of what a frozen program ships. Ends the program where a part forces the GPL."""
    parts = shipped(entries)
    bad = [
        f"{part.name}: {part.licence}"
        for part in parts
        if is_spdx(part.licence) and forces_gpl(part.licence)
    ]
    if bad:
        sys.exit(f"these parts would put the whole under the GPL: {', '.join(bad)}")
    for part in parts:
        if not is_spdx(part.licence):
            print(f"WARNING: licence of {part.name} is not known, only its text is listed")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(bill(parts), encoding="utf-8")
    return place


def main() -> None:
    bill_of_materials = json.loads(
        (ROOT / "out/dist/ruhu/_internal/ruhu/resources" / SBOM).read_text("utf-8")
    )
    counts: Counter[str] = Counter()
    for each in bill_of_materials["components"]:
        (licence,) = each["licenses"]
        counts[licence.get("expression") or str(licence["license"])] += 1
    for licence, count in counts.most_common():
        print(f"{count:4} {licence}")


if __name__ == "__main__":
    main()
