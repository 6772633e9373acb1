"""What a click may do: each intent by the right side, by the wrong one, and on the wrong thing."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from consent.model import RecordingId
from review_app.commands import INTENTS
from storage import annotations, audit, consent_ledger, cycles, notes
from storage.records import Side, Verdict
from tests.house import NOW, OWNER, SUPERVISOR, House, intend

SPOKEN = "Nobody-should-read-this-again"
SEQUENCE: Final[dict[str, Any]] = {
    "start_ms": 1_000,
    "end_ms": 31_000,
    "title": SPOKEN,
    "kind": "strength",
    "keywords": ["a", "b"],
    "prompt": "What?",
    "context_ms": 5_000,
}
NOTE: Final[dict[str, Any]] = {
    "at_ms": 2_000,
    "kind": "seen_heard",
    "visibility": "shared",
    "text": SPOKEN,
}
PLAN: Final = {
    "with_whom": "A",
    "when": "soon",
    "will_try": ["wait"],
    "will_notice": "",
    "goal": "",
}


def minutes(house: House, recording: str) -> dict[str, Any]:
    found: dict[str, Any] = desk(house, SUPERVISOR, recording)["minutes"]
    return found


def desk(house: House, login: str, recording: str) -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/desk")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def release(house: House, recording: RecordingId) -> str:
    sequence = house.sequence(recording)
    house.do(SUPERVISOR, recording, "release")
    return sequence


def hold_meeting(house: House, recording: RecordingId) -> str:
    sequence = release(house, recording)
    house.do(OWNER, recording, "end_meeting")
    return sequence


def approve(house: House, recording: RecordingId) -> str:
    sequence = hold_meeting(house, recording)
    house.do(OWNER, recording, "save_minutes", items=[], agreements=["x"], plan=PLAN, revision=1)
    for login in (OWNER, SUPERVISOR):
        house.do(login, recording, "sign_minutes", revision=2)
    return sequence


# Sides. Each intent with the arguments that make it succeed, and who may.


BEFORE: Final[dict[str, Callable[[House, RecordingId], str]]] = {
    "take_back": release,
    "send_answers": release,
    "end_meeting": release,
    "write_answer": release,
    "save_minutes": hold_meeting,
    "sign_minutes": hold_meeting,
    "add_to_minutes": approve,
}


def prepared(house: House, intent: str, recording: RecordingId) -> dict[str, Any]:
    """Bring a recording to where an intent is possible and return the intent's arguments."""
    segment, tag = house.suggest(recording)
    if intent == "reorder_sequences":
        return {"ids": [house.sequence(recording), house.sequence(recording)][::-1]}
    sequence = BEFORE.get(intent, House.sequence)(house, recording)
    arguments: dict[str, dict[str, Any]] = {
        "write_wish": {"text": SPOKEN},
        "add_sequence": SEQUENCE,
        "change_sequence": SEQUENCE | {"id": sequence},
        "remove_sequence": {"id": sequence},
        "add_tag": {"code": "summary", "start_ms": 1, "end_ms": 1},
        "remove_tag": {"id": tag},
        "judge_tag": {"id": tag, "verdict": "confirmed"},
        "judge_segment": {"id": segment, "verdict": "dismissed"},
        "write_note": NOTE,
        "remove_note": {},
        "release": {"meeting_at": "2026-03-12T09:00:00.000Z"},
        "take_back": {},
        "write_answer": {"sequence": sequence, "seen": SPOKEN, "thought": ""},
        "send_answers": {},
        "end_meeting": {},
        "save_minutes": {"items": [], "agreements": [SPOKEN], "plan": PLAN, "revision": 1},
        "sign_minutes": {"revision": 1},
        "add_to_minutes": {"text": SPOKEN},
        "answer_plan": {"text": SPOKEN},
        "confirm_camera_cleared": {},
        "keep_draft": {"field": "note", "text": SPOKEN},
    }
    return arguments[intent]


