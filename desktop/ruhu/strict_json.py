"""Read JSON from outside strictly, with limits on size and depth.

Numbers are exact. Duplicate keys, NaN and unpaired surrogates are refused.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

import msgspec

from ruhu.errors import UserErrors
from ruhu.i18n import BilingualText, one_line

Document = dict[str, Any]

MAX_JSON_BYTES = 16 * 1024 * 1024
MAX_NUMBER_DIGITS = 10_000
MAX_FAST_PATH_BYTES = 4 * 1024 * 1024
"""Larger texts are parsed by the path that needs the least memory."""

MAX_JSON_DEPTH = 40
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""Escape of half a surrogate pair; one alone is not a character."""


MAX_REPORTED = 20
"""Refused values that one error lists."""

DUPLICATE_KEY = BilingualText("同一对象里出现两次", "duplicate key in one object")
TOO_LONG = BilingualText("数字过长", "the number is too long")


class JsonError(UserErrors):
    """The bytes are not JSON that we accept."""

    def __init__(self, *problems: BilingualText) -> None:
        super().__init__(list(problems))


class _Hooks:
    """Callbacks of the JSON parser. A refused value is replaced by its reason, a `BilingualText`."""

    def __init__(self) -> None:
        self.refused = False

    def _refuse(self, why: BilingualText) -> BilingualText:
        self.refused = True
        return why

    def constant(self, name: str) -> BilingualText:
        """Refuse `NaN` and the infinities."""
        why = BilingualText("{name} 不是数，请写数字", "{name} is not a number; write digits")
        return self._refuse(why.format(name=name))

    def number(self, text: str) -> Decimal | BilingualText:
        """Parse a number with a fraction or an exponent."""
        try:
            return read_number(text)
        except ValueError:
            return self._refuse(TOO_LONG)

    def object(self, pairs: list[tuple[str, Any]]) -> Document:
        """Build an object; refuse duplicate keys."""
        document = dict(pairs)
        if len(document) != len(pairs):
            for key, times in Counter(key for key, _ in pairs).items():
                if times > 1:
                    document[key] = self._refuse(DUPLICATE_KEY)
        return document


def _refusals(value: Any, path: str) -> Iterator[BilingualText]:
    """Yield a line for each refused value: its path and the reason."""
    if isinstance(value, BilingualText):
        yield BilingualText("{path}：{why}", "{path}: {why}").format(
            path=one_line(path) or "-", why=value
        )
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _refusals(child, f"{path}.{key[:60]}" if path else key[:60])
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _refusals(child, f"{path}[{_id_of(child) or f'#{index + 1}'}]")


def _id_of(item: Any) -> str | None:
    """Return a list item's first id or number as its label."""
    named = item.items() if isinstance(item, dict) else ()
    ids = (v[:60] for k, v in named if k.endswith(("_id", "_no")) and isinstance(v, str))
    return next(ids, None)


def read_number(text: str) -> Decimal:
    """Parse an exact number. Raises `ValueError` if its digits would exhaust the memory."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if number.is_finite() and abs(number.adjusted()) > MAX_NUMBER_DIGITS:
        raise ValueError("too many digits")
    return number


def json_default(value: Any) -> str:
    """Write a decimal as a plain string; the `default` of `json.dumps`.

    Raises `TypeError` for any other type that JSON does not have.
    """
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)


def _depth(value: Any) -> int:
    """Return how many objects and arrays stand inside each other."""
    depth, layer = 0, [value]
    while layer := [item for item in layer if isinstance(item, (dict, list))]:
        depth += 1
        layer = [
            child
            for parent in layer
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
    return depth


def _has_half_characters(text: str, value: Any) -> bool:
    """Return whether a text contains an unpaired surrogate, which can be neither stored nor signed."""
    if not _LONE_SURROGATE.search(text):
        return False
    try:
        json.dumps(value, ensure_ascii=False, default=json_default).encode()
    except UnicodeEncodeError:
        return True
    return False


def _refuse_fraction(text: str) -> Any:
    raise ValueError(text)


_DECODER = msgspec.json.Decoder(float_hook=_refuse_fraction)
_ENCODER = msgspec.json.Encoder(order="sorted")
_SQUARE = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _is_shallow(text: bytes) -> bool:
    """Return whether a text certainly nests within the limit; brackets inside strings leave it undecided."""
    brackets = text.translate(_SQUARE, _NO_BRACKETS)
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"")
    return not brackets


def read_canonical(data: memoryview) -> tuple[Any, bool]:
    """Parse JSON that should be canonical (RFC 8785) and has no fractions; return it and whether it is.

    This takes a third of the time of `read_json`. If encoding gives the same bytes again, no key was
    duplicated and nothing lost. Otherwise `read_json` decides. Raises `JsonError`.
    """
    value = _read_quickly(bytes(data)) if len(data) <= MAX_FAST_PATH_BYTES else None
    if value is None:
        return read_json(data, max_bytes=len(data)), False
    return value, True


def _read_quickly(data: bytes) -> Any:
    try:
        value = _DECODER.decode(data)
        same = _ENCODER.encode(value) == data
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return value if same and _is_shallow(data) else None


def read_json(data: bytes | memoryview, *, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """Parse `data` as UTF-8 JSON; fractions become `Decimal`.

    Raises `JsonError` for anything that is not JSON, has duplicate keys, NaN, infinities or unpaired
    surrogates, nests deeper than 40 levels or is larger than `max_bytes`.
    """
    if len(data) > max_bytes:
        raise JsonError(
            BilingualText(
                "文件过大，上限 {limit} MB", "the file is too large, at most {limit} MB"
            ).format(limit=max_bytes // 1024 // 1024)
        )
    hooks = _Hooks()
    too_deep = BilingualText(
        "嵌套过深，上限 {limit} 层", "nested too deeply, at most {limit} levels"
    ).format(limit=MAX_JSON_DEPTH)
    try:
        text = str(data, "utf-8-sig")
        value = json.loads(
            text,
            parse_float=hooks.number,
            parse_constant=hooks.constant,
            object_pairs_hook=hooks.object,
        )
    except UnicodeDecodeError:
        raise JsonError(BilingualText("不是 UTF-8 文本", "not UTF-8 text")) from None
    except RecursionError:
        raise JsonError(too_deep) from None
    except json.JSONDecodeError as error:
        raise JsonError(
            BilingualText(
                "不是 JSON：第 {line} 行第 {column} 列读不下去",
                "not JSON: cannot be read at line {line}, column {column}",
            ).format(line=error.lineno, column=error.colno)
        ) from None
    except ValueError:
        raise JsonError(TOO_LONG) from None
    if _depth(value) > MAX_JSON_DEPTH:
        raise JsonError(too_deep)
    if hooks.refused:
        raise JsonError(*islice(_refusals(value, ""), MAX_REPORTED))
    if _has_half_characters(text, value):
        raise JsonError(
            BilingualText(
                "有残缺的字符（\\ud800 一类）", "contains half a character, such as \\ud800"
            )
        )
    return value
