"""The course as a working folder, opened in JupyterLab: `secondsource lab`.

The copy never overwrites anything. JupyterLab runs silent and offline (no news, no update checks, no extension
downloads) and with the Python of this process, so that the kernel is the environment that holds this package.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

from secondsource.atomic import write_atomically
from secondsource.errors import LabError

__all__ = ["CopyReport", "any_port", "copy_course", "course_root", "first_lesson", "free_port", "run_lab"]

_HOST = "127.0.0.1"
_USUAL_PORTS = range(8888, 8898)
_PATIENCE = 90.0  # seconds; a first start on a slow disk compiles thousands of files
_FAREWELL = 15.0  # seconds for the server to end its kernels
_STATE = ".secondsource"  # for settings, open tabs and signatures
_NOT_COPIED = {"my-labels", "__pycache__"}
# `news_url=None` alone still asks "Would you like to get notified about official Jupyter news?".
_OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # A double click on “Start here” shows a page to read and not its source.
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
}


@dataclass(frozen=True)
class CopyReport:
    """What `copy_course` did: names of files, relative to the working folder.

    Attributes
    ----------
    folder : Path
        The working folder, absolute.
    added, same, kept : tuple of str
        Files that were missing; were there, unchanged; differ because someone worked in them, and stay as they are.
    """

    folder: Path
    added: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Two lines for people.

        Examples
        --------
        >>> print(CopyReport(Path("course"), added=("a", "b"), kept=("c",)))
        Course folder: course
        Notebooks: 2 added, 0 already there, 1 with your own changes kept.
        """
        counts = f"{len(self.added)} added, {len(self.same)} already there, {len(self.kept)} with your own changes kept"
        return f"Course folder: {self.folder}\nNotebooks: {counts}."


def course_root() -> Path:
    """Folder with `lessons`, `exercises` and `solutions`: in the wheel, or the checkout of an editable install."""
    packaged = Path(__file__).parent / "_course"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2]


def first_lesson() -> str:
    """The lesson to begin with, as a path in the course folder."""
    lessons = sorted((course_root() / "lessons").glob("*.ipynb"))
    if not lessons:
        raise LabError("LAB-COURSE", "This installation holds no lessons.", "Install the package again.")
    return f"lessons/{lessons[0].name}"


def copy_course(folder: str | Path, *, with_solutions: bool = False) -> CopyReport:
    """Copy the notebooks of the course into a working folder; add what is missing, overwrite nothing.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist. Spaces and letters of any alphabet are fine.
    with_solutions : bool
        Copy the solutions too.

    Raises
    ------
    LabError
        ``LAB-FOLDER`` if the folder cannot be written.
    """
    first_lesson()
    folder = Path(folder).expanduser().absolute()
    report: dict[str, list[str]] = {"added": [], "same": [], "kept": []}
    for source, name in _course_files(with_solutions=with_solutions):
        target, content = folder / name, source.read_bytes()
        if os.path.lexists(target):
            report["same" if _holds(target, content) else "kept"].append(name)
        else:
            _place(content, target)
            _trust(content, folder / _STATE)
            report["added"].append(name)
    return CopyReport(folder, **{name: tuple(files) for name, files in report.items()})


def free_port(port: int | None = None) -> int:
    """Return `port` if nothing listens there, or, without one, the first free port of the usual ten.

    The same port again and again matters: a browser files what it remembers for an unsaved page under the port.

    Raises
    ------
    LabError
        ``LAB-PORT`` if the port that was asked for is taken.
    """
    if port is None:
        return next(filter(_is_free, _USUAL_PORTS), 0) or any_port()
    if not _is_free(port):
        raise LabError(
            "LAB-PORT",
            f"Port {port} is in use; perhaps the course is already open in another window.",
            "Leave out --port, or name another one.",
        )
    return port


def jupyter_command(folder: Path, first: str, *, port: int, browser: bool) -> list[str]:
    """Build the command that serves `folder` on this machine only and opens the notebook `first`."""
    state = folder / _STATE
    options = {
        "ServerApp.ip": _HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "ServerApp.answer_yes": True,  # Ctrl+C stops at once, without asking
        "Application.log_level": "ERROR",
        "LabApp.default_url": f"/lab/tree/{quote(first)}",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "LabApp.app_settings_dir": state / "settings",
        "NotebookNotary.data_dir": state,  # where `_trust` signs
        "LabApp.workspaces_dir": state / "workspaces",  # or tabs of other projects would open here
    }
    flags = [] if browser else ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--allow-root")
    return [sys.executable, "-m", "jupyterlab", *flags, *(f"--{name}={value}" for name, value in options.items())]


