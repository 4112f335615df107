"""One set of counts for several exercises of one layer, so that a mixed pool of texts can be read as one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from secondsource.comparison import Comparison, compare
from secondsource.course import Exercise, exercise
from secondsource.errors import MismatchError, message
from secondsource.feedback import quoted
from secondsource.history import Words
from secondsource.languages import Language
from secondsource.markup import in_language, literal, still
from secondsource.measures import Agreed, agreement
from secondsource.metrics import Tally
from secondsource.metrics.discernment import Confidence, Detection
from secondsource.remarks import always, beyond_guessing, how_readily, how_surely
from secondsource.static_html import provenance_html, table_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Together", "together"]

COLUMNS = (
    *("exercise", "hits", "signals", "false_alarms", "noises", "right", "marked", "found", "expected"),
    *("agreed", "sentences"),
)
ALL = "together"


@dataclass(frozen=True, repr=False)
class Together(Words):
    """Counts over several exercises of one layer.

    Attributes
    ----------
    comparisons : mapping of str to Comparison
        What is counted, by the id of the exercise.
    closed, hidden : tuple of str
        Ids of exercises whose comparison is not open yet, and of those that show none.
    """

    comparisons: Mapping[str, Comparison]
    closed: tuple[str, ...]
    hidden: tuple[str, ...]
    html: str

    @cached_property
    def flagging(self) -> Detection:
        """Sentences with something to find and without, and how many of them were marked."""
        return _flagging(self.comparisons)

    @cached_property
    def counted(self) -> Tally:
        """Right labels of all, found entries of all that are expected."""
        return _counted(self.comparisons)

    @cached_property
    def agreed(self) -> Agreed | None:
        """Agreement sentence by sentence; None in a layer of spans, and without anything to count."""
        return _agreed(self.comparisons)

    @property
    def frame(self) -> "pd.DataFrame":
        """Counts as a pandas DataFrame, a row for each exercise and one for all together (columns: `COLUMNS`).

        Where whole sentences are answered, ``agreed`` of so many ``sentences`` are as in the key; elsewhere the two
        are missing.
        """
        import pandas as pd

        groups = {name: {name: one} for name, one in self.comparisons.items()} | {ALL: self.comparisons}
        frame = pd.DataFrame([(name, *_numbers(group)) for name, group in groups.items()], columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(COLUMNS[1:], "Int64"))

    @property
    def scores(self) -> "pd.DataFrame":
        """d′ and c with their 95 % intervals, for those who know them; ``reason`` says why there is no number."""
        import pandas as pd

        estimates = {"d_prime": self.flagging.sensitivity, "c": self.flagging.criterion}
        return pd.DataFrame.from_dict({name: asdict(estimate) for name, estimate in estimates.items()}, orient="index")

    def _repr_html_(self) -> str:
        return still(self.html)


def together(*exercises: str | Exercise, language: str | None = None) -> Together:
    """Count several exercises as one, as far as their comparisons are open.

    Parameters
    ----------
    *exercises : str or Exercise
        Exercises of one layer, or their ids; they may be about different texts.

    Raises
    ------
    MismatchError
        They ask different questions, or one that has no key to count with.
    """
    opened = {one.task.id: one for one in (_opened(each, language) for each in exercises)}
    asked = {(one.case.codebook.id, one.case.codebook.version, one.layer.id) for one in opened.values()}
    if len(asked) != 1 or any(one.kind != "labels" for one in opened.values()):
        step = "Take exercises in which the same question is asked and compared with a key."
        happened = "These exercises cannot be counted as one: they ask different questions, or none with a key."
        raise MismatchError(message("VERSION-LAYER", happened, "Nothing was counted.", step))
    closed = tuple(name for name, one in opened.items() if one.closed())
    hidden = tuple(name for name, one in opened.items() if name not in closed and one.task.level == "none")
    compared = {name: one for name, one in opened.items() if name not in {*closed, *hidden}}
    comparisons = {
        name: compare(one.labels, one.case.key(one.layer.id), units=one.task.units or None, interface=one.words)
        for name, one in compared.items()
    }
    titles = {name: one.task.title for name, one in opened.items()}
    words = next(iter(opened.values())).words
    told = _told(comparisons, [titles[name] for name in comparisons], words)
    for key, left in (("not_open", closed), ("not_shown", hidden)):
        told += [words.say("together", key, exercises=_list([titles[name] for name in left], words))] if left else []
    layer = next(iter(opened.values())).layer
    title = words.say("together", "title", layer=layer.name)
    articles = [one.case.article for one in compared.values()]
    statements = [one.key.provenance.statement for one in comparisons.values()]
    head = [title, *_once([article.provenance for article in articles]), *_once(statements)]
    table = _table(comparisons, titles, title, words)
    lines = "".join(f"<p>{literal(line)}</p>" for line in (*_once(statements), *told))
    html = "".join(_once([provenance_html(article) for article in articles])) + in_language(table + lines, words)
    return Together("\n".join([*head, *told]), comparisons, closed, hidden, html, language=words)


def _opened(one: str | Exercise, language: str | None) -> Exercise:
    return one if isinstance(one, Exercise) else exercise(one, language=language)


def _flagging(comparisons: Mapping[str, Comparison]) -> Detection:
    return sum((one.measures.flagging for one in comparisons.values()), Detection())


def _counted(comparisons: Mapping[str, Comparison]) -> Tally:
    return sum((one.measures.counted for one in comparisons.values()), Tally())


def _numbers(comparisons: Mapping[str, Comparison]) -> list[int | None]:
    """All columns of the frame but the name."""
    flagged, counted, agreed = _flagging(comparisons), _counted(comparisons), _agreed(comparisons)
    cells = [flagged.hits, flagged.signals, flagged.false_alarms, flagged.noises]
    rows = [int(counted.right), counted.marked, int(counted.found), counted.expected]
    return [*cells, *rows, *((agreed.agreed, agreed.sentences) if agreed else (None, None))]


def _agreed(comparisons: Mapping[str, Comparison]) -> Agreed | None:
    if not comparisons or any(one.key.layer.unit != "sentence" for one in comparisons.values()):
        return None
    return agreement(row for one in comparisons.values() for row in one.answers)


def _told(comparisons: Mapping[str, Comparison], titles: Sequence[str], words: Language) -> list[str]:
    """Counts in words, with what is needed to judge them."""
    if not comparisons:
        return [words.say("together", "none")]
    agreed = _agreed(comparisons)
    rated = sum((one.measures.confidence for one in comparisons.values()), Confidence())
    counts = _of_sentences(comparisons, agreed, words) if agreed else _of_passages(comparisons, words)
    human = next(iter(comparisons.values())).key.layer.human
    first = words.say("together", "exercises", count=len(titles), names=_list(titles, words))
    return [line for line in (first, *counts, how_surely(rated, words), human) if line]


def _of_sentences(comparisons: Mapping[str, Comparison], agreed: Agreed, words: Language) -> list[str]:
    """Agreement, beside guessing and beside a reader who always gives the same answer."""
    rows = [row for one in comparisons.values() for row in one.answers]
    layer = next(iter(comparisons.values())).key.layer
    return [beyond_guessing(agreed, words), always(rows, layer, words)]


def _of_passages(comparisons: Mapping[str, Comparison], words: Language) -> list[str]:
    """Hits and false alarms by sentence, what they are worth, and what silly readers have."""
    flagged, counted = _flagging(comparisons), _counted(comparisons)
    told = [
        words.say("together", "hits", hits=flagged.hits, count=flagged.signals),
        words.say("together", "false_alarms", false_alarms=flagged.false_alarms, count=flagged.noises),
        words.say("together", "right", right=int(counted.right), count=counted.marked),
    ]
    apart = flagged.sensitivity
    if not apart.defined:
        return told
    alike = {0: "apart_none", flagged.signals + flagged.noises: "apart_all"}  # nobody guesses who answers all alike
    unsure = alike.get(flagged.hits + flagged.false_alarms, "apart_unclear")
    way = "apart" if apart.low > 0 else "apart_not" if apart.high < 0 else unsure
    return [
        *told,
        words.say("together", way),
        how_readily(flagged, words),
        words.say("together", "silly", signals=flagged.signals, noises=flagged.noises),
    ]


def _table(comparisons: Mapping[str, Comparison], titles: Mapping[str, str], title: str, words: Language) -> str:
    if not comparisons:
        return ""
    by_sentence = _agreed(comparisons) is not None
    groups = {titles[name]: {name: one} for name, one in comparisons.items()}
    groups |= {words.say("together", "all"): dict(comparisons)}
    head = words.table("together")["columns_agreed" if by_sentence else "columns"]
    return table_html(title, head, [(name, *_cells(group)) for name, group in groups.items()])


def _cells(comparisons: Mapping[str, Comparison]) -> list[str]:
    agreed, flagged = _agreed(comparisons), _flagging(comparisons)
    whole = (flagged.hits, flagged.signals, flagged.false_alarms, flagged.noises)
    return [str(number) for number in ((agreed.agreed, agreed.sentences) if agreed else whole)]


def _list(names: Iterable[str], words: Language) -> str:
    return ", ".join(quoted(name, words) for name in names)


def _once(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(lines))
