"""The pages of concerns, holds and news: what leads on, and what nobody but the two sees."""

import pytest

from consent.model import Event, RecordingId
from review_app.translation import translator
from review_app.views.frame import Frame
from review_app.views.hold_badge import hold_line
from review_app.views.news import MOST
from storage import notifications, recordings
from storage.records import NotificationKind, UserId
from tests.concern_scene import (
    COORDINATOR,
    LEADER,
    close,
    held,
    name_leader,
    worry,
)
from tests.house import OWNER, House
from tests.screens import Screen, Watch, parsed


@pytest.fixture
def recording(house: House) -> RecordingId:
    return house.recording()


def press(screen: Screen, label: str) -> Screen:
    [button] = [each for each in screen.test.button if each.label == label]
    button.click().run()
    assert not screen.test.exception
    assert not screen.test.error
    return screen


def test_the_leader_follows_a_concern_from_the_first_page_to_its_end(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    name_leader(house)
    worry(house, recording)
    first = watch(house, LEADER)
    assert "New for you" in first.said
    assert (
        f"A concern has been raised after conversation 1 ({house.people[OWNER].name}" in first.said
    )
    assert 'href="/concerns"' in "".join(first.fragments)
    assert "barnets lov" in first.said
    press(first, "Read")
    assert "New for you" not in watch(house, LEADER).said

    page = watch(house, LEADER, "concerns")
    for label in ("I have read it", "We have assessed it", "There is no duty to notify"):
        press(page, label)
    press(page, "Close, and end the hold")
    assert not [each for each in page.test.button if "Close" in each.label]
    assert "Closed" in page.said
    assert not held(house, recording)
    for fragment in page.fragments:
        assert parsed(fragment).faults == []


@pytest.mark.parametrize("login", [LEADER, COORDINATOR, "adam", "xenia", "yrsa"])
def test_no_page_shows_what_a_concern_says_to_anyone_but_the_two(
    house: House, recording: RecordingId, watch: Watch, login: str
) -> None:
    name_leader(house)
    worry(house, recording)
    for page in ("", "concerns"):
        assert "Kanariefugl" not in watch(house, login, page).said
    if login not in {LEADER, COORDINATOR}:
        assert house.people[OWNER].name not in watch(house, login, "concerns").said or (
            login == "adam"
        )


def test_the_two_follow_their_own_concern_while_the_recording_is_locked(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    assert "Concerns" not in watch(house, OWNER).said
    worry(house, recording)
    house.clock.go_on(minutes=1)
    house.answer(recording, Event.WITHDRAWN)
    page = press(watch(house, OWNER, "concerns"), "The report has been sent")
    assert "Report of concern sent" in page.said
    assert "Kanariefugl" not in page.said


def test_a_hold_is_placed_shown_and_ended_on_the_leaders_page(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    page = press(watch(house, COORDINATOR, "concerns"), "Hold back")
    assert held(house, recording)
    assert "Held back from erasure" in page.said
    press(page, "End the hold")
    assert not held(house, recording)


def test_a_line_says_what_holds_a_recording_back_for_as_long_as_it_does(
    house: House, recording: RecordingId
) -> None:
    frame = Frame(house.home, house.witness, house.people[OWNER], translator("en"))
    with house.home.reading() as tx:
        found = recordings.recording(tx, recording)
    assert hold_line(frame, found) == ""
    raised = worry(house, recording)
    assert "Held back from erasure since 10 March: a concern" in hold_line(frame, found)
    close(house, COORDINATOR, raised)
    assert hold_line(frame, found) == ""


def test_every_kind_of_news_has_words_and_leads_on(
    house: House, recording: RecordingId, watch: Watch
) -> None:
    told: list[UserId] = [house.people[login].id for login in (OWNER, "adam")]
    with house.home.transaction() as tx:
        for kind in NotificationKind:
            notifications.notify(tx, told, kind, recording=recording)
    for login in (OWNER, "adam"):
        screen = watch(house, login)
        assert f"{len(NotificationKind) - MOST} more" in screen.said
        assert len([each for each in screen.test.button if each.label == "Read"]) == MOST
        for fragment in screen.fragments:
            assert parsed(fragment).faults == []
    assert f'href="/consent?recording={recording}"' in "".join(watch(house, OWNER).fragments)
    assert recording not in "".join(watch(house, "adam").fragments)
    for _ in NotificationKind:
        [first, *_] = [each for each in screen.test.button if each.label == "Read"]
        first.click().run()
    assert "New for you" not in screen.said
