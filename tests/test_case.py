"""Cases: the bundled one, an instructor's own, and folders that are broken."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.case import Case
from secondsource.errors import CaseError, UnknownNameError

BUNDLED = Path(str(Case.open("analyst-claims")._folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled case, as an instructor would make it."""
    return Path(shutil.copytree(BUNDLED, tmp_path / "my case – 课"))


def edit(folder: Path, old: str, new: str) -> None:
    """Change the case's description."""
    path = folder / "case.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rewrite(folder: Path, text: bytes) -> None:
    """Change the case's article, and the hash with it."""
    old = hashlib.sha256((folder / "article.txt").read_bytes()).hexdigest()
    (folder / "article.txt").write_bytes(text)
    edit(folder, old, hashlib.sha256(text).hexdigest())


def test_the_bundled_case():
    """The article is byte-exact and carries its label wherever it goes."""
    case = Case.open("analyst-claims")
    assert case.article.sha256 == "9a217f2b54f53d18746433e71c49d0c51f98b1c5b669ab35aa30220ab8690310"
    assert len(case.article.text) == 4_151
    assert case.article.provenance.startswith("Case-study text. Claims unverified.")
    assert "Its claims are unverified" in case.article.note
    assert (case.article.language, case.article.direction, case.codebook.id) == ("en", "ltr", "news")
    assert "Traversable" not in repr(case)
    assert str(BUNDLED) not in repr(case)


def test_a_case_of_ones_own(folder: Path):
    """A folder opens by its path, as text or as Path, and is equal to the bundled one it was copied from."""
    assert Case.open(folder) == Case.open(str(folder)) == Case.open("analyst-claims")
    assert Case.open(folder).key("rhetoric").layer.id == "rhetoric"


def test_a_case_without_keys(folder: Path):
    """A text can be labelled before there is a key."""
    shutil.rmtree(folder / "keys")
    case = Case.open(folder)
    assert case.layers == ()
    with pytest.raises(UnknownNameError, match=r"There is no key “rhetoric” in the case analyst-claims\. There is no"):
        case.key("rhetoric")


@pytest.mark.parametrize(
    "name", ["analyst", "", "no/such/folder", "a\0b", "../cases/analyst-claims", "a" * 5_000, "\ud800"]
)
def test_unknown_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    """The error lists the bundled ones."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownNameError, match="There are: analyst-claims"):
        Case.open(name)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        *(
            (f'{name} = "', f'{name}s = "', f"“{name}” must be text")
            for name in ("id", "title", "licence", "content_note")
        ),
        ('codebook = "news"', "codebook = 5", "“codebook” must be text"),
        ('language = "en"', 'language = " "', "“language” must be text and not empty"),
        ('language = "en"', "language = en", "not valid TOML"),
        ('language = "en"', "language = " + "9" * 5_000, "not valid TOML"),
        ('language = "en"', "language = " + "[" * 100_000, "not valid TOML"),
        ('sha256 = "9a', 'sha256 = "9b', "CASE-CHANGED"),
    ],
    ids=lambda value: value[:20],
)
def test_descriptions_that_break_a_rule(folder: Path, old: str, new: str, told: str):
    """The error names the file and the field."""
    edit(folder, old, new)
    with pytest.raises(CaseError, match=told) as caught:
        Case.open(folder)
    assert folder.name in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_codebook_of_ones_own(folder: Path):
    """A file in the case's folder, named in its description."""
    edit(folder, 'codebook = "news"', 'codebook = "mine.toml"')
    bundled = BUNDLED.parents[1] / "codebooks" / "news.toml"
    text = bundled.read_text(encoding="utf-8").replace('id = "news"', 'id = "mine"', 1)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    assert Case.open(folder).codebook.id == "mine"
    (folder / "mine.toml").write_bytes(b"\xff")
    with pytest.raises(CaseError, match=r"mine\.toml is not UTF-8 text"):
        Case.open(folder)
    (folder / "mine.toml").unlink()
    with pytest.raises(CaseError, match=r"mine\.toml cannot be read"):
        Case.open(folder)


