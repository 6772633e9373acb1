"""The joint room over real sockets of Starlette's client, on ports in memory."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from review_app.routes.live_room import Window
from review_app.routes.room_ports import Closing
from review_app.routes.rooms import Rooms
from review_app.supervision.room_values import SOONEST_START_MS
from tests.fair_clock import fair_clock
from tests.fakes.room import BIRGITTE, METTE, RECORDING, CookieGate, House
from tests.integration.room_fixtures import hear, now_in, say
from tests.patient_rooms import patient_rooms

Enter = Callable[[str], WebSocketTestSession]


class Building:
    """A server with one room, which can be restarted on the same memory."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.house = House()
        self.start()

    def start(self) -> None:
        self.rooms = Rooms(self.house.ports)
        app = Starlette(routes=[self.rooms.route], middleware=[Middleware(CookieGate)])
        self._client = self._stack.enter_context(TestClient(app))

    def enter(self, who: str) -> WebSocketTestSession:
        return self._stack.enter_context(self.connect(who))

    def connect(self, who: str) -> WebSocketTestSession:
        headers = {"cookie": f"who={who}"}
        return self._client.websocket_connect(f"/api/rooms/{RECORDING}", headers=headers)


@pytest.fixture
def building() -> Iterator[Building]:
    with ExitStack() as stack:
        stack.enter_context(patient_rooms())
        yield Building(stack)


def both(building: Building) -> tuple[WebSocketTestSession, WebSocketTestSession]:
    """Let the two in, and wait until the room knows that both can play."""
    birgitte, mette = building.enter("birgitte"), building.enter("mette")
    for socket in (birgitte, mette):
        hear(socket, "state")
        say(socket, "ready", seq=99, buffered=True, pos_ms=20_000)
    while True:
        people = hear(birgitte, "presence")["people"]
        if len(people) == 2 and not any(person["buffering"] for person in people):
            return birgitte, mette


def test_a_play_by_one_starts_both_at_the_same_moment_ahead(building: Building) -> None:
    birgitte, mette = both(building)
    say(mette, "cmd", kind="play", seq=99)
    first, second = (hear(s, "state", playing=True) for s in (birgitte, mette))
    assert first == second
    assert first["at_ms"] - first["srv"] == SOONEST_START_MS
    assert first["by"] == METTE.id


def test_a_late_joiner_gets_the_state(building: Building) -> None:
    birgitte = building.enter("birgitte")
    say(birgitte, "ready", seq=99, buffered=True, pos_ms=20_000)
    say(birgitte, "cmd", kind="sequence", sequence="s2", seq=99)
    told = hear(birgitte, "state", sequence="s2")
    late = hear(building.enter("mette"), "state")
    assert (late["sequence"], late["pos_ms"], late["seq"]) == ("s2", 60_000, told["seq"])


def test_everyone_sees_who_is_here(building: Building) -> None:
    birgitte, _ = both(building)
    names: list[str] = []
    while len(names) < 2:
        names = [person["name"] for person in hear(birgitte, "presence")["people"]]
    assert names == [BIRGITTE.name, METTE.name]


def test_the_clock_is_answered_with_when_it_was_heard_and_answered(building: Building) -> None:
    birgitte, _ = both(building)
    say(birgitte, "ping", c=12.5)
    pong = hear(birgitte, "pong")
    assert pong["c"] == 12.5
    assert pong["s1"] <= pong["s2"]


def test_a_note_reaches_both_and_is_written_once_however_often_it_is_sent(
    building: Building,
) -> None:
    birgitte, mette = both(building)
    note = {"at_ms": 21_000, "kind": "seen_heard", "text": "A ser op", "cid": "mk-1"}
    for _ in range(3):
        say(mette, "note", **note)
    assert hear(birgitte, "note")["note"]["by_name"] == METTE.name
    assert {hear(mette, "note")["note"]["id"] for _ in range(3)} == {"note-1"}
    assert len(building.house.notes.notes) == 1


def test_two_who_write_at_once_both_keep_every_note(building: Building) -> None:
    birgitte, mette = both(building)
    for number in range(5):
        say(mette, "note", at_ms=number, text=f"m{number}", cid=f"m{number}")
        say(birgitte, "note", at_ms=number, text=f"b{number}", cid=f"b{number}")
    heard = [hear(mette, "note")["note"]["text"] for _ in range(10)]
    assert [text for text in heard if text[0] == "m"] == [f"m{n}" for n in range(5)]
    assert [text for text in heard if text[0] == "b"] == [f"b{n}" for n in range(5)]


