"""Errors that a user can act on."""

from ruhu.i18n import BilingualText


class UserError(Exception):
    """A problem the user can fix: commands print it and exit with 2, the window shows it.

    `text` says what is wrong and what to do, in both languages.
    """

    def __init__(self, text: BilingualText) -> None:
        super().__init__(text.en)
        self.text = text


class UserErrors(UserError):
    """Several problems found at once, one line each."""

    def __init__(self, problems: list[BilingualText]) -> None:
        super().__init__(
            BilingualText("\n".join(p.zh for p in problems), "\n".join(p.en for p in problems))
        )
        self.problems = problems
