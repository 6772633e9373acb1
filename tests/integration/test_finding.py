"""Finding a passage: by its two people, while everyone agrees, and by nobody else."""

import pytest

from consent.model import Event, RecordingId
from review_app.finding import passages
from review_app.overview import items_of
from storage import accounts
from storage.records import User
from storage.search import Passage
from tests.house import OWNER, SUPERVISOR, House, turn
from tests.screens import Watch


@pytest.fixture
def spoken(house: House) -> RecordingId:
    recording = house.recording()
    turns = [turn(0, "Hvordan går det i skolen"), turn(1, "Jeg sover dårligt om natten")]
    house.transcript(recording, turns)
    said = [Passage("turn", str(t.index), t.start_ms, t.text) for t in turns]
    house.home.search.put(recording, said, language="da")
    return recording


def person(house: House, login: str) -> User:
    with house.home.reading() as tx:
        found = accounts.user_by_login(tx, login)
    assert found is not None
    return found[0]


def told(house: House, login: str, query: str) -> list[str]:
    user = person(house, login)
    with house.home.reading() as tx:
        items = items_of(tx, user)
    return [found.turn.text for found in passages(house.home, user, items, query=query)]


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
@pytest.mark.parametrize("query", ["natten", "Nat", "dårlig nat"])
def test_the_two_find_what_was_said_in_any_inflection_the_stemmer_knows(
    house: House, spoken: RecordingId, login: str, query: str
) -> None:
    del spoken
    assert told(house, login, query) == ["Jeg sover dårligt om natten"]


@pytest.mark.parametrize("stranger", ["xenia", "yrsa"])
def test_others_find_nothing(house: House, spoken: RecordingId, stranger: str) -> None:
    del spoken
    assert told(house, stranger, "natten") == []


def test_what_is_closed_is_not_found(house: House, spoken: RecordingId) -> None:
    house.clock.go_on(minutes=1)
    house.answer(spoken, Event.WITHDRAWN)
    assert told(house, OWNER, "natten") == []


def test_the_list_shows_the_words_and_where_to_watch_them(
    house: House, spoken: RecordingId, watch: Watch
) -> None:
    screen = watch(house, OWNER)
    screen.test.text_input[0].set_value("natten").run()
    shown = "".join(screen.fragments)
    assert "Jeg sover dårligt om natten" in shown
    assert f'href="/desk?recording={spoken}&amp;at=' in shown
    screen.test.text_input[0].set_value("giraf").run()
    assert "Nothing found" in "".join(screen.fragments)
