"""The house: a real home on disk, its people, and browsers signed in to it."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.house import House, open_house
from tests.screens import SCRIPT, Screen, SignedIn, Watch


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Give a house on each kind of database."""
    url = request.getfixturevalue("fresh_postgres_url") if request.param == "postgresql" else ""
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home", database_url=url)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Watch:
    """Give a way to look at a page as someone; no page may fail."""

    # A page runs as the main module and stays it: whatever process starts next would run it too.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def look(house: House, login: str | None, page: str = "", **query: str) -> Screen:
        who = house.people[login].id if login else None
        monkeypatch.setattr("review_app.place.home", lambda: house.home)
        monkeypatch.setattr("review_app.place.witness", lambda: house.witness)
        monkeypatch.setattr("review_app.place.sessions", lambda: SignedIn(house.home, who))
        screen = Screen(AppTest.from_file(str(SCRIPT), default_timeout=180)).open(page, **query)
        sound(screen)
        return screen

    def sound(screen: Screen) -> None:
        assert not screen.test.exception
        assert "review_app.unforeseen" not in {record.name for record in caplog.records}

    return look
