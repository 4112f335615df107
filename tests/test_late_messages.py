"""F10: a message that arrives late, for another exercise or another text, is refused and nothing is written."""

from pathlib import Path
from typing import Any

import pytest

from killing import add, opened
from secondsource.widgets import Labeller
from strategies import ARTICLE


@pytest.mark.parametrize("wrong", [{"exercise": "other"}, {"article": "0" * 64}, {"exercise": None}])
def test_a_message_for_another_exercise(tmp_path: Path, wrong: dict[str, Any]):
    """The page hears that it was refused; the right one is taken afterwards."""
    widget, told = Labeller(opened(tmp_path), layers=["who"]), list[dict[str, Any]]()
    widget.send = told.append
    right = {"type": "op", "client": "page", "seq": 1, "exercise": "ex", "article": ARTICLE.sha256, **add("a")}
    widget._receive(widget, {**right, **wrong}, None)
    assert [(answer["type"], answer["code"], answer["seq"]) for answer in told] == [("refused", "SAVE-REFUSED", 1)]
    assert list(tmp_path.iterdir()) == []
    widget._receive(widget, right, None)
    assert told[-1]["type"] == "ack"
    assert "a" in widget.labels
