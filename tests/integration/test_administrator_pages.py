"""What an administrator sees: ids and times, and emergency access with another's help."""

import pytest
from sqlalchemy import text

from consent.model import RecordingId
from review_app.commands.emergency import ask_for_access
from review_app.translation import LANGUAGES
from storage import accounts, erasure, holds
from storage.records import BlobRole, HoldKind, User, UserRole
from tests.house import House, turn
from tests.integration.test_who_looked import get
from tests.screens import Watch, english_left, parsed, speak

PAGES = ("administration", "retention", "log", "emergency")
WHY = "Kanariefugl may be in danger"


@pytest.fixture
def recording(house: House) -> RecordingId:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, b"film")
    house.transcript(recording, [turn(0, "Hej")])
    return recording


@pytest.fixture
def eva(house: House) -> User:
    with house.home.transaction() as tx:
        house.people["eva"] = accounts.add_user(
            tx,
            login="eva",
            name="Eva Testsen",
            role=UserRole.ADMINISTRATOR,
            password_hash="",
            language="en",
        )
    return house.people["eva"]


def ask(house: House, recording: RecordingId) -> None:
    with house.home.transaction() as tx:
        ask_for_access(tx, house.people["adam"], recording, reason=WHY)


def test_what_is_kept_held_and_erased_is_told_by_id(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    gone = house.recording()
    erasure.erase(house.home, gone)
    with house.home.transaction() as tx:
        holds.place_hold(
            tx, recording, kind=HoldKind.LEGAL, ground="archive", by=house.people["mette"].id
        )
    said = watch(house, "adam", "retention").said
    held, proof = "Must not be erased for now", "Print the certificate"
    for words in (recording, gone, held, "30 days", "9 April", proof):
        assert words in said
    assert "Youth" not in said


def test_an_erasure_that_is_not_done_has_no_certificate(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    with house.home.transaction() as tx:
        erasure.begin_erasure(tx, recording)
    said = watch(house, "adam", "retention").said
    assert "Not yet" in said
    assert "Nothing is kept." in said


def test_the_log_is_read_by_subject_and_checked(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    other = house.recording()
    for each in (recording, other):
        get(house.browser("xenia"), each)
    screen = watch(house, "adam", "log")
    assert recording in screen.said
    assert other in screen.said
    screen.test.text_input[0].set_value(recording).run()
    assert "Access refused" in screen.said
    assert other not in screen.said
    screen.test.button[0].click().run()
    assert "The log is whole: 2 entries" in [each.value for each in screen.test.success]


def test_a_log_that_was_changed_says_where(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    for each in (recording, house.recording()):
        get(house.browser("xenia"), each)
    with house.home.database.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_unchanged"))
        connection.execute(text("UPDATE audit SET action = 'opened' WHERE seq = 2"))
    screen = watch(house, "adam", "log")
    screen.test.button[0].click().run()
    assert "The first entry that is wrong: 2" in screen.said


def test_one_administrator_asks_and_another_opens(
    house: House, recording: RecordingId, watch: Watch, eva: User
) -> None:
    mine = watch(house, "adam", "emergency")
    mine.test.text_input[0].set_value(recording)
    mine.test.text_area[0].set_value(WHY)
    mine.test.button[0].click().run()
    assert WHY in mine.said
    assert "Open it" not in [each.label for each in mine.test.button]
    theirs = watch(house, eva.login, "emergency")
    assert WHY in theirs.said
    opens = next(each for each in theirs.test.button if each.label == "Open it")
    opens.click().run()
    assert "Open until" in theirs.said
    assert get(house.browser("adam"), recording).status_code == 206
    mine = watch(house, "adam", "emergency")
    ends = next(each for each in mine.test.button if each.label == "End it")
    ends.click().run()
    assert get(house.browser("adam"), recording).status_code == 403


def test_a_coordinator_opens_and_sees_only_their_own_courses(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    ask(house, recording)
    assert WHY in watch(house, "karen", "emergency").said
    with house.home.transaction() as tx:
        house.people["kim"] = accounts.add_user(
            tx, login="kim", name="K", role=UserRole.COORDINATOR, password_hash="", language="en"
        )
    said = watch(house, "kim", "emergency").said
    assert WHY not in said
    assert "Ask for access" not in said


def test_what_cannot_be_asked_says_why(house: House, watch: Watch) -> None:
    screen = watch(house, "adam", "emergency")
    screen.test.text_input[0].set_value("nothing")
    screen.test.text_area[0].set_value(WHY)
    screen.test.button[0].click().run()
    assert "This is not open to you." in screen.said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_whole_in_every_language_and_show_no_content(
    house: House, recording: RecordingId, watch: Watch, language: str
) -> None:
    ask(house, recording)
    erasure.erase(house.home, house.recording())
    speak(house, "adam", language)
    for page in PAGES:
        screen = watch(house, "adam", page)
        assert not [fault for each in screen.fragments for fault in parsed(each).faults]
        assert not english_left(screen.texts, language)
