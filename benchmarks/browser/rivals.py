"""Fetch the tools we are measured against, one version of each, for developers only: nothing of them is shipped."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

__all__ = ["MissingError", "recogito", "spanmark"]

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "build" / "bench-browser"
RECOGITO = "@recogito/text-annotator@4.1.1"
INTEGRITY = "kbbCt9SlMeKF7PcJRMFguf6m8UALwnYfnxHZmgvA3jkvd3hKYz+I4i6ZNLARXQ69cTs8Z/pkfOBTAawAbwgsdQ=="  # SHA-512


class MissingError(Exception):
    """A rival cannot be had; the message says why."""


def spanmark() -> dict[str, str]:
    """Script and stylesheet of spanmark, from its wheel."""
    folder = FOLDER / "spanmark-0.1.1"
    if not (folder / "spanmark").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        _run(*_installer(), "--no-deps", "--require-hashes", "--target", str(folder), "-r", str(HERE / "rivals.txt"))
    static = folder / "spanmark" / "static"
    return {"version": "0.1.1", "script": _read(static / "widget.js"), "style": _read(static / "widget.css")}


def recogito() -> dict[str, str]:
    """Script and stylesheet of Recogito's text annotator, from its npm package; the script holds what it depends on."""
    folder = FOLDER / "recogito-4.1.1"
    if not (folder / "package").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder), RECOGITO)
        (archive,) = folder.glob("*.tgz")
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != INTEGRITY:
            raise MissingError(f"{archive.name} is not the package that was reviewed")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    dist = folder / "package" / "dist"
    return {
        "version": "4.1.1",
        "script": _read(dist / "text-annotator.umd.js"),
        "style": _read(dist / "text-annotator.css"),
    }


def _installer() -> list[str]:
    """Some pip: uv's, this environment's, or that of the Python it was made from."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "-q", "--python", sys.executable]
    for python in (sys.executable, getattr(sys, "_base_executable", sys.executable), shutil.which("python3") or ""):
        if (
            python
            and subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
        ):
            return [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    raise MissingError("no pip was found")


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise MissingError(f"{command[0]} was not found") from error
    if done.returncode:
        raise MissingError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{command[0]} failed")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise MissingError(f"{path.name} is not in the package") from error
