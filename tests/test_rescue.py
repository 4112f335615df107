"""What “Download my labels” saved comes back: nothing is deleted, and a file from anybody does no harm."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource import Case
from secondsource.errors import FormatError, MismatchError, StoreError
from secondsource.languages import language
from secondsource.rescue import bring_back
from secondsource.spans import Relation, Span
from secondsource.store import LabelStore

CASE = Case.open("analyst-claims")
ENGLISH = language("en")
STATED = Span("a", "attribution", "CUE", 580, 586, "stated", note="mine")


def store(folder: Path) -> LabelStore:
    return LabelStore(folder, "02_who_says_so", CASE.article, CASE.codebook)


def download(folder: Path, **content: Any) -> Path:
    """A file as the page makes it."""
    path = folder / "02_who_says_so.from-browser.json"
    head = {"exercise": "02_who_says_so", "article": CASE.article.sha256, "spans": [], "relations": []}
    path.write_text(json.dumps({**head, **content}), encoding="utf-8")
    return path


def other(**changes: Any) -> dict[str, Any]:
    start = CASE.article.text.index("Watson")
    return {**asdict(Span("b", "attribution", "SOURCE", start, start + 6, "Watson")), **changes}


def test_labels_and_links_come_back(tmp_path: Path):
    """Those that the file lacks are added, those that differ are as they were on the page."""
    kept = store(tmp_path)
    kept.apply({"op": "add", "span": asdict(STATED)})
    kept.apply({"op": "add", "span": {**other(), "id": "here"}})
    link = asdict(Relation("r", "attribution", ("a", "b")))
    file = download(tmp_path, spans=[{**asdict(STATED), "note": "later"}, other()], relations=[link])
    assert bring_back(kept, file, ENGLISH) == "3 labels and links were brought back."
    assert {span.id: span.note for span in store(tmp_path).labels.spans} == {"a": "later", "b": "", "here": ""}
    assert [relation.id for relation in store(tmp_path).labels.relations] == ["r"]
    assert bring_back(kept, file, ENGLISH) == "0 labels and links were brought back."


def test_changes_that_never_arrived_come_back_too(tmp_path: Path):
    """What was refused or waited to be restored; a removal is not repeated."""
    kept = store(tmp_path)
    kept.apply({"op": "add", "span": asdict(STATED)})
    refused = [{"seq": 1, "op": "add", "span": other()}, {"seq": 2, "op": "remove", "span": {"id": "a"}}]
    file = download(tmp_path, refused=refused, not_restored=[{"op": "update", "span": other(id="c", note="x")}])
    assert bring_back(kept, file, ENGLISH) == "2 labels and links were brought back."
    assert sorted(span.id for span in kept.labels.spans) == ["a", "b", "c"]


def test_what_does_not_fit_is_counted(tmp_path: Path):
    """The rest comes back."""
    file = download(tmp_path, spans=[other(), other(id="d", start=0), other(id="e", label="NO"), 7], relations=["x"])
    told = bring_back(store(tmp_path), file, ENGLISH)
    assert told == "1 label or link was brought back. 4 do not fit this text and were left out."


@pytest.mark.parametrize("content", [{"exercise": "05_wording"}, {"article": "0" * 64}])
def test_labels_of_something_else_stay_out(tmp_path: Path, content: dict[str, str]):
    """Another exercise, another text."""
    file = download(tmp_path, spans=[other()], **content)
    with pytest.raises(MismatchError, match="another exercise or another text"):
        bring_back(store(tmp_path), file, ENGLISH)
    assert not store(tmp_path).path.exists()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"spans": 1}', b"<html>", b"{" * 1000])
def test_files_that_are_no_download(tmp_path: Path, data: bytes):
    """Said by name."""
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(FormatError, match=r"x\.json"):
        bring_back(store(tmp_path), tmp_path / "x.json", ENGLISH)


def test_a_file_that_is_not_there(tmp_path: Path):
    """A wrong name is a message, not a traceback of the system."""
    with pytest.raises(FormatError, match="could not be opened"):
        bring_back(store(tmp_path), "nowhere.json", ENGLISH)


@pytest.mark.parametrize("name", [None, 7, b"x.json", ["x.json"], "a\0b", "half \ud800", "", "x" * 5_000])
def test_what_is_no_name_of_a_file(tmp_path: Path, name: Any):
    """Said in one line, with what to do."""
    with pytest.raises(FormatError, match="Give the name of the file that “Download my labels” saved"):
        bring_back(store(tmp_path), name, ENGLISH)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3), lambda x: st.lists(x, max_size=2)
)


@given(
    spans=st.lists(JSON, max_size=3),
    more=st.dictionaries(st.sampled_from(["relations", "refused", "not_restored"]), JSON),
)
def test_any_content_is_harmless(tmp_path_factory: pytest.TempPathFactory, spans: list[Any], more: dict[str, Any]):
    """Nothing raises but what this package raises, and nothing is written."""
    folder = tmp_path_factory.mktemp("any")
    told = bring_back(store(folder), download(folder, spans=spans, **more), ENGLISH)
    assert told.startswith("0 labels")
    assert not store(folder).path.exists()


def test_a_full_disk_stops_and_can_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What was written stays, and the second call brings the rest."""
    file, kept = download(tmp_path, spans=[other(), other(id="c", note="x")]), store(tmp_path)

    def full(*_args: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr("secondsource.label_file.write_atomically", full)
        with pytest.raises(StoreError):
            bring_back(kept, file, ENGLISH)
    assert bring_back(kept, file, ENGLISH) == "2 labels and links were brought back."
