"""Accounts and courses from the command line: without them nobody could sign in."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from storage import accounts, concerns, courses, notifications, recordings
from storage.home import Home
from storage.passwords import is_password
from storage.records import NewRecording
from storage.settings import Settings

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAMSPIL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str, password: str = PASSWORD) -> Result:
    return CliRunner().invoke(app, ["people", *words], input=f"{password}\n")


def add(login: str, role: str) -> Result:
    return run("add", login, "--name", login.title(), "--role", role)


def test_an_account_that_was_added_can_sign_in_and_a_closed_one_cannot(home: Path) -> None:
    assert add("Mette", "caseworker").exit_code == 0
    opened = Home.open(Settings(home=home))
    with opened.reading() as tx:
        found = accounts.user_by_login(tx, "mette")
    assert found is not None
    assert is_password(PASSWORD, stored=found[1])
    assert "mette" in run("list").output
    assert run("close", "mette").exit_code == 0
    with opened.reading() as tx:
        assert accounts.user_by_login(tx, "mette") is None
    opened.close()


def test_a_course_joins_a_caseworker_and_a_supervisor(home: Path) -> None:
    add("mette", "caseworker")
    add("birgitte", "supervisor")
    begun = run("course", "--caseworker", "mette", "--supervisor", "birgitte", "--weeks", "12")
    assert begun.exit_code == 0
    opened = Home.open(Settings(home=home))
    with opened.reading() as tx:
        (course,) = courses.courses(tx)
        people = accounts.people_named(tx, (course.caseworker, course.supervisor))
    opened.close()
    assert [people[id_].login for id_ in (course.caseworker, course.supervisor)] == [
        "mette",
        "birgitte",
    ]
    assert course.weeks == 12


def begun_course(*more: str) -> Result:
    for login, role in (
        ("mette", "caseworker"),
        ("birgitte", "supervisor"),
        ("lars", "coordinator"),
        ("lis", "administrator"),
    ):
        add(login, role)
    return run("course", "--caseworker", "mette", "--supervisor", "birgitte", *more)


def test_a_course_names_who_is_told_of_concerns(home: Path) -> None:
    assert begun_course("--leader", "lars").exit_code == 0
    opened = Home.open(Settings(home=home))
    with opened.reading() as tx:
        (course,) = courses.courses(tx)
        assert course.leader == accounts.user_by_login(tx, "lars")[0].id  # type: ignore[index]
    opened.close()


def test_naming_another_leader_hands_over_the_concerns_that_stand(home: Path) -> None:
    begun_course("--leader", "lars")
    opened = Home.open(Settings(home=home))
    with opened.transaction() as tx:
        (course,) = courses.courses(tx)
        found = recordings.add_recording(
            tx, NewRecording(course.id, tx.at, ()), owner=course.caseworker
        )
        assert course.leader is not None
        raised = concerns.raise_concern(tx, found.id, by=course.caseworker, leader=course.leader)
    for _ in range(2):
        assert run("leader", "lis", "--caseworker", "mette").exit_code == 0
    with opened.reading() as tx:
        found_leader = accounts.user_by_login(tx, "lis")
        assert found_leader is not None
        assert concerns.concerns_for(tx, found_leader[0].id) == (raised,)
        [told] = notifications.unread_of(tx, found_leader[0].id)
        assert told.about == raised.id
    opened.close()


def test_the_leader_is_somebody_else_than_the_two(home: Path) -> None:  # noqa: ARG001 - for its home
    assert begun_course("--leader", "birgitte").exit_code == 2
    assert begun_course().exit_code == 0
    assert run("leader", "mette", "--caseworker", "mette").exit_code == 2
    assert run("leader", "birgitte", "--caseworker", "mette").exit_code == 2
    assert run("leader", "lis", "--caseworker", "birgitte").exit_code == 2


def test_what_cannot_be_is_refused_with_words() -> None:
    add("mette", "caseworker")
    assert "login" in add("mette", "caseworker").output.lower()
    assert run("add", "x", "--name", "X", "--role", "caseworker", password="short").exit_code == 2
    swapped = run("course", "--caseworker", "nobody", "--supervisor", "mette")
    assert swapped.exit_code == 2
    assert "nobody" in swapped.output
