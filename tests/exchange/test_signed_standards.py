"""County standards that travel signed: genuine, altered, or another county's."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.exchange.formats.signed_standards import (
    StandardsNotGenuine,
    open_standards,
    sign_standards,
)
from ruhu.exchange.keys.county import CountySecrets
from ruhu.policy.standards.model import StandardsErrors
from ruhu.strict_json import Document, read_json

STANDARDS: Document = {
    "county": "451024",
    "valid_from": "2017-04-01",
    "farming": {"base_rate": "0.0475"},
    "employment": {"startup_subsidy": 10000},
}


def signed() -> tuple[Document, str]:
    secrets, public, _ = CountySecrets.generate("451024", "德保县")
    return sign_standards(STANDARDS, secrets.signing_secret), public.signing


def test_what_the_county_signed_opens_with_its_key() -> None:
    file, key = signed()
    travelled = read_json(json.dumps(file, ensure_ascii=False).encode())
    assert open_standards(travelled, [key]) == STANDARDS


def test_a_plain_file_is_what_it_says() -> None:
    assert open_standards(STANDARDS) == STANDARDS


def change(file: Document, path: tuple[str, ...], value: Any) -> Document:
    altered = deepcopy(file)
    place = altered
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return altered


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("standards", "employment", "startup_subsidy"), 20000),
        (("standards", "county"), "451025"),
        (("standards",), None),
        (("signature",), "AAAA"),
        (("signature",), "no base64"),
        pytest.param(("signing_key",), signed()[1], id="key-of-another-county"),
        (("signing_key",), "AAAA"),
    ],
)
def test_whatever_is_altered_is_refused(path: tuple[str, ...], value: object) -> None:
    file, _ = signed()
    with pytest.raises(StandardsNotGenuine):
        open_standards(change(file, path, value))


def test_standards_of_another_county_are_recognised() -> None:
    file, _ = signed()
    with pytest.raises(StandardsNotGenuine, match="another county"):
        open_standards(file, [signed()[1]])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["standards", "signing_key", "signature", "x"]), JSON))
def test_no_made_up_file_opens_as_signed(parts: dict[str, Any]) -> None:
    with pytest.raises((StandardsNotGenuine, StandardsErrors)):
        open_standards({**parts, "format": "ruhu.standards/1"})