def silence(folder: Path) -> None:
    """Write the settings that `jupyter_command` names, so that JupyterLab asks nothing; the user's own stay."""
    _place(json.dumps(_OVERRIDES).encode(), folder / _STATE / "settings" / "overrides.json")


def run_lab(
    folder: str | Path = "course",
    *,
    with_solutions: bool = False,
    browser: bool = True,
    launch: bool = True,
    port: int | None = None,
    say: Callable[[str], object] = print,
) -> int:
    """Copy the course and serve it in JupyterLab until Ctrl+C; return the exit code.

    The folder is made as by `copy_course`. Without `launch` that is all; without `browser` no window opens and the
    address is only shown. `say` takes each message for the user.
    """
    report = copy_course(folder, with_solutions=with_solutions)
    say(str(report))
    if not launch:
        return 0
    port = free_port(port)
    _check_kernel()
    first, token = first_lesson(), secrets.token_hex(16)
    silence(report.folder)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    command = jupyter_command(report.folder, first, port=port, browser=browser)
    server = subprocess.Popen(command, env={**os.environ, "JUPYTER_TOKEN": token})
    try:
        wait_for(server, port, token)
        say("JupyterLab is ready. If no window has opened, copy this address into a browser:")
        say(f"\n    http://{_HOST}:{port}/lab/tree/{quote(first)}?token={token}\n")
        say("To stop: close the tab and press Ctrl+C here. Your labels are in the course folder.")
        return server.wait()
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    finally:
        _stop(server)


def wait_for(server: "subprocess.Popen[bytes]", port: int, token: str = "") -> None:
    """Return once the server answers to its token; `LabError` ``LAB-START`` if it ends or stays silent.

    Another server may have taken the port in between; it refuses the token, and ours ends.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        # An error means that it is not up yet.
        with suppress(OSError, HTTPException), closing(HTTPConnection(_HOST, port, timeout=2)) as connection:
            connection.request("GET", "/api/status", headers={"Authorization": f"token {token}"})
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise LabError(
        "LAB-START",
        "JupyterLab did not start; its own message, if there is one, stands above.",
        f'Try: "{sys.executable}" -m jupyterlab',
    )


def _course_files(*, with_solutions: bool) -> Iterator[tuple[Path, str]]:
    root = course_root()
    for part in ("lessons", "exercises", *(("solutions",) if with_solutions else ())):
        for path in sorted((root / part).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not any(n.startswith(".") or n in _NOT_COPIED for n in name.split("/")):
                yield path, name


def _trust(content: bytes, state: Path) -> None:
    """Sign a notebook of the course, so that its widgets come back when a student reloads the page."""
    import nbformat.sign

    state.mkdir(parents=True, exist_ok=True)
    with closing((notary := nbformat.sign.NotebookNotary(data_dir=str(state))).store), suppress(ValueError):
        notary.sign(nbformat.reads(content.decode("utf-8"), as_version=4))  # other files need no signature


def _holds(target: Path, content: bytes) -> bool:
    try:
        return target.read_bytes() == content
    except OSError:
        return False


def _place(content: bytes, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, content)
    except OSError as error:
        raise LabError(
            "LAB-FOLDER",
            f"{target} could not be written: {error.strerror or error}.",
            "Choose another folder: secondsource lab my-course",
        ) from error


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # as the server does: a port in its closing minute counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True


def any_port() -> int:
    """Return a free port that nobody else is likely to pick."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _check_kernel() -> None:
    """Refuse a `python3` kernel that starts some other Python: the first cell would not find this package.

    A kernel of that name in this environment goes before one in the user's folder, here and in the server.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    if program not in {"python", "python3", f"python3.{sys.version_info.minor}", sys.executable}:
        raise LabError(
            "LAB-KERNEL",
            f"The kernel named python3 starts {program}, which need not have the course.",
            f'Type: "{sys.executable}" -m ipykernel install --sys-prefix',
        )


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=_FAREWELL)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
