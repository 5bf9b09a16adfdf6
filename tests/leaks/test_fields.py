"""No browser keeps what is typed: without autocomplete="off" it writes what stands in a field to its session files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted([*(ROOT / "bot/desk/templates").glob("*.html"), *(ROOT / "inbox/templates").glob("*.html")])
_NOT_TYPED = r'readonly|type="(?:hidden|checkbox|radio|submit)"'
# A field as it is written, or as one of the design system's macros makes it.
_FIELD = re.compile(
    r"<(?:textarea|input)\b[^>]*>|govuk(?:Input|Textarea|CharacterCount|PasswordInput)\(\{.*?\}\)", re.DOTALL
)


def kept(template: str) -> list[str]:
    """The fields of a template whose words a browser would keep."""
    fields = [field for field in _FIELD.findall(template) if not re.search(_NOT_TYPED, field)]
    return [field for field in fields if not re.search(r'autocomplete"?(?:=|: )"off"', field)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_browser_keeps_what_is_typed(template: Path) -> None:
    assert kept(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "field", ['<textarea name="x">', '<input type="text"\n name="x">', '{{ govukCharacterCount({"id": "x"}) }}']
)
def test_a_field_that_is_kept_is_found(field: str) -> None:
    assert len(kept(f"<p>{field}</p>")) == 1


def test_fields_are_looked_at() -> None:
    assert sum(len(_FIELD.findall(template.read_text(encoding="utf-8"))) for template in TEMPLATES) > 10
