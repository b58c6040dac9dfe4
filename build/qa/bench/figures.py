"""One measured figure: ours, the reference for comparison, and the promised limit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure and its bound. `reference` is the peer's figure; `at_least`, `at_most` bound `value`.

    `value` is the ratio to the peer where there is one, else our own figure.
    """

    what: str
    ours: str
    reference: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; `None` where none was made or the peer is missing."""
        if self.value is None or self.at_least is self.at_most is None:
            return None
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    def row(self) -> str:
        """The figure as a line of the table."""
        value = "–" if self.value is None else f"{self.value:,.3g}"
        low = "" if self.at_least is None else f"≥ {self.at_least:g}"
        high = "" if self.at_most is None else f"≤ {self.at_most:g}"
        kept = {True: "yes", False: "**no**", None: ""}[self.kept]
        wanted = f"{low}{high}"
        return f"| {self.what} | {self.ours} | {self.reference} | {value} | {wanted} | {kept} |"
