"""The working folder and how JupyterLab is started, without starting it (`tests/lab` does)."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from secondsource import lab
from secondsource.errors import LabError
from secondsource.lab import CopyReport, copy_course, course_root, first_lesson, free_port, run_lab

COURSE = {
    "lessons/02_one.ipynb": "lesson two",
    "lessons/05_two.ipynb": "lesson five",
    "exercises/02_one.ipynb": "exercise",
    "solutions/02_one.ipynb": "solution",
    "exercises/my-labels/private.labels.json": "someone's labels",
    "lessons/.ipynb_checkpoints/02_one-checkpoint.ipynb": "a checkpoint",
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small course in place of the real one."""
    root = tmp_path / "course root"
    for name, content in COURSE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(lab, "course_root", lambda: root)
    return root


def test_course_root_holds_the_course():
    """In a checkout as in a wheel, the three folders are where `course_root` says."""
    assert all((course_root() / part).is_dir() for part in ("lessons", "exercises", "solutions"))
    assert (course_root() / first_lesson()).is_file()


def test_copy_is_lessons_and_exercises(course: Path, tmp_path: Path):
    """Neither solutions, nor labels or checkpoints of whoever used the checkout."""
    report = copy_course(tmp_path / "Kurs – 课程")
    assert report.added == ("lessons/02_one.ipynb", "lessons/05_two.ipynb", "exercises/02_one.ipynb")
    copied = {path.relative_to(report.folder).as_posix() for path in report.folder.rglob("*") if path.is_file()}
    assert {name for name in copied if not name.startswith(".secondsource/")} == set(report.added)


def test_solutions_come_when_asked_for(course: Path, tmp_path: Path):
    """A second copy adds only what is missing."""
    copy_course(tmp_path / "work")
    report = copy_course(tmp_path / "work", with_solutions=True)
    assert report.added == ("solutions/02_one.ipynb",)
    assert len(report.same) == 3


def test_nothing_of_a_student_is_overwritten(course: Path, tmp_path: Path):
    """A changed notebook, a folder or a dead link of the same name all stay as they are."""
    work = tmp_path / "work"
    (work / "lessons").mkdir(parents=True)
    (work / "lessons/02_one.ipynb").write_text("mine")
    (work / "lessons/05_two.ipynb").mkdir()
    (work / "exercises").mkdir()
    (work / "exercises/02_one.ipynb").symlink_to(tmp_path / "nowhere")
    report = copy_course(work)
    assert report.kept == ("lessons/02_one.ipynb", "lessons/05_two.ipynb", "exercises/02_one.ipynb")
    assert (work / "lessons/02_one.ipynb").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert "3 with your own changes kept" in str(report)


def test_a_file_where_the_folder_should_be(course: Path, tmp_path: Path):
    """The message has a code, says what is safe and what to do; the file stays."""
    (tmp_path / "work").write_text("a file")
    with pytest.raises(
        LabError, match=r"^LAB-FOLDER · .*work.* · Your files were not touched\. · Choose another"
    ) as caught:
        copy_course(tmp_path / "work")
    assert caught.value.code == "LAB-FOLDER"
    assert (tmp_path / "work").read_text() == "a file"


def test_an_installation_without_lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A broken installation is named, and no empty folder is made."""
    monkeypatch.setattr(lab, "course_root", lambda: tmp_path)
    with pytest.raises(LabError, match=r"^LAB-COURSE"):
        copy_course(tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_without_launch_the_course_is_only_copied(course: Path, tmp_path: Path):
    """`--no-launch` says where the course is and ends."""
    said: list[str] = []
    assert run_lab(tmp_path / "work", launch=False, say=said.append) == 0
    assert said == [
        f"Course folder: {tmp_path / 'work'}\nNotebooks: 3 added, 0 already there, 0 with your own changes kept."
    ]


def test_home_is_understood(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A shell on Windows does not expand `~`, and neither does a quoted name."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert copy_course("~/course").folder == tmp_path / "course"


def test_ports(monkeypatch: pytest.MonkeyPatch):
    """The usual ports first, then any; a port that was asked for and is taken is an error."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(LabError, match=rf"^LAB-PORT · Port {taken} is in use"):
            free_port(taken)
        monkeypatch.setattr(lab, "_USUAL_PORTS", [taken])
        assert free_port() not in {0, taken}
    assert free_port(taken) == taken
    assert free_port() == taken