def test_a_note_is_seen_before_it_is_kept_and_then_as_kept(building: Building) -> None:
    birgitte, mette = both(building)
    building.house.notes.keeps.clear()
    say(mette, "note", at_ms=21_000, kind="seen_heard", text="A ser op", cid="mk-1", rests_on="n")
    told = hear(birgitte, "note_coming")
    building.house.notes.keeps.set()
    assert told["note"] == {
        "by": METTE.id,
        "by_name": METTE.name,
        "at_ms": 21_000,
        "kind": "seen_heard",
        "text": "A ser op",
    }
    assert hear(birgitte, "note")["cid"] == hear(mette, "note")["cid"] == told["cid"] == "mk-1"


def test_a_note_that_cannot_be_kept_goes_from_the_others(building: Building) -> None:
    birgitte, mette = both(building)
    building.house.notes.full = True
    say(mette, "note", at_ms=1, kind="agreement", text="Vi prøver igen", cid="mk-2")
    assert hear(birgitte, "note_coming")["cid"] == hear(birgitte, "note_gone")["cid"] == "mk-2"
    assert hear(mette, "note_refused")["cid"] == "mk-2"


@pytest.mark.parametrize(
    "changed",
    [{"text": " "}, {"text": 7}, {"kind": "shouted"}, {"at_ms": -1}, {"at_ms": "1"}, {"id": "n-1"}],
)
def test_only_a_new_note_that_can_be_read_is_seen_before_it_is_kept(
    building: Building, changed: dict[str, object]
) -> None:
    birgitte, mette = both(building)
    building.house.notes.full = True
    note = {"at_ms": 1, "kind": "seen_heard", "text": "A ser op"}
    say(mette, "note", cid="mk-3", **note | changed)
    say(mette, "note", cid="mk-4", **note)
    assert hear(birgitte, "note_coming")["cid"] == "mk-4"


def test_a_refused_note_is_told_to_its_writer_only(building: Building) -> None:
    birgitte, mette = both(building)
    say(mette, "note", at_ms=1, text="  ", cid="mk-9")
    assert hear(mette, "note_refused")["cid"] == "mk-9"
    say(mette, "typing", at_ms=3)
    assert hear(birgitte, "typing")["by"] == METTE.id


def test_the_other_may_not_seek_and_is_shown_where_the_room_is(building: Building) -> None:
    _, mette = both(building)
    say(mette, "cmd", kind="seek", pos_ms=5, seq=99)
    assert hear(mette, "refused")["kind"] == "seek"
    assert hear(mette, "state")["pos_ms"] == 20_000


def test_the_film_waits_for_the_slower_side_until_someone_goes_on(building: Building) -> None:
    birgitte, mette = both(building)
    say(birgitte, "cmd", kind="play", seq=99)
    hear(birgitte, "state", playing=True)
    say(mette, "ready", seq=99, buffered=False, pos_ms=20_000)
    held = hear(birgitte, "state", why="waiting")
    assert (held["playing"], held["waiting_for"]) == (False, [METTE.id])
    assert 0 < held["waits_until_ms"] - held["srv"] <= 12_000
    say(birgitte, "cmd", kind="go_on", seq=99)
    assert hear(mette, "state", playing=True)["waiting_for"] == []


def test_the_film_stops_for_both_at_the_end_of_the_sequence(building: Building) -> None:
    birgitte, mette = both(building)
    say(birgitte, "cmd", kind="seek", pos_ms=48_700, seq=99)
    hear(mette, "state", why="seek")
    for socket in (birgitte, mette):
        say(socket, "ready", seq=99, buffered=True, pos_ms=48_700)
    say(birgitte, "cmd", kind="play", seq=99)
    for socket in (birgitte, mette):
        assert hear(socket, "state", why="sequence_end")["pos_ms"] == 49_000


@pytest.mark.parametrize(("reason", "code"), [("signed_out", 4401), ("withdrawn", 4403)])
def test_a_room_that_may_no_longer_be_open_closes_within_three_seconds(
    building: Building, reason: str, code: int
) -> None:
    _, mette = both(building)
    with fair_clock() as seconds:
        if reason == "withdrawn":
            building.house.gate.withdrawn = True
        else:
            building.house.gate.signed_out.add(METTE.id)
        assert hear(mette, "closed")["reason"] == reason
        with pytest.raises(WebSocketDisconnect) as closed:
            hear(mette, "state")
        assert seconds() < 3
    assert closed.value.code == code


