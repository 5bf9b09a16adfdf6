"""The sentences that people read, from content files: none stands in Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml


class Words:
    """Sentences by dotted name, such as ``sign_in.wrong``."""

    def __init__(self, tree: Mapping[str, object]) -> None:
        self._tree = tree

    @classmethod
    def load(cls, path: Path) -> Words:
        """The sentences in the YAML file ``path``."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def __call__(self, name: str, /, **values: object) -> str:
        """The sentence called ``name`` with ``{values}`` put in. Raises KeyError where there is none."""
        found: object = self._tree
        for part in name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise KeyError(f"no sentence is called {name}")
            found = found[part]
        if not isinstance(found, str):
            raise KeyError(f"{name} is not a sentence")
        return found.format(**values) if values else found

    def has(self, name: str) -> bool:
        """Whether there is a sentence called ``name``."""
        try:
            self(name)
        except KeyError:
            return False
        return True


WORDS = Words.load(Path(__file__).with_name("words.yml"))
