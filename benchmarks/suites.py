"""Each peer beside us: the results are compared first, then both sides are timed in turns."""

import os
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import ours
import peers_agreement
import peers_joins
import peers_spans
from cohort import Material, Spans, firmness, hand_ins, untidy
from timing import Agreement, Row, Target, Task, interleaved, progress, quotient

from secondsource import metrics
from secondsource.metrics import Tally

UNIT = "× ours"
SCORER = "SECONDSOURCE_SEMEVAL_SCORER"


@dataclass(frozen=True)
class Bench:
    """What all peers are given: one cohort, in our form and hand-in by hand-in."""

    made: Material
    spans: Spans
    hand_ins: int
    quick: bool = False

    @cached_property
    def apart(self) -> list[Spans]:
        """One set of spans for each hand-in."""
        return self.spans.by_hand_in(0, self.hand_ins)

    @cached_property
    def cohort(self) -> ours.Cohort:
        """The cohort as the package takes it."""
        return ours.Cohort(self.made, self.spans, self.hand_ins)

    def few(self, number: int) -> list[Spans]:
        """Give the first hand-ins, for peers that would take minutes over all of them."""
        return self.apart[: 10 if self.quick else number]

    def against(self, name: str, job: str, peer: Task, number: int, forms: tuple[str, ...], **rest: Any) -> Row:
        """Time a peer on ``number`` hand-ins and our own forms on all, in turns, and compare per hand-in."""
        return self.several(name, {job: peer}, number, forms, {job: rest})[0]

    def several(
        self, name: str, jobs: dict[str, Task], number: int, forms: tuple[str, ...], rest: dict[str, dict[str, Any]]
    ) -> list[Row]:
        """Do the same for several jobs of one peer, in the same rounds."""
        progress(f"{name}: timing")
        seconds = interleaved({"ours": lambda: self.cohort.read(forms), **jobs}, quick=self.quick)
        mine = [s / self.hand_ins for s in seconds["ours"]]
        return [
            quotient(name, job, [s / number for s in seconds[job]], mine, unit=UNIT, hand_ins=number, **rest[job])
            for job in jobs
        ]


def nervaluate(bench: Bench) -> list[Row]:
    """Compare exact hits one by one; where they differ, the order of the marks must be the reason."""
    peer, conversion = _timed(lambda: peers_spans.Nervaluate(bench.made.key, bench.apart))
    right = bench.cohort.scores(("exact",)).counts["exact_right"].to_numpy().astype(int)
    given = np.array(peer.exact_hits())
    first = [peers_spans.hits_first(bench.made.key, spans) for spans in bench.apart]
    kind = np.array(peers_spans.Nervaluate(bench.made.key, first).exact_hits())
    lost = 100 * (1 - given.sum() / right.sum())
    told = (
        f"exact hits equal with hits given first; in random order it loses {lost:.1f} % of them, "
        f"in {(given != right).sum()} of {bench.hand_ins} hand-ins"
    )
    agreement = Agreement(told, bool((kind == right).all() and (given <= right).all()))
    tags, overall = "4 schemes, overall and 25 labels", "4 schemes, overall only"
    beside = f"{tags}; ours: exact + SemEval form + kappa"
    rest = {
        beside: {"target": Target(250, at_least=True), "note": f"conversion not counted: {conversion:.2f} s"},
        tags: {"target": Target(250, at_least=True), "agreement": agreement},
        overall: {"target": Target(60, at_least=True), "note": "as above"},
    }
    return [
        *bench.several("nervaluate", {beside: peer.with_tags}, bench.hand_ins, ours.SEMEVAL, rest),
        *bench.several("nervaluate", {tags: peer.with_tags, overall: peer.overall}, bench.hand_ins, ours.BEST, rest),
        _same_schemes(bench),
    ]


