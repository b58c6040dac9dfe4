"""Cache findings by the facts they depend on.

Most rules have few distinct inputs: they read closed lists and ages. Where nearly every input is new, as for
amounts, the cache is disabled.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.evaluation.record_tree import Subject

MAX_ENTRIES = 20_000
"""Findings that one cache holds before it is cleared."""

TRIAL_CALLS, MAX_MISS_RATE = 200, 0.8
"""A cache is disabled if after this many calls a larger share than this were misses."""

Chain = tuple[Subject, ...]
"""A subject after its parents, the record first."""

Findings = tuple[Finding | None, ...]

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class _CacheEntry:
    """Cached findings, and the addresses of the chain that they were computed for."""

    chain: tuple[str, ...]
    findings: Findings


class FindingCache(dict[Key, Findings]):
    """Findings of some rules by their inputs and their subject's address.

    A key is the subject's address followed by the facts that the rules read; `make` computes the findings.
    """

    def __init__(self, make: Callable[..., Findings]) -> None:
        super().__init__()
        self._make = make
        self._cases: dict[Key, _CacheEntry] = {}
        self.new = 0

    def get_or_compute(self, key: Key, *chain: Subject) -> Findings:
        """Return the findings of the last subject of `chain`, whose key is not cached yet."""
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
        """Clear the cache for good."""
        self.clear()
        self._cases.clear()
        self.new = 0


class SubjectEvaluator:
    """The findings of all rules about one kind of subject, cached where useful.

    `write` returns the function that computes them, given which groups of rules are cached; `makers` compute
    the findings of each group.
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
        """Return the findings of the last subject of `chain`."""
        self._asked += 1
        if self._asked % TRIAL_CALLS == 0:
            self._disable_useless_caches()
        return self._answer(self._memories, *chain)

    def _disable_useless_caches(self) -> None:
        """Disable the caches whose inputs are nearly always new."""
        useless = [memory.new > self._asked * MAX_MISS_RATE for memory in self._memories]
        if not any(useless):
            return
        for group, memory in enumerate(self._memories):
            if useless[group]:
                memory.disable()
                self._remembered[group] = False
        self._answer = self._write(self._remembered)


def _rebase_paths(case: _CacheEntry, chain: Chain) -> Findings:
    """Return cached findings with the paths of another chain."""
    pairs = [(old, link.address) for old, link in zip(case.chain, chain, strict=True)][::-1]

    def moved(path: str) -> str:
        for old, new in pairs:
            if path.startswith(old):
                return new + path[len(old) :]
        return path

    first = next(filter(None, case.findings), None)
    if first is None:
        return case.findings
    # Rules that share a cache are about the same subject.
    name, colon, _ = first.subject.partition(":")
    subject = f"{name}:{chain[-1].identity}" if colon else name
    return tuple(
        [
            finding
            and replace(
                finding,
                subject=subject,
                missing=tuple([moved(p) for p in finding.missing]) if finding.missing else (),
            )
            for finding in case.findings
        ]
    )
