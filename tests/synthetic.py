"""A text without words, a codebook with one-letter labels, and keys made of numbers: for exact vectors."""

import json
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from secondsource.article import Article
from secondsource.building import _tidy
from secondsource.codebook import Codebook
from secondsource.key import Distractor, Key, KeySpan, Provenance
from secondsource.spans import LabelSet, Span

LABELS = "ABCDE"
LAYER = "wording"


def _label(name: str, shortcut: str, number: int, unit: str = "span") -> str:
    texts = "\n".join(
        f'{field} = "{field} of {name}"' for field in ("ask", "definition", "rule", "example", "near_miss")
    )
    return f"""
[[layers.labels]]
id = "{name}"
name = "Name of {name}"
unit = "{unit}"
{texts}
colour = "#00000{number}"
colour_dark = "#f0000{number}"
pattern = "solid"
shortcut = "{shortcut}"
"""


def _layer(name: str, unit: str, labels: str) -> str:
    return f"""
[[layers]]
id = "{name}"
name = "Layer {name}"
unit = "{unit}"
overlap = true
question = "Which?"
human = "Trained people were never asked."
human_source = "none"
human_checked = false
{labels}
"""


TOML = (
    'id = "letters"\nversion = "1"\nlanguage = "en"\ntitle = "Letters"\n'
    + _layer(
        LAYER,
        "span",
        "".join(_label(name, name.lower(), i) for i, name in enumerate(LABELS)) + _label("CLEAN", "n", 8, "sentence"),
    )
    + _layer("claims", "sentence", _label("fact", "f", 1, "sentence") + _label("view", "v", 2, "sentence"))
)
CODEBOOK = Codebook.parse(TOML)
TEXT = Article("b" * 1000, title="Letters", provenance="Invented text, written for practice.", note="Nothing happens.")
STATUS = Provenance(
    status="draft", made="by hand", statement="A key for tests.", passes=1, human_annotators=0, date="2026-11"
)

Row = tuple[int, int] | tuple[int, int, str]


def spans(rows: Iterable[Row], *, layer: str = LAYER, name: str = "m") -> list[Span]:
    """Labels from ``(start, end)`` (label A) or ``(start, end, label)``."""
    return [Span(f"{name}{i}", layer, row[2] if len(row) > 2 else "A", row[0], row[1]) for i, row in enumerate(rows)]


def labels(rows: Iterable[Row], *, article: Article = TEXT, layer: str = LAYER) -> LabelSet:
    """The same as a label set."""
    return LabelSet(article, CODEBOOK, tuple(spans(rows, layer=layer)))


def entry(
    start: int, end: int, label: str = "A", *, tier: str = "core", also: str = "", extents: Iterable = ()
) -> dict:
    """An entry of a key; ``also`` holds one-letter labels."""
    also_ids = ("CLEAN",) if also == "CLEAN" else tuple(also)
    return {"at": (start, end, label), "tier": tier, "also": also_ids, "extents": tuple(extents)}


def key(
    entries: Iterable[dict | Row],
    *,
    distractors: Iterable[tuple[int, int, str]] = (),
    article: Article = TEXT,
    layer: str = LAYER,
) -> Key:
    """A key without any file; a plain ``(start, end)`` is a core entry with label A."""
    rows = [row if isinstance(row, dict) else entry(*row) for row in entries]
    made = LabelSet(article, CODEBOOK, tuple(spans((row["at"] for row in rows), layer=layer, name="k")))
    known = [
        KeySpan(span, row["tier"], f"reason {span.id}", f"counter {span.id}", row["also"], row["extents"])
        for span in made.spans
        for row in [rows[int(span.id[1:])]]
    ]
    traps = [
        Distractor(f"d{i}", (label,), start, end, article.text[start:end], f"why not {i}", f"instead {i}")
        for i, (start, end, label) in enumerate(distractors)
    ]
    return Key(made, CODEBOOK.layer(layer), tuple(known), tuple(traps), STATUS)


def notebook(*cells: tuple[str, str], tags: dict[int, list[str]] | None = None) -> dict:
    """A notebook of ``("markdown" | "code", source)`` cells; ``tags`` by cell number."""
    made = []
    for i, (kind, source) in enumerate(cells):
        cell: dict = {"id": f"c{i}", "cell_type": kind, "metadata": {}, "source": source}
        if tags and i in tags:
            cell["metadata"] = {"tags": tags[i]}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def executed(made: NotebookNode, _folder: Path) -> NotebookNode:
    """Stands for running a notebook: every code cell shows its own source. No kernel, and no second of waiting."""
    ran = _tidy(deepcopy(made))
    for number, cell in enumerate((cell for cell in ran.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = number
        cell.outputs = [new_output("execute_result", {"text/plain": cell.source}, execution_count=number)]
    return ran


def write_notebook(path: Path, made: dict) -> Path:
    """Write a notebook as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path