def _same_schemes(bench: Bench) -> Row:
    """The same four schemes on both sides; ours in plain Python, over the best alignment and not the first."""
    some = bench.few(100)
    peer, key = peers_spans.Nervaluate(bench.made.key, some), bench.made.key.rows()
    rows = [spans.rows() for spans in some]
    theirs, mine = peer.overall(), [metrics.semeval2013(marks, key) for marks in rows]
    correct = [[counts[scheme].correct for scheme in ("strict", "partial", "type", "exact")] for counts in mine]
    differ = sum(a != b for a, b in zip(theirs, correct, strict=True))
    lower = sum(a[0] > b[0] for a, b in zip(theirs, correct, strict=True))
    told = f"correct marks differ in {differ} of {len(some)} hand-ins (first overlap there, best alignment here)"
    tasks: dict[str, Task] = {"p": peer.overall, "o": lambda: [metrics.semeval2013(marks, key) for marks in rows]}
    seconds = interleaved(tasks, quick=bench.quick)
    job = "4 schemes, beside our semeval2013 in plain Python"
    agreement = Agreement(f"{told}; never more strict hits than ours", lower == 0)
    p, o = ([s / len(some) for s in seconds[side]] for side in "po")
    return quotient("nervaluate", job, p, o, unit=UNIT, hand_ins=len(some), agreement=agreement)


def sklearn(bench: Bench) -> list[Row]:
    """Kappa of each hand-in and label over words."""
    some = bench.few(40)
    key, matrix = _matrices(bench, some)
    agreement = _kappas_agree(bench, peers_agreement.sklearn_kappas(key, matrix))
    job = "kappa × 25 labels"
    task = partial(peers_agreement.sklearn_kappas, key, matrix)
    target = Target(1000, at_least=True)
    return [bench.against("scikit-learn", job, task, len(some), ours.BEST, target=target, agreement=agreement)]


def statsmodels(bench: Bench) -> list[Row]:
    """Kappa from ready tables, and alpha of the class by way of Fleiss."""
    some = bench.few(40)
    key, matrix = _matrices(bench, some)
    counts = peers_agreement.tables(key, matrix)
    agreement = _kappas_agree(bench, peers_agreement.statsmodels_kappas(counts))
    task = partial(peers_agreement.statsmodels_kappas, counts)
    job, note = "kappa × 25 labels", "from tables counted beforehand; ours counts"
    kappa = bench.against("statsmodels", job, task, len(some), ours.BEST, agreement=agreement, note=note)
    return [kappa, _alphas(bench, "statsmodels", "alpha × 25 labels, by Fleiss' kappa", peers_agreement.fleiss_alphas)]


def krippendorff(bench: Bench) -> list[Row]:
    """Alpha of the class for each label, from the same matrix."""
    return [_alphas(bench, "krippendorff", "alpha × 25 labels", peers_agreement.krippendorff_alphas)]


def _alphas(bench: Bench, name: str, job: str, peer: Callable[[peers_agreement.Bits], ours.Numbers]) -> Row:
    _, matrix = _matrices(bench, bench.apart)
    apart = float(np.abs(peer(matrix) - ours.alphas(matrix)).max())
    agreement = Agreement(f"25 alphas within {apart:.0e}", apart < 1e-12)
    progress(f"{name}: timing")
    seconds = interleaved({"p": lambda: peer(matrix), "o": lambda: ours.alphas(matrix)}, quick=bench.quick)
    p, o = ([s / bench.hand_ins for s in seconds[side]] for side in "po")
    note = "both from one matrix of hand-ins × words"
    return quotient(name, job, p, o, unit=UNIT, hand_ins=bench.hand_ins, agreement=agreement, note=note)


def _matrices(bench: Bench, some: list[Spans]) -> tuple[peers_agreement.Bits, peers_agreement.Bits]:
    text = bench.made.text
    return peers_agreement.word_matrix(text, [bench.made.key])[0], peers_agreement.word_matrix(text, some)


