"""Take turns, take medians: how two ways of doing the same work are compared."""

import gc
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

Task = Callable[[], object]
Series = dict[str, list[float]]
_clocks: list[tuple[float, float]] = []  # seconds that passed in every run, and those of the processor


MANY, SOME, FEW = 15, 5, 3  # rounds: where a run takes under a second, where it takes longer, and in a smoke run
SHORT, AGAIN = 0.1, 3  # seconds; a task that takes less runs three times in a round, and the middle one counts


def interleaved(tasks: Mapping[str, Task], *, quick: bool = False) -> Series:
    """Seconds of each task, one value per round; in a round every task has its turn, after one untimed round for all.

    Taking turns, both sides see the same machine in its good and bad moments. Garbage is collected between runs and
    not during them, as in `timeit`; this favours whoever makes many objects.
    """
    gc.collect()
    gc.freeze()  # what was made before is not looked through again, or collecting would take longer than the task
    untimed = {name: once(task) for name, task in tasks.items()}
    rounds = FEW if quick else MANY if max(untimed.values()) < 1 else SOME
    times = {name: AGAIN if seconds < SHORT else 1 for name, seconds in untimed.items()}
    seconds: Series = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            seconds[name].append(median(once(task) for _ in range(times[name])))
    gc.unfreeze()
    return seconds


def once(task: Task) -> float:
    """Seconds of the processor in one run: what passes on an idle machine, for both sides have one thread."""
    gc.collect()
    gc.disable()
    try:
        begin, worked = time.perf_counter(), time.process_time()
        task()
        seconds = time.process_time() - worked
        _clocks.append((time.perf_counter() - begin, seconds))
        return seconds
    finally:
        gc.enable()


def share() -> float:
    """Which share of a processor all timed runs had, 0 to 1; if it is low, others used the machine and its caches."""
    return sum(worked for _, worked in _clocks) / sum(seconds for seconds, _ in _clocks) if _clocks else 1.0


def progress(told: str) -> None:
    """Say on standard error what is being done."""
    print(f"… {told}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Agreement:
    """Whether two results that should be equal are, and in words what was compared."""

    told: str
    holds: bool = True


@dataclass(frozen=True)
class Target:
    """A promise: the value is at most, or at least, a limit."""

    limit: float
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"

    def met(self, value: float) -> bool:
        """Tell whether a value keeps the promise."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Row:
    """One line of the report.

    Attributes
    ----------
    name, job : str
        Who is measured, and what is done.
    value : float or None
        The ratio or time; None if it was skipped (`note` says why).
    unit : str
        What the value is, for example ``× as long as ours``.
    low, high : float
        Quartiles over the rounds; equal to the value when there was one round.
    ours, theirs : float
        Median seconds per hand-in, where there are two sides.
    rounds : int
        Number of timed rounds.
    hand_ins : int
        Over how many hand-ins the other side was timed.
    """

    name: str
    job: str
    value: float | None = None
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    ours: float | None = None
    theirs: float | None = None
    rounds: int = 0
    hand_ins: int = 0
    target: Target | None = None
    agreement: Agreement | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        return None if self.target is None or self.value is None else self.target.met(self.value)

    def record(self) -> dict[str, object]:
        """Everything as plain data."""
        return asdict(self) | {"target": str(self.target or ""), "met": self.met}


def quotient(name: str, job: str, theirs: list[float], ours: list[float], **rest: Any) -> Row:
    """Make a row of how many times as long ``theirs`` takes as ``ours``; both in seconds, round by round.

    The value is the median of the quotients of the rounds.
    """
    ratios = [a / b for a, b in zip(theirs, ours, strict=True)]
    low, high = quartiles(ratios)
    rest |= {"ours": median(ours), "theirs": median(theirs), "rounds": len(ours)}
    return Row(name, job, median(ratios), low=low, high=high, **rest)


def absolute(name: str, job: str, seconds: list[float], *, scale: float = 1.0, **rest: Any) -> Row:
    """Make a row of a time of ours; ``scale`` turns seconds into the unit."""
    low, high = quartiles([scale * s for s in seconds])
    return Row(name, job, scale * median(seconds), low=low, high=high, rounds=len(seconds), **rest)


def quartiles(values: list[float]) -> tuple[float, float]:
    """Lower and upper quartile; both the value itself if there is one."""
    if len(values) == 1:
        return values[0], values[0]
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high
