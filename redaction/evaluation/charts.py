"""The report's pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from redaction.evaluation.counting import Share

if TYPE_CHECKING:
    from redaction.evaluation.run import Results

BY_TYPE: Final = "redaction-by-type.svg"
BY_WRITER: Final = "redaction-by-writer.svg"
BY_CASE: Final = "redaction-by-case.svg"
_BLUE: Final = "#1d70b8"
_GREY: Final = "#505a5f"
_LOWEST: Final = 0.5  # where the axes begin


def draw_charts(results: Results, folder: Path) -> None:
    """Write the three charts as SVG."""
    # Slow to import, and only the report needs it.
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "thinkfamily"  # the same picture for the same figures
    typed = results.cases["as typed"]
    kinds = sorted(typed.mentions, key=lambda kind: -typed.mentions[kind])
    _bars(
        folder / BY_TYPE,
        "Mentions hidden, by type (as typed)",
        [f"{kind} ({typed.mentions[kind]})" for kind in kinds],
        [typed.recall(kind) for kind in kinds],
    )
    groups = {**results.registers, **results.writers}
    _bars(
        folder / BY_WRITER,
        "Mentions hidden, by register and by writer (as typed)",
        [f"{name.replace('_', ' ')} ({tally.mentions.total()})" for name, tally in groups.items()],
        [tally.recall() for tally in groups.values()],
    )
    labels, shares = [], []
    for name, cases in (("as written", results.cases), ("other names", results.other_names)):
        for case, tally in cases.items():
            labels.append(f"people, {name}, {case}")
            shares.append(tally.recall("PERSON"))
    _bars(folder / BY_CASE, "People hidden, by letter case and names", labels, shares)


def _bars(path: Path, title: str, labels: Sequence[str], shares: Sequence[Share]) -> None:
    from matplotlib import pyplot  # noqa: PLC0415

    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.32 * len(labels)))
    places = range(len(labels), 0, -1)
    values = [share.value for share in shares]
    spread: list[list[float]] = [[], []]
    for share in shares:
        low, high = share.interval()
        spread[0].append(max(0.0, share.value - low))
        spread[1].append(max(0.0, high - share.value))
    axes.barh(places, values, xerr=spread, color=_BLUE, ecolor=_GREY, height=0.7)
    axes.set_yticks(list(places), labels)
    axes.set_xlim(_LOWEST, 1.0)
    axes.xaxis.set_major_formatter(_percent)
    axes.set_title(title, loc="left")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _percent(value: float, _: Any) -> str:
    return f"{value:.0%}"
