"""The desk document: its shape, and what each side sees of it at each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from consent.model import Event, RecordingId, Role
from storage import annotations, erasure, recordings, requests
from storage.home import Home
from storage.records import BlobRole, Stage, StageRun, StageState, Tag, TagId
from storage.vault.blobs import BlobRef
from tests.house import DURATION_MS, OWNER, SUPERVISOR, House, intend, turn

KEYS = {
    "recording": {
        *("id", "number", "youth_letter", "youth_age", "recorded_at", "duration_ms", "language"),
        *("package", "rehearsal", "has_video"),
    },
    "me": {"id", "name", "side"},
    "other": {"id", "name"},
    "turns": {
        *("index", "start_ms", "end_ms", "speaker", "kind", "doubts", "speaker_confidence"),
        "words",
    },
    "phases": {"phase", "label"},
    "segments": {"id", "start_ms", "end_ms", "phase", "label", "reason", "verdict"},
    "tags": {
        *("id", "code", "label", "start_ms", "end_ms", "origin", "verdict", "confidence"),
        *("reason", "description", "book", "codebook", "modifier"),
    },
    "books": {"id", "title"},
    "codes": {
        *("book", "code", "label", "key", "description", "modifiers", "safeguarding"),
        *("accepted", "judged"),
    },
    "goals": {"id", "goal", "aside"},
    "notes": {
        *("id", "by", "by_name", "at_ms", "kind", "visibility", "text", "revision"),
        *("written_at", "sequence", "rests_on"),
    },
    "movement": {"every_ms", "levels"},
    "thumbnails": {
        *("count", "every_ms", "width", "height", "columns", "per_sheet", "ends", "url"),
    },
    "suggestions": {
        *("id", "start_ms", "end_ms", "title", "reason", "kind", "wished", "code"),
    },
}
MOVEMENT = {"every_ms": 1000, "levels": "ABgwSP8A"}
AT_LEAST = {
    "sequences": {
        *("id", "start_ms", "end_ms", "order", "title", "kind", "keywords", "prompt"),
        *("context_ms", "by"),
    },
    "answers": {"sequence", "seen", "thought", "skipped"},
    "cycle": {
        *("released_at", "answers_sent_at", "meeting_at", "meeting_ended_at", "approved_at"),
    },
    "minutes": {"items", "agreements", "plan", "revision", "signed", "additions"},
}


def desk(house: House, login: str, recording: str, *, leaf: str = "desk") -> dict[str, Any]:
    answer = house.browser(login).get(f"/api/recordings/{recording}/{leaf}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def note(house: House, login: str, recording: str, visibility: str, text: str) -> None:  # noqa: PLR0917
    fields = {"at_ms": 1, "kind": "seen_heard", "visibility": visibility, "text": text}
    house.do(login, recording, "write_note", **fields)


@pytest.fixture
def recording(house: House) -> RecordingId:
    recording = house.recording()
    house.transcript(recording, [turn(0, "Hej med dig"), turn(1, "hej")])
    house.put(recording, BlobRole.PROXY, b"film")
    house.document(recording, BlobRole.WAVEFORM, [0, 128, 255])
    strip = {"count": 3, "every_ms": 10_000, "width": 160, "height": 90}
    strip |= {"columns": 10, "per_sheet": 100, "ends": [2000]}
    house.document(recording, BlobRole.QUALITY, {"thumbnails": strip})
    house.document(recording, BlobRole.MOVEMENT, MOVEMENT)
    house.suggest(recording)
    return recording


@pytest.mark.parametrize(
    ("login", "leaf"), [(OWNER, "desk"), (OWNER, "room"), (SUPERVISOR, "desk")]
)
def test_the_document_has_the_shape_that_the_page_reads(
    house: House, recording: RecordingId, login: str, leaf: str
) -> None:
    sequence = house.sequence(recording)
    house.do(OWNER, recording, "write_wish", text="The opening")
    note(house, OWNER, recording, "shared", "x")
    house.do(SUPERVISOR, recording, "release")
    house.do(OWNER, recording, "write_answer", sequence=sequence, seen="a", thought="b")
    house.do(OWNER, recording, "send_answers")
    house.do(OWNER, recording, "end_meeting")
    document = desk(house, login, recording, leaf=leaf)
    own = {"people"} if leaf == "room" else set()
    assert set(document) == own | {*KEYS, *AT_LEAST, "wish", "last_plan", "waveform", "text"} - (
        {"suggestions"} - set(document)
    )
    for name, keys in KEYS.items():
        value = document[name]
        for each in value if isinstance(value, list) else [value]:
            assert set(each) == keys, name
    for name, keys in AT_LEAST.items():
        value = document[name]
        for each in value if isinstance(value, list) else [value]:
            assert set(each) >= keys, name
    assert document["recording"]["id"] == recording
    assert document["recording"]["duration_ms"] == DURATION_MS
    assert document["recording"]["youth_age"] == 15
    assert document["recording"]["has_video"] is True
    assert document["recording"]["rehearsal"] is True
    assert document["me"]["side"] == ("caseworker" if login == OWNER else "supervisor")
    assert document["me"]["id"] != document["other"]["id"]
    assert document["wish"] == "The opening"
    assert document["waveform"] == [0, 128, 255]
    assert document["movement"] == MOVEMENT
    assert document["thumbnails"]["url"] == f"/api/recordings/{recording}/thumbnails"
    assert document["turns"][0]["words"][0] == [0, 250, "Hej", 1.0]
    assert len(document["codes"]) > 3
    assert [each["code"] for each in document["codes"] if each["safeguarding"]] == ["worry"]


def test_a_course_works_with_its_own_package_and_what_people_set(
    house: House, recording: RecordingId
) -> None:
    shown = desk(house, SUPERVISOR, recording)
    assert [book["id"] for book in shown["books"]] == [
        *("conversation", "package_1", "motivational", "needs", "methods"),
    ]
    place = {"start_ms": 1_000, "end_ms": 2_000}
    house.do(SUPERVISOR, recording, "add_tag", book="needs", code="stability", **place)
    others = {"book": "package_2", "code": "method", **place}
    assert intend(house.browser(SUPERVISOR), recording, "add_tag", **others).status_code == 400

    own = house.do(SUPERVISOR, recording, "add_tag", code="reflection", modifier="simple", **place)
    house.do(SUPERVISOR, recording, "modify_tag", id=own, modifier="complex")
    unknown = {"id": own, "modifier": "holds_up"}
    assert intend(house.browser(SUPERVISOR), recording, "modify_tag", **unknown).status_code == 400

    tags = desk(house, SUPERVISOR, recording)["tags"]
    assert [each["modifier"] for each in tags if each["id"] == own] == ["complex"]
    assert [each["label"] for each in tags if each["book"] == "needs"] == ["Stability"]


def test_before_the_release_the_caseworker_sees_nothing_of_the_preparation(
    house: House, recording: RecordingId
) -> None:
    house.sequence(recording)
    mine = house.sequence(recording, by=OWNER, at_ms=60_000)
    for visibility in ("private", "meeting"):
        note(house, SUPERVISOR, recording, visibility, f"supervisor {visibility}")
    note(house, SUPERVISOR, recording, "shared", "supervisor shared")
    note(house, OWNER, recording, "private", "caseworker private")
    house.do(SUPERVISOR, recording, "add_tag", code="summary", start_ms=70_000, end_ms=71_000)
    own = house.do(OWNER, recording, "add_tag", code="summary", start_ms=80_000, end_ms=81_000)

    before = desk(house, OWNER, recording)
    assert [s["id"] for s in before["sequences"]] == [mine]
    assert {n["text"] for n in before["notes"]} == {"supervisor shared", "caseworker private"}
    assert before["suggestions"] == []
    assert [tag["id"] for tag in before["tags"]] == [own]

    theirs = desk(house, SUPERVISOR, recording)
    assert len(theirs["sequences"]) == 2
    assert "caseworker private" not in str(theirs)
    assert len(theirs["suggestions"]) == 1
    assert len(theirs["tags"]) == 3

    house.do(SUPERVISOR, recording, "release")
    after = desk(house, OWNER, recording)
    assert len(after["sequences"]) == 2
    assert "supervisor meeting" in str(after["notes"])
    assert "supervisor private" not in str(after)
    assert len(after["tags"]) == 3
    assert after["suggestions"] == []


def test_suggestions_that_the_wish_speaks_of_come_first_and_say_why(
    house: House, recording: RecordingId
) -> None:
    tags = [
        Tag(TagId(code), recording, "conversation@1", code, at, at + 1_000, confidence=confidence)
        for code, at, confidence in (
            ("affirmation", 1_000, 0.9),
            ("summary", 20_000, 0.4),
            ("pause", 30_000, 0.6),
        )
    ]
    with house.home.transaction() as tx:
        annotations.renew_suggestions(tx, recording, tags)
    house.do(OWNER, recording, "write_wish", text="Opsummerer jeg? Og pauserne, når A er stille?")
    offered = desk(house, SUPERVISOR, recording)["suggestions"]
    assert [(each["id"], each["wished"]) for each in offered] == [
        ("pause", ["pauserne", "stille"]),
        ("summary", ["opsummerer"]),
        ("affirmation", []),
    ]


def test_the_supervisor_reads_answers_once_they_are_sent(
    house: House, recording: RecordingId
) -> None:
    sequence = house.sequence(recording)
    house.do(SUPERVISOR, recording, "release")
    house.do(OWNER, recording, "write_answer", sequence=sequence, seen="not yet", thought="")
    assert desk(house, SUPERVISOR, recording)["answers"] == []
    assert desk(house, OWNER, recording)["answers"][0]["seen"] == "not yet"
    house.do(OWNER, recording, "send_answers")
    assert desk(house, SUPERVISOR, recording)["answers"][0]["seen"] == "not yet"


def test_a_recording_that_is_not_processed_yet_has_a_document_too(house: House) -> None:
    document = desk(house, OWNER, house.recording(processed=False))
    assert document["turns"] == document["waveform"] == document["tags"] == []
    assert document["recording"]["has_video"] is False
    assert document["thumbnails"] is document["movement"] is None


def test_movement_is_sent_only_while_everyone_agrees(any_house: House) -> None:
    house = any_house
    recording = house.recording()
    house.document(recording, BlobRole.MOVEMENT, MOVEMENT)
    assert desk(house, SUPERVISOR, recording)["movement"] == MOVEMENT
    house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
    for login in (OWNER, SUPERVISOR):
        for leaf in ("desk", "room"):
            refused = house.browser(login).get(f"/api/recordings/{recording}/{leaf}")
            assert refused.status_code == 403
            assert MOVEMENT["levels"] not in refused.text


def test_opening_the_desk_is_noted(house: House, recording: RecordingId) -> None:
    desk(house, SUPERVISOR, recording)
    assert house.audited(recording)[-1] == "desk_opened"


# Status


def status(house: House, recording: RecordingId, login: str = OWNER) -> dict[str, Any]:
    return desk(house, login, recording, leaf="status")


def test_hints_are_told_with_their_moments_and_only_under_consent(house: House) -> None:
    recording = house.recording()
    assert status(house, recording)["hints"] == []
    quiet = {"code": "too_quiet", "start_ms": 0, "end_ms": DURATION_MS, "value": -40.0}
    gone = [
        {"code": "drop_out", "start_ms": at, "end_ms": at + 900, "value": 0.9}
        for at in range(10_000, 80_000, 10_000)
    ]
    house.document(recording, BlobRole.SOUND_HINTS, [quiet, *gone])
    dark = {"code": "dark", "start_ms": 65_000, "end_ms": 70_000}
    house.document(recording, BlobRole.QUALITY, {"thumbnails": None, "hints": [dark]})
    told = status(house, recording)["hints"]
    assert {hint["code"]: hint["at_ms"] for hint in told} == {
        "too_quiet": [],
        "drop_out": [10_000, 20_000, 30_000, 40_000, 50_000],
        "dark": [65_000],
    }
    assert all(hint["fact"] and hint["advice"] for hint in told)
    house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
    assert status(house, recording)["hints"] == []


def test_the_status_is_told_while_the_recording_is_locked(any_house: House) -> None:
    house = any_house
    recording = house.recording(agreed=False, processed=False)
    told = status(house, recording)
    assert told["step"] == "receiving"
    assert told["received"] is False
    assert {gap["kind"] for gap in told["gaps"]} == {"not_asked"}
    assert {gap["role"] for gap in told["gaps"]} == {"youth", "custody_holder", "caseworker"}
    with house.home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/x", 1))
    assert status(house, recording, SUPERVISOR)["step"] == "locked"
    house.answer(recording, Event.GIVEN)
    run = StageRun(recording, Stage.PROXY, StageState.RUNNING, 0.5)
    with house.home.transaction() as tx:
        requests.report_stage(tx, run)
    told = status(house, recording)
    assert (told["step"], told["gaps"]) == ("processing", [])
    shown = {"stage": "proxy", "state": "running", "fraction": 0.5, "error": None, "file": None}
    assert told["stages"] == [shown]


def test_a_file_that_cannot_be_joined_is_told_by_its_number(house: House) -> None:
    recording = house.recording(processed=False)
    failed = StageRun(recording, Stage.JOIN, StageState.FAILED, 0.1, error="damaged:2")
    with house.home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/x", 1))
        requests.report_stage(tx, failed)
    (shown,) = status(house, recording)["stages"]
    assert (shown["error"], shown["file"]) == ("damaged", 2)


def test_the_status_is_told_during_and_after_an_erasure(any_house: House) -> None:
    house = any_house
    recording = house.recording()
    with house.home.transaction() as tx:
        erasure.begin_erasure(tx, recording)
    assert status(house, recording)["step"] == "erased"
    erasure.erase(house.home, recording)
    assert status(house, recording, SUPERVISOR)["step"] == "erased"
    assert house.browser(OWNER).get(f"/api/recordings/{recording}/desk").status_code == 404


# Size


@contextmanager
def statements(home: Home) -> Iterator[list[str]]:
    asked: list[str] = []

    def ask(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(home.database, "before_cursor_execute", ask)
    yield asked
    event.remove(home.database, "before_cursor_execute", ask)


def test_a_long_conversation_costs_no_more_queries_than_a_short_one(house: House) -> None:
    counts = []
    for length in (4, 4_000):
        recording = house.recording()
        house.transcript(recording, [turn(n, "ja det gjorde jeg") for n in range(length)])
        for place in range(min(length, 20)):
            house.sequence(recording, at_ms=place * 10_000)
            note(house, SUPERVISOR, recording, "shared", f"n{place}")
        browser = house.browser(SUPERVISOR)
        with statements(house.home) as asked:
            answer = browser.get(f"/api/recordings/{recording}/desk")
        assert len(answer.json()["turns"]) == length
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 60
