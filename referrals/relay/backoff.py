"""How long to wait before the next try."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class BackOff:
    """Waits that double from ``first`` up to ``longest``, each cut by up to half at random.

    Without the random part, all that failed together would come back together.
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=2)

    def wait(
        self, attempts: int, asked: timedelta | None = None, draw: Callable[[], float] = random.random
    ) -> timedelta:
        """The wait after ``attempts`` failed tries (1 or more).

        It is at least what the other side ``asked`` for, and never above ``longest``.
        """
        doubled = self.first * (1 << min(attempts - 1, 30))
        wait = min(doubled, self.longest) * (1 - draw() / 2)
        return min(max(wait, asked or timedelta(0)), self.longest)
