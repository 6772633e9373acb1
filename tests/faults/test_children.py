"""Children that are killed, crash, are orphaned, or are asked for what they may not do."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.children.child import TaskNotAllowed, task_named
from pipeline.children.parent import Outcome, Supervised
from pipeline.errors import ChildDied, StageKilled, TaskFailed, WorkTooLong
from tests import films
from tests.fair_clock import fair_clock

TASKS = "tests.child_tasks"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def child() -> Iterator[Supervised]:
    with Supervised(tasks=TASKS) as child:
        yield child


def asked(
    child: Supervised,
    name: str,
    args: dict[str, object] | None = None,
    *,
    progress: Callable[[float], None] = lambda _: None,
    still_allowed: Callable[[], bool] = lambda: True,
    limit_s: float = 60,
) -> Outcome:
    return child.run(
        f"{TASKS}.work:{name}",
        args or {},
        progress=progress,
        still_allowed=still_allowed,
        limit_s=limit_s,
    )


def lives(pid: int) -> bool:
    """Return whether a process runs; one that has ended and is not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


def wait_until(holds: Callable[[], bool], *, seconds: float = 60) -> float:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            pytest.fail(f"not within {seconds} s")
        time.sleep(0.01)
    return time.monotonic() - began


def pids_in(report: Path) -> list[int]:
    return [int(word) for word in report.read_text(encoding="ascii").split()]


def test_a_task_returns_its_value_with_progress_that_never_goes_back(child: Supervised) -> None:
    progress: list[float] = []
    outcome = asked(child, "add", {"left": 2, "right": 3}, progress=progress.append)
    assert outcome.value == 5
    assert progress == [0.5, 1.0]
    assert outcome.peak_mib > 5


def test_one_child_does_one_task_after_another(child: Supervised) -> None:
    pid = child.pid
    assert [asked(child, "add", {"left": n, "right": n}).value for n in range(3)] == [0, 2, 4]
    assert child.pid == pid


def test_what_libraries_print_does_not_disturb_the_answers(child: Supervised) -> None:
    assert asked(child, "chatter").value == "done"


def test_an_error_of_ours_comes_back_with_its_code_and_advice(child: Supervised) -> None:
    with pytest.raises(TaskFailed) as failed:
        asked(child, "refuse")
    assert (failed.value.kind, failed.value.code) == ("MediaRefused", "truncated")
    assert failed.value.advice
    assert not failed.value.retryable
    assert asked(child, "add", {"left": 1, "right": 1}).value == 2


def test_an_unexpected_error_tells_where_but_not_what(child: Supervised) -> None:
    with pytest.raises(TaskFailed) as failed:
        asked(child, "blunder")
    assert failed.value.kind == "ValueError"
    assert failed.value.where.startswith("tests/child_tasks/work.py:")
    assert "Uxnvaplq" not in str(failed.value)


def test_a_result_that_is_no_json_is_an_error_not_a_hang(child: Supervised) -> None:
    with pytest.raises(TaskFailed):
        asked(child, "unspeakable")


def test_a_crash_is_noticed(child: Supervised) -> None:
    with pytest.raises(ChildDied) as died:
        asked(child, "crash")
    assert died.value.retryable


def test_too_much_memory_is_refused_to_the_child_alone() -> None:
    with Supervised(tasks=TASKS, memory_mib=1024) as child:
        with pytest.raises(TaskFailed) as failed:
            asked(child, "swallow", {"mib": 2048})
        assert failed.value.kind == "MemoryError"


def test_the_peak_is_that_of_the_task_not_of_an_earlier_one(child: Supervised) -> None:
    large = asked(child, "swallow", {"mib": 200}).peak_mib
    small = asked(child, "add", {"left": 1, "right": 1}).peak_mib
    assert large > 200
    assert small < large - 150


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="programs are seen in /proc")
def test_a_program_counts_with_its_own_memory_and_not_with_that_of_the_child(
    child: Supervised,
) -> None:
    large_program = asked(child, "run_a_program", {"mib": 1, "of_the_program": 300}).peak_mib
    large_child = asked(child, "run_a_program", {"mib": 300, "of_the_program": 1}).peak_mib
    beginning = asked(child, "begin_a_program_slowly", {"mib": 300}).peak_mib
    assert 300 < large_program < 500
    assert 300 < large_child < 500
    assert 300 < beginning < 500


def test_a_child_is_nice_and_leaves_no_core() -> None:
    with Supervised(tasks=TASKS, niceness=3) as child:
        nice, core, _ = asked(child, "niceness").value  # type: ignore[misc]
    assert nice == os.nice(0) + 3
    assert core == 0


def test_a_withdrawal_kills_child_and_program_within_a_second(
    child: Supervised, tmp_path: Path
) -> None:
    report = tmp_path / "pids"
    withdrawn_at: list[float] = []

    def still_allowed() -> bool:
        if report.exists() and not withdrawn_at:
            withdrawn_at.append(seconds())
        return not withdrawn_at

    with fair_clock() as seconds:
        with pytest.raises(StageKilled):
            asked(child, "forever", {"report": str(report)}, still_allowed=still_allowed)
        pids = pids_in(report)
        wait_until(lambda: not any(map(lives, pids)))
        assert seconds() - withdrawn_at[0] < 1


