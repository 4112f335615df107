"""Kill programs that save labels, again and again, and count what is lost: what `make soak` runs.

Rounds of five kinds, one file each that lives through all of them:

- ``moment``: killed at a random moment;
- ``call``: killed right before, or in the middle of, each file-system call of opening and saving in turn; then the same
  in a folder that does not exist yet;
- ``two``: two programs on one file, one of them or both killed;
- ``page``: the labeller's protocol; a page sends what was not acknowledged to the next kernel;
- ``faults``: file-system calls fail at random (full disk, no permission, input/output errors), then killed.

After each round the file is opened as the next program would. It prints a table, writes ``build/soak.json``, and ends
with 1 if an acknowledged edit is missing, a file is broken, or something else is not as it should be.
"""

import argparse
import json
import random
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from faulty_fs import FaultyFS
from killing import Child, Ledger, Page, failing_often, killing_at, opened, work

ROOT = Path(__file__).resolve().parents[1]
SHARES = {"moment": 0.3, "call": 0.3, "two": 0.15, "page": 0.15, "faults": 0.1}
ROWS = ("rounds", "acknowledged", "lost", "broken", "surprising", "strays", "strays_left")


@dataclass
class Soak:
    """Rounds of all kinds in one folder.

    Attributes
    ----------
    folder : Path
        An empty one; each kind gets a folder inside.
    seed : int
        Decides the moments, as far as the system's clock lets it.
    """

    folder: Path
    seed: int = 1
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.page = Page(self.seed)
        self.call, self.fresh = 0, False
        for kind in SHARES:
            (self.folder / kind).mkdir()
            self.ledgers[kind], self.rounds[kind] = Ledger(self.folder / kind), 0

    def round(self, kind: str) -> None:
        """Run one round and take down what became of it."""
        self.rounds[kind] += 1
        ledger = self.ledgers[kind]
        kinds: dict[str, Callable[[Ledger], None]] = {
            "moment": self._moment,
            "call": self._call,
            "two": self._two,
            "page": self._page,
            "faults": self._faults,
        }
        kinds[kind](ledger)
        if kind != "page":
            ledger.check()

    def _number(self) -> int:
        return self.chance.randrange(2**40)

    def _moment(self, ledger: Ledger) -> None:
        number = self._number()
        child = Child(lambda tell: work(ledger.folder, "m", number, tell))
        child.wait()
        time.sleep(self.chance.uniform(0.0, 0.08))
        child.kill()
        ledger.hear(child.lines())

    def _call(self, ledger: Ledger) -> None:
        self.call += 1
        number, at, fresh = self._number(), self.call, self.fresh
        if fresh:
            shutil.rmtree(ledger.folder, ignore_errors=True)
            ledger.begin()

        def run(tell: Callable[[str], None]) -> None:
            if not fresh:
                work(ledger.folder, "c", number, tell, edits=1)
            with FaultyFS(ledger.folder, killing_at(at, tell), sync=True):
                work(ledger.folder, "c", number + 1, tell, edits=1)

        child = Child(run)
        told = child.lines()
        if not any(line.startswith("point ") for line in told):
            self.call, self.fresh = 0, not self.fresh  # it came to its end: once more from the first call on
        ledger.hear(told)

    def _two(self, ledger: Ledger) -> None:
        numbers = self._number(), self._number()
        first = Child(lambda tell: work(ledger.folder, "a", numbers[0], tell))
        second = Child(lambda tell: work(ledger.folder, "b", numbers[1], tell))
        first.wait()
        second.wait()
        time.sleep(self.chance.uniform(0.0, 0.1))
        first.kill()
        time.sleep(self.chance.choice((0.0, 0.0, 0.03)))
        second.kill()
        ledger.hear(first.lines())
        ledger.hear(second.lines())

    def _page(self, ledger: Ledger) -> None:
        self.page.click(self.chance.randint(1, 6))
        before = len(self.page.pending)
        child = Child(lambda tell: self.page.serve(ledger.folder, tell))
        if self.chance.random() < 0.8:
            child.wait()
        time.sleep(self.chance.uniform(0.0, 0.08))
        child.kill()
        self.page.hear(child.lines())
        ledger.acknowledged += before - len(self.page.pending)

    def _faults(self, ledger: Ledger) -> None:
        number, share = self._number(), self.chance.choice((0.002, 0.01, 0.05))

        def run(tell: Callable[[str], None]) -> None:
            with FaultyFS(ledger.folder, failing_often(number, share), sync=True):
                work(ledger.folder, "f", number, tell)

        child = Child(run)
        child.wait()
        time.sleep(self.chance.uniform(0.0, 0.1))
        child.kill()
        ledger.hear(child.lines())

    def finish(self) -> None:
        """Let the page send the rest, and compare the file with what the page shows."""
        ledger = self.ledgers["page"]
        before = len(self.page.pending)
        child = Child(lambda tell: self.page.serve(ledger.folder, tell))
        self.page.hear(child.lines())
        ledger.acknowledged += before - len(self.page.pending)
        held = {span.id for span in opened(ledger.folder).labels.spans}
        ledger.lost += sorted(self.page.model - held)
        ledger.surprising += sorted(held - self.page.model)
        ledger.there = dict.fromkeys(held, True)
        ledger.check()

    @property
    def failed(self) -> bool:
        """Whether anything is not as it must be."""
        return any(ledger.lost or ledger.broken or ledger.surprising or ledger.strays_left for ledger in self._all)

    @property
    def _all(self) -> list[Ledger]:
        return list(self.ledgers.values())

    def table(self) -> dict[str, dict[str, int]]:
        """Numbers by kind and in all."""
        rows = {}
        for kind, ledger in self.ledgers.items():
            values = {name: getattr(ledger, name) for name in ROWS[1:]}
            counts = {name: value if isinstance(value, int) else len(value) for name, value in values.items()}
            rows[kind] = {"rounds": self.rounds[kind], **counts}
        rows["all"] = {name: sum(row[name] for row in rows.values()) for name in ROWS}
        return rows


