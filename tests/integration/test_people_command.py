"""Accounts and courses from the command line: without them nobody could sign in."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from storage import accounts, courses
from storage.home import Home
from storage.passwords import is_password
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


def test_what_cannot_be_is_refused_with_words() -> None:
    add("mette", "caseworker")
    assert "login" in add("mette", "caseworker").output.lower()
    assert run("add", "x", "--name", "X", "--role", "caseworker", password="short").exit_code == 2
    swapped = run("course", "--caseworker", "nobody", "--supervisor", "mette")
    assert swapped.exit_code == 2
    assert "nobody" in swapped.output
