"""The lists and pages, run as Streamlit runs them, in three languages, for each role."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from consent.model import Event, RecordingId, Role
from review_app.translation import LANGUAGES
from review_app.views.shells import ways_from_room
from storage import erasure, recordings, requests
from storage.records import Stage, StageRun, StageState, UserRole
from storage.vault.blobs import BlobRef
from tests.house import OWNER, SUPERVISOR, House, open_house, turn
from tests.screens import Watch, english_left, parsed, speak

WISH = "Kanariefugl wants to hear about the opening"
PLAN = {"with_whom": "A", "will_try": ["count to five"], "will_notice": "", "goal": ""}


# A course in which everything has happened.


@dataclass(frozen=True)
class Course:
    house: House
    waiting: RecordingId
    locked: RecordingId
    processing: RecordingId
    failed: RecordingId
    wish: RecordingId
    select: RecordingId
    prepare: RecordingId
    meeting: RecordingId
    minutes: RecordingId
    approved: RecordingId
    erasing: RecordingId
    erased: RecordingId


NAMES = [name for name in Course.__dataclass_fields__ if name != "house"]


@pytest.fixture
def course(
    tmp_path: Path, lived: tuple[Path, datetime, dict[str, RecordingId]]
) -> Iterator[Course]:
    folder, now, names = lived
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "lived", like=folder)
        house.clock.now = now
        yield Course(house, **names)


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, datetime, dict[str, RecordingId]]:
    """Give a home in which everything has happened, for each test to copy."""
    folder = tmp_path_factory.mktemp("lived") / "home"
    with ExitStack() as stack:
        house = open_house(stack, folder)
        names = live(house)
        return folder, house.clock.now, names


def live(house: House) -> dict[str, RecordingId]:
    made = {name: house.recording() for name in ("select", "prepare", "meeting", "minutes")}
    approved = house.recording()
    for recording in (approved, *made.values()):
        house.do(OWNER, recording, "write_wish", text=WISH)
        house.sequence(recording)
    house.transcript(approved, [turn(0, "Kanariefugl sagde den unge")])
    for recording in (approved, made["prepare"], made["meeting"], made["minutes"]):
        at = "2026-03-12T09:00:00Z"
        house.do(SUPERVISOR, recording, "release", meeting_at=at)
    for recording in (approved, made["meeting"], made["minutes"]):
        house.do(OWNER, recording, "send_answers")
    for recording in (approved, made["minutes"]):
        house.do(OWNER, recording, "end_meeting")
    saved = {"items": [], "agreements": [], "plan": PLAN, "revision": 1}
    house.do(OWNER, approved, "save_minutes", **saved)
    for login in (OWNER, SUPERVISOR):
        house.do(login, approved, "sign_minutes", revision=2)
    house.do(OWNER, made["meeting"], "raise_concern", text="Kanariefugl is afraid")
    locked, processing, failed = (house.recording(processed=False) for _ in range(3))
    erasing, erased = house.recording(), house.recording()
    with house.home.transaction() as tx:
        for each in (locked, processing, failed):
            recordings.mark_received(tx, each, source=BlobRef(f"{each}/source/x", 1))
        run = StageRun(failed, Stage.PROXY, StageState.FAILED, error="no_picture")
        requests.report_stage(tx, run)
    house.clock.go_on(minutes=1)
    house.answer(locked, Event.REFUSED, only=Role.YOUTH)
    with house.home.transaction() as tx:
        erasure.begin_erasure(tx, erasing)
    erasure.erase(house.home, erased)
    waiting = house.recording(processed=False, agreed=False)
    return made | {
        "waiting": waiting,
        "locked": locked,
        "processing": processing,
        "failed": failed,
        "wish": house.recording(),
        "approved": approved,
        "erasing": erasing,
        "erased": erased,
    }


PAGES = {
    OWNER: ("", "new", "course", "concerns", "profile"),
    SUPERVISOR: ("", "course", "concerns", "profile"),
    "karen": ("", "concerns", "profile"),
    "adam": ("", "profile"),
    "rune": ("",),
    "yrsa": ("", "course", "profile"),
    "xenia": ("", "course", "new", "profile"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("login", PAGES)
def test_every_page_is_drawn_in_every_language_for_every_role(
    course: Course, watch: Watch, login: str, language: str
) -> None:
    speak(course.house, login, language)
    screen = watch(course.house, login)
    for page in PAGES[login]:
        screen.open(page)
        assert not screen.test.exception
        assert not screen.test.error
        names_itself = {"English"} if PAGES[login][-1] == page else set()
        assert english_left(screen.texts, language) <= names_itself
        for fragment in screen.fragments:
            assert parsed(fragment).faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_the_pages_of_a_conversation_are_drawn_wherever_it_stands(
    course: Course, watch: Watch, login: str, language: str
) -> None:
    speak(course.house, login, language)
    screen = watch(course.house, login)
    for name in NAMES:
        screen.open("consent", recording=getattr(course, name))
        assert not screen.test.exception
        assert not screen.test.error
        assert english_left(screen.texts, language) == set()
        for fragment in screen.fragments:
            assert parsed(fragment).faults == []
    for page in (
        "desk",
        "room",
        "minutes",
        "agreement",
        *(["prepare", "new"] if login == OWNER else []),
    ):
        screen.open(page, recording=course.approved)
        assert not screen.test.exception
        assert not screen.test.error


def test_the_leak_is_seen_when_there_is_one() -> None:
    assert english_left(["My recordings", "Mine optagelser"], "da") == {"My recordings"}
    assert parsed("<a href='/x'></a><table><tr><td>a</td></tr></table>").faults == [
        "an empty <a>",
        "a table without headers",
    ]


# Lists


def test_the_caseworker_sees_where_each_recording_stands(course: Course, watch: Watch) -> None:
    said = watch(course.house, OWNER).said
    for state in (
        "Not received yet",
        "Locked: 1 yet to agree",
        "Being prepared, 0 %",
        "Could not be prepared",
        "Waiting for the wish",
        "With the supervisor",
        "Sequences are ready",
        "Ready for the joint review",
        "Minutes to approve",
        "Plan approved by both of you",
        "Erased",
    ):
        assert state in said
    assert "count to five" in said


def test_the_course_shows_what_fell_into_each_week(course: Course, watch: Watch) -> None:
    said = watch(course.house, OWNER, "course").said
    assert re.search(r"Week \d+(, recording \d+)+", said)
    assert re.search(r"Week \d+(, recording \d+)*(, joint review \d+)+", said)
    steps = watch(course.house, "karen").said
    assert {"Prepare", "Consent", "Plan"} <= set(re.findall(r"Conversation \d+ · (\w+)", steps))


def test_a_list_offers_each_recordings_next_page(course: Course, watch: Watch) -> None:
    links = re.findall(
        r'href="/(\w+)\?recording=([\w-]+)"', "".join(watch(course.house, OWNER).fragments)
    )
    pages = {(page, recording) for page, recording in links}
    assert ("consent", course.locked) in pages
    assert ("new", course.wish) in pages
    assert ("prepare", course.prepare) in pages
    assert ("room", course.meeting) in pages
    assert ("minutes", course.minutes) in pages
    assert course.erased not in {recording for _, recording in links}
    links = re.findall(
        r'href="/(\w+)\?recording=([\w-]+)"', "".join(watch(course.house, SUPERVISOR).fragments)
    )
    assert ("desk", course.select) in set(links)


def test_an_empty_list_says_what_to_do_next(house: House, watch: Watch) -> None:
    caseworker, supervisor = watch(house, "xenia"), watch(house, "yrsa")
    assert "No recordings yet" in caseworker.said
    assert "New recording" in caseworker.said
    assert "Nothing waits for you" in supervisor.said
    assert "New recording" not in supervisor.said


def test_a_wish_is_read_only_while_everyone_agrees(course: Course, watch: Watch) -> None:
    house = course.house
    assert WISH in watch(house, SUPERVISOR).said
    house.clock.go_on(minutes=1)
    for recording in (course.select, course.prepare, course.meeting, course.minutes):
        house.answer(recording, Event.WITHDRAWN)
    house.answer(course.approved, Event.WITHDRAWN)
    for login in (OWNER, SUPERVISOR):
        for page in ("", "course"):
            assert "Kanariefugl" not in watch(house, login, page).said


@pytest.mark.parametrize("login", ["karen", "adam", "rune"])
def test_who_looks_after_the_house_sees_no_content(
    course: Course, watch: Watch, login: str
) -> None:
    screen = watch(course.house, login)
    assert "Kanariefugl" not in screen.said
    assert "count to five" not in screen.said
    assert "Title" not in screen.said
    assert course.approved not in "".join(screen.fragments)
    for page in ("desk", "consent", "minutes", "agreement", "course", "new", "room", "prepare"):
        screen.open(page, recording=course.approved)
        assert not screen.test.exception
        assert "Kanariefugl" not in screen.said
        assert "withdraws" not in screen.said
    if login == "karen":
        assert course.house.people[OWNER].name in watch(course.house, login).said


@pytest.mark.parametrize("page", ["consent", "desk", "room", "minutes", "agreement", "course"])
@pytest.mark.parametrize("login", ["xenia", "yrsa"])
def test_another_pairs_recording_looks_the_same_as_none(
    course: Course, watch: Watch, login: str, page: str
) -> None:
    screen = watch(course.house, login)
    theirs = screen.open(page, recording=course.approved).texts
    none = screen.open(page, recording="nothing-like-this").texts
    assert theirs == none
    assert not screen.test.exception


def test_the_administrator_is_told_of_a_broken_audit_log(course: Course, watch: Watch) -> None:
    house = course.house
    assert not watch(house, "adam").test.error
    with house.home.database.begin() as connection:
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit SET action = 'nothing' WHERE seq = 2"))
    screen = watch(house, "adam")
    assert len(screen.test.error) == 1
    assert "data protection" in screen.test.error[0].value
    assert "Mette Testsen" in screen.said


def test_who_is_signed_out_is_led_to_the_card(house: House, watch: Watch) -> None:
    screen = watch(house, None)
    assert 'href="/auth/login"' in "".join(screen.fragments)
    assert "Mette" not in screen.said


def test_a_page_that_fails_says_so_without_detail(
    house: House, watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    screen = watch(house, OWNER)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("Kanariefugl")

    monkeypatch.setattr("review_app.views.library.items_of", fail)
    screen.open("")
    assert not screen.test.exception
    assert "Something went wrong" in screen.test.error[0].value
    assert "ZeroDivisionError" in caplog.text
    assert "Kanariefugl" not in caplog.text + screen.said


@pytest.mark.parametrize("role", UserRole)
def test_the_room_leads_to_ones_answers_only_who_has_a_page_of_them(role: UserRole) -> None:
    ways = ways_from_room(RecordingId("r"), role=role)
    assert ("answers_url" in ways) is (role is UserRole.CASEWORKER)
    assert {"minutes_url", "consent_url"} <= ways.keys()
