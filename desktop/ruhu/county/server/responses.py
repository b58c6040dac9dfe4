"""Error responses of the server, in both languages."""

from starlette.responses import JSONResponse, Response

from ruhu.county.database.engine import DatabaseNotReached
from ruhu.errors import UserError
from ruhu.exchange.protocol.messages import REVOKED
from ruhu.files.encrypted_sqlite import DatabaseDamaged
from ruhu.i18n import BilingualText

RETRY_AFTER_SECONDS = 10
"""Delay before the next request while the database does not answer."""


def problem(status: int, text: BilingualText) -> Response:
    """Return a response that says what is wrong with a request."""
    return JSONResponse({"zh": text.zh, "en": text.en}, status_code=status)


def unavailable(error: UserError) -> Response:
    """Return the response while the service cannot work.

    It does not reveal where the database is.
    """
    text = error.text
    if isinstance(error, (DatabaseNotReached, DatabaseDamaged)):
        text = BilingualText("县里的数据库暂时用不了", "the county's database does not answer")
    response = problem(503, text)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def refuse_revoked_laptop() -> Response:
    """Return the response to a revoked laptop."""
    response = problem(
        403, BilingualText("县里已注销这台电脑", "the county has revoked this laptop")
    )
    response.headers[REVOKED] = "1"
    return response
