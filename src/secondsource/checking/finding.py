"""One broken rule, and the command that repairs most of them."""

from dataclasses import dataclass

__all__ = ["BUILD", "Broken", "Finding"]

BUILD = "secondsource build"
Broken = tuple[str, str]  # rule and repair, where the place is known


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: where, what, and how to repair it."""

    place: str
    rule: str
    repair: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule} Repair: {self.repair}"
