"""Made-up people to be looked for where they must not be: their names and numbers in every likely writing."""

import base64
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build.qa.durability.workload import household
from PIL import Image

from ruhu.images import ImportedImage, read_picture

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PASSPHRASE = "planted passphrase 7319"
SURNAMES, GIVEN = ("欧阳", "令狐", "濮阳"), ("霁雯", "砚鸿", "璟瑶")


def id_number(body: str) -> str:
    """Return an id number of 18 characters by its first 17."""
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that tells of a person, or opens what does."""

    what: str
    text: str

    def writings(self) -> Iterator[tuple[str, bytes]]:
        """Yield the encodings in which it may be written."""
        plain = self.text.encode()
        yield "UTF-8", plain
        yield "UTF-16", self.text.encode("utf-16-le")
        yield "hex", plain.hex().encode()
        for skipped in range(3):
            # What surrounds it changes only the first and last letters of its base64.
            coded = base64.b64encode(b"\0" * skipped + plain)
            yield "base64", coded[4 if skipped else 0 : len(plain) // 3 * 4 - 4]
        if not plain.isascii():
            yield "GBK", self.text.encode("gbk")
            yield "JSON", json.dumps(self.text)[1:-1].encode()


def people() -> tuple[list[dict[str, Any]], list[Secret]]:
    """Households of planted people, and what is secret about them."""
    documents, secrets = [], []
    for number, (surname, given) in enumerate(zip(SURNAMES, GIVEN, strict=True)):
        document = household(700 + number, 60 + number)
        name, card = f"{surname}{given}", f"62284816{number}7731904627"
        person = id_number(f"4510991986061{number}071")
        phone = f"147900{number}5512"
        document["members"] = [
            {"member_id": "m1", "name": name, "id_number": person, "phone": phone,
             "relationship": "户主", "schooling": {"stage": "none"},
             "health": {"condition": f"结核病史{given}"}},
        ]  # fmt: skip
        document["population"] = 1
        document["housing"] = {**document["housing"], "card_account": card, "danger_grade": "D"}
        documents.append(document)
        secrets += [
            Secret("name", name),
            Secret("id number", person),
            Secret("telephone", phone),
            Secret("bank account", card),
            Secret("illness", f"结核病史{given}"),
        ]
    return documents, secrets


def picture() -> ImportedImage:
    """Return a blank photo."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 60)).save(stream, "JPEG")
    return read_picture("photo.jpg", stream.getvalue())


@dataclass(frozen=True, slots=True)
class Found:
    """A secret where it must not be."""

    where: str
    what: str
    writing: str


def search(data: bytes, where: str, secrets: Iterable[Secret]) -> Iterator[Found]:
    """Yield the secrets in some bytes."""
    for secret in secrets:
        for writing, wanted in secret.writings():
            if wanted in data:
                yield Found(where, secret.what, writing)


def search_files(folder: Path, secrets: list[Secret]) -> tuple[int, int, list[Found]]:
    """Return the number of files and bytes, and the secrets in them or in their names."""
    files = size = 0
    found: list[Found] = []
    for path in sorted(folder.rglob("*")):
        where = str(path.relative_to(folder))
        found += search(where.encode(), f"the name {where}", secrets)
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            files, size = files + 1, size + len(data)
            found += search(data, where, secrets)
    return files, size, found
