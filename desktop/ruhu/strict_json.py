"""Reading JSON from outside: exact numbers, no duplicate keys, no NaN, whole characters, bounded size
and depth.
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
"""What is larger is read in the way that needs the least memory."""

MAX_JSON_DEPTH = 40
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""What a character beyond the first 65,536 is escaped by, in pairs; one alone is no character."""


MAX_REPORTED = 20
"""How many refused values are told of."""

DUPLICATE_KEY = BilingualText("同一对象里出现两次", "stands twice in one object")
TOO_LONG = BilingualText("数字过长", "a number is too long")


class JsonError(UserErrors):
    """The bytes are no JSON that we accept."""

    def __init__(self, *problems: BilingualText) -> None:
        super().__init__(list(problems))


class _Hooks:
    """What reads the parts of one text. In the place of a value that is refused stands why, a `Text`."""

    def __init__(self) -> None:
        self.refused = False

    def _refuse(self, why: BilingualText) -> BilingualText:
        self.refused = True
        return why

    def constant(self, name: str) -> BilingualText:
        """`NaN` and the infinities."""
        why = BilingualText("{name} 不是数，请写数字", "{name} is not a number; write digits")
        return self._refuse(why.format(name=name))

    def number(self, text: str) -> Decimal | BilingualText:
        """A number with a point or an exponent."""
        try:
            return read_number(text)
        except ValueError:
            return self._refuse(TOO_LONG)

    def object(self, pairs: list[tuple[str, Any]]) -> Document:
        """An object; no key may stand twice."""
        document = dict(pairs)
        if len(document) != len(pairs):
            for key, times in Counter(key for key, _ in pairs).items():
                if times > 1:
                    document[key] = self._refuse(DUPLICATE_KEY)
        return document


def _refusals(value: Any, path: str) -> Iterator[BilingualText]:
    """Where something was refused, by its path, and why."""
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
    """What an item of a list is told apart by: of most it is called an id or a number."""
    named = item.items() if isinstance(item, dict) else ()
    ids = (v[:60] for k, v in named if k.endswith(("_id", "_no")) and isinstance(v, str))
    return next(ids, None)


def read_number(text: str) -> Decimal:
    """An exact number. Raises `ValueError` for one whose digits would fill the memory."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("no usable number") from None
    if number.is_finite() and abs(number.adjusted()) > MAX_NUMBER_DIGITS:
        raise ValueError("too many digits")
    return number


def json_default(value: Any) -> str:
    """What stands in JSON for a decimal: a plain string. For `json.dumps` as its `default`.

    Raises `TypeError` for anything else that JSON has no form for.
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
    """Whether texts hold half of a pair, which can be neither stored nor signed nor shown."""
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
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _is_shallow(text: bytes) -> bool:
    """Whether a text surely nests no deeper than it may; brackets inside its texts leave it open."""
    brackets = text.translate(None, _NO_BRACKETS)
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            return True
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return not brackets


def read_canonical(data: memoryview) -> tuple[Any, bool]:
    """Parse JSON that should be canonical (RFC 8785), without fractions, in a third of the time; and
    whether it is.

    Where writing it again gives the same bytes nothing stood twice and nothing was lost; anything else is
    for `read_json` to read or to refuse. Raises `JsonError`.
    """
    value = _read_quickly(bytes(data)) if len(data) <= MAX_FAST_PATH_BYTES else None
    if value is None:
        return read_json(data, most_bytes=len(data)), False
    return value, True


def _read_quickly(data: bytes) -> Any:
    try:
        value = _DECODER.decode(data)
        same = _ENCODER.encode(value) == data
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return value if same and _is_shallow(data) else None


def read_json(data: bytes | memoryview, *, most_bytes: int = MAX_JSON_BYTES) -> Any:
    """Parse `data` as UTF-8 JSON; decimals become `Decimal`.

    Raises `JsonError` for anything that is not JSON, has duplicate keys, NaN or infinities or half a
    character, nests deeper than 40 levels or is larger than `most_bytes`.
    """
    if len(data) > most_bytes:
        raise JsonError(
            BilingualText(
                "文件过大，上限 {limit} MB", "the file is too large, at most {limit} MB"
            ).format(limit=most_bytes // 1024 // 1024)
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
            BilingualText("有残缺的字符（\\ud800 一类）", "half a character, such as \\ud800")
        )
    return value