BOTH = {OWNER, SUPERVISOR}
WHO_MAY: dict[str, set[str]] = dict.fromkeys(INTENTS, BOTH) | {
    "write_wish": {OWNER},
    "write_answer": {OWNER},
    "send_answers": {OWNER},
    "confirm_camera_cleared": {OWNER},
    "answer_plan": {OWNER},
    "release": {SUPERVISOR},
    "take_back": {SUPERVISOR},
    "reorder_sequences": {SUPERVISOR},
    # These two of what the supervisor has chosen.
    "change_sequence": {SUPERVISOR},
    "remove_sequence": {SUPERVISOR},
}


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
@pytest.mark.parametrize("intent", INTENTS)
def test_each_intent_is_for_its_side_and_leaves_a_trace(
    house: House, intent: str, login: str
) -> None:
    if intent == "answer_plan":
        approve(house, house.recording())
    recording = house.recording()
    arguments = prepared(house, intent, recording)
    if intent == "remove_note":
        arguments = {"id": house.do(login, recording, "write_note", **NOTE)["id"]}
    before = house.audited(recording)
    answer = intend(house.browser(login), recording, intent, **arguments)
    traces = house.audited(recording)[len(before) :]
    if login in WHO_MAY[intent]:
        assert answer.status_code == 200, answer.text
        assert answer.json()["ok"] is True
        assert len(traces) == (intent != "keep_draft")
    else:
        assert answer.status_code == 403
        assert traces == []
    with house.home.reading() as tx:
        audit.verify(tx)
        kept = str(audit.entries_about(tx, recording))
    assert SPOKEN not in kept


@pytest.mark.parametrize("intent", ["write_answer", "send_answers"])
def test_the_caseworker_answers_only_what_is_released(house: House, intent: str) -> None:
    recording = house.recording()
    arguments = {"sequence": house.sequence(recording)} if intent == "write_answer" else {}
    answer = intend(house.browser(OWNER), recording, intent, **arguments)
    assert (answer.status_code, answer.json()["error"]) == (403, "NotReleased")


def test_the_caseworker_may_choose_and_change_own_sequences(house: House) -> None:
    recording = house.recording()
    mine = house.do(OWNER, recording, "add_sequence", **SEQUENCE)
    house.do(OWNER, recording, "change_sequence", id=mine, **SEQUENCE | {"title": "Other"})
    house.do(OWNER, recording, "remove_sequence", id=mine)
    house.do(OWNER, recording, "add_sequence", id=mine, **SEQUENCE)
    assert [s["id"] for s in desk(house, OWNER, recording)["sequences"]] == [mine]


# Ids that belong to another recording.


def test_nothing_of_another_recording_can_be_reached_through_ones_own(any_house: House) -> None:
    house = any_house
    theirs = house.recording(course=house.other_course)
    segment, tag = house.suggest(theirs)
    sequence = house.sequence(theirs, by="yrsa")
    house.do("yrsa", theirs, "release")
    note = house.do("xenia", theirs, "write_note", **NOTE)["id"]
    mine = house.recording()
    own = house.sequence(mine)
    house.do(SUPERVISOR, mine, "release")
    tries: list[tuple[str, str, dict[str, Any]]] = [
        (SUPERVISOR, "change_sequence", SEQUENCE | {"id": sequence}),
        (SUPERVISOR, "remove_sequence", {"id": sequence}),
        (SUPERVISOR, "reorder_sequences", {"ids": [sequence]}),
        (SUPERVISOR, "reorder_sequences", {"ids": [own, sequence]}),
        (SUPERVISOR, "add_sequence", SEQUENCE | {"id": sequence}),
        (SUPERVISOR, "remove_tag", {"id": tag}),
        (SUPERVISOR, "judge_tag", {"id": tag, "verdict": "dismissed"}),
        (SUPERVISOR, "add_tag", {"id": tag, "code": "summary", "start_ms": 1, "end_ms": 2}),
        (SUPERVISOR, "judge_segment", {"id": segment, "verdict": "dismissed"}),
        (OWNER, "write_answer", {"sequence": sequence, "seen": "x"}),
        (OWNER, "write_note", NOTE | {"id": note, "revision": 1}),
        (OWNER, "remove_note", {"id": note}),
    ]
    for login, intent, arguments in tries:
        answer = intend(house.browser(login), mine, intent, **arguments)
        assert 400 <= answer.status_code < 500, intent
        nowhere = intend(house.browser(login), theirs, intent, **arguments)
        assert nowhere.status_code == 403, intent
    linked = house.do(OWNER, mine, "write_note", **NOTE | {"sequence": sequence})
    assert linked["sequence"] is None
    permit = house.permit(theirs)
    with house.home.reading() as tx:
        assert [s.id for s in annotations.sequences_of(tx, permit)] == [sequence]
        assert [t.verdict for t in annotations.tags_of(tx, permit)] == [Verdict.SUGGESTED]
        assert [s.verdict for s in annotations.segments_of(tx, permit)] == [Verdict.SUGGESTED]
        assert notes.answers_of(tx, permit) == ()
        kept = notes.notes_of(tx, permit, reader=house.people["xenia"].id)
        assert [n.id for n in kept] == [note]