def test_the_command_is_silent_offline_and_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The kernel's Python starts the server; it listens on this machine only and asks nobody for news."""
    folder = tmp_path / "my course"
    command = lab.jupyter_command(folder, "lessons/02 zwölf.ipynb", port=8891, browser=False)
    assert command[:4] == [sys.executable, "-m", "jupyterlab", "--no-browser"]
    assert {
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=8891",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.default_url=/lab/tree/lessons/02%20zw%C3%B6lf.ipynb",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    } <= set(command)
    assert "--no-browser" not in lab.jupyter_command(folder, "x", port=1, browser=True)
    assert not any("token" in word.casefold() for word in command), "other users can read a command line"
    for user, expected in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        assert ("--allow-root" in lab.jupyter_command(folder, "x", port=1, browser=True)) is expected


def test_a_kernel_of_another_python_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A `python3` kernel that starts an interpreter without the course would fail in the first cell."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")  # what the check sets, undone after the test
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    kernel.joinpath("kernel.json").write_text(
        '{"argv": ["/opt/other/python"], "display_name": "x", "language": "python"}'
    )
    lab._check_kernel()
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with pytest.raises(LabError, match=r"^LAB-KERNEL · The kernel named python3 starts /opt/other/python"):
        lab._check_kernel()


SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).{how}()
"""


@pytest.mark.parametrize("how", ["handle_request", "serve_forever"])
def test_the_address_is_said_once_the_server_answers(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
):
    """A server that ends by itself ends the command; Ctrl+C ends the server."""
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if text.startswith("To stop") and how == "serve_forever":
            signal.raise_signal(signal.SIGINT)

    def command(folder: Path, first: str, *, port: int, browser: bool) -> list[str]:
        settings = json.loads((folder / ".secondsource" / "settings" / "overrides.json").read_text(encoding="utf-8"))
        assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
        viewers = settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
        assert viewers == {"markdown": "Markdown Preview"}
        return [sys.executable, "-c", SERVER.format(how=how), str(port)]

    monkeypatch.setattr(lab, "jupyter_command", command)
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    before = signal.getsignal(signal.SIGTERM)
    assert run_lab(tmp_path / "work", say=said.append if how == "handle_request" else say) == 0
    signal.signal(signal.SIGTERM, before)
    assert re.search(r"http://127\.0\.0\.1:\d+/lab/tree/lessons/02_one\.ipynb\?token=[0-9a-f]{32}", "\n".join(said))
    assert (said[-1] == "\nStopped.") is (how == "serve_forever")


def test_a_server_that_ends_at_once_is_reported():
    """No endless waiting for a server that is gone."""
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as server:
        server.wait()
        with pytest.raises(LabError, match=r"^LAB-START"):
            lab.wait_for(server, free_port())


def test_a_server_that_ignores_the_request_to_stop_is_ended(monkeypatch: pytest.MonkeyPatch):
    """After the time allowed, `_stop` ends it by force."""
    program = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    monkeypatch.setattr(lab, "_FAREWELL", 0.1)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server:
        assert server.stdout
        server.stdout.readline()
        lab._stop(server)
        assert server.returncode != 0


def test_report_reads_like_a_sentence():
    """Counts only; the names are there for those who ask."""
    assert str(CopyReport(Path("course"), added=("a",), same=("b", "c"))).endswith(
        "Notebooks: 1 added, 2 already there, 0 with your own changes kept."
    )


def test_another_server_on_the_port_is_not_taken_for_ours():
    """It refuses the token; ours, which could not have the port, ends, and that is reported."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(403)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as other:
        threading.Thread(target=other.serve_forever).start()
        ours = [sys.executable, "-c", "import time; time.sleep(0.3)"]
        with subprocess.Popen(ours) as server, pytest.raises(LabError, match=r"^LAB-START"):
            lab.wait_for(server, other.server_port, "token")
        other.shutdown()


def test_a_port_is_probed_without_reuse_on_windows(monkeypatch: pytest.MonkeyPatch):
    """There, reuse would take a port that is in use for free."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with monkeypatch.context() as patch:
            patch.setattr(os, "name", "nt")
            free = lab._is_free(taken.getsockname()[1])
        assert not free
