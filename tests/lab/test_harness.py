"""The harness itself, on a notebook without any widget."""

import json
from pathlib import Path

from real_lab import Notebook


def test_a_plain_notebook_runs_and_answers(notebook: Notebook, course: Path) -> None:
    """Open, run, ask the kernel, restart, save: every step a lesson test relies on."""
    cell = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": "n = 20 + 1",
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    plain = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (course / "plain – ü.ipynb").write_text(json.dumps(plain), encoding="utf-8")
    notebook.open("plain – ü.ipynb")
    notebook.run_all()
    assert notebook.ask("print(n)") == "21\n"
    assert notebook.ask("n + 1") == "22"
    notebook.restart()
    assert notebook.ask("n").startswith("NameError")
    assert notebook.find("20 + 1") == 0
    notebook.theme(dark=True)
    notebook.theme(dark=False)
    notebook.save()
    assert "21" in (course / "plain – ü.ipynb").read_text(encoding="utf-8")
