"""From film to plan by intents: conflicts, minutes and signatures, drafts, undo."""

from typing import Any, Final

from storage import annotations, consent_ledger, cycles
from storage.records import Side
from tests.clock import NOW
from tests.house import OWNER, PLAN, SUPERVISOR, House, intend

SPOKEN = "What somebody writes"
NOTE: Final[dict[str, Any]] = {
    "at_ms": 2_000,
    "kind": "seen_heard",
    "visibility": "shared",
    "text": SPOKEN,
}


# Two who write at once.


def test_a_conflict_gives_what_is_stored(any_house: House) -> None:
    house = any_house
    recording = house.recording()
    note = house.do(OWNER, recording, "write_note", **NOTE)
    newer = NOTE | {"id": note["id"], "revision": 1, "text": "newer"}
    house.do(OWNER, recording, "write_note", **newer)
    late = intend(house.browser(OWNER), recording, "write_note", **newer | {"text": "late"})
    assert late.status_code == 409
    assert (late.json()["stored"]["text"], late.json()["stored"]["revision"]) == ("newer", 2)

    sequence = house.hold_meeting(recording)
    first = {"items": [], "agreements": ["theirs"], "plan": PLAN, "revision": 1}
    assert house.do(SUPERVISOR, recording, "save_minutes", **first) == 2
    late = intend(house.browser(OWNER), recording, "save_minutes", **first | {"agreements": ["x"]})
    assert late.status_code == 409
    assert late.json()["stored"] == house.desk(SUPERVISOR, recording)["minutes"]
    assert late.json()["stored"]["agreements"] == ["theirs"]
    assert [item["sequence"] for item in late.json()["stored"]["items"]] == [sequence]
    unread = intend(house.browser(OWNER), recording, "sign_minutes", revision=1)
    assert (unread.status_code, unread.json()["stored"]["revision"]) == (409, 2)
    assert house.desk(SUPERVISOR, recording)["minutes"]["signed"] == {}


# The way from film to plan.


def test_minutes_signed_by_both_are_approved_and_head_the_next_recording(any_house: House) -> None:
    house = any_house
    first = house.recording()
    sequence = house.sequence(first)
    house.do(OWNER, first, "write_wish", text="  The opening ")
    house.do(SUPERVISOR, first, "release", meeting_at="2026-03-12T09:00:00Z")
    house.do(OWNER, first, "write_answer", sequence=sequence, seen="a", thought="b")
    house.do(OWNER, first, "send_answers")
    for kind, text in (("seen_heard", "saw"), ("interpretation", "said"), ("agreement", "agreed")):
        note = NOTE | {"kind": kind, "text": text, "sequence": sequence}
        house.do(SUPERVISOR, first, "write_note", **note)
    loose = {"kind": "interpretation", "text": "thought", "sequence": sequence}
    for kept, text in (("private", "alone"), ("meeting", "until then"), ("shared", "heard")):
        seen = house.do(OWNER, first, "write_note", **NOTE | {"visibility": kept, "text": text})
        house.do(OWNER, first, "write_note", **NOTE | loose | {"rests_on": seen["id"]})
    house.do(OWNER, first, "end_meeting")
    made = house.desk(SUPERVISOR, first)["minutes"]
    assert made["agreements"] == ["agreed"]
    item = made["items"][0]
    assert (item["seen"], item["said"], item["reached"]) == (
        "saw\n00:02 heard",
        "said\nthought\nthought\n00:02 thought",
        True,
    )
    assert not any(text in str(made) for text in ("alone", "until then"))

    items = [{"sequence": sequence, "seen": "s", "said": "t", "reached": True}]
    saved = house.do(
        SUPERVISOR, first, "save_minutes", items=items, agreements=["x"], plan=PLAN, revision=1
    )
    house.do(SUPERVISOR, first, "sign_minutes", revision=saved)
    assert house.desk(OWNER, first)["cycle"]["approved_at"] is None
    assert intend(house.browser(OWNER), first, "add_to_minutes", text="early").status_code == 400
    house.do(OWNER, first, "sign_minutes", revision=saved)
    approved = house.desk(OWNER, first)
    assert approved["cycle"]["approved_at"] is not None
    assert set(approved["minutes"]["signed"]) == set(Side)
    late = {"items": [], "agreements": [], "plan": PLAN, "revision": saved}
    refused = intend(house.browser(OWNER), first, "save_minutes", **late)
    assert (refused.status_code, refused.json()["error"]) == (400, "Signed")
    house.do(OWNER, first, "add_to_minutes", text=" more ")
    assert house.desk(SUPERVISOR, first)["minutes"]["additions"] == ["more"]
    assert intend(house.browser(SUPERVISOR), first, "take_back").status_code == 400

    second = house.recording()
    plan = house.desk(SUPERVISOR, second)["last_plan"]
    assert (plan["will_try"], plan["with_whom"], plan["what_happened"]) == (["wait"], "A", "")
    house.do(OWNER, second, "answer_plan", text="It went well")
    assert house.desk(OWNER, second)["last_plan"]["what_happened"] == "It went well"
    assert house.desk(SUPERVISOR, first)["minutes"]["agreements"] == ["x"]


def test_a_release_keeps_the_hour_of_the_meeting(house: House) -> None:
    recording = house.recording()
    house.sequence(recording)
    house.do(SUPERVISOR, recording, "release", meeting_at="2026-03-12T10:00:00+01:00")
    with house.home.reading() as tx:
        cycle = cycles.cycle_of(tx, recording)
    assert cycle.released_at == NOW
    assert cycle.meeting_at is not None
    assert cycle.meeting_at.isoformat() == "2026-03-12T09:00:00+00:00"
    house.do(SUPERVISOR, recording, "take_back")
    assert house.desk(OWNER, recording)["sequences"] == []


def test_a_draft_is_its_writers_alone_and_goes_when_emptied(house: House) -> None:
    recording = house.recording()
    house.do(OWNER, recording, "keep_draft", field="wish", text=SPOKEN)
    drafts = {
        login: house.browser(login).get(f"/api/recordings/{recording}/draft?field=wish").json()
        for login in (OWNER, SUPERVISOR)
    }
    assert drafts == {OWNER: {"text": SPOKEN}, SUPERVISOR: {"text": ""}}
    house.do(OWNER, recording, "keep_draft", field="wish", text="")
    answer = house.browser(OWNER).get(f"/api/recordings/{recording}/draft?field=wish")
    assert answer.json() == {"text": ""}


def test_an_undo_brings_back_what_was_removed_under_its_id(house: House) -> None:
    recording = house.recording()
    tag = house.do(OWNER, recording, "add_tag", code="summary", start_ms=1, end_ms=2)
    house.do(OWNER, recording, "remove_tag", id=tag)
    again = {"id": tag, "code": "summary", "start_ms": 1, "end_ms": 2}
    house.do(OWNER, recording, "add_tag", **again)
    twice = intend(house.browser(OWNER), recording, "add_tag", **again)
    assert twice.status_code == 409
    with house.home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        assert [found.id for found in annotations.tags_of(tx, permit)] == [tag]