def soak(folder: Path, rounds: int, seed: int, tell: Callable[[str], None] = lambda line: None) -> Soak:
    """Run so many rounds, kinds in turn by their shares, and return what was counted."""
    made = Soak(folder, seed)
    kinds = [kind for kind, share in SHARES.items() for _ in range(round(share * rounds))]
    made.chance.shuffle(kinds)
    for i, kind in enumerate(kinds, start=1):
        made.round(kind)
        if i % 100 == 0:
            tell(f"{i} of {len(kinds)} rounds")
    made.finish()
    return made


def main() -> int:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "soak.json")
    options = parser.parse_args()
    begun = time.perf_counter()
    with TemporaryDirectory() as name:
        made = soak(Path(name), options.rounds, options.seed, lambda line: print(line, flush=True))
    seconds = round(time.perf_counter() - begun, 1)
    rows = made.table()
    points = sorted(made.ledgers["call"].points)
    total = {**rows["all"], "calls_killed_at": len(points), "seconds": seconds, "seed": options.seed}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    details = {
        kind: {"lost": ledger.lost, "broken": ledger.broken, "surprising": ledger.surprising}
        for kind, ledger in made.ledgers.items()
        if ledger.lost or ledger.broken or ledger.surprising
    }
    report = {**total, "kinds": rows, "points": points, "details": details}
    options.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print("".join(f"{name.replace('_', ' '):>14}" for name in ("", *ROWS)))
    for kind, row in rows.items():
        print(f"{kind:>14}" + "".join(f"{row[name]:>14}" for name in ROWS))
    print(f"killed at {len(points)} kinds of calls; seed {options.seed}; {seconds} s; {options.output}")
    return int(made.failed)


if __name__ == "__main__":
    sys.exit(main())
