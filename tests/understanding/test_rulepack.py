"""Rule packs: what ships, and what a person who edits one is told."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from understanding import PackInvalid, load_pack
from understanding.language import Phrases
from understanding.rulepack import PACKS, in_group


def test_default_pack_counts_three_of_ten() -> None:
    pack = load_pack()
    assert (pack.name, pack.minimum, len(pack.headings), pack.needs_child) == ("families-2022", 3, 10, True)
    assert (len(pack.sign_list), len(pack.red_flag_list)) == (99, 23)
    assert sum(1 for sign in pack.sign_list if not sign.spoken) == 7


def test_older_pack_counts_two_of_six() -> None:
    pack = load_pack("families-2015")
    assert (pack.minimum, len(pack.headings)) == (2, 6)
    assert pack.heading_of("RNT1") == pack.heading_of("MON1")  # arrears are money there
    assert pack.heading_of("HSG1") is None  # a damp home is not one of the six
    assert pack.heading_of("SUB1") == pack.heading_of("MHA1")  # both are health there


@pytest.mark.parametrize("name", ["families-2022", "families-2015"])
def test_every_file_has_version_owner_and_review_date(name: str) -> None:
    pack = load_pack(name)
    assert pack.version == "1.0.0"
    assert pack.owner
    assert isinstance(pack.review_by, date)


@pytest.mark.parametrize("sign", ["ISO1", "LIT1", "LIT2", "LIT3", "MIG1", "LIF1", "ARM1", "BEH1", "BEH6"])
def test_context_signs_count_under_no_heading(sign: str) -> None:
    assert load_pack().heading_of(sign) is None


def test_signs_and_flags_are_found_by_id() -> None:
    pack = load_pack()
    assert pack.sign("DAB3").high_risk
    assert pack.red_flag("RF3").interrupt == "E"
    with pytest.raises(KeyError):
        pack.sign("XXX9")


def test_every_contact_of_a_card_has_a_name() -> None:
    pack = load_pack()
    assert all(contact in pack.contact_names for flag in pack.red_flag_list for contact in flag.contacts)


def test_no_number_stands_in_the_contacts_but_public_short_codes() -> None:
    digits = {
        word.strip("()")
        for name in load_pack().contact_names.values()
        for word in name.split()
        if any(c.isdigit() for c in word)
    }
    assert digits <= {"999", "101", "111,", "111"}


def test_phrases_name_only_signs_of_the_pack() -> None:
    assert Phrases.shipped().signs <= load_pack().sign_ids


def test_every_sign_at_s_or_e_that_is_spoken_has_phrases() -> None:
    pack = load_pack()
    serious = {sign.id for sign in pack.sign_list if sign.level in ("S", "E") and sign.spoken}
    assert serious <= Phrases.shipped().signs


@pytest.mark.parametrize(
    ("item", "group", "inside"),
    [("DAB3", ["DAB*"], True), ("DAB3", ["DAB3"], True), ("DAB13", ["DAB1"], False), ("NEG1", ["DAB*", "SUI*"], False)],
)
def test_groups(item: str, group: list[str], inside: bool) -> None:
    assert in_group(item, group) is inside


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(PACKS, tmp_path / "packs")
    return tmp_path / "packs"


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _line_of(path: Path, words: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if words in line)


def test_a_copied_pack_loads_by_its_path(copy: Path) -> None:
    assert load_pack(copy / "families-2015.yml").name == "families-2015"


def test_unknown_pack_names_those_there_are() -> None:
    with pytest.raises(PackInvalid, match=r"families-2015, families-2022"):
        load_pack("families-1999")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("families-2022.yml", "minimum: 3", "minimum: 30", "minimum"),
        ("families-2022.yml", "minimum: 3", "minimums: 3", "minimum"),
        ("families-2022.yml", "number: 2,", "number: 1,", "twice"),
        ("signs.yml", "level: C", "level: X", "level"),
        ("signs.yml", "id: MON2", "id: MON1", "twice"),
        ("signs.yml", "cues: [children_going_without]", "cues: [no_such_cue]", "no cue called no_such_cue"),
        ("red_flags.yml", "any_sign: [SUI2]", "any_sign: [SUI9]", "no sign called SUI9"),
        (
            "red_flags.yml",
            "contacts: [emergency_services, first_aider]",
            "contacts: [nobody]",
            "no contact called nobody",
        ),
        ("clusters.yml", "[SUB1, SUB2]", "[SUB*, ZZZ*]", "no sign called ZZZ"),
        ("contacts.yml", "contacts:", "contacts: [", "not valid YAML"),
    ],
)
def test_a_mistake_names_file_line_and_what_to_do(copy: Path, file: str, old: str, new: str, says: str) -> None:
    _change(copy / file, old, new)
    with pytest.raises(PackInvalid) as raised:
        load_pack(copy / "families-2022.yml")
    message = str(raised.value)
    assert f"{file}, line " in message
    assert says in message
    assert message.rstrip(".").split(". ")[-1].split()[0] in {"Correct", "Remove", "Check"}


def test_the_line_is_the_line_of_the_mistake(copy: Path) -> None:
    path = copy / "signs.yml"
    line = _line_of(path, "id: MON2") + 3
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[line - 1].strip() == "level: C" or lines[line].strip() == "level: C"
    wrong = line if lines[line - 1].strip() == "level: C" else line + 1
    lines[wrong - 1] = "  level: Q"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PackInvalid, match=rf"signs\.yml, line {wrong}:"):
        load_pack(copy / "families-2022.yml")


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "clusters.yml").unlink()
    with pytest.raises(PackInvalid, match=r"clusters\.yml: the file cannot be read"):
        load_pack(copy / "families-2022.yml")