def _kappas_agree(bench: Bench, theirs: ours.Numbers) -> Agreement:
    mine = bench.cohort.kappas()[: len(theirs)]
    same = bool((np.isnan(mine) == np.isnan(theirs)).all())
    apart = float(np.nanmax(np.abs(mine - theirs)))
    return Agreement(f"{theirs.size} kappas within {apart:.0e}", same and apart < 1e-12)


def seqeval(bench: Bench) -> list[Row]:
    """Exact scores over words, on the spans that BIO tags can hold."""
    some = bench.few(20)
    peer, conversion = _timed(lambda: peers_spans.Seqeval(bench.made.text, bench.made.key, some))
    mine = sum((metrics.exact(spans.rows, peer.key.rows) for spans in peer.hand_ins), Tally()).scores
    theirs = peer.report()["micro avg"]
    apart = max(abs(theirs["precision"] - mine.precision.value), abs(theirs["recall"] - mine.recall.value))
    agreement = Agreement(f"pooled P and R within {apart:.0e} on what BIO can hold", apart < 1e-12)
    note = f"BIO cannot hold overlap: {100 * peer.lost:.1f} % of the marks are left out; conversion {conversion:.2f} s"
    job = "exact, overall and 25 labels"
    return [bench.against("seqeval", job, peer.report, len(some), ours.BEST, agreement=agreement, note=note)]


def polars(bench: Bench) -> list[Row]:
    """Overlap in the form of SemEval-2020 as joins of data frames."""
    return _joins(bench, "polars", peers_joins.Polars(bench.made, bench.spans, bench.hand_ins))


def duckdb(bench: Bench) -> list[Row]:
    """Overlap in the form of SemEval-2020 as SQL."""
    return _joins(bench, "duckdb", peers_joins.Duckdb(bench.made, bench.spans, bench.hand_ins))


def _joins(bench: Bench, name: str, peer: peers_joins.Polars | peers_joins.Duckdb) -> list[Row]:
    counts = bench.cohort.scores(("semeval",)).counts
    whole, join = "overlap only", "overlap only, marks merged beforehand"
    rest: dict[str, dict[str, Any]] = {}
    jobs: dict[str, Task] = {whole: peer.whole, join: peer.join}
    for job, result in ((whole, peer.whole()), (join, peer.join())):
        apart = max(np.abs(getattr(result, side) - counts[f"semeval_{side}"]).max() for side in ("right", "found"))
        same = bool((result.marked == counts["semeval_marked"]).all())
        rest[job] = {"agreement": Agreement(f"sums within {apart:.0e}", bool(same and apart < 1e-9))}
    rest[whole]["note"] = "ours: overlap only, SemEval form"
    rest[join]["note"] = "ours still merges"
    return bench.several(name, jobs, bench.hand_ins, ("semeval",), rest)


def scipy(bench: Bench) -> list[Row]:
    """Pairing of one hand-in with the key: a full matrix there, components of overlapping spans here."""
    some = bench.few(40)
    key = metrics.distinct(bench.made.key.rows())
    ordered = [spans.take(np.lexsort((spans.label, spans.end, spans.start))) for spans in some]
    marks = [metrics.distinct(spans.rows()) for spans in ordered]
    lengths = [(s.rows(), peers_joins.dense_pairing(bench.made.key, s)) for s in ordered]
    theirs = [ours.weight(rows, bench.made.key.rows(), pairs) for rows, pairs in lengths]
    mine = [ours.weight(m, key, metrics.align(m, key)) for m in marks]
    agreement = Agreement(f"same total weight for {len(some)} hand-ins", theirs == mine)
    tasks: dict[str, Task] = {
        "p": lambda: [peers_joins.dense_pairing(bench.made.key, spans) for spans in ordered],
        "o": lambda: [metrics.align(m, key) for m in marks],
    }
    seconds = interleaved(tasks, quick=bench.quick)
    p, o = ([s / len(some) for s in seconds[side]] for side in "po")
    note = "ours is plain Python with exact fractions and a rule for ties"
    job = "pairing of one hand-in, 60 × 60"
    return [quotient("scipy", job, p, o, unit=UNIT, hand_ins=len(some), agreement=agreement, note=note)]


