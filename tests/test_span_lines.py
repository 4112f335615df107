"""JSON Lines of spans: what is read, what is refused, and that the message names the line."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.errors import FormatError, OffsetError
from secondsource.formats import span_lines
from secondsource.formats.span_lines import MAX_LINE, MAX_NAME, MAX_OFFSET, SpanLines, SpanLinesError

GOOD = b'{"doc": "d1", "layer": "x", "label": "L", "start": 0, "end": 5}'


def read(data: bytes) -> SpanLines:
    """Read some bytes as the file a.jsonl."""
    return span_lines.read(BytesIO(data), "a.jsonl")


def line(**fields: Any) -> bytes:
    """The good line with other fields; None leaves one out."""
    row = {**json.loads(GOOD), **fields}
    return json.dumps({name: value for name, value in row.items() if value is not None}).encode()


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
labels = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5).filter(str.strip)
rows = st.tuples(names, names, st.integers(0, 50), st.integers(1, 50), labels)


@given(st.lists(rows, max_size=12), st.randoms())
def test_every_span_is_read_in_any_order(rows, random):
    """Sorted, each once, with the number of repetitions; escapes or not, the same."""

    def written(ascii_only: bool) -> bytes:
        told = [
            json.dumps({"doc": d, "layer": y, "start": s, "end": s + n, "label": label}, ensure_ascii=ascii_only)
            for d, y, s, n, label in rows
        ]
        random.shuffle(told)
        return "\n".join(told).encode()

    made = read(written(True))
    expected = {(d, y): [] for d, y, *_ in sorted(rows)}
    for d, y, s, n, label in sorted(set(rows), key=lambda row: (row[2], row[2] + row[3], row[4])):
        expected[d, y].append((s, s + n, label))
    assert made.spans == expected
    assert list(made.spans) == sorted(expected)
    assert made.duplicates == len(rows) - len(set(rows))
    assert read(written(False)) == made


def test_what_may_be_left_out():
    """The doc and the layer; other fields are ignored, whatever they hold."""
    data = line(doc=None, layer=None, id=7, quote="words", more={"deep": [1.5, 10**30, None]})
    assert read(data) == SpanLines({("", ""): [(0, 5, "L")]}, 0)


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n  \n\t\n"])
def test_a_file_without_spans_is_one_of_a_rater_who_marked_nothing(data):
    """Blank lines are skipped."""
    assert read(data) == SpanLines({}, 0)


def test_line_ends_of_other_systems():
    """CRLF, no end at all, blank lines; U+2028 inside a label is a character like any other."""
    other = line(label="a\u2028b", start=7, end=9)
    assert read(GOOD + b"\r\n\r\n" + other).spans == {("d1", "x"): [(0, 5, "L"), (7, 9, "a\u2028b")]}


INVALID = {
    "not JSON": (b"x", "this is not one complete JSON object (character 1)"),
    "cut off": (GOOD[:-5], "this is not one complete JSON object"),
    "two on one line": (GOOD + b" " + GOOD, "this is not one complete JSON object"),
    "a list": (b"[1]", "this is JSON, but not an object in curly brackets: [1]"),
    "not UTF-8": (b'{"label": "\xff"}', "byte 12 of it is not UTF-8 text"),
    "an entry twice": (b'{"start": 1, "start": 2}', "the entry “start” stands twice"),
    "twice in an ignored field": (GOOD[:-1] + b', "more": {"a": 1, "a": 2}}', "the entry “a” stands twice"),
    "NaN": (b'{"start": NaN}', "NaN is not a number that JSON allows"),
    "Infinity": (b'{"id": -Infinity}', "-Infinity is not a number that JSON allows"),
    "no label": (line(label=None), "“label” is missing"),
    "an empty label": (line(label=" "), "“label” is empty"),
    "a number for a label": (line(label=3), "“label” must be text in quotation marks, not 3"),
    "null for a layer": (GOOD.replace(b'"x"', b"null"), "“layer” must be text in quotation marks, not null"),
    "a number for a doc": (line(doc=1), "“doc” must be text in quotation marks, not 1"),
    "no start": (line(start=None), "“start” is missing"),
    "no end": (line(end=None), "“end” is missing"),
    "a float": (line(end=5.0), "“end” must be a whole number, not 5.0"),
    "an exponent": (GOOD.replace(b"5}", b"5e0}"), "“end” must be a whole number, not 5.0"),
    "true": (line(start=True), "“start” must be a whole number, not true"),
    "a text": (line(start="0"), '“start” must be a whole number, not "0"'),
    "half a character": (line(label="\ud800"), "“label” holds half a character (a lone surrogate)"),
}


@pytest.mark.parametrize("name", INVALID)
def test_other_lines_are_refused(name):
    """The message names file and line, says that nothing was scored, and shows how to write one."""
    data, told = INVALID[name]
    with pytest.raises(SpanLinesError) as caught:
        read(GOOD + b"\n\n" + data + b"\n" + GOOD)
    error = caught.value
    assert isinstance(error, FormatError)
    assert (error.code, error.path, error.line) == ("FILE-INVALID", "a.jsonl", 3)
    assert str(error).startswith(f"FILE-INVALID · a.jsonl, line 3: {told}")
    assert str(error).endswith("nothing was scored. · Write one object per line: " + GOOD.decode() + ".")


OFFSETS = {
    "zero length": (5, 5, "[5, 5) holds no character"),
    "reversed": (5, 3, "[5, 3) ends before it starts"),
    "negative": (-1, 3, "[-1, 3) lies before the text"),
    "far away": (0, MAX_OFFSET + 1, f"[0, {MAX_OFFSET + 1}) lies behind every text"),
}


@pytest.mark.parametrize("name", OFFSETS)
def test_offsets_must_enclose_something(name):
    """The message says what to write."""
    start, end, told = OFFSETS[name]
    with pytest.raises(OffsetError, match="so that 0 <= start < end") as caught:
        read(GOOD + b"\n" + line(start=start, end=end))
    assert str(caught.value).startswith(f"SPAN-OFFSETS · a.jsonl, line 2: {told}. · ")


SIGNS = {
    "a byte-order mark": (b"\xef\xbb\xbf" + GOOD, "the file starts with a byte-order mark"),
    "UTF-16, little end first": ("\ufeff".encode("utf-16-le") + GOOD, "this is UTF-16 text, not UTF-8"),
    "UTF-16, big end first": ("\ufeff".encode("utf-16-be") + GOOD, "this is UTF-16 text, not UTF-8"),
}


@pytest.mark.parametrize("name", SIGNS)
def test_other_encodings_are_named(name):
    """With what to do."""
    data, told = SIGNS[name]
    with pytest.raises(SpanLinesError, match=f"a.jsonl, line 1: {told}.* Save it as UTF-8"):
        read(data)


LIMITS = {
    "a long line": (line(quote="x" * MAX_LINE), f"the line has more than {MAX_LINE:,} bytes"),
    "a long name": (line(doc="x" * (MAX_NAME + 1)), f"“doc” has {MAX_NAME + 1} characters; {MAX_NAME} are the most"),
    "a long number": (GOOD.replace(b"0", b"1" * 5000), "a number with 5000 digits is too long"),
    "deep nesting": (line(more="?").replace(b'"?"', b"[" * 200_000), "the entries are nested too deeply"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name):
    """Each is told in words, and soon."""
    data, told = LIMITS[name]
    with pytest.raises(SpanLinesError) as caught:
        read(data)
    assert str(caught.value).startswith(f"FILE-LIMIT · a.jsonl, line 1: {told}")


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("MAX_SPANS", "line 3: a file may hold up to 2 spans"),
        ("MAX_FILE", "the file has more than .*Split the file by doc"),
    ],
)
def test_limits_of_a_whole_file(monkeypatch, limit, told):
    """Counted while reading, so that an endless file ends too."""
    monkeypatch.setattr(span_lines, limit, 2)
    with pytest.raises(SpanLinesError, match=told):
        read(b"\n".join([GOOD] * 3))


@pytest.mark.parametrize(("value", "told"), [(b"[" * 900 + b"]" * 900, "a list"), (b'{"a": 1}', "an object")])
def test_a_nested_value_in_place_of_an_offset(value, told):
    """It is named and not shown."""
    with pytest.raises(SpanLinesError, match=f"“start” must be a whole number, not {told}"):
        read(GOOD.replace(b"0", value))


def test_what_a_stranger_wrote_is_shown_without_control_characters():
    """A label cannot colour the terminal."""
    with pytest.raises(SpanLinesError) as caught:
        read(b'{"\\u001b[31m": 1, "\\u001b[31m": 2}')
    assert "\x1b" not in str(caught.value)
