"""The county's replies: import what others changed, and count the replies imported."""

from collections.abc import Sequence

from ruhu.clock import Clock
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import Attachment
from ruhu.exchange.formats.reply import Reply
from ruhu.i18n import BilingualText
from ruhu.revisions.revision import Revision
from ruhu.store.attachments import insert_received
from ruhu.store.indexing import reindex
from ruhu.store.revision_table import COUNTY_BUNDLE_ID, insert_revision
from ruhu.store.settings import Settings
from ruhu.store.sqlite_driver import Database, transaction


class Replies:
    """The county's numbered replies to this laptop."""

    def __init__(self, db: Database, settings: Settings, clock: Clock) -> None:
        self._db, self._settings, self._clock = db, settings, clock

    @property
    def last_number(self) -> int:
        """The number of the last reply imported, 0 before the first."""
        return int(self._settings.get("answered", 0))

    @property
    def acknowledged_number(self) -> int:
        """The number of the last reply that a bundle acknowledged, 0 before the first."""
        return int(self._settings.get("told_answered", 0))

    def require_in_order(self, reply: Reply) -> None:
        """Raise `UserError` if the reply before this one has not been imported."""
        expected = self.last_number + 1
        if reply.sequence > expected:
            raise UserError(
                BilingualText(
                    f"县里的第{expected}个答复还没到，先不收第{reply.sequence}个",
                    f"reply {reply.sequence} cannot be imported yet: reply {expected} is missing",
                )
            )

    def import_reply(self, reply: Reply) -> int:
        """Import a reply; return the number of records changed. Raises what `require_in_order` raises."""
        self.require_in_order(reply)
        number = max(reply.sequence, self.last_number)
        return self.import_revisions(reply.revisions, reply.attachments, number=number)

    def import_revisions(
        self,
        revisions: Sequence[Revision],
        attachments: Sequence[Attachment] = (),
        *,
        number: int | None = None,
    ) -> int:
        """Import others' revisions and attachments; return the number of records changed.

        `number` is the reply's. An open visit is not touched: closing it merges it with the import.
        """
        changed = set()
        with transaction(self._db):
            for revision in revisions:
                if insert_revision(self._db, revision, bundle_id=COUNTY_BUNDLE_ID):
                    changed.add(revision.record_id)
            for attachment in attachments:
                insert_received(self._db, attachment, COUNTY_BUNDLE_ID)
            reindex(self._db, changed, self._clock())
            if number is not None:
                self._settings.set("answered", number)
        return len(changed)
