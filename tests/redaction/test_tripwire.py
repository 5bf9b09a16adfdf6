import pytest

from redaction import tripwire
from redaction.shapes import is_card, is_nhs_number, is_postcode


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tel 07700 900123", ["phone"]),
        ("+44 7700 900123", ["phone"]),
        ("mail a.b@example.com now", ["email"]),
        ("QQ 12 34 56 C", ["nino"]),
        ("999 311 0284", ["nhs"]),
        ("A123456789012", ["upn"]),
        ("ba2 9zx", ["postcode"]),
        ("12-34-56", ["sort_code"]),
        ("4111 1111 1111 1111", ["card"]),
        ("192.0.2.17", ["ip"]),
        ("20448190", ["long_number"]),
    ],
)
def test_what_trips(text: str, names: list[str]) -> None:
    assert tripwire(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "[PERSON 1], 3 months behind w rent, owes £1,250.50",
        "[PHONE 1] [NINO 1] [POSTCODE 12] [BANK 3]",
        "07700 [PHONE 1]",
        "ring 999, 101, 116 123, 0800 1111 or 0808 2000 247",
        "s47, section 21, UC50, 24/7, yr7 1st",
        "2 kids, 3 and 7, in 1 room",
        "in June 2024, since 2019-2020",
        "£12345678",
    ],
)
def test_what_passes(text: str) -> None:
    assert tripwire(text) == []


@pytest.mark.parametrize(("number", "right"), [("943 476 5919", True), ("943 476 5918", False), ("12345", False)])
def test_nhs_check_digit(number: str, right: bool) -> None:
    assert is_nhs_number(number) is right


@pytest.mark.parametrize(
    ("number", "right"), [("4111 1111 1111 1111", True), ("4111 1111 1111 1112", False), ("0000", False)]
)
def test_card_check(number: str, right: bool) -> None:
    assert is_card(number) is right


@pytest.mark.parametrize(
    ("text", "right"), [("BA2 9ZX", True), ("BA1 1ST", True), ("yr7 1st", False), ("at9 3pm", False)]
)
def test_postcode_or_school_year(text: str, right: bool) -> None:
    assert is_postcode(text) is right
