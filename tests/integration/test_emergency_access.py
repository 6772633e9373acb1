"""Emergency access: two persons, an hour, film and captions alone, and never without consent."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from consent.model import Event, RecordingId
from review_app.commands.emergency import approve_access, ask_for_access, end_access
from review_app.errors import BadRequest, Denied
from storage import accounts, audit, courses
from storage.notifications import unread_of
from storage.records import (
    BlobRole,
    BreakGlass,
    BreakGlassId,
    NotificationKind,
    Package,
    UserRole,
)
from tests.house import OWNER, PEOPLE, SUPERVISOR, House, turn

FILM = b"kanariefilm"
WHY = "A child may be in danger"
LEAVES = ("media", "captions.vtt")
CLOSED = ("thumbnails", "desk", "room", "status", "draft")


@pytest.fixture
def second(house: House) -> str:
    """Add a second administrator, and a leader."""
    with house.home.transaction() as tx:
        for login in ("eva", "lone"):
            role = UserRole.ADMINISTRATOR if login == "eva" else UserRole.COORDINATOR
            house.people[login] = accounts.add_user(
                tx, login=login, name=login, role=role, password_hash="", language="en"
            )
        house.course = courses.add_course(
            tx,
            caseworker=house.people[OWNER].id,
            supervisor=house.people[SUPERVISOR].id,
            coordinator=house.people["karen"].id,
            leader=house.people["lone"].id,
            package=Package.ONE,
            starts_on=date(2026, 2, 1),
        )
    return "eva"


@pytest.fixture
def recording(house: House, second: str) -> RecordingId:
    assert second
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, FILM)
    house.put(recording, BlobRole.THUMBNAILS, b"strip")
    house.transcript(recording, [turn(0, "Kanariefugl")])
    return recording


def ask(house: House, recording: RecordingId, login: str = "adam") -> BreakGlass:
    with house.home.transaction() as tx:
        return ask_for_access(tx, house.people[login], recording, reason=WHY)


def approve(house: House, asked: BreakGlass, login: str = "eva") -> BreakGlass:
    with house.home.transaction() as tx:
        return approve_access(tx, house.people[login], asked.id)


def end(house: House, asked: BreakGlass, login: str) -> None:
    with house.home.transaction() as tx:
        end_access(tx, house.people[login], asked.id)


def statuses(browser: TestClient, recording: str, leaves: tuple[str, ...] = LEAVES) -> set[int]:
    return {browser.get(f"/api/recordings/{recording}/{leaf}").status_code for leaf in leaves}


def told(house: House, login: str) -> list[tuple[str, str]]:
    with house.home.reading() as tx:
        return [(each.kind, each.about) for each in unread_of(tx, house.people[login].id)]


def test_an_administrator_sees_nothing_until_another_opens_and_then_film_and_text_alone(
    house: House, recording: RecordingId
) -> None:
    adam, eva = house.browser("adam"), house.browser("eva")
    assert statuses(adam, recording) == {403}
    asked = ask(house, recording)
    assert statuses(adam, recording) == {403}
    approve(house, asked)
    assert statuses(adam, recording) == {200}
    assert statuses(adam, recording, CLOSED) == {403}
    assert statuses(eva, recording) == {403}
    assert statuses(adam, house.recording()) == {403}
    house.clock.go_on(minutes=59)
    assert statuses(house.browser("adam"), recording) == {200}
    house.clock.go_on(minutes=1)
    assert statuses(house.browser("adam"), recording) == {403}


@pytest.mark.parametrize("login", ["eva", "karen", "lone"])
def test_another_administrator_the_coordinator_or_the_leader_opens_it(
    house: House, recording: RecordingId, login: str
) -> None:
    asked = ask(house, recording)
    assert approve(house, asked, login).approved_by == house.people[login].id
    assert statuses(house.browser("adam"), recording) == {200}


@pytest.mark.parametrize("login", ["adam", OWNER, SUPERVISOR, "xenia", "yrsa", "rune"])
def test_nobody_else_does_and_the_one_who_asked_least_of_all(
    house: House, recording: RecordingId, login: str
) -> None:
    asked = ask(house, recording)
    with pytest.raises(Denied):
        approve(house, asked, login)
    assert statuses(house.browser("adam"), recording) == {403}


def test_a_coordinator_of_another_course_does_not(house: House, recording: RecordingId) -> None:
    asked = ask(house, recording)
    with house.home.transaction() as tx:
        stranger = accounts.add_user(
            tx, login="kim", name="Kim", role=UserRole.COORDINATOR, password_hash="", language="en"
        )
        with pytest.raises(Denied):
            approve_access(tx, stranger, asked.id)


@pytest.mark.parametrize("login", [login for login in PEOPLE if login != "adam"])
def test_only_an_administrator_asks(house: House, recording: RecordingId, login: str) -> None:
    with pytest.raises(Denied):
        ask(house, recording, login)


@pytest.mark.parametrize("event", [Event.WITHDRAWN, Event.REFUSED, Event.EXPIRED])
def test_no_emergency_stands_above_consent(
    house: House, recording: RecordingId, event: Event
) -> None:
    approve(house, ask(house, recording))
    adam = house.browser("adam")
    assert statuses(adam, recording) == {200}
    house.clock.go_on(seconds=1)
    house.answer(recording, event)
    for leaf in LEAVES:
        answer = adam.get(f"/api/recordings/{recording}/{leaf}")
        assert (answer.status_code, answer.json()["error"]) == (403, "ConsentMissing")
        assert FILM not in answer.content


@pytest.mark.parametrize("login", ["adam", "eva"])
def test_either_of_the_two_ends_it(house: House, recording: RecordingId, login: str) -> None:
    asked = ask(house, recording)
    approve(house, asked)
    with pytest.raises(Denied):
        end(house, asked, "xenia")
    end(house, asked, login)
    assert statuses(house.browser("adam"), recording) == {403}


def test_everyone_concerned_is_told_and_all_of_it_is_in_the_log(
    house: House, recording: RecordingId
) -> None:
    asked = ask(house, recording)
    for login in ("eva", "karen", "lone"):
        assert told(house, login) == [(NotificationKind.BREAK_GLASS_ASKED, asked.id)]
    assert not told(house, "adam") + told(house, OWNER)
    approve(house, asked)
    for login in (OWNER, SUPERVISOR):
        assert told(house, login) == [(NotificationKind.BREAK_GLASS_OPENED, asked.id)]
    statuses(house.browser("adam"), recording)
    end(house, asked, "adam")
    with house.home.reading() as tx:
        found = [(e.actor, e.action) for e in audit.entries_about(tx, recording)]
    adam, eva = house.people["adam"].id, house.people["eva"].id
    assert found == [
        (adam, "break_glass_asked"),
        (eva, "break_glass_approved"),
        (adam, "opened"),
        (adam, "opened"),
        (adam, "break_glass_ended"),
    ]


def test_one_asks_once_with_a_reason_and_within_a_day(house: House, recording: RecordingId) -> None:
    for reason in ("", "   ", "short", "x" * 1_001):
        with house.home.transaction() as tx, pytest.raises(BadRequest):
            ask_for_access(tx, house.people["adam"], recording, reason=reason)
    asked = ask(house, recording)
    with pytest.raises(BadRequest):
        ask(house, recording)
    house.clock.go_on(hours=24)
    with pytest.raises(BadRequest):
        approve(house, asked)
    approve(house, ask(house, recording))


@pytest.mark.parametrize("id_", ["nothing", "a b", "é"])
def test_what_was_never_asked_is_closed(house: House, recording: RecordingId, id_: str) -> None:
    assert recording
    with house.home.transaction() as tx, pytest.raises(Denied):
        approve_access(tx, house.people["adam"], BreakGlassId(id_))
    with house.home.transaction() as tx, pytest.raises(Denied):
        ask_for_access(tx, house.people["adam"], RecordingId(id_), reason=WHY)
