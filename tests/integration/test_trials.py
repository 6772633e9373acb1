"""A test recording: checked by a real worker's hands, answered in words, and gone afterwards."""

import io
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from pipeline.engines.film_tasks.look_into import look_into
from pipeline.errors import MediaRefused
from pipeline.trying import answer_trials
from review_app.gate import Gate
from review_app.routes.problems import HANDLERS
from review_app.routes.trials import TrialRoute
from review_app.sessions import COOKIE
from storage import trials
from storage.trials import Findings
from tests.fakes.engines import FakeVoiceActivity
from tests.films import AAC, X264, made, tone
from tests.house import OWNER, SUPERVISOR, House, open_house

RATE = 16_000
CANARY = b"kanariefugl" * 200


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("SAMSPIL_HOME", str(tmp_path / "home"))
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home")


def browser(house: House, login: str = OWNER, *, patience_s: float = 30.0) -> TestClient:
    app = Starlette(
        routes=list(TrialRoute(house.home, patience_s=patience_s).routes()),
        middleware=[Middleware(Gate, sessions=house.sessions, witness=house.witness)],
        exception_handlers=HANDLERS,
    )
    return TestClient(app, cookies={COOKIE: house.token(login)})


@contextmanager
def worker(house: House, *, finding: Findings | None = None) -> Iterator[list[list[str]]]:
    """Answer trials as a worker does, or at once; give what lay in the home meanwhile."""
    over = threading.Event()
    seen: list[list[str]] = []

    def work() -> None:
        while not over.wait(0.05):
            found = trials.waiting(house.home)
            for trial in found:
                seen.append(left_in(house))
                if finding is not None:
                    trials.answer(house.home, trial, finding)
            if found and finding is None:  # no more than was seen
                answer_trials(house.home)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def left_in(house: House) -> list[str]:
    """Return what of a trial lies in the home: its key, and every file of the vault."""
    home = house.home.settings.home
    files = [p for place in ("vault", "spool") for p in (home / place).rglob("*") if p.is_file()]
    assert not [p for p in home.rglob("*") if p.is_file() and CANARY in p.read_bytes()]
    return [*map(str, house.home.keys.trials()), *map(str, files)]


def whisper() -> bytes:
    """Return three seconds in two channels: faint in the one, nothing in the other."""
    faint = np.random.default_rng(1).normal(0, 0.0005, 3 * RATE)
    both = np.stack([faint, np.zeros(3 * RATE)], axis=1)
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((both * 32767).astype("<i2").tobytes())
    return kept.getvalue()


def refusal_of(clip: bytes) -> str:
    with pytest.raises(MediaRefused) as refused:
        look_at(clip)
    return refused.value.code.value


def look_at(clip: bytes) -> list[str]:
    return look_into(
        io.BytesIO(clip),
        size=len(clip),
        longest_ms=trials.MOST_MS,
        voice_activity=FakeVoiceActivity(),
        progress=lambda _: None,
    )


def test_what_would_help_is_said_and_nothing_is_left(house: House) -> None:
    with worker(house) as seen:
        answer = browser(house).post("/api/trials", content=whisper())
    assert answer.status_code == 200, answer.text
    facts = [hint["fact"] for hint in answer.json()["hints"]]
    assert {"Too quiet", "One of the microphones gives no sound"} <= set(facts)
    assert len(seen[0]) == 2  # a key and a clip, encrypted
    assert left_in(house) == []


def test_what_is_no_recording_is_refused_in_plain_words(house: House) -> None:
    with worker(house, finding=Findings(refusal=refusal_of(b"%PDF-1.7 " + CANARY))):
        answer = browser(house).post("/api/trials", content=b"%PDF-1.7 " + CANARY)
    assert answer.json()["refused"]["fact"] == "The file cannot be read as film or sound."
    assert left_in(house) == []


def test_a_longer_one_is_refused_in_words_of_its_own(house: House) -> None:
    with worker(house, finding=Findings(refusal="too_long")):
        answer = browser(house).post("/api/trials", content=CANARY)
    assert answer.json()["refused"]["fact"] == "The test is longer than two minutes."


