"""What reads somebody's film has no network, no files, no keys, and little time and memory."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pipeline.children.confinement import Allowance
from pipeline.children.escape import Door, try_doors
from pipeline.children.keeper import Task, do_confined
from pipeline.engines.ffmpeg_command import find_program
from pipeline.errors import ChildDied, EngineFailed, Failure, TaskFailed, WorkTooLong
from tests.faults.test_children import lives, wait_until

ROOT = Path(__file__).parents[2]
ROOMY = Allowance(memory_mib=4096, cpu_s=60)

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux confines; others only limit")


def confined(
    name: str,
    *,
    source: Any = None,  # noqa: ANN401 - a file
    target: Any = None,  # noqa: ANN401 - a file
    allowance: Allowance = ROOMY,
    readable: tuple[Path, ...] = (),
    progress: Callable[[float], None] = lambda _: None,
    **args: object,
) -> Any:  # noqa: ANN401 - JSON
    return do_confined(
        Task(name if ":" in name else f"tests.child_tasks.film:{name}", args),
        source=source or io.BytesIO(),
        target=target,
        progress=progress,
        allowance=allowance,
        readable=(ROOT / "tests", *readable),
    )


class Listener:
    """Somebody on this machine who waits for a call."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.heard = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                self._socket.accept()[0].close()
                self.heard += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def victim() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process.pid
    process.kill()
    process.wait()


@linux
def test_every_door_is_shut(listener: Listener, victim: int, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"a key")
    doors = {
        "port": listener.port,
        "folder": str(tmp_path),
        "secret": str(tmp_path / "secret"),
        "victim": victim,
    }
    assert confined("pipeline.children.escape:try_doors", **doors) == []
    assert listener.heard == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]

    found = try_doors(None, None, progress=lambda _: None, **doors)  # type: ignore[arg-type]
    assert found == list(Door)
    wait_until(lambda: listener.heard == 1, seconds=5)


@linux
def test_its_programs_are_shut_in_too(listener: Listener, tmp_path: Path) -> None:
    program = find_program().path
    (tmp_path / "film").write_bytes(b"not for you")
    tone = ("-f", "lavfi", "-i", "aevalsrc=0:d=0.1")
    lines = [
        [*tone, "-f", "null", "-"],
        ["-i", f"tcp://127.0.0.1:{listener.port}?timeout=1000000"],
        [*tone, "-f", "mpegts", f"tcp://127.0.0.1:{listener.port}"],
        ["-i", str(tmp_path / "film")],
        [*tone, "-y", str(tmp_path / "made.wav")],
    ]
    works, *ends = confined("fetch", program=program, lines=lines, readable=(Path(program),))
    assert works[0] == 0, works
    assert all(code != 0 for code, _ in ends)
    assert all("ermission denied" in said for _, said in ends), ends
    assert listener.heard == 0
    assert [path.name for path in tmp_path.iterdir()] == ["film"]


def test_files_are_read_and_written_through_the_keeper() -> None:
    source, target = io.BytesIO(b"ab" * 2_000_000), io.BytesIO()
    target.write(bytes(4_000_000))
    progress: list[float] = []
    places = confined("turn_round", source=source, target=target, progress=progress.append)
    assert places == [2_000_000, 2_000_000]
    assert target.getvalue() == source.getvalue()
    assert progress == [0.5, 1.0]


def test_no_setting_of_the_site_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSPIL_KEY_ENCRYPTION_KEY", "secret")
    assert confined("settings_seen") == []


def test_no_core_no_file_and_few_open_files() -> None:
    core, size, files = confined("limits_seen")
    assert (core, size) == (0, 0)
    assert files <= 64


def test_time_of_the_processor_runs_out() -> None:
    with pytest.raises(WorkTooLong):
        confined("spin", allowance=Allowance(memory_mib=4096, cpu_s=1))


def test_time_runs_out_for_its_programs_too() -> None:
    code = confined("spin_in_a_program", allowance=Allowance(memory_mib=4096, cpu_s=1))
    assert code == -signal.SIGXCPU


def test_memory_runs_out() -> None:
    with pytest.raises(ChildDied):
        confined("swallow", mib=2048, allowance=Allowance(memory_mib=1024, cpu_s=60))


def test_a_crash_over_a_film_is_told_from_other_ends() -> None:
    with pytest.raises(EngineFailed) as failed:
        confined("crash")
    assert failed.value.code is Failure.CRASHED


def test_an_unforeseen_error_tells_where_but_not_what() -> None:
    with pytest.raises(TaskFailed) as failed:
        confined("blunder")
    assert failed.value.kind == "ValueError"
    assert failed.value.where.startswith("tests/child_tasks/film.py:")
    assert "Uxnvaplq" not in str(failed.value)


class Noting(io.BytesIO):
    """Notes where it is sent to, and then fails."""

    def __init__(self, *, error: Exception | None) -> None:
        super().__init__()
        self.sent: list[int] = []
        self._error = error

    def seek(self, offset: int, _whence: int = 0, /) -> int:
        self.sent.append(offset)
        if self._error is not None:
            raise self._error
        return offset


def test_an_error_of_a_file_reaches_the_caller_and_ends_the_process() -> None:
    class KeyGone(Exception):
        pass

    source = Noting(error=KeyGone())
    with pytest.raises(KeyGone):
        confined("wait_for_ever", source=source)
    wait_until(lambda: not lives(source.sent[0]), seconds=1)


KEEPER = """
import sys
from pathlib import Path
from tests.faults.test_confinement import Noting, confined
class Telling(Noting):
    def seek(self, offset, whence=0):
        print(offset, flush=True)
        return offset
confined("wait_for_ever", source=Telling(error=None))
"""


def test_it_dies_with_a_killed_keeper() -> None:
    keeper = subprocess.Popen(
        [sys.executable, "-P", "-c", KEEPER],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert keeper.stdout is not None
    with keeper.stdout:
        pid = int(keeper.stdout.readline())
        assert lives(pid)
        keeper.kill()
        keeper.wait()
    wait_until(lambda: not lives(pid), seconds=1)


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[1]",
        '{"read": 99999999999}',
        '{"read": -1}',
        '{"read": "4"}',
        '{"write": 4}',
        '{"seek": [0, 7], "of": "source"}',
        '{"seek": [0, 0], "of": "target"}',
        '{"seek": [0, 0], "of": "/etc/passwd"}',
        '{"progress": "x"}',
        '{"error": {"kind": "MediaRefused", "error": "no such code"}}',
        '{"error": 1}',
        '{"open": "/etc/passwd"}',
    ],
)
def test_what_none_of_ours_says_ends_it(line: str) -> None:
    began = time.monotonic()
    with pytest.raises(EngineFailed) as failed:
        confined("say", line=line)
    assert failed.value.code is Failure.CRASHED
    assert time.monotonic() - began < 20
