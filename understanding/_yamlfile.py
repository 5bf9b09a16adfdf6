"""YAML files that people edit: read with the line of everything, so that a mistake can be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from understanding.errors import PackInvalid

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class YamlFile:
    """A YAML file's content (`data`) and its node tree, which knows the lines."""

    path: Path
    data: Any
    _root: yaml.Node | None

    @classmethod
    def read(cls, path: Path) -> YamlFile:
        """Raises PackInvalid when the file is not there or is not YAML."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PackInvalid(
                f"{path}: the file cannot be read ({type(error).__name__}). Check its name and rights."
            ) from error
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            return cls(path, yaml.safe_load(text), root)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise PackInvalid(
                f"{path}, line {line}: not valid YAML: {error.problem}. Check the indent and quotes."
            ) from error

    def validate(self, model: type[_Model]) -> _Model:
        """The content as `model`; raises PackInvalid with the line of the first mistake."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the file"
            raise self.invalid(first["loc"], f"{field}: {first['msg']}. Correct this and start again.") from error

    def invalid(self, where: Sequence[str | int], what: str) -> PackInvalid:
        """A PackInvalid that names this file and the line of `where` (keys and list positions from the top)."""
        return PackInvalid(f"{self.path}, line {self._line(where)}: {what}")

    def _line(self, where: Sequence[str | int]) -> int:
        node, line = self._root, 1
        for part in where:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == part), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                break
            if node is None:
                break
            line = node.start_mark.line + 1
        return line
