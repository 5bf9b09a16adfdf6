import pytest

from redaction import Identities, Redactor


@pytest.mark.parametrize(
    ("typed", "hidden"),
    [
        ("kelly is back", "[PERSON 1] is back"),
        ("KELLY IS BACK", "[PERSON 1] IS BACK"),
        ("marsh family", "[PERSON 1] family"),
        ("kellys rent", "[PERSON 1] rent"),
        ("Kelly's rent", "[PERSON 1]'s rent"),
        ("kel rang", "[PERSON 1] rang"),
        ("spoke to kely marsh", "spoke to [PERSON 1]"),
        ("K. Marsh rang", "[PERSON 1] rang"),
        ("K says no", "[PERSON 1] says no"),
        ("her lad jaydens ok", "her lad [PERSON 2] ok"),
        ("she goes hillcrest primary", "she goes [ORG 1]"),
        ("ring 07700900123", "ring [PHONE 1]"),
    ],
)
def test_who_was_named_before_is_known_again(redactor: Redactor, typed: str, hidden: str) -> None:
    identities = Identities()
    redactor.redact("Kelly Marsh, son Jayden at Hillcrest Primary, tel 07700 900123", identities)
    assert redactor.redact(typed, identities).text == hidden


@pytest.mark.parametrize(
    "typed", ["the rent will go up", "it may help", "a grace period", "will you ring", "she hopes so", "IT WILL DO"]
)
def test_a_word_that_is_somebodys_name_here_is_still_a_word(redactor: Redactor, typed: str) -> None:
    identities = Identities()
    redactor.redact("Will Marsh and his sister Grace Hope rang, and May Long", identities)
    assert redactor.redact(typed, identities).text == typed


def test_an_initial_that_fits_nobody_stays(redactor: Redactor) -> None:
    identities = Identities()
    redactor.redact("Kelly Marsh rang", identities)
    assert redactor.redact("Plan B says no", identities).text == "Plan B says no"
