"""Assessing one record: every rule of the version in force on a day."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import chain

from ruhu.policy.compiled.program import Program
from ruhu.policy.finding import Assessment, Finding
from ruhu.policy.frame import Frame
from ruhu.policy.pack import Pack
from ruhu.policy.packs import pack_for
from ruhu.policy.reuse import Memory
from ruhu.policy.standards import DatedStandards, Standards
from ruhu.policy.subjects import Subject, subject_of
from ruhu.survey.record import Parsed
from ruhu.survey.text import Text, UserError

NO_DAY = Text(
    "没有入户日期（survey.date），请用 --on 指定核对日",
    "no survey.date; give the day of the check with --on",
)


def governing_day(parsed: Parsed, on: date | None) -> date:
    """The day of the check: `on`, else the survey's. Raises `UserError` when there is neither."""
    day = on or parsed.record.survey.date
    if day is None:
        raise UserError(NO_DAY)
    return day


def survey_day(root: Subject) -> date:
    """The day of a record's survey. Raises `UserError` where it has none."""
    day = root.values["survey.date"]
    if not isinstance(day, date):
        raise UserError(NO_DAY)
    return day


class _Desk:
    """The rules of one frame by the place of their subjects, ready to be applied.

    Rules that are alike have their cases in common.
    """

    def __init__(self, frame: Frame, *, show_all: bool) -> None:
        program, rules = Program(frame), frame.pack.rules_for(frame.record)
        self.count = len(rules)
        self.memories: dict[str, list[tuple[list[int], Memory]]] = {p: [] for p in frame.names}
        for group in program.together(rules):
            alike = [rules[at] for at in group]
            make = program.findings_of(alike, show_all=show_all)
            memory = Memory(program.key_of(alike), make)
            self.memories[frame.place_of(alike[0])].append((group, memory))

    def findings(self, root: Subject) -> Iterator[Finding]:
        """The findings about a record, rule by rule."""
        found: list[list[Finding | None]] = [[] for _ in range(self.count)]
        for place, memories in self.memories.items():
            for subject in root.items(place):
                links = (*subject.parents, subject)
                for rules, memory in memories:
                    for at, finding in zip(rules, memory.findings(links), strict=True):
                        found[at].append(finding)
        return filter(None, chain.from_iterable(found))


@lru_cache(maxsize=16)
def _desk(pack: Pack, kind: str, day: date, standards: Standards | None, show_all: bool) -> _Desk:
    return _Desk(Frame.of(pack, kind, day, standards), show_all=show_all)


def prepare(day: date, kind: str = "household") -> None:
    """Turn the rules in force on a day into functions, which else the first record waits for."""
    _desk(pack_for(day), kind, day, None, False)


def assess(
    parsed: Parsed,
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
    day = governing_day(parsed, on)
    pack = pack or pack_for(day)
    kind = parsed.record.kind
    in_force = standards.on(day, parsed.record.place.county) if standards else None
    desk = _desk(pack, kind, day, in_force, show_all)
    return Assessment(
        str(parsed.record.record_id),
        kind,
        pack.id,
        day,
        pack.digest,
        parsed.document,
        tuple(desk.findings(subject_of(parsed.record))),
        tuple(parsed.notes),
        in_force,
    )
