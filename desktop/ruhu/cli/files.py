"""Files named on the command line."""

from pathlib import Path

from ruhu.policy.standards_file import NoStandards
from ruhu.survey.text import Text, UserError, UserErrors


class NotRead(UserError):
    """A file that cannot be read; it says which."""


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises `NotRead`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotRead(
            Text("{path}：打不开（{why}）", "{path}: cannot be opened ({why})").format(
                path=path, why=error.strerror
            )
        ) from None


def in_file(path: Path, error: UserError) -> list[Text]:
    """The problems of an error, each with the file's name before it."""
    if isinstance(error, (NotRead, NoStandards)):
        return [error.text]
    problems = error.problems if isinstance(error, UserErrors) else [error.text]
    return [Text("{path}：{what}", "{path}: {what}").format(path=path, what=p) for p in problems]
