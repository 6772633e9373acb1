"""What the audit log knows of looking: what was sent, what was played, who was refused."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from threading import Thread
from typing import Any, NoReturn

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from consent.model import Event, RecordingId, Role
from review_app.supervision.spans import Span
from storage import audit, erasure
from storage.records import BlobRole
from tests.house import DURATION_MS, OWNER, STRANGERS, SUPERVISOR, House, turn
from tests.integration.room_fixtures import client, entered, hear, now_in, say

__all__ = ["client"]

FILM = b"0123456789" * 100


@pytest.fixture
def recording(house: House) -> RecordingId:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, FILM)
    house.put(recording, BlobRole.THUMBNAILS, b"strip")
    house.transcript(recording, [turn(0, "Hej med dig")])
    return recording


def entries(house: House, subject: str, action: str) -> list[dict[str, Any]]:
    with house.home.reading() as tx:
        found = audit.entries_about(tx, subject)
    return [{"by": e.actor, **e.detail} for e in found if e.action == action]


def get(browser: TestClient, recording: str, leaf: str = "media") -> Response:
    headers = {"Range": "bytes=0-9"} if leaf == "media" else {}
    return browser.get(f"/api/recordings/{recording}/{leaf}", headers=headers)


def tell(browser: TestClient, recording: str, *spans: tuple[int, int], over: bool = False) -> int:
    said = {"spans": spans, "over": over}
    return browser.post(f"/api/recordings/{recording}/viewed", json=said).status_code


# What is sent.


def test_what_goes_out_is_in_the_log_once_in_ten_minutes(
    house: House, recording: RecordingId
) -> None:
    browser = house.browser(OWNER)
    by = house.people[OWNER].id
    for leaf in ("media", "media", "captions.vtt", "thumbnails", "media"):
        assert get(browser, recording, leaf).status_code in {200, 206}
    kinds = ("film", "captions", "thumbnails")
    assert entries(house, recording, "opened") == [{"by": by, "what": kind} for kind in kinds]
    get(house.browser(SUPERVISOR), recording)
    assert len(entries(house, recording, "opened")) == 4
    house.clock.go_on(minutes=10)
    get(browser, recording)
    assert len(entries(house, recording, "opened")) == 5


def test_asking_for_the_size_or_for_nothing_there_is_no_looking(
    house: House, recording: RecordingId
) -> None:
    browser = house.browser(OWNER)
    browser.head(f"/api/recordings/{recording}/media")
    browser.get(f"/api/recordings/{recording}/media", headers={"Range": "bytes=99999-"})
    assert not entries(house, recording, "opened")


@pytest.mark.parametrize("leaf", ["media", "captions.vtt", "thumbnails"])
def test_what_cannot_be_written_down_is_not_sent(
    house: House, recording: RecordingId, leaf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError

    browser = house.browser(OWNER)
    monkeypatch.setattr("review_app.witness.audit.append", full)
    answer = get(browser, recording, leaf)
    assert answer.status_code == 500
    assert not {b"01234", b"strip", b"Hej"} & {
        part for part in (b"01234", b"strip", b"Hej") if part in answer.content
    }


def test_many_at_once_are_one_entry(house: House, recording: RecordingId) -> None:
    browsers = [house.browser(OWNER) for _ in range(6)]
    threads = [Thread(target=get, args=(browser, recording)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entries(house, recording, "opened")) == 1


# What is played.


def test_what_was_played_is_written_merged_when_someone_pauses(
    house: House, recording: RecordingId
) -> None:
    browser = house.browser(OWNER)
    assert tell(browser, recording, (0, 5_000), (5_500, 9_000)) == 204
    assert tell(browser, recording, (30_000, 31_000)) == 204
    assert not entries(house, recording, "viewed")
    assert tell(browser, recording, (9_000, 12_000), over=True) == 204
    by = house.people[OWNER].id
    assert entries(house, recording, "viewed") == [
        {"by": by, "from_ms": 0, "to_ms": 12_000},
        {"by": by, "from_ms": 30_000, "to_ms": 31_000},
    ]
    tell(browser, recording, over=True)
    assert len(entries(house, recording, "viewed")) == 2


@pytest.mark.parametrize(
    ("seconds", "write"),
    [
        (55, lambda house: house.witness.write_due()),
        (1, lambda house: house.witness.write_all()),
    ],
)
def test_what_was_played_is_written_within_a_minute_and_when_the_app_stops(
    house: House, recording: RecordingId, seconds: int, write: Callable[[House], None]
) -> None:
    tell(house.browser(OWNER), recording, (0, 5_000))
    house.witness.write_due()
    assert not entries(house, recording, "viewed")
    house.clock.go_on(seconds=seconds)
    write(house)
    assert len(entries(house, recording, "viewed")) == 1


def test_what_cannot_be_written_now_is_written_later(
    house: House, recording: RecordingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(house.browser(OWNER), recording, (0, 5_000))

    @contextmanager
    def broken() -> Any:  # noqa: ANN401 - never yields
        raise OSError
        yield

    with monkeypatch.context() as patch:
        patch.setattr(type(house.home), "transaction", lambda _: broken())
        house.witness.write_all()
    house.witness.write_all()
    assert len(entries(house, recording, "viewed")) == 1


def test_a_page_is_believed_only_about_this_film(house: House, recording: RecordingId) -> None:
    browser = house.browser(OWNER)
    assert tell(browser, recording, (DURATION_MS - 1_000, DURATION_MS + 9_000), over=True) == 204
    assert entries(house, recording, "viewed")[0]["to_ms"] == DURATION_MS
    for nonsense in ({}, {"spans": [[0]]}, {"spans": [[-1, 5]]}, {"spans": [[0, "x"]]}, []):
        answer = browser.post(f"/api/recordings/{recording}/viewed", json=nonsense)
        assert answer.status_code == 400
    many = {"spans": [[0, 1]] * 201}
    assert browser.post(f"/api/recordings/{recording}/viewed", json=many).status_code == 400
    huge = browser.post(f"/api/recordings/{recording}/viewed", content=b" " * 20_000)
    assert huge.status_code == 413


def test_what_ran_until_a_withdrawal_is_known_and_nothing_that_cannot_have_run(
    house: House, recording: RecordingId
) -> None:
    watching, other = house.browser(OWNER), house.browser(SUPERVISOR)
    get(watching, recording)
    house.clock.go_on(seconds=20)
    house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
    assert get(watching, recording).status_code == 403
    assert tell(watching, recording, (0, 19_000), over=True) == 204
    assert tell(other, recording, (0, 19_000), over=True) == 403
    assert [e["to_ms"] for e in entries(house, recording, "viewed")] == [19_000]
    house.clock.go_on(minutes=10)
    assert tell(watching, recording, (0, 19_000), over=True) == 403


def test_the_room_knows_what_it_played_to_whom(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    house.sequence(recording)
    house.do(SUPERVISOR, recording, "release")
    with (
        entered(house, client, recording, OWNER) as (mine, _),
        entered(house, client, recording, SUPERVISOR) as (theirs, _),
    ):
        for socket in (mine, theirs):
            hear(socket, "state")  # both are in before the film starts
        for socket in (mine, theirs):
            say(socket, "ready", seq=99, buffered=True, pos_ms=0, drift_ms=None)
        say(mine, "cmd", cid="1", kind="play")
        while not (started := hear(theirs, "state"))["playing"]:
            pass
        while now_in(theirs) < started["at_ms"] + 500:
            time.sleep(0.05)
    one, other = (house.people[login].id for login in (OWNER, SUPERVISOR))
    found: list[dict[str, Any]] = []
    for _ in range(600):  # written as each window leaves, in a thread of its own
        found = entries(house, recording, "viewed")
        if {one, other} <= {entry["by"] for entry in found}:
            break
        time.sleep(0.05)
    # Whoever leaves last may have seen a moment alone.
    together = {(entry["by"], entry["with"]) for entry in found if "with" in entry}
    assert together == {(one, other), (other, one)}
    assert all(entry["from_ms"] < entry["to_ms"] for entry in found)


# Who is refused.


def test_a_refusal_is_noted_although_its_work_is_undone(house: House) -> None:
    locked = house.recording(agreed=False)
    browser = house.browser(OWNER)
    for _ in range(3):
        assert get(browser, locked).status_code == 403
    by = house.people[OWNER].id
    noted = {"by": by, "purpose": "supervision", "kind": "not_asked"}
    assert entries(house, locked, "permit_denied") == [noted]
    assert not entries(house, locked, "opened")
    house.clock.go_on(minutes=1)
    browser.get(f"/api/recordings/{locked}/desk")
    assert len(entries(house, locked, "permit_denied")) == 2


def test_a_strangers_knock_is_noted_and_what_they_guess_is_not(
    house: House, recording: RecordingId
) -> None:
    for login in STRANGERS:
        browser = house.browser(login)
        for leaf in ("media", "desk", "status"):
            get(browser, recording, leaf)
        for guess in ("Oliver", "0197-nothing", "a%00b"):
            get(browser, guess, "desk")
    people = [house.people[login].id for login in STRANGERS]
    assert [e["by"] for e in entries(house, recording, "access_denied")] == people
    assert [e["by"] for e in entries(house, "unknown", "access_denied")] == people
    assert not entries(house, "Oliver", "access_denied")


def test_a_closed_room_and_a_page_note_it_too(house: House, watch: Any) -> None:  # noqa: ANN401
    locked = house.recording(agreed=False)
    with TestClient(house.app) as client, entered(house, client, locked, OWNER):
        pass
    assert len(entries(house, locked, "permit_denied")) == 1
    watch(house, "xenia", "desk", recording=locked)
    assert entries(house, locked, "access_denied") == [
        {"by": house.people["xenia"].id, "kind": "Denied"}
    ]


def test_what_is_gone_or_wrongly_asked_is_no_refusal(house: House, recording: RecordingId) -> None:
    browser = house.browser(OWNER)
    browser.post(f"/api/recordings/{recording}/intents", json={"intent": "nonsense"})
    with house.home.transaction() as tx:
        erasure.begin_erasure(tx, recording)
    assert get(browser, recording).status_code == 404
    assert not {"access_denied", "permit_denied"} & set(house.audited(recording))


def test_the_log_stays_unbroken_with_all_of_it(any_house: House) -> None:
    recording = any_house.recording()
    any_house.put(recording, BlobRole.PROXY, FILM)
    get(any_house.browser(OWNER), recording)
    get(any_house.browser("xenia"), recording)
    any_house.witness.played(any_house.people[OWNER].id, recording, [Span(0, 1_000)])
    any_house.witness.write_all()
    assert any_house.audited(recording) == ["opened", "access_denied", "viewed"]
    with any_house.home.reading() as tx:
        audit.verify(tx)
