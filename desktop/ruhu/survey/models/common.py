"""Sections that several kinds of record share."""

import re
from typing import Annotated
from uuid import UUID

from ruhu.i18n import BilingualText
from ruhu.survey.facts.types import (
    CountyCode,
    Day,
    Label,
    TownshipCode,
    VillageCode,
    Words,
    YesNo,
)
from ruhu.survey.models.base import Section
from ruhu.survey.models.choices import FacilityLand, FacilityPurpose


class Survey(Section):
    """When and by whom the record was surveyed."""

    date: Annotated[Day, Label("入户日期", "Survey date")] = None
    surveyor: Annotated[Words, Label("调查员", "Surveyor")] = None
    notes: Annotated[Words, Label("备注", "Notes")] = None


class Place(Section):
    """Where the record belongs. Codes are the statistics bureau's of 2017."""

    county: Annotated[CountyCode, Label("县（市、区）代码", "County code")] = None
    township: Annotated[TownshipCode, Label("乡（镇）代码", "Township code")] = None
    village: Annotated[VillageCode, Label("行政村代码", "Village code")] = None
    county_name: Annotated[Words, Label("县（市、区）", "County")] = None
    township_name: Annotated[Words, Label("乡（镇）", "Township")] = None
    village_name: Annotated[Words, Label("行政村", "Village")] = None
    group: Annotated[Words, Label("村民小组", "Villagers' group")] = None
    poor_county: Annotated[
        YesNo, Label("54个贫困县（含“天窗县”和享受待遇县）", "One of the 54 poor counties")
    ] = None
    poor_village: Annotated[YesNo, Label("贫困村", "Poor village")] = None


def group_label(group: str) -> BilingualText:
    """Return a villagers' group for lists and slips: `3` is group 3; a name such as `那坡屯` or `3组` is
    unchanged.
    """
    if re.fullmatch("[0-9一二三四五六七八九十]+", group):
        return BilingualText(f"{group}组", f"group {group}")
    return BilingualText(group, group)


class Facility(Section):
    """A farming facility on forest land or grassland."""

    land: Annotated[FacilityLand | None, Label("设施占地", "Land of the facility")] = None
    purpose: Annotated[FacilityPurpose | None, Label("设施用途", "Purpose of the facility")] = None
    for_poverty_work: Annotated[
        YesNo, Label("特定用于扶贫", "Built for poverty alleviation work")
    ] = None
    built_on: Annotated[Day, Label("建设日期", "Built on")] = None


class Record(Section):
    """The fields of every record."""

    record_id: Annotated[UUID, Label("记录编号", "Record id")]
    kind: str
    survey: Survey = Survey()
    place: Place = Place()
