"""The text corrected by its two people: seen everywhere at once, undone, and beside a re-run."""

from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import select

from consent.model import RecordingId
from storage.records import RequestKind
from storage.tables import RequestRow
from tests.house import OWNER, SUPERVISOR, House, turn

TALK = (
    turn(0, "Hvad tænker du"),
    turn(1, "jeg bor i oden se nu"),
    turn(2, "ja ja", start_ms=6_000),
)


def hear_again(house: House, recording: RecordingId) -> None:
    house.clock.go_on(seconds=1)
    house.transcript(recording, (TALK[0], turn(1, "vi bor i Horsens nu"), TALK[2]))


@pytest.fixture
def spoken(house: House) -> RecordingId:
    recording = house.recording()
    house.transcript(recording, TALK)
    return recording


def ask(house: House, login: str, recording: str, intent: str, **arguments: object) -> Response:
    return house.browser(login).post(
        f"/api/recordings/{recording}/text", json={"intent": intent, "revision": 0, **arguments}
    )


def did(house: House, login: str, recording: str, intent: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    answer = ask(house, login, recording, intent, **arguments)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def text_of(house: House, recording: str, query: str = "") -> dict[str, Any]:
    answer = house.browser(OWNER).get(f"/api/recordings/{recording}/text{query}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def lines(turns: list[dict[str, Any]]) -> list[str]:
    return [f"{t['speaker']}: {' '.join(word[2] for word in t['words'])}" for t in turns]


def test_what_is_corrected_is_read_everywhere_at_once(house: House, spoken: RecordingId) -> None:
    told = did(house, SUPERVISOR, spoken, "correct_turn", turn=1, text="jeg bor i Odense nu")
    assert (told["start"], told["removed"], told["revision"]) == (1, 1, 1)
    assert lines(told["turns"]) == ["youth: jeg bor i Odense nu"]
    for login in (OWNER, SUPERVISOR):
        desk = house.desk(login, spoken)
        assert lines(desk["turns"])[1] == "youth: jeg bor i Odense nu"
        assert desk["text"] == {"version": 1, "revision": 1, "newer": None}
    captions = house.browser(OWNER).get(f"/api/recordings/{spoken}/captions.vtt").text
    assert "Odense" in captions
    assert "oden se" not in captions
    assert "text_corrected" in house.audited(spoken)
    with house.home.reading() as tx:
        kinds = tx.session.exec(select(RequestRow.kind)).all()
    assert RequestKind.REREAD in kinds


def test_speakers_and_borders_are_corrected_undone_and_done_again(
    house: House, spoken: RecordingId
) -> None:
    first = did(house, OWNER, spoken, "name_speaker", turn=1, speaker="parent")
    at = {"revision": first["revision"]}
    swap = did(house, OWNER, spoken, "swap_speakers", turn=1, speaker="caseworker", **at)
    at = {"revision": swap["revision"]}
    cut = did(house, OWNER, spoken, "split_turn", turn=1, word=3, **at)
    at = {"revision": cut["revision"]}
    assert lines(text_of(house, spoken)["turns"]) == [
        "caseworker: Hvad tænker du",
        "caseworker: jeg bor i",
        "caseworker: oden se nu",
        "parent: ja ja",
    ]
    joined = did(house, OWNER, spoken, "merge_turns", turn=3, **at)
    at = {"revision": joined["revision"]}
    assert lines(text_of(house, spoken)["turns"])[2] == "caseworker: oden se nu ja ja"

    back = did(house, OWNER, spoken, "undo_correction", correction=joined["correction"], **at)
    assert lines(back["turns"]) == ["caseworker: oden se nu", "parent: ja ja"]
    at = {"revision": back["revision"]}
    again = did(house, OWNER, spoken, "redo_correction", correction=joined["correction"], **at)
    assert lines(again["turns"]) == ["caseworker: oden se nu ja ja"]
    refused = ask(house, OWNER, spoken, "undo_correction", correction=cut["correction"])
    assert refused.status_code == 409
    assert (
        ask(
            house, SUPERVISOR, spoken, "undo_correction", correction=again["correction"]
        ).status_code
        == 403
    )


def test_two_who_correct_at_once_lose_nothing(house: House, spoken: RecordingId) -> None:
    did(house, OWNER, spoken, "correct_turn", turn=0, text="Hvad synes du")
    apart = did(house, SUPERVISOR, spoken, "correct_turn", turn=1, text="jeg bor i Odense nu")
    assert lines(apart["turns"]) == ["caseworker: Hvad synes du", "youth: jeg bor i Odense nu"]

    met = ask(house, OWNER, spoken, "correct_turn", revision=1, turn=1, text="jeg bor i Horsens nu")
    assert met.status_code == 409
    stored = met.json()["stored"]
    assert lines(stored["turns"]) == ["youth: jeg bor i Odense nu"]
    assert stored["by"] == house.people[SUPERVISOR].name
    again = {"revision": stored["revision"], "turn": 1, "text": "jeg bor i Horsens nu"}
    did(house, OWNER, spoken, "correct_turn", **again)
    assert lines(text_of(house, spoken)["turns"])[1] == "youth: jeg bor i Horsens nu"


def test_a_rerun_stays_beside_what_was_corrected_until_somebody_decides(
    house: House, spoken: RecordingId
) -> None:
    did(house, SUPERVISOR, spoken, "correct_turn", turn=1, text="jeg bor i Odense nu")
    hear_again(house, spoken)
    desk = house.desk(SUPERVISOR, spoken)
    assert desk["text"] == {"version": 1, "revision": 1, "newer": 2}
    assert lines(desk["turns"])[1] == "youth: jeg bor i Odense nu"
    path = f"/api/recordings/{spoken}/text/differences"
    compared = house.browser(SUPERVISOR).get(path).json()
    [found] = compared["differences"]
    assert (found["mine"], found["was"], found["new"]) == ("Odense", "oden se", "Horsens")

    merged = did(house, SUPERVISOR, spoken, "take_over", revision=1, version=2)
    assert lines(merged["turns"]) == ["youth: vi bor i Odense nu"]
    assert house.desk(SUPERVISOR, spoken)["text"]["newer"] is None
    versions = text_of(house, spoken)["versions"]
    assert [(each["version"], each["corrections"]) for each in versions] == [(1, 1), (2, 1)]
    assert lines(text_of(house, spoken, "?version=1")["turns"])[1] == "youth: jeg bor i Odense nu"

    did(house, SUPERVISOR, spoken, "choose_version", revision=2, version=1)
    assert lines(text_of(house, spoken)["turns"])[1] == "youth: jeg bor i Odense nu"
    assert house.desk(SUPERVISOR, spoken)["text"]["newer"] is None


def test_the_new_text_is_taken_where_that_was_chosen(house: House, spoken: RecordingId) -> None:
    did(house, SUPERVISOR, spoken, "correct_turn", turn=1, text="jeg bor i Odense nu")
    hear_again(house, spoken)
    [found] = (
        house.browser(OWNER).get(f"/api/recordings/{spoken}/text/differences").json()["differences"]
    )
    taken = {"revision": 1, "version": 2, "take_new": [found["name"]]}
    merged = did(house, OWNER, spoken, "take_over", **taken)
    assert lines(merged["turns"]) == ["youth: vi bor i Horsens nu"]
    undone = {"revision": 2, "correction": merged["correction"]}
    back = did(house, OWNER, spoken, "undo_correction", **undone)
    assert lines(back["turns"]) == ["youth: jeg bor i Odense nu"]
    assert house.desk(OWNER, spoken)["text"]["newer"] == 2
    assert ask(house, OWNER, spoken, "take_over", revision=1, version=2).status_code == 409


def test_an_uncorrected_text_is_always_the_newest(house: House, spoken: RecordingId) -> None:
    hear_again(house, spoken)
    assert house.desk(OWNER, spoken)["text"] == {"version": 2, "revision": 0, "newer": None}
    assert ask(house, OWNER, spoken, "take_over", version=2).status_code == 409


@pytest.mark.parametrize(
    ("intent", "arguments"),
    [
        ("correct_turn", {"turn": 9, "text": "x"}),
        ("correct_turn", {"turn": 0}),
        ("name_speaker", {"turn": 0, "speaker": "Mette"}),
        ("undo_correction", {"correction": "unknown"}),
        ("no_such_thing", {}),
    ],
)
def test_what_a_page_cannot_ask_is_refused(
    house: House, spoken: RecordingId, intent: str, arguments: dict[str, Any]
) -> None:
    assert ask(house, OWNER, spoken, intent, **arguments).status_code == 400
    assert text_of(house, spoken)["revision"] == 0


def test_a_correction_that_changes_nothing_keeps_nothing(house: House, spoken: RecordingId) -> None:
    told = did(house, OWNER, spoken, "correct_turn", turn=0, text="Hvad tænker du")
    assert (told["correction"], told["turns"]) == (None, [])
    assert did(house, OWNER, spoken, "merge_turns", turn=0)["correction"] is None
    missing = house.browser(OWNER).get(f"/api/recordings/{spoken}/text?version=7")
    assert missing.status_code == 404
    assert house.browser(OWNER).get(f"/api/recordings/{spoken}/text?version=x").status_code == 400
