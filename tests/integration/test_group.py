"""A reflecting group: who may be invited to a meeting, what a guest sees there, and until when."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from consent.model import EvidenceId, Purpose, RecordingId, Role
from storage import accounts, consent_ledger, erasure, holds, invitations, notifications
from storage.identity import new_id
from storage.passwords import hash_password
from storage.records import BlobRole, UserRole
from storage.settings import Settings
from tests.house import OWNER, SUPERVISOR, House, intend, open_house
from tests.integration.room_fixtures import client, entered, hear, reason, recording, say
from tests.screens import Watch, speak

__all__ = ["client", "recording"]

GUEST = "xenia"
ROOM = "/api/recordings/{}/room"
CONCERNS = "/api/recordings/{}/concerns"


def invite(house: House, recording: RecordingId, login: str = GUEST) -> None:
    house.agree_to_group(recording)
    house.do(SUPERVISOR, recording, "invite_guest", guest=house.people[login].id)


def group(house: House, recording: RecordingId, login: str = SUPERVISOR) -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/group")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def ask(
    house: House, recording: RecordingId, *, login: str = SUPERVISOR, guest: str = GUEST
) -> int:
    who = house.people[guest].id if guest in house.people else guest
    return intend(house.browser(login), recording, "invite_guest", guest=who).status_code


# Who may be invited, and by whom


def test_without_a_yes_to_the_group_nobody_is_invited_and_the_page_says_whose_is_missing(
    house: House, recording: RecordingId
) -> None:
    house.agree_to_group(recording, besides=Role.CUSTODY_HOLDER)
    assert ask(house, recording) == 403
    told = group(house, recording)
    assert told["missing"] == [{"who": "Custody holder", "why": "Not asked yet"}]
    assert told["guests"] == []
    assert "guest_invited" not in house.audited(recording)


def test_the_supervisor_invites_a_colleague_who_is_told_and_named_to_both(
    house: House, recording: RecordingId
) -> None:
    invite(house, recording)
    xenia = house.people[GUEST]
    for login in (OWNER, SUPERVISOR):
        told = group(house, recording, login)
        assert [guest["id"] for guest in told["guests"]] == [xenia.id]
        assert told["missing"] == []
    assert xenia.id not in str(group(house, recording)["colleagues"])
    assert house.audited(recording).count("guest_invited") == 1
    invite(house, recording)
    assert house.audited(recording).count("guest_invited") == 1


def test_only_the_supervisor_invites_and_only_caseworkers_of_the_house(
    house: House, recording: RecordingId
) -> None:
    house.agree_to_group(recording)
    assert ask(house, recording, login=OWNER) == 403
    assert ask(house, recording, login=GUEST) == 403
    assert ask(house, recording, login="karen") == 403
    for nobody in ("karen", "adam", "rune", "yrsa", SUPERVISOR, "no-such-account"):
        assert ask(house, recording, guest=nobody) == 400
    assert ask(house, recording, guest=OWNER) == 403
    assert group(house, recording, OWNER)["colleagues"] == []
    assert house.browser("karen").get(f"/api/recordings/{recording}/group").status_code == 403
    named = {each["id"] for each in group(house, recording)["colleagues"]}
    assert named == {house.people[GUEST].id}


def test_with_six_guests_the_group_is_full(house: House, recording: RecordingId) -> None:
    with house.home.transaction() as tx:
        for number in range(7):
            login = f"guest{number}"
            house.people[login] = accounts.add_user(
                tx,
                login=login,
                name=login,
                role=UserRole.CASEWORKER,
                password_hash=hash_password("x"),
                language="da",
            )
    house.agree_to_group(recording)
    assert [ask(house, recording, guest=f"guest{n}") for n in range(7)] == [200] * 6 + [409]
    assert len(group(house, recording)["guests"]) == 6


# What a guest sees


def test_a_guest_sees_the_room_and_nothing_else(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    for visibility in ("private", "meeting", "shared"):
        words = {"at_ms": 5, "kind": "seen_heard", "text": f"a {visibility} note"}
        house.do(SUPERVISOR, recording, "write_note", visibility=visibility, **words)
    browser = house.browser(GUEST)
    assert browser.get(ROOM.format(recording)).status_code == 403
    invite(house, recording)
    shown = browser.get(ROOM.format(recording)).json()
    assert shown["me"]["side"] == "guest"
    assert {note["text"] for note in shown["notes"]} == {"a meeting note", "a shared note"}
    assert [each["side"] for each in shown["people"]] == ["supervisor", "caseworker", "guest"]
    assert not shown.keys() & {"answers", "wish", "tags", "turns", "minutes", "thumbnails"}
    base = f"/api/recordings/{recording}"
    film = (f"{base}/media", f"{base}/captions.vtt")
    assert [browser.get(each).status_code for each in film] == [403, 403]
    with entered(house, client, recording, GUEST) as (xenia, _):
        hear(xenia, "state")
        assert [browser.get(each).status_code for each in film] == [403, 403]
        with entered(house, client, recording, OWNER) as (mette, _):
            hear(mette, "state")
            assert [browser.get(each).status_code for each in film] == [200, 200]
    for closed in ("desk", "group", "text", "measures", "thumbnails", "status", "draft?field=x"):
        assert browser.get(f"{base}/{closed}").status_code == 403
    note = {"at_ms": 1, "kind": "seen_heard", "visibility": "shared", "text": "x"}
    assert intend(browser, recording, "write_note", **note).status_code == 403
    assert intend(browser, recording, "end_meeting").status_code == 403


def test_before_release_and_after_the_meeting_a_guest_sees_nothing(house: House) -> None:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, b"film" * 100)
    house.sequence(recording)
    invite(house, recording)
    browser = house.browser(GUEST)
    assert browser.get(ROOM.format(recording)).status_code == 403
    house.do(SUPERVISOR, recording, "release")
    assert browser.get(ROOM.format(recording)).status_code == 200
    house.do(OWNER, recording, "end_meeting")
    assert browser.get(ROOM.format(recording)).status_code == 403
    assert group(house, recording)["guests"] == []
    assert ask(house, recording) == 400


def test_a_guest_writes_in_the_room_and_both_read_it_at_the_desk(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    invite(house, recording)
    with (
        entered(house, client, recording, SUPERVISOR) as (birgitte, _),
        entered(house, client, recording, GUEST) as (xenia, _),
    ):
        hear(birgitte, "state")
        hear(xenia, "state")
        say(xenia, "note", at_ms=5, kind="interpretation", visibility="private", text="I", cid="c")
        note = hear(birgitte, "note")["note"]
    assert (note["visibility"], note["by_name"]) == ("shared", house.people[GUEST].name)
    for login in (OWNER, SUPERVISOR):
        assert house.desk(login, recording)["notes"] == [note]


# A guest's worry


def test_a_guest_raises_a_concern_and_the_two_and_the_leader_are_told(
    house: House, recording: RecordingId
) -> None:
    guest = house.browser(GUEST)
    concern = {"at_ms": 5, "text": "I saw a bruise"}
    assert intend(guest, recording, "raise_concern", **concern).status_code == 403
    assert guest.get(CONCERNS.format(recording)).status_code == 403
    invite(house, recording)
    house.do(SUPERVISOR, recording, "raise_concern", text="The supervisor's")
    assert guest.get(CONCERNS.format(recording)).json()["concerns"] == []
    house.do(GUEST, recording, "raise_concern", **concern)

    [own] = guest.get(CONCERNS.format(recording)).json()["concerns"]
    assert (own["text"], own["open"]) == (concern["text"], [])
    told = house.browser(OWNER).get(CONCERNS.format(recording)).json()["concerns"]
    assert [each["text"] for each in told] == ["The supervisor's", concern["text"]]
    assert told[1]["steps"][0]["by"] == house.people[GUEST].name
    with house.home.reading() as tx:
        for login in (OWNER, SUPERVISOR, "karen"):
            got = notifications.unread_of(tx, house.people[login].id)
            assert own["id"] in {each.about for each in got}
        assert holds.is_held(tx, recording)
    assert house.audited(recording).count("concern_raised") == 2
    step = {"id": own["id"], "step": "authority_notified"}
    assert intend(guest, recording, "take_concern_step", **step).status_code == 403

    house.do(OWNER, recording, "end_meeting")
    assert intend(guest, recording, "raise_concern", **concern).status_code == 403
    assert guest.get(CONCERNS.format(recording)).status_code == 403
    assert len(house.browser(OWNER).get(CONCERNS.format(recording)).json()["concerns"]) == 2


# When it is over


def test_who_is_uninvited_is_out_and_the_call_moves(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    invite(house, recording)
    with (
        entered(house, client, recording, OWNER) as (mette, _),
        entered(house, client, recording, GUEST) as (xenia, _),
    ):
        known = hear(xenia, "state")["call"]
        assert len(known) == 40
        guest = house.people[GUEST].id
        house.do(SUPERVISOR, recording, "end_invitation", guest=guest)
        assert reason(xenia) == "withdrawn"
        while hear(mette, "state")["call"] == known:
            pass
    assert house.audited(recording).count("invitation_ended") == 1
    with entered(house, client, recording, GUEST) as (xenia, _):
        assert reason(xenia) == "withdrawn"


def test_a_no_to_the_group_closes_the_room_to_guests_alone(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    invite(house, recording)
    with (
        entered(house, client, recording, OWNER) as (mette, _),
        entered(house, client, recording, GUEST) as (xenia, _),
    ):
        hear(xenia, "state")
        house.clock.go_on(seconds=1)
        with house.home.transaction() as tx:
            answers = consent_ledger.evidence_of(tx, recording)
            yes = next(each for each in answers if each.purpose is Purpose.GROUP)
            no = replace(yes, id=EvidenceId(new_id()), event="withdrawn", at=tx.at)
            consent_ledger.record_evidence(tx, no)
        assert reason(xenia) == "withdrawn"
        say(mette, "ping", c=1)
        hear(mette, "pong")
    assert house.browser(OWNER).get(f"/api/recordings/{recording}/media").status_code == 200


def test_the_end_of_the_meeting_ends_every_invitation(
    house: House, client: TestClient, recording: RecordingId
) -> None:
    invite(house, recording)
    with entered(house, client, recording, GUEST) as (xenia, _):
        hear(xenia, "state")
        house.do(OWNER, recording, "end_meeting")
        assert reason(xenia) == "withdrawn"
    with house.home.reading() as tx:
        assert invitations.standing(tx, recording) == ()


def test_an_erased_recording_keeps_no_invitation(house: House, recording: RecordingId) -> None:
    invite(house, recording)
    erasure.erase(house.home, recording)
    with house.home.reading() as tx:
        assert invitations.standing(tx, recording) == ()
    assert house.browser(GUEST).get(ROOM.format(recording)).status_code == 403


# The pages


def test_a_guest_finds_the_way_to_the_room_and_loses_it_again(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    speak(house, GUEST, "en")
    invite(house, recording)
    guest = house.people[GUEST].id
    way = f"/room?recording={recording}"
    shown = watch(house, GUEST)
    assert "invited to the joint review" in shown.said
    assert way in "".join(shown.fragments)
    assert not watch(house, GUEST, "room", recording=recording).test.error
    house.do(SUPERVISOR, recording, "end_invitation", guest=guest)
    assert way not in "".join(watch(house, GUEST).fragments)
    assert watch(house, GUEST, "room", recording=recording).test.error


# The call beside the film

MEETING = "https://jitsi.kommune.example"


def policies(house: House) -> tuple[str, str]:
    headers = house.browser(OWNER).get("/api/recordings/r/desk").headers
    return headers["Content-Security-Policy"], headers["Permissions-Policy"]


def test_by_default_a_page_frames_nothing_from_elsewhere_and_uses_no_camera(house: House) -> None:
    assert house.home.settings.meeting == ""
    content, permissions = policies(house)
    assert "frame-src 'self';" in content
    assert "http" not in content
    assert permissions == "camera=(), microphone=(), geolocation=()"


def test_the_sites_own_meeting_server_is_the_only_other_origin_that_is_framed(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "home", meeting=MEETING)
        content, permissions = policies(house)
        assert f"frame-src 'self' {MEETING};" in content
        assert content.count("http") == 1
        allowed = f'(self "{MEETING}")'
        assert permissions == f"camera={allowed}, microphone={allowed}, geolocation=()"
        consent = house.browser().get("/s/").headers
        assert consent["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
        assert MEETING not in consent["Content-Security-Policy"]


@pytest.mark.parametrize(
    "wrong",
    [
        "http://jitsi.kommune.example",
        "jitsi.kommune.example",
        "https://jitsi.kommune.example/room",
        "https://jitsi.kommune.example; script-src *",
        "https://*",
        "https://me@jitsi.kommune.example",
        "https://jitsi.kommune.example\n",
    ],
)
def test_what_is_no_origin_of_ones_own_is_no_meeting_server(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(meeting=wrong)