def test_nobody_changes_the_others_note(house: House) -> None:
    recording = house.recording()
    note = house.do(SUPERVISOR, recording, "write_note", **NOTE)
    for intent, arguments in (
        ("write_note", NOTE | {"id": note["id"], "revision": 1, "text": "mine now"}),
        ("remove_note", {"id": note["id"]}),
    ):
        assert intend(house.browser(OWNER), recording, intent, **arguments).status_code == 404


# Arguments that do not fit.


@pytest.mark.parametrize(
    ("intent", "arguments"),
    [
        ("write_wish", {}),
        ("write_wish", {"text": "  "}),
        ("write_wish", {"text": 5}),
        ("write_wish", {"text": SPOKEN, SPOKEN: SPOKEN}),
        ("write_wish", {"text": SPOKEN, "access": SPOKEN}),
        ("add_sequence", SEQUENCE | {"start_ms": -1}),
        ("add_sequence", SEQUENCE | {"end_ms": 1_000}),
        ("add_sequence", SEQUENCE | {"end_ms": 2**70}),
        ("add_sequence", SEQUENCE | {"start_ms": 700_000, "end_ms": 710_000}),
        ("add_sequence", SEQUENCE | {"kind": SPOKEN}),
        ("add_sequence", SEQUENCE | {"id": f"{SPOKEN} said"}),
        ("add_sequence", SEQUENCE | {"id": "x" * 65}),
        ("add_sequence", SEQUENCE | {"keywords": SPOKEN}),
        ("change_sequence", SEQUENCE | {"id": "0197"}),
        ("remove_sequence", {"id": "a\0b"}),
        ("reorder_sequences", {"ids": [SPOKEN]}),
        ("add_tag", {"code": SPOKEN, "start_ms": 1, "end_ms": 2}),
        ("add_tag", {"code": "summary", "start_ms": 3, "end_ms": 2}),
        ("add_tag", {"code": "summary", "start_ms": 1, "end_ms": 2**31}),
        ("add_tag", {"code": "summary", "start_ms": 1, "end_ms": 2, "codebook": SPOKEN}),
        ("judge_tag", {"id": "0197", "verdict": SPOKEN}),
        ("write_note", NOTE | {"at_ms": 2**70}),
        ("write_note", NOTE | {"at_ms": -1}),
        ("write_note", NOTE | {"visibility": SPOKEN}),
        ("write_note", NOTE | {"text": ["a"]}),
        ("write_note", NOTE | {"id": "what Sofie said"}),
        ("release", {}),
        ("release", {"meeting_at": "2026-03-12T09:00:00"}),
        ("release", {"meeting_at": SPOKEN}),
        ("end_meeting", {}),
        ("save_minutes", {"items": [], "agreements": [], "plan": {}, "revision": 0}),
        ("sign_minutes", {"revision": 0}),
        ("add_to_minutes", {"text": SPOKEN}),
        ("answer_plan", {"text": SPOKEN}),
        ("keep_draft", {"field": "what Sofie said", "text": "x"}),
        ("keep_draft", {"field": "", "text": "x"}),
        ("unheard_of", {}),
        ("__class__", {}),
    ],
)
def test_what_does_not_fit_is_refused_without_repeating_it(
    house: House, intent: str, arguments: dict[str, Any]
) -> None:
    recording = house.recording()
    refused = set()
    for login in (OWNER, SUPERVISOR):
        answer = intend(house.browser(login), recording, intent, **arguments)
        refused.add(answer.status_code)
        assert SPOKEN not in answer.text
        assert "Sofie" not in answer.text
        assert set(answer.json()) == {"error", "message", "advice"}
    assert 400 in refused
    assert refused <= {400, 403}