def test_what_puts_itself_right_is_not_mentioned(house: House) -> None:
    with worker(house, finding=Findings(hints=("dual_mono", "inverted"))):
        answer = browser(house).post("/api/trials", content=CANARY)
    assert answer.json() == {"refused": None, "hints": []}


def test_where_no_worker_answers_it_is_said_and_nothing_is_left(house: House) -> None:
    answer = browser(house, patience_s=0.5).post("/api/trials", content=CANARY)
    assert (answer.status_code, answer.json()["error"]) == (503, "TrialUnchecked")
    assert left_in(house) == []


@pytest.mark.parametrize(
    ("size", "status"), [(0, 400), (trials.MOST_BYTES + 1, 413), (trials.MOST_BYTES, 503)]
)
def test_its_size_is_judged_before_it_is_read(house: House, size: int, status: int) -> None:
    headers = {"Content-Length": str(size)}
    answer = browser(house, patience_s=0).post("/api/trials", content=b"", headers=headers)
    assert answer.status_code == status


def test_only_who_records_may_try(house: House) -> None:
    answer = browser(house, SUPERVISOR).post("/api/trials", content=CANARY)
    assert answer.status_code == 403


def test_a_person_has_one_checked_at_a_time(house: House) -> None:
    person = browser(house)
    answers: list[int] = []

    def send() -> None:
        answers.append(person.post("/api/trials", content=CANARY).status_code)

    first = threading.Thread(target=send)
    first.start()
    while not trials.waiting(house.home):
        time.sleep(0.01)
    send()
    with worker(house, finding=Findings()):
        first.join()
    assert answers == [409, 200]


def test_what_a_kill_leaves_behind_is_unreadable_in_copies_and_swept_away(house: House) -> None:
    trials.hand_in(house.home, [CANARY])
    assert len(left_in(house)) == 2
    copied = house.home.keys.rows()["wrapped_key"]
    assert not [row for row in copied if "trial" in str(row["name"])]
    house.clock.now = max(house.clock.now, trials._begun_at(house.home.keys.trials()[0]))  # noqa: SLF001 - an id tells the machine's time
    trials.sweep(house.home)
    assert len(left_in(house)) == 2
    house.clock.go_on(minutes=3)
    trials.sweep(house.home)
    assert left_in(house) == []


def test_a_worker_that_has_answered_leaves_no_clip(house: House) -> None:
    trial = trials.hand_in(house.home, [CANARY])
    trials.answer(house.home, trial, Findings(hints=("dark",)))
    assert trials.waiting(house.home) == ()
    assert trials.findings_of(house.home, trial) == Findings(hints=("dark",))
    assert len(left_in(house)) == 2  # the key and the answer


def test_nobody_answers_what_has_been_erased(house: House) -> None:
    trial = trials.hand_in(house.home, [CANARY])
    trials.erase(house.home, trial)
    assert not trials.is_here(house.home, trial)
    trials.answer(house.home, trial, Findings())
    assert left_in(house) == []


def test_nobody_answers_twice(house: House) -> None:
    trial = trials.hand_in(house.home, [CANARY])
    trials.answer(house.home, trial, Findings(hints=("dark",)))
    trials.answer(house.home, trial, Findings(refusal="failed"))
    assert trials.findings_of(house.home, trial) == Findings(hints=("dark",))


def test_sound_and_picture_are_both_looked_at() -> None:
    dark = ("-f", "lavfi", "-i", "color=black:s=320x180:r=10:d=6")
    film = made("mp4", *dark, *tone(6), *X264, "-g", "10", *AAC, "-shortest")
    assert "covered" in look_at(film)
    assert {"too_quiet", "dead_channel"} <= set(look_at(whisper()))


def test_two_minutes_are_the_longest_that_is_checked() -> None:
    assert refusal_of(made("wav", *tone(121))) == "too_long"
