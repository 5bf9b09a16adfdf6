import pytest

from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.words import fold


@pytest.mark.parametrize("word", ["UC", "camhs", "May", "Tuesday", "mum", "Kurdish", "Somalia", "DWP", "leccy"])
def test_words_that_name_nobody(word: str) -> None:
    assert keep().keeps_word(fold(word))


@pytest.mark.parametrize("word", ["Kelly", "Marsh", "Twerton", "Tesco", "", "Hodan"])
def test_words_that_may(word: str) -> None:
    assert not keep().keeps_word(fold(word))


@pytest.mark.parametrize(
    "text", ["s47", "S.17", "section 21", "art 8", "UC50", "24/7", "999", "0808 2000 247", "+44 808 2000 247"]
)
def test_numbers_and_laws_that_stay(text: str) -> None:
    assert keep().keeps(text)


@pytest.mark.parametrize("text", ["07700 900123", "s47 Kelly", "PO Box 119", "BA2", "section", "+44 7700 900123"])
def test_numbers_that_do_not(text: str) -> None:
    assert not keep().keeps(text)


def test_every_word_that_is_also_a_name_is_on_a_list_of_names() -> None:
    lists = gazetteer()
    places = {place[0] for place in lists.places if len(place) == 1}
    assert {word for word in lists.also_words if not lists.is_name(word) and word not in places} == set()


def test_the_lists_hold_many_communities() -> None:
    for name in (
        "kelly",
        "hodan",
        "krzysztof",
        "chidinma",
        "oleksandr",
        "gurpreet",
        "nguyen",
        "ionut",
        "aoife",
        "mehmet",
    ):
        assert gazetteer().is_name(name)