def test_unknown_codebook(folder: Path):
    """The error lists those that exist."""
    edit(folder, 'codebook = "news"', 'codebook = "nwes"')
    with pytest.raises(UnknownNameError, match="Did you mean “news”"):
        Case.open(folder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace(b"\n", b"\r\n"), "CASE-CHANGED"),
        (lambda text: text + b"\n", "CASE-CHANGED"),
        (lambda text: text.replace("’".encode(), b"'"), "CASE-CHANGED"),
    ],
    ids=["line ends", "final newline", "quotation marks"],
)
def test_an_article_that_was_edited(folder: Path, change: object, told: str):
    """An editor's well-meant change is noticed, because keys count characters."""
    path = folder / "article.txt"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CaseError, match=told):
        Case.open(folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [(b"\xff\xfea\0", "not UTF-8"), (b"", "empty"), (b"Head\r\nText", "CR line ends"), (b" \n", "empty")],
)
def test_articles_that_are_none(folder: Path, text: bytes, told: str):
    """Even with the right hash, a text must be one."""
    rewrite(folder, text)
    with pytest.raises(CaseError, match=told):
        Case.open(folder)


@pytest.mark.parametrize("name", ["article.txt", "case.toml"])
def test_files_that_cannot_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    """Missing, a folder instead, or forbidden: an error of this package that names the file."""

    def forbidden(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", forbidden)
        with pytest.raises(CaseError, match="cannot be read: Permission denied"):
            Case.open(folder)
    if name == "article.txt":
        (folder / name).unlink()
        with pytest.raises(CaseError, match=r"article\.txt cannot be read: No such file"):
            Case.open(folder)
        (folder / name).mkdir()
        with pytest.raises(CaseError, match=r"article\.txt cannot be read"):
            Case.open(folder)


def test_hidden_files_are_no_keys(folder: Path):
    """What a file manager leaves beside the keys is not offered as a layer."""
    before = Case.open(folder).layers
    for name in ("._attribution.json", ".json", "Thumbs.db", "attribution.json~"):
        (folder / "keys" / name).touch()
    assert Case.open(folder).layers == before


def test_a_key_under_the_name_of_another_layer(folder: Path):
    """The error says what it is."""
    shutil.copy(folder / "keys" / "rhetoric.json", folder / "keys" / "attribution.json")
    with pytest.raises(CaseError, match=r"keys/attribution\.json is a key for the layer rhetoric"):
        Case.open(folder).key("attribution")


def test_a_folder_in_place_of_a_key(folder: Path):
    """It is an error of this package, when that key is asked for."""
    (folder / "keys" / "trust.json").mkdir()
    with pytest.raises(CaseError, match=r"trust\.json cannot be read"):
        Case.open(folder).key("trust")


@given(st.binary(max_size=80), st.integers(0, 900))
def test_damaged_descriptions(data: bytes, at: int):
    """Whatever the bytes, opening gives a case or an error of this package."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(BUNDLED, Path(name) / "case"))
        text = (folder / "case.toml").read_bytes()
        (folder / "case.toml").write_bytes(text[:at] + data + text[at + len(data) :])
        try:
            case = Case.open(folder)
        except (CaseError, UnknownNameError):
            return
        assert case.article.sha256.startswith("9a217f2b")


def test_a_folder_that_is_no_case(tmp_path: Path):
    """It exists, so the message says what it lacks."""
    with pytest.raises(CaseError, match=r"has no case\.toml"):
        Case.open(tmp_path)


def test_a_changed_article_tells_its_hash(folder: Path):
    """What an instructor writes into case.toml when the text is new."""
    (folder / "article.txt").write_bytes(b"New\n\nA new text.")
    with pytest.raises(CaseError, match=hashlib.sha256(b"New\n\nA new text.").hexdigest()):
        Case.open(folder)