def test_without_permission_nothing_begins(child: Supervised, tmp_path: Path) -> None:
    report = tmp_path / "pids"
    with pytest.raises(StageKilled):
        asked(child, "forever", {"report": str(report)}, still_allowed=lambda: False)
    assert not report.exists()


def test_a_question_about_permission_that_fails_kills_too(
    child: Supervised, tmp_path: Path
) -> None:
    report = tmp_path / "pids"

    def still_allowed() -> bool:
        if report.exists():
            raise ConnectionError
        return True

    with pytest.raises(ConnectionError):
        asked(child, "forever", {"report": str(report)}, still_allowed=still_allowed)
    wait_until(lambda: not any(map(lives, pids_in(report))))


def test_what_takes_too_long_is_killed(
    child: Supervised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "pids"

    def clock() -> float:
        return time.monotonic() + 3_600 * report.exists()

    monkeypatch.setattr("pipeline.children.parent.time", SimpleNamespace(monotonic=clock))
    with pytest.raises(WorkTooLong):
        asked(child, "forever", {"report": str(report)}, limit_s=1_800)
    wait_until(lambda: not any(map(lives, pids_in(report))))


def test_another_thread_can_kill(child: Supervised, tmp_path: Path) -> None:
    report = tmp_path / "pids"

    def kill() -> None:
        wait_until(report.exists)
        child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(StageKilled):
        asked(child, "forever", {"report": str(report)})
    killer.join()
    wait_until(lambda: not any(map(lives, pids_in(report))))


def test_a_kill_between_two_looks_at_the_child_is_seen(child: Supervised, tmp_path: Path) -> None:
    def kill(_: float) -> None:
        killer = threading.Thread(target=child.kill)
        killer.start()
        killer.join()

    with pytest.raises(StageKilled):
        asked(child, "forever", {"report": str(tmp_path / "pids")}, progress=kill)


def test_a_spent_child_says_so(child: Supervised) -> None:
    child.kill()
    with pytest.raises(StageKilled):
        asked(child, "add", {"left": 1, "right": 1})


PARENT = f"""
import sys
from pipeline.children.parent import Supervised
child = Supervised(tasks={TASKS!r})
child.run({TASKS + ".work:forever"!r}, {{"report": sys.argv[1]}},
          progress=lambda f: None, still_allowed=lambda: True)
"""


def test_child_and_program_die_with_a_killed_parent(tmp_path: Path) -> None:
    report = tmp_path / "pids"
    parent = subprocess.Popen(
        [sys.executable, "-P", "-c", PARENT, str(report)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        wait_until(report.exists)
        pids = pids_in(report)
        assert all(map(lives, pids))
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    wait_until(lambda: not any(map(lives, pids)))


def programs_of(pid: int) -> list[int]:
    """Return the running processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


def encoding(child: Supervised, film: Path, *, still_allowed: Callable[[], bool]) -> Outcome:
    return asked(child, "encode_slowly", {"film": str(film)}, still_allowed=still_allowed)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film"
    path.write_bytes(films.phone_film(8))
    return path


def test_a_withdrawal_ends_encoding_within_a_second(child: Supervised, film: Path) -> None:
    seen: list[int] = []
    withdrawn_at: list[float] = []

    def still_allowed() -> bool:
        seen.extend(programs_of(child.pid) if not seen else [])
        if seen and not withdrawn_at:
            withdrawn_at.append(seconds())
        return not withdrawn_at

    with fair_clock() as seconds:
        with pytest.raises(StageKilled):
            encoding(child, film, still_allowed=still_allowed)
        wait_until(lambda: not any(map(lives, [child.pid, *seen])))
        assert seconds() - withdrawn_at[0] < 1


def test_the_program_ends_by_itself_when_only_the_child_is_killed(
    child: Supervised, film: Path
) -> None:
    seen: list[int] = []

    def still_allowed() -> bool:
        if not seen:
            seen.extend(programs_of(child.pid))
            if seen:
                os.kill(child.pid, signal.SIGKILL)
        return True

    with pytest.raises(ChildDied):
        encoding(child, film, still_allowed=still_allowed)
    wait_until(lambda: not any(map(lives, seen)))


def test_a_child_outlives_the_thread_that_asked_for_it() -> None:
    children: list[Supervised] = []
    starter = threading.Thread(target=lambda: children.append(Supervised(tasks=TASKS)))
    starter.start()
    starter.join()
    with children[0] as child:
        time.sleep(0.3)
        assert asked(child, "add", {"left": 1, "right": 1}).value == 2


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "tests.child_tasks:work",
        "tests.child_tasks.work:_hidden",
        "tests.child_tasks.work:time.sleep",
        "tests.child_tasks.work:find_program",
        "tests.child_tasks.work:Progress",
        "tests.child_tasks.work:",
        "tests.child_tasksx.work:add",
        "",
    ],
)
def test_only_functions_of_the_tasks_own_modules_can_be_asked_for(name: str) -> None:
    with pytest.raises(TaskNotAllowed):
        task_named(name, tasks=TASKS)


def test_a_task_outside_is_refused_by_the_child() -> None:
    with Supervised() as child, pytest.raises(TaskFailed) as failed:
        asked(child, "add", {"left": 1, "right": 1})
    assert failed.value.kind == "TaskNotAllowed"
