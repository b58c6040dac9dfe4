"""Assessing one record: every rule of the version in force on a day."""

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
    "no day of the visit (survey.date): please enter it; a command also takes it with --on",
)


def governing_day(reading: RecordView, on: date | None) -> date:
    """The day of the check: `on`, else the survey's. Raises `UserError` when there is neither."""
    return on or survey_day(reading.root)


def survey_day(root: Subject) -> date:
    """The day of a record's survey. Raises `UserError` where it has none."""
    day = root.values["survey.date"]
    if not isinstance(day, date):
        raise UserError(MISSING_SURVEY_DATE)
    return day


class _CompiledRules:
    """The rules of one frame by the place of their subjects, ready to be applied.

    Rules that have their cases in common have one memory.
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
        """The findings about a record, rule by rule."""
        found: dict[str, list[Findings]] = {place: [] for place in self._rows}
        self._fill(found, (root,), ())
        columns: list[Findings] = []
        for place, rows in found.items():
            columns += zip(*rows, strict=True) if rows else self._absent[place]
        return filter(None, chain.from_iterable([columns[at] for at in self._in_order]))

    def _fill(
        self, found: dict[str, list[Findings]], subjects: Sequence[Subject], above: Chain
    ) -> None:
        """Add a row for each subject of a list, with the answers of all its rules, and those for all
        below it.
        """
        place = subjects[0].place
        row = self._rows.get(place)
        for subject in subjects:
            links = (*above, subject)
            if row is not None:
                found[place].append(row.findings(links))
            for items in filter(None, subject.lists.values()):
                self._fill(found, items, links)


@lru_cache(maxsize=16)
def _desk(
    pack: Pack, kind: str, day: date, standards: Standards | None, show_all: bool
) -> _CompiledRules:
    return _CompiledRules(EvaluationContext.of(pack, kind, day, standards), show_all=show_all)


def warm_up(day: date, kind: str = "household") -> None:
    """Turn the rules in force on a day, and what reads a record, into functions, which else the first record
    waits for.
    """
    _desk(pack_for(day), kind, day, None, False)
    load_reader(kind, whole=True)


def assess(
    reading: RecordView,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    pack: Pack | None = None,
    show_all: bool = False,
) -> Assessment:
    """Assess a record as of `on` (absent: its survey date) by the version in force that day.

    `standards` out of force that day or of another county count as absent. `show_all` adds the
    rules that do not apply. Raises `UserError` without a day, or before the first version.
    """
    day = governing_day(reading, on)
    pack = pack or pack_for(day)
    kind = reading.kind
    in_force = standards.on(day, reading.county) if standards else None
    desk = _desk(pack, kind, day, in_force, show_all)
    return Assessment(
        reading.record_id,
        kind,
        pack.id,
        day,
        pack.digest,
        reading.document,
        tuple(desk.findings(reading.root)),
        reading.notes,
        in_force,
    )
