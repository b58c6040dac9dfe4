"""Read the county's standards from a file: TOML as people write it, or JSON."""

import tomllib

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document, JsonError, read_json, read_number
from ruhu.survey.validation.validate import to_document


class NoStandards(UserError):
    """The file is not a standards file."""


def read_standards_file(name: str, data: bytes) -> Document:
    """Read the bytes of the file `name` as a JSON-ready document, for `parse_standards`.

    Raises `NoStandards`.
    """
    problem = NoStandards(
        BilingualText(
            f"{name}：不是县标准文件（TOML 或 JSON）",
            f"{name}: not a standards file (TOML or JSON)",
        )
    )
    try:
        if name.lower().endswith(".toml"):
            document = tomllib.loads(data.decode("utf-8-sig"), parse_float=read_number)
            for name_ in ("valid_from", "valid_to"):
                if name_ in document:
                    document[name_] = str(document[name_])
        else:
            document = read_json(data)
    except (ValueError, RecursionError):
        raise problem from None
    except JsonError as error:
        where = BilingualText("{name}：{why}", "{name}: {why}")
        raise NoStandards(where.format(name=name, why=error.text)) from None
    plain = to_document(document)
    if not isinstance(plain, dict):
        raise problem
    return plain
