"""The county's standards as the laptop keeps them: every set in the file it came in."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruhu.exchange.formats.signed_standards import is_signed, open_standards
from ruhu.i18n import BilingualText
from ruhu.policy.standards.model import Standards, StandardsBook
from ruhu.policy.standards.parser import parse_standards
from ruhu.policy.text.labels import join_texts
from ruhu.store.store import Store
from ruhu.strict_json import Document

SETTING = "standards"


@dataclass(frozen=True, slots=True)
class CountyStandards:
    """The sets at hand in the order of their dates, and beside each the file it came in."""

    book: StandardsBook
    files: tuple[Document, ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[Standards, Document]]) -> "CountyStandards":
        """A shelf of sets and their files. Raises `StandardsErrors` where dates overlap."""
        book = StandardsBook.of(one for one, _ in pairs)
        files = {id(one): file for one, file in pairs}
        return cls(book, tuple(files[id(one)] for one in book.sets))

    def told(self) -> list[BilingualText]:
        """Each set: its county, from when, whether signed, whether a sample."""
        told = []
        for one, file in zip(self.book.sets, self.files, strict=True):
            signed = (
                BilingualText("已由县签名", "signed")
                if is_signed(file)
                else BilingualText("未签名", "not signed")
            )
            parts = [BilingualText(one.county, one.county), one.span, signed]
            if one.sample:
                parts.append(BilingualText("示例", "a sample"))
            told.append(join_texts(parts, "　", ", "))
        return told


def load(store: Store) -> CountyStandards:
    """The standards that were taken in before."""
    files = store.setting(SETTING, [])
    return CountyStandards.of([(parse_standards(open_standards(file)), file) for file in files])


def add(store: Store, file: Document, *, published: bool = False) -> CountyStandards:
    """Keep a county's standards, signed or not, beside those of other dates.

    A set that starts on the same day as one at hand takes its place; what the county has `published`
    takes that of any set whose dates overlap with it. Raises `StandardsErrors` for faulty ones or
    overlapping dates, and `StandardsNotGenuine` where a signature does not hold or is not by the
    county whose key was imported.
    """
    county = store.county
    added = parse_standards(open_standards(file, county.signing_keys if county else None))
    held = load(store)
    pairs = [
        (one, other)
        for one, other in zip(held.book.sets, held.files, strict=True)
        if (one.county, one.valid_from) != (added.county, added.valid_from)
        and not (published and one.county == added.county and _overlap(one, added))
    ]
    shelf = CountyStandards.of([*pairs, (added, file)])
    store.set_setting(SETTING, list(shelf.files))
    return shelf


def _overlap(one: Standards, other: Standards) -> bool:
    first, second = sorted((one, other), key=lambda each: each.valid_from)
    return first.valid_to is not None and second.valid_from <= first.valid_to
