"""What reads somebody's film has no network, no files, no keys, and little time and memory."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pipeline.children.confinement import Allowance
from pipeline.children.escape import Door, try_doors
from pipeline.children.keeper import Task, do_confined
from pipeline.engines.ffmpeg_command import find_program
from pipeline.engines.opened import MOST_AT_ONCE, Ranges
from pipeline.errors import (
    ChildDied,
    EngineFailed,
    Failure,
    MediaRefused,
    TaskFailed,
    WorkTooLong,
)
from tests.child_tasks.held import Held
from tests.faults.test_children import lives, wait_until

ROOT = Path(__file__).parents[2]
ROOMY = Allowance(memory_mib=4096, cpu_s=60)

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux confines; others only limit")


def confined(
    name: str,
    *,
    source: Ranges | Sequence[Ranges] = (),
    target: Any = None,  # noqa: ANN401 - a file
    allowance: Allowance = ROOMY,
    readable: tuple[Path, ...] = (),
    progress: Callable[[float], None] = lambda _: None,
    **args: object,
) -> Any:  # noqa: ANN401 - JSON
    return do_confined(
        Task(name if ":" in name else f"tests.child_tasks.film:{name}", args),
        source=source,
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
    wait_until(lambda: listener.heard == 1)


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
    content = b"ab" * 1_000_000 + b"cd" * 1_000_000
    source, target = Held(content), io.BytesIO()
    target.write(bytes(4_000_000))
    progress: list[float] = []
    places = confined("turn_round", source=source, target=target, progress=progress.append)
    assert places == [2_000_000, 2_000_000]
    assert target.getvalue() == content
    assert progress == [0.5, 1.0]


def test_several_files_are_read_at_several_places_at_once() -> None:
    content = os.urandom(4_000_000), os.urandom(2_000_000)
    files, target = [Held(each) for each in content], io.BytesIO()
    assert confined("interleave", source=files, target=target) == [4_000_000, 2_000_000]
    written = memoryview(target.getvalue())
    assert len(written) == 8_000_000
    for at in (0, 2_345, 3_999):
        turn = written[at * 2000 : (at + 1) * 2000]
        own, end = at * 500, 2_000_000 - 1000 - at * 500
        assert turn[:1000] == content[0][at * 1000 : (at + 1) * 1000]
        assert turn[1000:1500] == content[1][own : own + 500]
        if end >= 0:
            assert turn[1500:] == content[1][end : end + 500]


def test_which_file_is_refused_is_told() -> None:
    with pytest.raises(MediaRefused) as refused:
        confined("refuse", source=[Held(), Held()], number=2)
    assert refused.value.code == "damaged:2"


def test_a_file_that_there_is_not_cannot_be_refused() -> None:
    with pytest.raises(EngineFailed) as failed:
        confined("refuse", source=[Held(), Held()], number=3)
    assert failed.value.code is Failure.CRASHED


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


class Noting(Held):
    """A huge file that notes where it is read, and then fails."""

    size = 2**40

    def __init__(self, *, error: Exception) -> None:
        super().__init__()
        self._error = error

    def pread(self, offset: int, length: int, /) -> bytes:
        self.asked.append((offset, length))
        raise self._error


def test_an_error_of_a_file_reaches_the_caller_and_ends_the_process() -> None:
    class KeyGone(Exception):
        pass

    source = Noting(error=KeyGone())
    with pytest.raises(KeyGone):
        confined("wait_for_ever", source=source)
    wait_until(lambda: not lives(source.asked[0][0]))


KEEPER = """
from tests.faults.test_confinement import confined
class Telling:
    size = 2**40
    def pread(self, offset, length):
        print(offset, flush=True)
        return b""
confined("wait_for_ever", source=Telling())
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
    wait_until(lambda: not lives(pid))


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[1]",
        '{"read": 4}',
        f'{{"read": {MOST_AT_ONCE + 1}, "at": 0, "of": 0}}',
        '{"read": -1, "at": 0, "of": 0}',
        '{"read": "4", "at": 0, "of": 0}',
        '{"read": 4, "at": -1, "of": 0}',
        '{"read": 4, "at": 11, "of": 0}',
        '{"read": 4, "at": 0.5, "of": 0}',
        '{"read": 4, "at": [0], "of": 0}',
        '{"read": 4, "at": 0, "of": 2}',
        '{"read": 4, "at": 0, "of": -1}',
        '{"read": 4, "at": 0, "of": "/etc/passwd"}',
        '{"write": 4}',
        '{"seek": [0, 0]}',
        '{"seek": 0}',
        '{"progress": "x"}',
        '{"error": {"kind": "MediaRefused", "error": "no such code"}}',
        '{"error": {"kind": "MediaRefused", "error": "damaged:3"}}',
        '{"error": {"kind": "MediaRefused", "error": "damaged:two"}}',
        '{"error": 1}',
        '{"open": "/etc/passwd"}',
    ],
)
def test_what_none_of_ours_says_ends_it(line: str) -> None:
    with pytest.raises(EngineFailed) as failed:
        confined("say", source=[Held(bytes(10)), Held(bytes(10))], line=line)
    assert failed.value.code is Failure.CRASHED
