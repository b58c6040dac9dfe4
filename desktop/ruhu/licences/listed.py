"""Components of the running program, from the frozen list or the installed distributions."""

import json
from pathlib import Path
from typing import Any

from ruhu.licences.component import ComponentKind, LicensedComponent
from ruhu.licences.installed import installed_components
from ruhu.resources import resource

SBOM = "sbom.cdx.json"
KIND = "ruhu:kind"
"""The property of a CycloneDX component with its `ComponentKind`."""


def sbom_path() -> Path | None:
    """Return the frozen program's list, `None` when run from source."""
    path = resource(SBOM)
    return path if path.is_file() else None


def all_components() -> tuple[LicensedComponent, ...]:
    """Return every component by name."""
    path = sbom_path()
    if path is None:
        return installed_components()
    document = json.loads(path.read_text(encoding="utf-8"))
    return tuple(sorted(map(_part, document["components"]), key=lambda part: part.name.lower()))


def _part(component: dict[str, Any]) -> LicensedComponent:
    """Convert a CycloneDX component: its licence, and the texts found as evidence of it."""
    (licence,) = component["licenses"]
    licence_fields = licence.get("license", {})
    evidence = component.get("evidence", {}).get("licenses", ())
    kinds = [each["value"] for each in component["properties"] if each["name"] == KIND]
    urls = [each["url"] for each in component.get("externalReferences", ())]
    return LicensedComponent(
        component["name"],
        component.get("version", ""),
        ComponentKind(kinds[0]),
        licence.get("expression") or licence_fields.get("id") or licence_fields.get("name", ""),
        "\n\n".join(each["license"]["text"]["content"] for each in evidence),
        next(iter(urls), ""),
    )
