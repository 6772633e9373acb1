"""The joint room on a real home: who may sit in it, what is kept, when it closes."""

from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient

from consent.model import Event, RecordingId
from storage import accounts, cycles
from tests.house import OWNER, STRANGERS, SUPERVISOR, House
from tests.integration.room_fixtures import client, entered, hear, reason, recording, say

__all__ = ["client", "recording"]


def test_the_two_share_a_room_and_what_they_write(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    with ExitStack() as stack:
        mette, _ = stack.enter_context(entered(house, client, recording, OWNER))
        birgitte, _ = stack.enter_context(entered(house, client, recording, SUPERVISOR))
        hear(mette, "state")
        hear(birgitte, "state")  # she is in the room, so what is written reaches her
        say(mette, "note", at_ms=5, kind="agreement", visibility="private", text="we", cid="c")
        note = hear(birgitte, "note")["note"]
    assert (note["text"], note["visibility"]) == ("we", "shared")
    assert note["by_name"] == house.people[OWNER].name
    document = house.browser(SUPERVISOR).get(f"/api/recordings/{recording}/desk").json()
    assert document["notes"] == [note]
    with house.home.reading() as tx:
        kept = cycles.room_of(tx, recording)
    assert kept is not None
    assert "we" not in kept.values()


def test_who_comes_in_is_told_every_note_that_is_not_for_the_desk_alone(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    for text, visibility in (("both", "shared"), ("mine", "private")):
        note = {"at_ms": 5, "kind": "agreement", "visibility": visibility, "text": text}
        house.do(SUPERVISOR, recording, "write_note", **note)
    for login in (OWNER, SUPERVISOR):
        with entered(house, client, recording, login) as (socket, _):
            [told] = hear(socket, "notes")["notes"]
            assert (told["text"], told["by_name"]) == ("both", house.people[SUPERVISOR].name)


@pytest.mark.parametrize("login", STRANGERS)
def test_nobody_else_comes_in(
    house: House, client: TestClient, recording: RecordingId, login: str
) -> None:
    for room in (recording, "nothing-like-this", "a%00b"):
        with entered(house, client, room, login) as (socket, _):
            assert reason(socket) == "withdrawn"


def test_the_room_is_closed_until_the_sequences_are_released(
    house: House, client: TestClient
) -> None:
    recording = house.recording()
    for login in (OWNER, SUPERVISOR):
        with entered(house, client, recording, login) as (socket, _):
            assert reason(socket) == "withdrawn"


def test_a_withdrawal_closes_the_room(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    with entered(house, client, recording, OWNER) as (socket, _):
        hear(socket, "state")
        house.clock.go_on(seconds=1)
        house.answer(recording, Event.WITHDRAWN)
        assert reason(socket) == "withdrawn"


def test_a_sign_out_closes_the_window_and_another_language_does_not(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    with entered(house, client, recording, OWNER) as (socket, token):
        hear(socket, "state")
        with house.home.transaction() as tx:
            accounts.choose_language(tx, house.people[OWNER].id, language="sv")
        for _ in range(3):
            say(socket, "ping", c=1)
            hear(socket, "pong")
        house.sessions.sign_out(token)
        assert reason(socket) == "signed_out"


@pytest.mark.parametrize(
    "wrong", [{"kind": "opinion"}, {"at_ms": -1}, {"at_ms": 2**70}, {"id": "what Sofie said"}]
)
def test_a_note_that_cannot_be_saved_is_told_in_the_writers_language(
    house: House, client: TestClient, recording: RecordingId, wrong: dict[str, object]
) -> None:
    with house.home.transaction() as tx:
        accounts.choose_language(tx, house.people[OWNER].id, language="da")
    note = {"at_ms": 5, "kind": "seen_heard", "text": "x\ud83d", "cid": "c"}
    with entered(house, client, recording, OWNER) as (socket, _):
        say(socket, "note", **note | wrong)
        refused = hear(socket, "note_refused")
        assert refused["error"] == "BadRequest"
        assert refused["message"].startswith("Siden")
        assert "Sofie" not in str(refused)
        say(socket, "note", **note | {"cid": "d"})
        assert hear(socket, "note")["note"]["text"] == "x?"
