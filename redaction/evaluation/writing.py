"""The report in words: Markdown, and the same as a page."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from redaction.evaluation.charts import BY_CASE, BY_TYPE, BY_WRITER
from redaction.evaluation.counting import STRUCTURED, Miss, Share, Tally

if TYPE_CHECKING:
    from redaction.evaluation.run import Results

_NAME: Final = "redaction"
_CASES: Final = ("as typed", "lower", "upper")

Block = str | list[list[str]]
"""A line of Markdown, or a table whose first row is its head."""


def write_report(results: Results, folder: Path) -> None:
    """`folder`/redaction.md and redaction.html."""
    blocks = list(_blocks(results))
    (folder / f"{_NAME}.md").write_text("\n\n".join(_as_markdown(block) for block in blocks) + "\n", encoding="utf-8")
    page = "\n".join(_as_html(block) for block in blocks)
    (folder / f"{_NAME}.html").write_text(_PAGE.format(page=page), encoding="utf-8")


def percent(share: Share) -> str:
    """`97.1 % (96.2 to 97.8)`."""
    low, high = share.interval()
    return f"{share.value:.1%} ({low:.1%} to {high:.1%})".replace("%", " %", 1)


def _blocks(results: Results) -> Iterator[Block]:
    from redaction.evaluation.run import figures  # noqa: PLC0415 - it imports this module

    typed = results.cases["as typed"]
    writers = ", ".join(name.replace("_", " ") for name in results.writers)
    yield "# How well personal data is hidden"
    yield (
        f"Measured with `thinkfamily evaluate redaction` on {len(results.notes)} notes with "
        f"{typed.mentions.total():,} marked mentions by {len(results.writers)} writers ({writers}). "
        f"Part of the notes: **{results.part}**. {_PART[results.part]} "
        "Everyone and everything in them is invented."
    )
    yield (
        "A mention counts as hidden only when every letter and digit of it is under a token, whatever the kind; titles "
        "(Mr, Dr) and words such as `the` and `no.` are left out of the count. Each note is a conversation of its own. "
        "In brackets: the 95 % interval (Wilson)."
    )
    yield "## Against the targets"
    rows = [["figure", "measured", "target", "reached"]]
    for name, (share, way, target) in figures(results).items():
        reached = share.value >= target if way == "at least" else share.value <= target
        rows.append(
            [name, f"{percent(share)} of {share.whole:,}", f"{way} {target:.1%}", "yes" if reached else "**no**"]
        )
    yield rows
    yield f"![People hidden, by letter case and by names]({BY_CASE})"
    yield "## By type"
    yield (
        "`hidden`: under any token. `right`: of those hidden, under its own kind. Small letters and capitals: the same "
        "notes, changed by machine. Other names: people, places, organisations and numbers swapped for those kept for "
        "testing."
    )
    yield _by_type(results)
    yield f"![Mentions hidden, by type]({BY_TYPE})"
    yield "## By letter case and names, all types together"
    yield _by_case(results)
    yield "## By register and writer"
    yield _by_group(results)
    yield f"![Mentions hidden, by register and by writer]({BY_WRITER})"
    yield "## People whose names are on our lists, and others"
    yield [
        ["names", "people hidden"],
        *([name, f"{percent(tally.recall())} of {tally.mentions.total()}"] for name, tally in results.listed.items()),
    ]
    yield "## Numbers typed in haste"
    yield (
        "Each structured identifier with other spacing, hyphens or dots, a letter O for 0, or one digit wrong or gone. "
        "Checksums only ever raise a score, so a number with a slip is hidden like any other."
    )
    yield _slips(results)
    if results.as_float is not None:
        yield "## What 8-bit numbers cost"
        yield [
            ["encoder", "all hidden", "people hidden", "other words hidden"],
            *(
                [name, percent(tally.recall()), percent(tally.recall("PERSON")), percent(tally.over_hidden())]
                for name, tally in (("int8, as it runs", typed), ("32-bit", results.as_float))
            ),
        ]
    if results.outside:
        yield "## The tagger alone, on text that others wrote"
        yield "Tweets and forum posts, far from council notes. Only people are marked there as we mark them. By word."
        heads = list(results.outside[0][1])
        yield [["text", *heads], *([name, *(percent(row[head]) for head in heads)] for name, row in results.outside)]
    yield "## Every miss, as typed"
    yield f"{len(typed.misses)} of {typed.mentions.total():,} mentions were not hidden whole."
    yield _misses(typed.misses)
    yield "## Everything hidden needlessly, as typed"
    yield f"{len(typed.needless)} of {typed.spans:,} tokens stand for nothing that is marked."
    yield _misses(typed.needless)


_PART: Final = {
    "testing": "These writers were kept apart: no model was trained on them, no rule or threshold chosen by them.",
    "tuning": "Rules and thresholds were chosen by looking at these writers: the figures are kinder than the truth.",
    "training": "The models were trained on these writers: the figures are kinder than the truth.",
}


def _by_type(results: Results) -> Block:
    typed = results.cases["as typed"]
    rows = [["type", "mentions", "hidden", "right", "small letters", "capitals", "other names"]]
    for kind in sorted(typed.mentions, key=lambda kind: -typed.mentions[kind]):
        rows.append(
            [
                kind,
                f"{typed.mentions[kind]}",
                percent(typed.recall(kind)),
                f"{typed.type_right(kind).value:.1%}",
                f"{results.cases['lower'].recall(kind).value:.1%}",
                f"{results.cases['upper'].recall(kind).value:.1%}",
                f"{results.other_names['as typed'].recall(kind).value:.1%}",
            ]
        )
    return rows


def _by_case(results: Results) -> Block:
    rows = [["notes", "all hidden", "people hidden", "tokens rightly there", "other words hidden", "doubtful words"]]
    for name, cases in (("as written", results.cases), ("other names", results.other_names)):
        for case in _CASES:
            rows.append([f"{name}, {case}", *_line(cases[case])])
    return rows


def _by_group(results: Results) -> Block:
    rows = [["notes", "all hidden", "people hidden", "tokens rightly there", "other words hidden", "doubtful words"]]
    for name, tally in (*results.registers.items(), *results.writers.items()):
        rows.append([name.replace("_", " "), *_line(tally)])
    return rows


def _line(tally: Tally) -> list[str]:
    return [
        percent(tally.recall()),
        percent(tally.recall("PERSON")),
        percent(tally.precision()),
        f"{tally.over_hidden().value:.2%}",
        f"{tally.doubtful().value:.2%}",
    ]


def _slips(results: Results) -> Block:
    typed, slips = results.cases["as typed"], results.slips
    rows = [["type", "mentions", "clean", "with slips"]]
    for kind in sorted(STRUCTURED & set(typed.mentions), key=lambda kind: -typed.mentions[kind]):
        rows.append([kind, f"{typed.mentions[kind]}", percent(typed.recall(kind)), percent(slips.recall(kind))])
    rows.append(
        [
            "all",
            f"{typed.recall(*STRUCTURED).whole}",
            percent(typed.recall(*STRUCTURED)),
            percent(slips.recall(*STRUCTURED)),
        ]
    )
    return rows


def _misses(misses: Sequence[Miss]) -> Block:
    many = Counter(miss.type for miss in misses)
    rows = [["type", "words", "in context", "note"]]
    for miss in sorted(misses, key=lambda miss: (-many[miss.type], miss.type, miss.note)):
        part = " (hidden in part)" if miss.hidden_part else ""
        rows.append([miss.type + part, miss.words.replace("\n", " "), miss.context, miss.note])
    return rows


def _as_markdown(block: Block) -> str:
    if isinstance(block, str):
        return block
    head, *rows = [[_cell(cell) for cell in row] for row in block]
    return "\n".join([_row(head), _row(["---"] * len(head)), *map(_row, rows)])


def _cell(cell: str) -> str:
    return cell.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _as_html(block: Block) -> str:
    if not isinstance(block, str):
        head, *rows = block
        cells = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in head)
        body = "".join("<tr>" + "".join(f"<td>{_plain(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    if block.startswith("!["):
        words, file = block[2:-1].split("](")
        return f"<p><img src='{html.escape(file)}' alt='{html.escape(words)}'></p>"
    level = len(block) - len(block.lstrip("#"))
    return f"<h{level}>{_plain(block[level + 1 :])}</h{level}>" if level else f"<p>{_plain(block)}</p>"


def _plain(words: str) -> str:
    return html.escape(words.replace("**", "").replace("`", ""))


_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How well personal data is hidden</title>
<style>
body {{ font: 1rem/1.5 Arial, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c; }}
table {{ border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }}
th, td {{ text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #b1b4b6; vertical-align: top; }}
img {{ max-width: 100%; }}
</style>
</head>
<body>
{page}
</body>
</html>
"""
