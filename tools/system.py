"""Ask the system's package manager for what pip cannot give: a browser with fonts, Node, Python's own `venv`.

``python tools/system.py browser node`` installs only what is missing, and only if that needs no password. Otherwise
it prints the command to type, and the tests that need the browser or Node are skipped; in CI that is a failure.
It runs before anything is installed: standard library only.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# One character each that a font with emoji, and a font with right-to-left letters, can draw.
LETTERS = ("1f4f0", "5d0")


class Manager(NamedTuple):
    """A package manager: how it installs, and what it calls the things that may be missing."""

    program: str
    install: str
    browser: str
    fonts: str
    node: str = "nodejs"
    venv: str = ""
    refresh: str = ""
    needs_root: bool = True


MANAGERS = (
    Manager(
        "apt-get",
        "apt-get install -y -qq --no-install-recommends",
        "chromium",
        "fonts-noto-core fonts-noto-color-emoji",
        venv=f"python{sys.version_info.major}.{sys.version_info.minor}-venv",
        refresh="apt-get update -qq",
    ),
    Manager("dnf", "dnf install -y -q", "chromium", "google-noto-sans-fonts google-noto-color-emoji-fonts"),
    Manager("pacman", "pacman -Sy --noconfirm --needed", "chromium", "noto-fonts noto-fonts-emoji"),
    Manager(
        "zypper",
        "zypper --non-interactive install",
        "chromium",
        "google-noto-sans-fonts google-noto-coloremoji-fonts",
    ),
    Manager("brew", "brew install", "google-chrome", "", node="node", needs_root=False),
)


def chromium() -> str | None:
    """Path of the system's Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def has_fonts() -> bool:
    """Whether emoji and right-to-left letters can be drawn; taken for granted where fontconfig is not used."""
    fc_list = shutil.which("fc-list")
    return fc_list is None or all(
        subprocess.run([fc_list, f":charset={letter}"], capture_output=True, check=False).stdout for letter in LETTERS
    )


PRESENT: dict[str, Callable[[], bool]] = {
    "browser": lambda: chromium() is not None,
    "fonts": has_fonts,
    "node": lambda: shutil.which("node") is not None,
    "venv": lambda: find_spec("venv") is not None and find_spec("ensurepip") is not None,
}


def prefix_for(manager: Manager) -> list[str] | None:
    """Words to put before a command so that it may install without a password; None if there is no such way."""
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if not manager.needs_root or os.geteuid() == 0:
        return quietly
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
        return [*sudo, *quietly]
    return None


def install(things: list[str]) -> None:
    """Install things with the first package manager found, or print how."""
    manager = next((m for m in MANAGERS if shutil.which(m.program)), None)
    packages = " ".join(filter(None, (getattr(manager, thing) for thing in things))) if manager else ""
    if not manager or not packages:
        print(f"Missing: {', '.join(things)}. No package manager known here has it: please install it by hand.")
        return
    commands = [command for command in (manager.refresh, f"{manager.install} {packages}") if command]
    prefix = prefix_for(manager)
    if prefix is None:
        print(f"Missing: {', '.join(things)}. Installing needs an administrator:")
        print(f"    sudo sh -c '{' && '.join(commands)}'")
        return
    for command in commands:
        print(f"+ {command}", flush=True)
        if subprocess.run([*prefix, *command.split()], check=False).returncode:
            print(f"That failed. To try again by hand: {command}")
            return


def main(wanted: list[str]) -> int:
    """Install what is wanted and missing; 1 if it stays missing and nothing can go on without it."""
    if "browser" in wanted:
        wanted = [*wanted, "fonts"]
    missing = [thing for thing in wanted if not PRESENT[thing]()]
    if missing:
        install(missing)
    gone = [thing for thing in missing if not PRESENT[thing]() and thing != "fonts"]
    if "venv" in gone:
        print("Python's venv module is missing; Debian and Ubuntu keep it in a package of its own (python3-venv).")
        return 1
    if gone:
        print(f"Not there: {', '.join(gone)}. The tests that need it are skipped; in CI they would fail.")
    return 1 if gone and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
