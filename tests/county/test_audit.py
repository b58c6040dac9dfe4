"""The audit trail names every act in words."""

import re
from pathlib import Path

from ruhu.county import audit


def test_every_act_has_a_name_that_people_use() -> None:
    written = {
        act
        for path in Path(audit.__file__).parent.rglob("*.py")
        for act in re.findall(r'\.note\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert written | {"claim", "pay", "answer"} <= set(audit.ACTS)
