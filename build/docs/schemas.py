"""Write the JSON Schemas to resources/schemas.

usage: schemas.py [--check]      with --check, only tells whether they are up to date
"""

import json
import sys
from pathlib import Path

from ruhu.exchange.formats.schemas import all_schemas

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "schemas"


def main() -> None:
    texts = {
        f"{name}.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in all_schemas().items()
    }
    if "--check" in sys.argv[1:]:
        present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
        if present != texts:
            sys.exit("resources/schemas is out of date: run build/docs/schemas.py")
        print("schemas up to date")
        return
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
