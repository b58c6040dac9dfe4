"""The audit log of exported lists."""

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.export.spreadsheet import Sheet


class ExportService:
    """Exports of lists, each with an entry in the audit trail."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def record(self, sheet: Sheet) -> Sheet:
        """Log that a list is exported, and return the list. Raises `PermissionDenied`."""
        with self._session.transaction(Permission.EXPORT) as tx:
            detail = {"held": sheet.held} if sheet.held else {}
            tx.log("export list", {"list": sheet.title, "rows": len(sheet.rows)} | detail)
        return sheet
