"""Two raters of the same texts, or a rater and a key: every number that `secondsource agree` prints, as values.

A is the side whose marks are examined, B the reference: precision is about A, recall about B. Offsets are taken as they
are, without trimming. Scores of several texts pool by adding their counts (micro); for kappa and alpha the texts are
laid end to end. A text in which nobody marked anything counts there too, if its length is known.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from secondsource import metrics
from secondsource.agreement import Contingency, mean_kappa
from secondsource.continuum import Continuum, Text, Unit, label_alpha
from secondsource.errors import plain
from secondsource.intervals import shared
from secondsource.metrics import SCHEMES, Counts2013, Expected, Mark, Tally
from secondsource.ratio import Ratio

__all__ = ["LabelAgreement", "LayerAgreement", "Pairing", "Place", "Rater", "agree"]

Place = tuple[str, str]  # doc and layer
_Marks = Mapping[str, Sequence[Mark]]  # by doc

LAYER_MEASURES = ("kappa", "alpha", "unitized_alpha", "unitized_alpha_valued", "mean_kappa")
LABEL_MEASURES = (
    *("kappa", "positive_agreement", "prevalence", "observed", "alpha"),
    *("unitized_alpha", "unitized_alpha_valued"),
)
_SCORES: Mapping[str, Callable[[Sequence[Mark], Sequence[Mark], Sequence[Expected]], Tally]] = {
    "exact": lambda marks, key, _: metrics.exact(marks, key),
    "semeval2020": lambda marks, key, _: metrics.semeval2020(marks, key),
    "semeval2020_without_labels": lambda marks, key, _: metrics.semeval2020(marks, key, labels=False),
    "best_match": lambda marks, _, entries: metrics.best_match(marks, entries),
}
_NAMED = 3  # texts that a reason names


@dataclass(frozen=True, slots=True)
class Rater:
    """One side of the comparison.

    Attributes
    ----------
    marks : mapping of (doc, layer) to sequence of Mark
        Distinct spans, sorted; of a key the core and acceptable ones by the key's own label.
    entries : mapping of (doc, layer) to sequence of Expected, or None
        The whole key, for `metrics.best_match`; None if this is no key: then every mark is expected.
    """

    marks: Mapping[Place, Sequence[Mark]]
    entries: Mapping[Place, Sequence[Expected]] | None = None

    def scored(self, place: Place, beside: "Rater") -> list[Mark]:
        """Marks in one layer of one text that count beside the other side: all but those its contested spans hold."""
        return metrics.scored(self.marks.get(place, ()), (beside.entries or {}).get(place, ()))

    def expected(self, place: Place, beside: "Rater") -> Sequence[Expected]:
        """What this side expects of the other one in one layer of one text."""
        if self.entries is None:
            return [Expected((mark[:2],), mark[2]) for mark in self.scored(place, beside)]
        entries = self.entries.get(place, ())
        if beside.entries is None:
            return entries
        # Of two keys, what one leaves open is not expected of it.
        kept = set(self.scored(place, beside))
        return [e for e in entries if e.tier == "contested" or (*e.places[0], e.label) in kept]

    def contested(self, place: Place) -> list[Mark]:
        """Spans of a key that are never scored."""
        entries = (self.entries or {}).get(place, ())
        return sorted((*entry.places[0], entry.label) for entry in entries if entry.tier == "contested")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A span of A beside the span of B that it is aligned with; one of them is None for a leftover.

    Attributes
    ----------
    shared, united : int
        Characters in common, and characters of both together; their quotient is the fit.
    """

    doc: str
    first: Mark | None
    second: Mark | None
    shared: int = 0
    united: int = 0

    @property
    def fit(self) -> Ratio:
        """Intersection over union, 0 to 1; undefined for a leftover."""
        return Ratio.of(Fraction(self.shared, self.united)) if self.united else Ratio.undefined("nothing beside it")


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Agreement on one label.

    Attributes
    ----------
    spans : (int, int)
        Distinct spans of A and of B.
    counts : Contingency or None
        Units that both, A and B marked, of all units; None if a length is not known.
    measures : mapping of str to Ratio
        ``kappa``, ``positive_agreement``, ``prevalence`` (in B) and ``observed`` of the counts; ``alpha``: nominal
        alpha of marked against not marked; ``unitized_alpha`` and ``unitized_alpha_valued`` of the stretches of this
        label, those of one side that overlap united.
    """

    label: str
    spans: tuple[int, int]
    counts: Contingency | None
    measures: Mapping[str, Ratio]


@dataclass(frozen=True, slots=True)
class LayerAgreement:
    """All numbers of one layer, over all texts.

    Attributes
    ----------
    unit : {"character", "word", "sentence"}
        What kappa and nominal alpha are counted over.
    units : int or None
        How many there are; None if a length is not known.
    spans : (int, int)
        Distinct spans of A and of B.
    set_aside : (int, int)
        Those that a contested span of the other side holds (`metrics.scored`); they are in no score and no pair.
    scores : mapping of str to Tally
        ``exact``: same words, same label; ``semeval2020`` and ``semeval2020_without_labels``: overlap in the form of
        SemEval-2020 Task 11; ``best_match``.
    semeval2013 : mapping of str to Counts2013
        By scheme.
    measures : mapping of str to Ratio
        ``kappa`` and ``alpha``: one label or none per unit, undefined where one side gave a unit two;
        ``unitized_alpha`` and ``unitized_alpha_valued``: undefined where spans of one side with different labels
        overlap; ``mean_kappa``: over the labels for which kappa is defined.
    kappas : int
        Number of labels for which kappa is defined.
    labels : list of LabelAgreement
        Sorted by label.
    pairs : list of Pairing
        In text order, leftovers among them.
    """

    layer: str
    unit: Unit
    units: int | None
    spans: tuple[int, int]
    set_aside: tuple[int, int]
    scores: Mapping[str, Tally]
    semeval2013: Mapping[str, Counts2013]
    measures: Mapping[str, Ratio]
    kappas: int
    labels: list[LabelAgreement]
    pairs: list[Pairing]


def agree(first: Rater, second: Rater, texts: Sequence[Text], layers: Mapping[str, Unit]) -> list[LayerAgreement]:
    """Compare two sides.

    Parameters
    ----------
    first, second : Rater
        A, about which precision is, and B, about which recall is.
    texts : sequence of Text
        All texts that both had before them.
    layers : mapping of str to {"character", "word", "sentence"}
        The layers to compare, each with its unit.

    Returns
    -------
    list of LayerAgreement
        One for each layer, sorted by name.

    Examples
    --------
    >>> a, b = Rater({("d1", "x"): [(0, 4, "A")]}), Rater({("d1", "x"): [(2, 6, "A")]})
    >>> (layer,) = agree(a, b, [Text("d1", 10)], {"x": "character"})
    >>> layer.scores["semeval2020"].scores.f1.value, layer.scores["exact"].scores.f1.value
    (0.5, 0.0)
    >>> round(layer.measures["unitized_alpha"].value, 3)
    0.258
    """
    texts = sorted(texts, key=lambda text: text.doc)
    return [_layer(first, second, texts, layer, layers[layer]) for layer in sorted(layers)]


def _layer(first: Rater, second: Rater, texts: Sequence[Text], layer: str, unit: Unit) -> LayerAgreement:
    places = {text.doc: (text.doc, layer) for text in texts}
    all_a, all_b = ({doc: side.marks.get(at, ()) for doc, at in places.items()} for side in (first, second))
    mine = {doc: first.scored(at, second) for doc, at in places.items()}
    theirs = {doc: second.scored(at, first) for doc, at in places.items()}
    contested = {doc: first.contested(at) + second.contested(at) for doc, at in places.items()}
    missing = Ratio.undefined(_unknown([text.doc for text in texts if text.length is None]))
    laid = None
    if not missing.reason:
        laid = Continuum(texts, unit, mine, theirs, contested)
    labels = [_label(label, spans, laid, missing) for label, spans in sorted(_by_label(all_a, all_b).items())]
    mean, kappas = mean_kappa(row.counts for row in labels if row.counts is not None)
    partners = {doc: metrics.align(mine[doc], theirs[doc]) for doc in places}
    counts = [metrics.semeval2013(mine[doc], theirs[doc], pairs=partners[doc]) for doc in places]
    spans = _number(all_a), _number(all_b)
    return LayerAgreement(
        layer=layer,
        unit=unit,
        units=laid.units if laid else None,
        spans=spans,
        set_aside=(spans[0] - _number(mine), spans[1] - _number(theirs)),
        scores=_scores(mine, theirs, {doc: second.expected(at, first) for doc, at in places.items()}),
        semeval2013={scheme: sum((c[scheme] for c in counts), Counts2013()) for scheme in SCHEMES},
        measures=_of_layer(laid, mean) if laid else dict.fromkeys(LAYER_MEASURES, missing),
        kappas=kappas,
        labels=labels,
        pairs=[pair for doc in places for pair in _pairs(doc, mine[doc], theirs[doc], dict(partners[doc]))],
    )


def _number(side: _Marks) -> int:
    return sum(map(len, side.values()))


def _scores(mine: _Marks, theirs: _Marks, expected: Mapping[str, Sequence[Expected]]) -> dict[str, Tally]:
    return {
        name: sum((score(mine[doc], theirs[doc], expected[doc]) for doc in mine), Tally())
        for name, score in _SCORES.items()
    }


def _of_layer(laid: Continuum, mean: Ratio) -> dict[str, Ratio]:
    unitized = laid.unitized_layer
    values = (laid.kappa, laid.alpha, unitized.all, unitized.valued, mean)
    return dict(zip(LAYER_MEASURES, values, strict=True))


def _by_label(*sides: _Marks) -> dict[str, tuple[int, int]]:
    mine, theirs = (Counter(mark[2] for marks in side.values() for mark in marks) for side in sides)
    return {label: (mine[label], theirs[label]) for label in mine | theirs}


def _label(label: str, spans: tuple[int, int], laid: Continuum | None, missing: Ratio) -> LabelAgreement:
    if laid is None:
        return LabelAgreement(label, spans, None, dict.fromkeys(LABEL_MEASURES, missing))
    counts, unitized = laid.counts(label), laid.unitized(label)
    of_counts = (counts.kappa, counts.positive_agreement, counts.prevalence, counts.observed, label_alpha(counts))
    measures = dict(zip(LABEL_MEASURES, (*of_counts, unitized.all, unitized.valued), strict=True))
    return LabelAgreement(label, spans, counts, measures)


def _pairs(doc: str, marks: Sequence[Mark], key: Sequence[Mark], partner: Mapping[int, int]) -> list[Pairing]:
    made = [_pairing(doc, mark, key[partner[i]] if i in partner else None) for i, mark in enumerate(marks)]
    answered = set(partner.values())
    made += [Pairing(doc, None, entry) for k, entry in enumerate(key) if k not in answered]
    return sorted(made, key=lambda pair: (pair.first or pair.second or (), pair.first is None))


def _pairing(doc: str, mark: Mark, entry: Mark | None) -> Pairing:
    if entry is None:
        return Pairing(doc, mark, None)
    both = shared(mark[:2], entry[:2])
    return Pairing(doc, mark, entry, both, mark[1] - mark[0] + entry[1] - entry[0] - both)


def _unknown(docs: Sequence[str]) -> str:
    """Reason why nothing can be counted; empty if all lengths are known."""
    if not docs:
        return ""
    names = [plain(doc, 40) for doc in docs[:_NAMED]]
    if len(docs) == 1:
        told, option = (f"text {names[0]}", f"{names[0]}=NUMBER") if names[0] else ("the text", "NUMBER")
        return f"the length of {told} is not known; give it with --length {option}"
    told = ", ".join(name or "one without a name" for name in names) + (", …" if len(docs) > _NAMED else "")
    return f"the lengths of {len(docs)} texts are not known ({told}); give each with --length NAME=NUMBER"
