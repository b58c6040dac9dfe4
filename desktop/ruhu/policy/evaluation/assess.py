"""Assess one record by every rule of the version in force on a day."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.compiler.program import Program
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.evaluation.finding import Assessment, Finding
from ruhu.policy.evaluation.finding_cache import Chain, Findings
from ruhu.policy.evaluation.record_reader import RecordView, load_reader
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.packs.model import Pack
from ruhu.policy.standards.model import DatedStandards, Standards

MISSING_SURVEY_DATE = BilingualText(
    "没有入户日期（survey.date）：请先填写；用命令时也可以用 --on 指定核对日",
    "the survey date (survey.date) is missing: enter it; commands also accept --on",
)


def governing_day(reading: RecordView, on: date | None) -> date:
    """Return the day of the assessment: `on`, otherwise the survey's. Raises `UserError` without either."""
    return on or survey_day(reading.root)


def survey_day(root: Subject) -> date:
    """Return the day of a record's survey. Raises `UserError` if it has none."""
    day = root.values["survey.date"]
    if not isinstance(day, date):
        raise UserError(MISSING_SURVEY_DATE)
    return day


class _CompiledRules:
    """The compiled rules of a context, grouped by the place of their subjects.

    Rules that depend on the same facts share a cache.
    """

    def __init__(self, frame: EvaluationContext, *, show_all: bool) -> None:
        program, rules = Program(frame), frame.pack.rules_for(frame.record)
        groups: dict[str, list[list[int]]] = {place: [] for place in frame.names}
        for group in program.together(rules):
            groups[frame.place_of(rules[group[0]])].append(group)
        self._rows = {
            place: program.row_of(
                [[rules[at] for at in group] for group in found], show_all=show_all
            )
            for place, found in groups.items()
            if found
        }
        columns = {place: list(chain.from_iterable(found)) for place, found in groups.items()}
        self._absent = {place: [()] * len(found) for place, found in columns.items()}
        written = list(chain.from_iterable(columns.values()))
        self._in_order = sorted(range(len(written)), key=written.__getitem__)

    def findings(self, root: Subject) -> Iterator[Finding]:
        """Yield the findings of a record, rule by rule."""
        rows_by_place: dict[str, list[Findings]] = {place: [] for place in self._rows}
        self._fill(rows_by_place, (root,), ())
        columns: list[Findings] = []
        for place, rows in rows_by_place.items():
            columns += zip(*rows, strict=True) if rows else self._absent[place]
        return filter(None, chain.from_iterable([columns[column] for column in self._in_order]))

    def _fill(
        self, rows_by_place: dict[str, list[Findings]], subjects: Sequence[Subject], above: Chain
    ) -> None:
        """Add a row of findings for each subject of a list, and for all subjects below it."""
        place = subjects[0].place
        row = self._rows.get(place)
        for subject in subjects:
            chain = (*above, subject)
            if row is not None:
                rows_by_place[place].append(row.findings(chain))
            for items in filter(None, subject.lists.values()):
                self._fill(rows_by_place, items, chain)


@lru_cache(maxsize=16)
def _compiled_rules(
    pack: Pack, kind: str, day: date, standards: Standards | None, show_all: bool
) -> _CompiledRules:
    return _CompiledRules(EvaluationContext.of(pack, kind, day, standards), show_all=show_all)


def warm_up(day: date, kind: str = "household") -> None:
    """Compile the rules in force on a day and the record reader, so that the first record is not delayed."""
    _compiled_rules(pack_for(day), kind, day, None, False)
    load_reader(kind, whole=True)


def assess(
    reading: RecordView,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    pack: Pack | None = None,
    show_all: bool = False,
) -> Assessment:
    """Assess a record as of `on` (default: its survey date) by the version in force that day.

    `standards` not in force that day or of another county are ignored. `show_all` adds the rules that do not
    apply. Raises `UserError` without a day, or before the first version.
    """
    day = governing_day(reading, on)
    pack = pack or pack_for(day)
    kind = reading.kind
    in_force = standards.on(day, reading.county) if standards else None
    rules = _compiled_rules(pack, kind, day, in_force, show_all)
    return Assessment(
        reading.record_id,
        kind,
        pack.id,
        day,
        pack.digest,
        reading.document,
        tuple(rules.findings(reading.root)),
        reading.notes,
        in_force,
    )