def gamma(bench: Bench) -> list[Row]:
    """Gamma, another number; here for scale."""
    progress("pygamma-agreement: a process of its own, about 20 s to import and compile")
    number = 2 if bench.quick else 5
    made = peers_agreement.gammas(bench.made, bench.apart[:number], timeout=180)
    job = "gamma, one hand-in with the key"
    if isinstance(made, str):
        return [Row("pygamma-agreement", job, note=f"skipped: {made}")]
    agreement = Agreement("another number; equal sets give 1", abs(made.identical - 1) < 1e-9)
    mine = interleaved({"o": lambda: bench.cohort.read(ours.BEST)}, quick=bench.quick)["o"]
    typical = [median(mine) / bench.hand_ins] * number
    note = f"not in turns: {number} pairs one after the other in another process"
    return [
        quotient("pygamma-agreement", job, made.seconds, typical, unit=UNIT, hand_ins=1, agreement=agreement, note=note)
    ]


def semeval(bench: Bench) -> list[Row]:
    """The organisers' scorer, if the user has it."""
    job, path = "overlap, overall and 25 labels", os.environ.get(SCORER)
    if not path:
        return [Row("SemEval scorer", job, note=f"skipped: {SCORER} does not name a task-FLC_scorer.py")]
    some = bench.few(100)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as all_:
        single = peers_spans.Scorer(Path(path), bench.made, some[:1], Path(one))
        peer = peers_spans.Scorer(Path(path), bench.made, some, Path(all_))
        start, (seconds, theirs) = single.run()[0], peer.run()
    mine = sum((metrics.semeval2020(s.rows(), bench.made.key.rows()) for s in some), Tally()).scores.f1.value
    agreement = Agreement(f"pooled F1 {theirs:.6f}, ours {mine:.6f}", abs(theirs - mine) < 1e-5)
    own = interleaved({"o": lambda: bench.cohort.read(ours.SEMEVAL)}, quick=bench.quick)["o"]
    per = [(seconds - start) / (len(some) - 1)] * len(own)
    note = "one run of the program, less one run with a single hand-in"
    return [
        quotient(
            "SemEval scorer", job, per, [s / bench.hand_ins for s in own], unit=UNIT, hand_ins=len(some),
            agreement=agreement, note=note,
        )
    ]  # fmt: skip


def plain(bench: Bench) -> list[Row]:
    """Our own modules without columns: the reference for the cohort, on tidy and untidy hand-ins."""
    some = bench.few(100)
    tidy = ours.reference(bench.cohort, some)
    number = 10 if bench.quick else 50
    messy = untidy(bench.made, hand_ins(bench.made, number, first=bench.hand_ins))
    messy = Spans(messy.hand_in - bench.hand_ins, messy.label, messy.start, messy.end)
    firm = ours.Cohort(bench.made, messy, number, firm=firmness(bench.made))
    checked = ours.reference(firm, messy.by_hand_in(0, number))
    agreement = Agreement(f"{tidy.told}; of untidy ones {checked.told}", tidy.holds and checked.holds)
    rows, key = [spans.rows() for spans in some], bench.cohort.key
    job = "exact, SemEval form, best match"

    def one_by_one() -> list[dict[str, Tally]]:
        return [ours.plain_scores(marks, key) for marks in rows]

    return [bench.against("our plain Python", job, one_by_one, len(some), ours.FORMS, agreement=agreement)]


def _timed(make: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    return make(), time.perf_counter() - begin


def quiet(suite: Callable[[Bench], list[Row]], bench: Bench) -> list[Row]:
    """Run a suite without the warnings of peers, for example about a kappa of nothing but zeros."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return suite(bench)


SUITES: dict[str, Callable[[Bench], list[Row]]] = {
    suite.__name__: suite
    for suite in (plain, nervaluate, sklearn, statsmodels, krippendorff, seqeval, polars, duckdb, scipy, gamma, semeval)
}
