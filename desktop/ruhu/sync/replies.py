"""What comes with the county's answers, put where it belongs on the laptop."""

from datetime import datetime

from ruhu.exchange.formats.reply import Answer
from ruhu.store.store import Store

_PUBLISHED_AT = "published_at"
"""The setting that tells when the last answer was made whose standards were taken in (ISO 8601)."""


def note_answer(store: Store, answer: Answer) -> int:
    """Take in an answer: the standards the county has published, then others' revisions and photos.

    Returns how many records it changed. Raises `UserError` where the answer before has not come, or
    standards are not the county's.
    """
    store.replies.require_in_order(answer)
    if answer.published and not _is_outdated(store, answer):
        for file in answer.published:
            store.standards.add(file, published=True)
        store.settings.set(_PUBLISHED_AT, answer.created.isoformat())
    return store.replies.import_reply(answer)


def _is_outdated(store: Store, answer: Answer) -> bool:
    """Whether an answer came before, as on a stick that lay about, and its standards may have been
    replaced since. Revisions may come as often as they like.
    """
    told = store.settings.get(_PUBLISHED_AT, None)
    if told is None or answer.sequence > store.replies.last_number:
        return False
    return answer.created <= datetime.fromisoformat(told)
