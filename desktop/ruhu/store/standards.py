"""The county's standards on the laptop: every set with the file it came in."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruhu.exchange.formats.signed_standards import is_signed, open_standards
from ruhu.i18n import BilingualText
from ruhu.policy.standards.model import Standards, StandardsBook
from ruhu.policy.standards.parser import parse_standards
from ruhu.policy.text.labels import join_texts
from ruhu.store.identity import Identity
from ruhu.store.settings import Settings
from ruhu.strict_json import Document

SETTING = "standards"


@dataclass(frozen=True, slots=True)
class CountyStandards:
    """Sets of standards in the order of their dates, each with the file it came in."""

    book: StandardsBook
    files: tuple[Document, ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[Standards, Document]]) -> "CountyStandards":
        """Collect sets and their files. Raises `StandardsErrors` if dates overlap."""
        book = StandardsBook.of(one for one, _ in pairs)
        files = {id(one): file for one, file in pairs}
        return cls(book, tuple(files[id(one)] for one in book.sets))

    def descriptions(self) -> list[BilingualText]:
        """Describe each set: its county, its dates, whether it is signed and whether it is a sample."""
        descriptions = []
        for one, file in zip(self.book.sets, self.files, strict=True):
            signed = (
                BilingualText("已由县签名", "signed")
                if is_signed(file)
                else BilingualText("未签名", "not signed")
            )
            parts = [BilingualText(one.county, one.county), one.span, signed]
            if one.sample:
                parts.append(BilingualText("示例", "a sample"))
            descriptions.append(join_texts(parts, "　", ", "))
        return descriptions


class StandardsShelf:
    """The county's standards in an open store."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self._settings, self._identity = settings, identity

    def load(self) -> CountyStandards:
        """Return the standards imported so far."""
        files = self._settings.get(SETTING, [])
        return CountyStandards.of([(parse_standards(open_standards(file)), file) for file in files])

    def add(self, file: Document, *, published: bool = False) -> CountyStandards:
        """Import a county's standards, signed or not; return all standards.

        A set that starts on the same day as a stored one replaces it. One that the county has `published`
        replaces every set whose dates overlap with it. Raises `StandardsErrors` for faulty sets or
        overlapping dates, and `StandardsNotGenuine` if a signature is invalid or not by the county whose
        key was imported.
        """
        county = self._identity.county
        added = parse_standards(open_standards(file, county.signing_keys if county else None))
        stored = self.load()
        pairs = [
            (standards, source)
            for standards, source in zip(stored.book.sets, stored.files, strict=True)
            if (standards.county, standards.valid_from) != (added.county, added.valid_from)
            and not (published and standards.county == added.county and _overlap(standards, added))
        ]
        result = CountyStandards.of([*pairs, (added, file)])
        self._settings.set(SETTING, list(result.files))
        return result


def _overlap(one: Standards, other: Standards) -> bool:
    first, second = sorted((one, other), key=lambda each: each.valid_from)
    return first.valid_to is not None and second.valid_from <= first.valid_to
