"""What was worked out before is not worked out again: findings kept by the case they are about.

Most rules have few cases: they read closed lists and ages. Where nearly every case is a new one (what
reads amounts), nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.evaluation.record_tree import Subject

MAX_ENTRIES = 20_000
"""Answers that one memory holds before it starts afresh."""

TRIAL_CALLS, MAX_MISS_RATE = 200, 0.8
"""A memory is given up where, after so many questions, more than this share were new cases."""

Chain = tuple[Subject, ...]
"""A subject after those it belongs to, the record first."""

Findings = tuple[Finding | None, ...]

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class _CacheEntry:
    """The findings of a case, about the subjects of the chain they were worked out for."""

    chain: tuple[str, ...]
    findings: Findings


class FindingCache(dict[Key, Findings]):
    """Findings of some rules by their case, and by how its subject is called.

    A key is the subject's address and then the facts that make the case; `make` makes the findings.
    """

    def __init__(self, make: Callable[..., Findings]) -> None:
        super().__init__()
        self._make = make
        self._cases: dict[Key, _CacheEntry] = {}
        self.new = 0

    def get_or_compute(self, key: Key, *chain: Subject) -> Findings:
        """The findings about the last of `chain`, whose key there is not yet."""
        if len(self) >= MAX_ENTRIES:
            self.clear()
            self._cases.clear()
        case = self._cases.get(key[1:])
        if case is None:
            self.new += 1
            findings = self._make(*chain)
            self._cases[key[1:]] = _CacheEntry(tuple([link.address for link in chain]), findings)
        else:
            findings = _rebase_paths(case, chain)
        self[key] = findings
        return findings

    def disable(self) -> None:
        """Forget everything, for good."""
        self.clear()
        self._cases.clear()
        self.new = 0


class SubjectEvaluator:
    """The findings of all rules about one kind of subject, those of a known case from memory.

    `write` yields the function that answers, told for which groups of rules there are memories;
    `makers` make the findings of each group.
    """

    def __init__(
        self,
        makers: Sequence[Callable[..., Findings]],
        write: Callable[[Sequence[bool]], Callable[..., Findings]],
    ) -> None:
        self._memories = tuple([FindingCache(make) for make in makers])
        self._remembered = [True] * len(makers)
        self._write, self._answer = write, write(self._remembered)
        self._asked = 0

    def findings(self, chain: Chain) -> Findings:
        """The findings about the last of `chain`."""
        self._asked += 1
        if self._asked % TRIAL_CALLS == 0:
            self._give_up()
        return self._answer(self._memories, *chain)

    def _give_up(self) -> None:
        """Keep nothing any more where nearly every case was a new one."""
        tired = [memory.new > self._asked * MAX_MISS_RATE for memory in self._memories]
        if not any(tired):
            return
        for at, memory in enumerate(self._memories):
            if tired[at]:
                memory.disable()
                self._remembered[at] = False
        self._answer = self._write(self._remembered)


def _rebase_paths(case: _CacheEntry, chain: Chain) -> Findings:
    """The findings of a case, about the subjects of another chain."""
    pairs = [(old, link.address) for old, link in zip(case.chain, chain, strict=True)][::-1]

    def moved(path: str) -> str:
        for old, new in pairs:
            if path.startswith(old):
                return new + path[len(old) :]
        return path

    first = next(filter(None, case.findings), None)
    if first is None:
        return case.findings
    # Rules that have their cases in common are about the same subject.
    name, colon, _ = first.subject.partition(":")
    called = f"{name}:{chain[-1].identity}" if colon else name
    return tuple(
        [
            finding
            and replace(
                finding,
                subject=called,
                missing=tuple([moved(p) for p in finding.missing]) if finding.missing else (),
            )
            for finding in case.findings
        ]
    )
