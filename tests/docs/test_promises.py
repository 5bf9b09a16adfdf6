"""Every promise in docs/promises.md names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_promise_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (P\d) \|.*\| ([^|]+) \|$", page, flags=re.MULTILINE)
    assert [promise for promise, _ in rows] == [f"P{n}" for n in range(1, 10)]
    for promise, named in rows:
        places = re.findall(r"`([^`]+)`", named)
        assert places, f"{promise} names no test"
        for place in places:
            path = ROOT / place
            tests = [path] if path.is_file() else sorted(path.glob("test_*.py"))
            assert tests, f"{promise}: {place} holds no test"
            assert all("def test_" in test.read_text(encoding="utf-8") for test in tests), promise


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not broken