def test_who_cannot_be_answered_for_is_let_go_and_may_come_back(
    building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review_app.routes.rooms.ANSWER_S", 0.05)
    birgitte = building.enter("birgitte")
    building.house.gate.answers.clear()
    with pytest.raises(WebSocketDisconnect) as closed:
        hear(birgitte, "closed")
    assert closed.value.code == 1013
    building.house.gate.answers.set()
    hear(building.enter("birgitte"), "state")


def test_a_withdrawal_that_is_published_closes_the_room_at_once(building: Building) -> None:
    birgitte, mette = both(building)
    building.rooms.publish(RECORDING, {"t": "closed", "reason": "withdrawn"})
    for socket in (birgitte, mette):
        assert hear(socket, "closed")["reason"] == "withdrawn"


def test_what_another_thread_publishes_is_heard_by_all(building: Building) -> None:
    birgitte, mette = both(building)
    building.rooms.publish(RECORDING, {"t": "note", "note": {"id": "n"}, "cid": None})
    assert hear(birgitte, "note") == hear(mette, "note")


def test_a_restart_resumes_paused_at_the_same_place(building: Building) -> None:
    birgitte, _ = both(building)
    say(birgitte, "cmd", kind="play", seq=99)
    begins_ms = hear(birgitte, "state", playing=True)["at_ms"]
    while now_in(birgitte) < begins_ms + 200:
        time.sleep(0.05)
    say(birgitte, "cmd", kind="pause", seq=99)
    place = hear(birgitte, "state", why="pause")
    assert place["pos_ms"] > 20_000
    deadline = time.monotonic() + 30
    while building.house.memory.saved[RECORDING]["seq"] != place["seq"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    building.start()
    again = hear(building.enter("mette"), "state")
    assert (again["playing"], again["pos_ms"]) == (False, place["pos_ms"])
    assert again["why"] == "restored"
    assert again["seq"] > place["seq"]


def test_the_end_is_told_to_both(building: Building) -> None:
    birgitte, mette = both(building)
    say(mette, "end")
    for socket in (birgitte, mette):
        hear(socket, "ended")


def test_a_stranger_is_shown_the_door(building: Building) -> None:
    stranger = building.enter("stranger")
    hear(stranger, "closed")
    with pytest.raises(WebSocketDisconnect) as closed:
        stranger.receive_text()
    assert closed.value.code == 4403


def test_nobody_comes_in_without_a_session(building: Building) -> None:
    with pytest.raises(WebSocketDisconnect), building.connect("nobody"):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"t": "sing"}',
        '{"t": "cmd", "kind": "dance"}',
        '{"t": "cmd", "kind": "seek", "pos_ms": "far"}',
        json.dumps({"t": "typing", "at_ms": "x" * 5_000}),
        json.dumps({"t": "note", "text": "x" * 40_000}),
    ],
)
def test_what_cannot_be_read_ends_the_connection_and_nothing_else(
    building: Building, text: str
) -> None:
    birgitte, mette = both(building)
    mette.send_text(text)
    with pytest.raises(WebSocketDisconnect):
        hear(mette, "never")
    say(birgitte, "ping", c=1)
    hear(birgitte, "pong")


def test_a_window_that_floods_the_room_is_let_go(building: Building) -> None:
    _, mette = both(building)
    for _ in range(200):
        say(mette, "ping", c=1)
    with pytest.raises(WebSocketDisconnect) as closed:
        hear(mette, "never")
    assert closed.value.code == 1009


def test_a_window_left_while_it_is_told_something_is_left() -> None:
    leaving: asyncio.Task[None]

    class Socket:
        async def send_text(self, _text: str) -> None:
            leaving.cancel()  # the very moment at which the text has gone out

    async def leave() -> None:
        nonlocal leaving
        window = Window(cast("WebSocket", Socket()), METTE)
        window.tell({"t": "state"})
        leaving = asyncio.create_task(window.send_all())
        done, _ = await asyncio.wait([leaving], timeout=30)
        assert done, "it would wait for the next message for ever"

    asyncio.run(leave())


def test_nothing_follows_the_last_word() -> None:
    sent: list[str] = []

    class Socket:
        application_state = WebSocketState.CONNECTED

        async def send_text(self, text: str) -> None:
            sent.append(json.loads(text)["t"])
            await asyncio.sleep(0.01)  # time in which others may speak

        async def close(self, code: int) -> None:
            sent.append(str(code))
            self.application_state = WebSocketState.DISCONNECTED

    async def shut_out() -> None:
        window = Window(cast("WebSocket", Socket()), METTE)
        sending = asyncio.create_task(window.send_all())
        closing = [asyncio.create_task(window.close(Closing.WITHDRAWN)) for _ in range(2)]
        await asyncio.sleep(0)
        window.tell({"t": "note"})
        await asyncio.gather(*closing)
        assert window.over.is_set()
        sending.cancel()

    asyncio.run(shut_out())
    assert sent == ["closed", "4403"]


def test_who_comes_back_is_told_what_was_written_meanwhile(building: Building) -> None:
    birgitte, _ = both(building)
    say(birgitte, "note", at_ms=21_000, kind="seen_heard", text="A ser op", cid="bl-1")
    written = hear(birgitte, "note")["note"]
    assert hear(building.enter("mette"), "notes")["notes"] == [written]
