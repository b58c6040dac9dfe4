"""The parts of the program that runs, from the list that was frozen with it or else from what is installed."""

import json
from pathlib import Path
from typing import Any

from ruhu.licences.component import ComponentKind, LicensedComponent
from ruhu.licences.installed import installed_parts
from ruhu.resources import resource

SBOM = "sbom.cdx.json"
KIND = "ruhu:kind"
"""The property of a component that says what it is to us."""


def sbom_path() -> Path | None:
    """The frozen program's list; `None` from source."""
    path = resource(SBOM)
    return path if path.is_file() else None


def parts() -> tuple[LicensedComponent, ...]:
    """Every part, by name."""
    path = sbom_path()
    if path is None:
        return installed_parts()
    told = json.loads(path.read_text(encoding="utf-8"))
    return tuple(sorted(map(_part, told["components"]), key=lambda part: part.name.lower()))


def _part(component: dict[str, Any]) -> LicensedComponent:
    """A component of CycloneDX: its licence, and the texts that were found as evidence of it."""
    (licence,) = component["licenses"]
    named = licence.get("license", {})
    found = component.get("evidence", {}).get("licenses", ())
    kinds = [each["value"] for each in component["properties"] if each["name"] == KIND]
    urls = [each["url"] for each in component.get("externalReferences", ())]
    return LicensedComponent(
        component["name"],
        component.get("version", ""),
        ComponentKind(kinds[0]),
        licence.get("expression") or named.get("id") or named.get("name", ""),
        "\n\n".join(each["license"]["text"]["content"] for each in found),
        next(iter(urls), ""),
    )
