"""The models the desk uses, loaded once, when they are first needed: the pages answer long before that."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

M = TypeVar("M")


class LoadedOnce(Generic[M]):
    """What `load` gives, loaded by the first call. Where loading fails, the next call tries again."""

    def __init__(self, load: Callable[[], M]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._model: M | None = None

    def get(self) -> M:
        """The model. Blocks while it loads; raises what `load` raises."""
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model