@pytest.mark.parametrize("far", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_meeting_is_within_a_year(house: House, far: str) -> None:
    recording = house.recording()
    house.sequence(recording)
    assert (
        intend(house.browser(SUPERVISOR), recording, "release", meeting_at=far).status_code == 400
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff\xfe",
        b'{"intent": 5}',
        b'{"intent": "write_note", "at_ms": NaN}',
        b"[" * 200_000,
        b'{"intent": "write_note", "at_ms": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_refused(house: House, body: bytes) -> None:
    address = f"/api/recordings/{house.recording()}/intents"
    assert house.browser(OWNER).post(address, content=body).status_code == 400


def test_half_a_sign_costs_that_sign_and_not_the_text(house: House) -> None:
    recording = house.recording()
    body = b'{"intent": "write_wish", "text": "\\u00e6 \\ud83d\\ude00 \\ud83d"}'
    answer = house.browser(OWNER).post(f"/api/recordings/{recording}/intents", content=body)
    assert answer.status_code == 200
    assert desk(house, OWNER, recording)["wish"] == "æ 😀 ?"


def test_a_body_without_end_is_refused(house: House) -> None:
    recording = house.recording()
    answer = intend(house.browser(OWNER), recording, "write_wish", text="x" * 300_000)
    assert answer.status_code == 413


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

    sequence = hold_meeting(house, recording)
    first = {"items": [], "agreements": ["theirs"], "plan": PLAN, "revision": 1}
    assert house.do(SUPERVISOR, recording, "save_minutes", **first) == 2
    late = intend(house.browser(OWNER), recording, "save_minutes", **first | {"agreements": ["x"]})
    assert late.status_code == 409
    assert late.json()["stored"] == minutes(house, recording)
    assert late.json()["stored"]["agreements"] == ["theirs"]
    assert [item["sequence"] for item in late.json()["stored"]["items"]] == [sequence]
    unread = intend(house.browser(OWNER), recording, "sign_minutes", revision=1)
    assert (unread.status_code, unread.json()["stored"]["revision"]) == (409, 2)
    assert minutes(house, recording)["signed"] == {}


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
    house.do(OWNER, first, "write_note", **NOTE | {"visibility": "private", "text": "mine alone"})
    house.do(OWNER, first, "end_meeting")
    made = minutes(house, first)
    assert made["agreements"] == ["agreed"]
    item = made["items"][0]
    assert (item["seen"], item["said"], item["reached"]) == ("saw", "said", True)
    assert "mine alone" not in str(made)

    items = [{"sequence": sequence, "seen": "s", "said": "t", "reached": True}]
    saved = house.do(
        SUPERVISOR, first, "save_minutes", items=items, agreements=["x"], plan=PLAN, revision=1
    )
    house.do(SUPERVISOR, first, "sign_minutes", revision=saved)
    assert desk(house, OWNER, first)["cycle"]["approved_at"] is None
    assert intend(house.browser(OWNER), first, "add_to_minutes", text="early").status_code == 400
    house.do(OWNER, first, "sign_minutes", revision=saved)
    approved = desk(house, OWNER, first)
    assert approved["cycle"]["approved_at"] is not None
    assert set(approved["minutes"]["signed"]) == set(Side)
    late = {"items": [], "agreements": [], "plan": PLAN, "revision": saved}
    refused = intend(house.browser(OWNER), first, "save_minutes", **late)
    assert (refused.status_code, refused.json()["error"]) == (400, "Signed")
    house.do(OWNER, first, "add_to_minutes", text=" more ")
    assert minutes(house, first)["additions"] == ["more"]
    assert intend(house.browser(SUPERVISOR), first, "take_back").status_code == 400

    second = house.recording()
    plan = desk(house, SUPERVISOR, second)["last_plan"]
    assert (plan["will_try"], plan["with_whom"], plan["what_happened"]) == (["wait"], "A", "")
    house.do(OWNER, second, "answer_plan", text="It went well")
    assert desk(house, OWNER, second)["last_plan"]["what_happened"] == "It went well"
    assert minutes(house, first)["agreements"] == ["x"]


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
    assert desk(house, OWNER, recording)["sequences"] == []


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
