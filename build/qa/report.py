"""What a proof found: figures, and every case in which the promise was not kept."""

import json
import os
import platform
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OUT = Path("out/proofs")


@dataclass
class Report:
    """The figures of one proof, by what was tried."""

    title: str
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))

    def add(self, what: str, **figures: Any) -> None:
        """Add figures under a heading; they are printed at once."""
        self.figures.setdefault(what, {}).update(figures)
        print(f"{what}: {_words(figures)}", flush=True)

    def note(self, text: str) -> None:
        """Add a sentence that the figures need."""
        self.notes.append(text)
        print(text, flush=True)

    def broken(self, where: str, why: BaseException | str) -> None:
        """Say that the promise was not kept."""
        reason = why if isinstance(why, str) else f"{type(why).__name__}: {why}"
        self.failures.append(f"{where}: {reason}")
        print(f"NOT KEPT {where}: {reason}", flush=True)
        if isinstance(why, BaseException):
            traceback.print_exception(why)

    def write(self, name: str) -> Path:
        """Write `out/proofs/NAME.json` and `.md`; the path of the latter."""
        OUT.mkdir(parents=True, exist_ok=True)
        ended = datetime.now(UTC)
        content = {
            "title": self.title,
            "begun": self.begun.isoformat(timespec="seconds"),
            "seconds": round((ended - self.begun).total_seconds()),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "figures": self.figures,
            "notes": self.notes,
            "failures": self.failures,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (OUT / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
        path = OUT / f"{name}.md"
        path.write_text(self._page(content), encoding="utf-8")
        return path

    def _page(self, content: dict[str, Any]) -> str:
        kept = "Kept." if not self.failures else f"**Not kept in {len(self.failures)} cases.**"
        lines = [
            f"# {self.title}",
            "",
            f"{content['begun'][:10]}, {content['seconds']} s, Python {content['python']}. {kept}",
            "",
            "| tried | figures |",
            "|---|---|",
            *(f"| {what} | {_words(figures)} |" for what, figures in self.figures.items()),
            *(f"\n{note}" for note in self.notes),
            *(f"\n- {failure}" for failure in self.failures),
        ]
        return "\n".join(lines) + "\n"


def _words(figures: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_shown(v)}" for name, v in figures.items())


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
