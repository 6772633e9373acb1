"""What a click may do: each intent by the right side, by the wrong one, and on the wrong thing."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from consent.model import RecordingId
from review_app.commands import INTENTS
from storage import annotations, audit, notes, phases
from storage.records import Verdict
from tests.house import OWNER, PLAN, SUPERVISOR, House, intend, turn

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


PHASE: Final[dict[str, Any]] = {
    "start_ms": 1_000,
    "end_ms": 9_000,
    "phase": "topic",
    "verdict": "confirmed",
}
STRETCH: Final[dict[str, Any]] = {"start_ms": 0, "end_ms": 9_000, "codes": ["reflection"]}
OF_A_STRETCH = {"mark_turns", "finish_coding", "drop_coding"}


# Sides. Each intent with the arguments that make it succeed, and who may.


BEFORE: Final[dict[str, Callable[[House, RecordingId], str]]] = {
    "take_back": House.release,
    "send_answers": House.release,
    "end_meeting": House.release,
    "write_answer": House.release,
    "save_minutes": House.hold_meeting,
    "sign_minutes": House.hold_meeting,
    "add_to_minutes": House.approve,
}


def prepared(house: House, intent: str, recording: RecordingId) -> dict[str, Any]:
    """Bring a recording to where an intent is possible and return the intent's arguments."""
    segment, tag = house.suggest(recording)
    if intent == "reorder_sequences":
        return {"ids": [house.sequence(recording), house.sequence(recording)][::-1]}
    if intent == "begin_coding" or intent in OF_A_STRETCH:
        house.transcript(recording, [turn(0, SPOKEN)])
    guest = {"guest": house.people["xenia"].id}
    if intent in {"invite_guest", "end_invitation"}:
        house.agree_to_group(recording)
    if intent == "end_invitation":
        house.do(SUPERVISOR, recording, "invite_guest", **guest)
    sequence = BEFORE.get(intent, House.sequence)(house, recording)
    arguments: dict[str, dict[str, Any]] = {
        "count_figures": {},
        "begin_coding": STRETCH,
        "mark_turns": {"marks": [[0, "reflection"]]},
        "finish_coding": {},
        "drop_coding": {},
        "write_wish": {"text": SPOKEN},
        "add_sequence": SEQUENCE,
        "change_sequence": SEQUENCE | {"id": sequence},
        "remove_sequence": {"id": sequence},
        "add_tag": {"code": "summary", "start_ms": 1, "end_ms": 1},
        "remove_tag": {"id": tag},
        "judge_tag": {"id": tag, "verdict": "confirmed"},
        "modify_tag": {"id": tag},
        "judge_segment": {"id": segment, "verdict": "dismissed"},
        "arrange_phases": {"phases": [PHASE | {"id": segment}]},
        "write_note": NOTE,
        "remove_note": {},
        "release": {"meeting_at": "2026-03-12T09:00:00.000Z"},
        "take_back": {},
        "agree_meeting": {"meeting_at": "2026-03-12T09:00:00.000Z", "minutes": 45},
        "call_off_meeting": {},
        "invite_guest": guest,
        "end_invitation": guest,
        "write_answer": {"sequence": sequence, "seen": SPOKEN, "thought": ""},
        "send_answers": {},
        "end_meeting": {},
        "save_minutes": {"items": [], "agreements": [SPOKEN], "plan": PLAN, "revision": 1},
        "sign_minutes": {"revision": 1},
        "add_to_minutes": {"text": SPOKEN},
        "answer_plan": {"text": SPOKEN},
        "confirm_camera_cleared": {},
        "keep_draft": {"field": "note", "text": SPOKEN},
        "raise_concern": {"at_ms": 2_000, "text": SPOKEN},
        "take_concern_step": {"step": "authority_notified"},
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
    "agree_meeting": {SUPERVISOR},
    "call_off_meeting": {SUPERVISOR},
    "invite_guest": {SUPERVISOR},
    "end_invitation": {SUPERVISOR},
    "reorder_sequences": {SUPERVISOR},
    "arrange_phases": {SUPERVISOR},
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
        house.approve(house.recording())
    recording = house.recording()
    arguments = prepared(house, intent, recording)
    if intent == "remove_note":
        arguments = {"id": house.do(login, recording, "write_note", **NOTE)["id"]}
    if intent in OF_A_STRETCH:
        arguments |= {"id": house.do(login, recording, "begin_coding", **STRETCH)}
    if intent == "take_concern_step":
        arguments |= {"id": house.do(login, recording, "raise_concern")["id"]}
    before = house.audited(recording)
    answer = intend(house.browser(login), recording, intent, **arguments)
    traces = house.audited(recording)[len(before) :]
    if login in WHO_MAY[intent]:
        assert answer.status_code == 200, answer.text
        assert answer.json()["ok"] is True
        assert len(traces) == (intent not in {"keep_draft", "mark_turns"})
    else:
        assert answer.status_code == 403
        assert traces == ["access_denied"]
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
    assert [s["id"] for s in house.desk(OWNER, recording)["sequences"]] == [mine]


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
        (SUPERVISOR, "modify_tag", {"id": tag}),
        (SUPERVISOR, "add_tag", {"id": tag, "code": "summary", "start_ms": 1, "end_ms": 2}),
        (SUPERVISOR, "judge_segment", {"id": segment, "verdict": "dismissed"}),
        (SUPERVISOR, "arrange_phases", {"phases": [PHASE | {"id": segment}]}),
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
        assert [s.verdict for s in phases.segments_of(tx, permit)] == [Verdict.SUGGESTED]
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


def test_an_interpretation_rests_on_what_was_seen_for_as_long_as_that_is_there(
    any_house: House,
) -> None:
    house = any_house
    recording = house.recording()
    seen = house.do(OWNER, recording, "write_note", **NOTE)
    thought = NOTE | {"kind": "interpretation", "rests_on": seen["id"]}
    written = house.do(SUPERVISOR, recording, "write_note", **thought)

    def resting(login: str) -> list[str | None]:
        found = house.desk(login, recording)["notes"]
        assert written["text"] in {note["text"] for note in found if note["id"] == written["id"]}
        return [note["rests_on"] for note in found if note["rests_on"]]

    assert resting(OWNER) == resting(SUPERVISOR) == [seen["id"]]
    house.do(OWNER, recording, "remove_note", id=seen["id"])
    assert resting(SUPERVISOR) == []
    again = house.do(OWNER, recording, "write_note", **NOTE | {"id": seen["id"]})
    assert resting(SUPERVISOR) == [seen["id"]]
    kept = NOTE | {"id": seen["id"], "revision": again["revision"], "visibility": "private"}
    kept = house.do(OWNER, recording, "write_note", **kept)
    assert (resting(OWNER), resting(SUPERVISOR)) == ([seen["id"]], [])
    judged = NOTE | {"id": seen["id"], "revision": kept["revision"], "kind": "interpretation"}
    house.do(OWNER, recording, "write_note", **judged)
    assert resting(OWNER) == resting(SUPERVISOR) == []


@pytest.mark.parametrize("kind", ["seen_heard", "agreement"])
def test_only_an_interpretation_rests_on_anything(house: House, kind: str) -> None:
    recording = house.recording()
    seen = house.do(OWNER, recording, "write_note", **NOTE)
    house.do(OWNER, recording, "write_note", **NOTE | {"kind": kind, "rests_on": seen["id"]})
    assert {note["rests_on"] for note in house.desk(OWNER, recording)["notes"]} == {None}


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
        ("modify_tag", {"id": "what Sofie said"}),
        ("add_tag", {"code": "reflection", "start_ms": 1, "end_ms": 2, "modifier": SPOKEN}),
        ("arrange_phases", {"phases": [PHASE | {"phase": SPOKEN}]}),
        ("arrange_phases", {"phases": [PHASE | {"verdict": "dismissed"}]}),
        ("arrange_phases", {"phases": [PHASE | {"end_ms": 1_000}]}),
        ("arrange_phases", {"phases": [PHASE, PHASE | {"start_ms": 1_500}]}),
        ("arrange_phases", {"phases": [PHASE | {"start_ms": 700_000, "end_ms": 710_000}]}),
        ("write_note", NOTE | {"at_ms": 2**70}),
        ("write_note", NOTE | {"at_ms": -1}),
        ("write_note", NOTE | {"visibility": SPOKEN}),
        ("write_note", NOTE | {"text": ["a"]}),
        ("write_note", NOTE | {"id": "what Sofie said"}),
        ("write_note", NOTE | {"rests_on": "what Sofie said"}),
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
    assert house.desk(OWNER, recording)["wish"] == "æ 😀 ?"


def test_a_body_without_end_is_refused(house: House) -> None:
    recording = house.recording()
    answer = intend(house.browser(OWNER), recording, "write_wish", text="x" * 300_000)
    assert answer.status_code == 413


# While consent is missing.


def test_without_consent_one_writes_a_wish_and_nothing_about_the_film(house: House) -> None:
    recording = house.recording(agreed=False)
    without = {"write_wish", "confirm_camera_cleared", "keep_draft"}
    without |= {"raise_concern", "take_concern_step"}  # a worry does not wait for consent
    for login in (OWNER, SUPERVISOR):
        browser = house.browser(login)
        for intent in INTENTS.keys() - without:
            refused = intend(browser, recording, intent)
            assert (refused.status_code, refused.json()["error"]) == (403, "ConsentMissing")
    house.do(OWNER, recording, "write_wish", text="x")
    house.do(OWNER, recording, "keep_draft", field="wish", text="y")
    kept = house.browser(OWNER).get(f"/api/recordings/{recording}/draft?field=wish")
    assert kept.json() == {"text": "y"}
    for field in ("note", "answer-1"):
        assert (
            intend(house.browser(OWNER), recording, "keep_draft", field=field, text="y").status_code
            == 403
        )
    house.do(OWNER, recording, "confirm_camera_cleared")
