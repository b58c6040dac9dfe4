"""Error responses of the server, in both languages."""

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from ruhu.county.database.engine import DatabaseNotReached
from ruhu.county.devices.devices import RevokedBefore, RevokedDevice
from ruhu.county.devices.enrolment import OtherKey
from ruhu.county.server.uploads import DigestMismatch, OffsetMismatch
from ruhu.errors import UserError
from ruhu.exchange.keys.enrolment import NotGenuine
from ruhu.exchange.protocol.http_signature import NotSigned
from ruhu.exchange.protocol.messages import OFFSET, REVOKED
from ruhu.files.encrypted_sqlite import DatabaseDamaged
from ruhu.i18n import BilingualText

RETRY_AFTER_SECONDS = 10
"""Delay before the next request while the database does not answer."""


class Problem(BaseModel):
    """What is wrong with a request, in both languages."""

    zh: str
    en: str


class RequestRefused(Exception):
    """A request that cannot be answered: its status and the reason."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.status, self.text = status, BilingualText(zh, en)


HANDLED_ERRORS = (RequestValidationError, RequestRefused, NotSigned, UserError)
"""The errors that `error_response` knows."""


def error_response(error: Exception) -> Response:
    """Return the response to one of the `HANDLED_ERRORS`."""
    match error:
        case RequestRefused():
            return _problem(error.status, error.text)
        case RequestValidationError():
            text = BilingualText("请求与接口说明不符", "the request is not as described")
            return _problem(422, text)
        case NotSigned():
            text = BilingualText(
                "设备没有登记，或签名不对",
                "the device is not enrolled, or the signature is invalid",
            )
            return _problem(401, text)
        case RevokedDevice() | RevokedBefore():
            text = BilingualText("县里已注销这台电脑", "the county has revoked this laptop")
            return _problem(403, text, {REVOKED: "1"})
        case NotGenuine():
            return _problem(401, error.text)
        case OffsetMismatch():
            return _problem(409, error.text, {OFFSET: str(error.offset)})
        case OtherKey():
            return _problem(409, error.text)
        case DigestMismatch():
            return _problem(422, error.text)
        case UserError():
            return _unavailable(error)
    raise error


def _problem(
    status: int, text: BilingualText, headers: Mapping[str, str] | None = None
) -> Response:
    body = Problem(zh=text.zh, en=text.en).model_dump()
    return JSONResponse(body, status_code=status, headers=headers)


def _unavailable(error: UserError) -> Response:
    """Return the response while the service cannot work.

    It does not reveal where the database is.
    """
    text = error.text
    if isinstance(error, (DatabaseNotReached, DatabaseDamaged)):
        text = BilingualText("县里的数据库暂时用不了", "the county's database does not answer")
    return _problem(503, text, {"Retry-After": str(RETRY_AFTER_SECONDS)})
