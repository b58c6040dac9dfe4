"""The open county database of the workspace and its thread."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.errors import UserError
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface


class CountySession(QObject):
    """One open county database. `changed` follows each change of its content."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, store: CountyStore, worker: Worker) -> None:
        super().__init__()
        self._store, self._worker = store, worker
        self.public = store.public
        worker.failed.connect(self.failed)
        self.run(lambda opened: opened.statistics.assess_missing(), lambda _: None)

    def run(
        self,
        job: Callable[[CountyStore], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Run a job on the store's thread."""
        self._worker.submit(lambda: job(self._store), done, failed)

    @property
    def store(self) -> CountyStore:
        """The open database, for tests and tools that run no job meanwhile; others use `run`."""
        return self._store

    def has_permission(self, permission: Permission) -> bool:
        """Return whether the user has a permission."""
        return self._store.has_permission(permission)

    @property
    def user(self) -> str:
        """The name and role of the user."""
        account = self._store.user
        return interface.with_parenthesis(account.name, interface.translate(account.role.label))

    @property
    def today(self) -> date:
        """The local date."""
        return datetime.now().astimezone().date()

    @property
    def busy(self) -> bool:
        """Whether jobs are waiting or running."""
        return self._worker.busy

    def close(self) -> None:
        """Close the database and end the thread."""
        self._worker.submit(self._store.close)
        self._worker.stop()
