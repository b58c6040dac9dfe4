"""Files named on the command line."""

import sys
from pathlib import Path

from ruhu.errors import UserError, UserErrors
from ruhu.export.cell_text import AlteredCells
from ruhu.i18n import BilingualText, Language
from ruhu.policy.standards.files import NoStandards


class FileNotReadable(UserError):
    """A file that cannot be read."""


def read_file(path: Path) -> bytes:
    """Return the bytes of a file. Raises `FileNotReadable`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileNotReadable(
            BilingualText("{path}：打不开（{why}）", "{path}: cannot be opened ({why})").format(
                path=path, why=error.strerror
            )
        ) from None


def warn_of(altered: AlteredCells, language: Language) -> None:
    """Print the cells of a written file in which characters were replaced."""
    if altered.cells:
        print(altered.text.in_language(language), file=sys.stderr)


def with_file_name(path: Path, error: UserError) -> list[BilingualText]:
    """Return the problems of an error, each with the file's name in front."""
    if isinstance(error, (FileNotReadable, NoStandards)):
        return [error.text]
    problems = error.problems if isinstance(error, UserErrors) else [error.text]
    return [
        BilingualText("{path}：{what}", "{path}: {what}").format(path=path, what=p)
        for p in problems
    ]
