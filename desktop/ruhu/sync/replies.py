"""Import the county's replies: published standards, then records."""

from datetime import datetime

from ruhu.exchange.formats.reply import Reply
from ruhu.store.store import Store

_PUBLISHED_AT = "published_at"
"""The setting with the time of the last reply whose standards were imported (ISO 8601)."""


def import_reply(store: Store, answer: Reply) -> int:
    """Import a reply: the standards that the county published, then others' revisions and photos.

    Returns the number of records changed. Raises `UserError` if the reply before is missing, or standards are
    not the county's.
    """
    store.replies.require_in_order(answer)
    if answer.published and not _is_outdated(store, answer):
        for file in answer.published:
            store.standards.add(file, published=True)
        store.settings.set(_PUBLISHED_AT, answer.created.isoformat())
    return store.replies.import_reply(answer)


def _is_outdated(store: Store, answer: Reply) -> bool:
    """Return whether a reply is an old copy whose standards may have been replaced since.

    Revisions can be imported any number of times.
    """
    imported_at = store.settings.get(_PUBLISHED_AT, None)
    if imported_at is None or answer.sequence > store.replies.last_number:
        return False
    return answer.created <= datetime.fromisoformat(imported_at)
