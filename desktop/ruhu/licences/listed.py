"""Return the components of the running program, from its frozen list or else from the environment."""

import json
from pathlib import Path
from typing import Any

from ruhu.licences.component import ComponentKind, LicensedComponent
from ruhu.licences.installed import installed_parts
from ruhu.resources import resource

SBOM = "sbom.cdx.json"
KIND = "ruhu:kind"
"""The CycloneDX property with the component's kind."""


def sbom_path() -> Path | None:
    """The frozen program's list; `None` from source."""
    path = resource(SBOM)
    return path if path.is_file() else None


def parts() -> tuple[LicensedComponent, ...]:
    """Every part, by name."""
    path = sbom_path()
    if path is None:
        return installed_parts()
    document = json.loads(path.read_text(encoding="utf-8"))
    return tuple(sorted(map(_part, document["components"]), key=lambda part: part.name.lower()))


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
