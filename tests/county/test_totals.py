"""The sums that figures read are those of the records, whatever has come and gone."""

import random
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.county.laptop_bundles import Laptop

from ruhu.county.access.permissions import Permission
from ruhu.county.assessment.results import assess_all
from ruhu.county.assessment.statistics import WHOLE_COUNTY, Figures, Scope
from ruhu.county.county import CountyStore
from ruhu.revisions.revision import Revision

VILLAGES = ("451024100201", "451024100202", "451024101200")


def everywhere(county: CountyStore) -> list[Figures]:
    """The figures of the county, its townships and villages."""
    scopes = [Scope(village[:9], village) for village in VILLAGES]
    scopes += [Scope(township) for township in {village[:9] for village in VILLAGES}]
    return [county.statistics.figures(scope) for scope in (WHOLE_COUNTY, *scopes)]


def test_sums_follow_every_change(
    county: CountyStore, household: dict[str, Any], tmp_path: Path
) -> None:
    chance = random.Random(5)
    laptops = [Laptop(county, name, tmp_path) for name in ("黄一", "覃二")]
    tops: dict[UUID, Revision] = {}
    for step in range(30):
        laptop, key = chance.choice(laptops), UUID(int=chance.randrange(1, 6))
        document: dict[str, Any] | None = {
            **household,
            "record_id": str(key),
            "place": {"county": "451024", "village": chance.choice(VILLAGES)},
            "water": {"tap": chance.random() < 0.5, "quality_ok": chance.random() < 0.5},
            "members": household["members"][: chance.randrange(3)],
        }
        if chance.random() < 0.2:
            document = None
        on = [tops[key]] if key in tops and chance.random() < 0.7 else []
        tops[key] = laptop.revision(document, record_id=key, on=on, hour=step)
        county.exchange.import_file(laptop.bundle(tops[key]))
    kept = everywhere(county)
    assert kept[0].indicators is not None
    assert any(each.open or each.entitled for each in kept[0].sums)
    with county.transaction(Permission.STANDARDS) as act:
        assess_all(act.connection, act.county, None)
    assert everywhere(county) == kept
