"""What was worked out before is not worked out again: findings kept by the case they are about.

Most rules have few cases: they read closed lists and ages. Where nearly every case is a new one (what
reads amounts), nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from msgspec.structs import replace

from ruhu.policy.finding import Finding
from ruhu.policy.subjects import Subject

MOST_KEPT = 20_000
"""Answers that one memory holds before it starts afresh."""

ON_TRIAL, MOST_NEW = 200, 0.8
"""A memory is given up where, after so many questions, more than this share were new cases."""

Chain = tuple[Subject, ...]
"""A subject after those it belongs to, the record first."""

Findings = tuple[Finding | None, ...]

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """The findings of a case, about the subjects of the chain they were worked out for."""

    chain: tuple[str, ...]
    findings: Findings


class Memory:
    """Findings of some rules by their case, and by how its subject is called.

    `key` yields the subject's address and then the facts that make the case; `work_out` makes the
    findings. Where nearly every case is a new one, nothing is kept any more.
    """

    def __init__(self, key: Callable[..., Key], work_out: Callable[..., Findings]) -> None:
        self._key, self._work_out = key, work_out
        self._by_name: dict[Key, Findings] = {}
        self._cases: dict[Key, _Case] = {}
        self._asked = self._new = 0
        self._given_up = False

    def findings(self, chain: Chain) -> Findings:
        """The findings about the last of `chain`, worked out only for a case that is new."""
        if self._given_up:
            return self._work_out(*chain)
        self._asked += 1
        key = self._key(*chain)
        findings = self._by_name.get(key)
        if findings is None:
            findings = self._by_name[key] = self._of_case(key[1:], chain)
            self._keep_in_bounds()
        return findings

    def _of_case(self, key: Key, chain: Chain) -> Findings:
        case = self._cases.get(key)
        if case is not None:
            return _readdressed(case, chain)
        self._new += 1
        findings = self._work_out(*chain)
        self._cases[key] = _Case(tuple([link.address for link in chain]), findings)
        return findings

    def _keep_in_bounds(self) -> None:
        self._given_up = self._asked > ON_TRIAL and self._new > self._asked * MOST_NEW
        if self._given_up or len(self._by_name) > MOST_KEPT:
            self._by_name.clear()
            self._cases.clear()


def _readdressed(case: _Case, chain: Chain) -> Findings:
    """The findings of a case, about the subjects of another chain."""
    pairs = [(old, link.address) for old, link in zip(case.chain, chain, strict=True)][::-1]

    def moved(path: str) -> str:
        for old, new in pairs:
            if path.startswith(old):
                return new + path[len(old) :]
        return path

    subject = chain[-1]
    return tuple([finding and _about(finding, subject, moved) for finding in case.findings])


def _about(finding: Finding, subject: Subject, moved: Callable[[str], str]) -> Finding:
    name, colon, _ = finding.subject.partition(":")
    if finding.missing:
        finding = replace(finding, missing=tuple([moved(path) for path in finding.missing]))
    return replace(finding, subject=f"{name}:{subject.identity}") if colon else finding
