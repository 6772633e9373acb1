"""Codebooks and words over HTTP: who may, what is refused, and what a cue would find."""

from typing import Any

import pytest
from httpx2 import Response

from storage import audit
from tests.house import OWNER, SUPERVISOR, House, turn

COORDINATOR, ADMINISTRATOR, RESEARCHER = "karen", "adam", "rune"
TAG = "/api/codebooks/conversation/tags/opening"
CANARY = "kanariefugl"


def book(house: House, login: str = COORDINATOR) -> dict[str, Any]:
    answer = house.browser(login).get("/api/codebooks")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["books"][0])


def opening(house: House) -> dict[str, Any]:
    tag = next(each for each in book(house)["tags"] if each["code"] == "opening")
    return {name: value for name, value in tag.items() if name != "code"}


def save(house: House, login: str, tag: object, *, base: str = "conversation@1") -> Response:
    return house.browser(login).post(TAG, json={"base": base, "tag": tag})


def find(house: House, pattern: str, **cue: object) -> dict[str, Any]:
    asked = {
        "book": "conversation",
        "code": "opening",
        "speaker": ["caseworker"],
        "language": "da",
        "cue": {"p": pattern, "w": 0.7, **cue},
    }
    answer = house.browser(SUPERVISOR).post("/api/codebooks/preview", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_who_reads_and_who_changes_follows_the_role(house: House) -> None:
    tag = opening(house)
    for login, reads, may_edit in (
        (SUPERVISOR, 200, True),
        (COORDINATOR, 200, True),
        (ADMINISTRATOR, 200, True),
        (RESEARCHER, 200, False),
        (OWNER, 403, False),
    ):
        browser = house.browser(login)
        assert browser.get("/api/codebooks").status_code == reads
        assert browser.get(TAG).status_code == reads
        base = book(house)["name"]
        saved = save(house, login, tag, base=base)
        assert (saved.status_code == 200) == may_edit
        if reads == 200:
            assert browser.get("/api/codebooks").json()["may_edit"] == may_edit
    for login, status in ((COORDINATOR, 200), (ADMINISTRATOR, 200), (SUPERVISOR, 403)):
        assert house.browser(login).get("/api/vocabularies").status_code == status


def test_a_change_is_an_edition_that_says_who_made_it_and_is_noted(house: House) -> None:
    tag = opening(house)
    tag["en"]["description"] = "Another meaning."
    saved = save(house, COORDINATOR, tag).json()
    assert saved["name"] == "conversation@1.1"
    assert saved["changed"][0]["by"] == house.people[COORDINATOR].name
    [now, before] = house.browser(RESEARCHER).get(TAG).json()["history"]
    assert (now["name"], now["tag"]["en"]["description"]) == (
        "conversation@1.1",
        "Another meaning.",
    )
    assert (before["name"], before["by"]) == ("conversation@1", None)
    with house.home.reading() as tx:
        [entry] = audit.entries_about(tx, "conversation@1.1")
    assert (entry.action, entry.detail) == ("codebook_changed", {"code": "opening"})


def test_who_saves_second_is_told_unless_the_other_changed_something_else(house: House) -> None:
    mine, theirs = opening(house), opening(house)
    theirs["en"]["label"] = "Theirs"
    assert save(house, SUPERVISOR, theirs).status_code == 200
    mine["en"]["label"] = "Mine"
    late = save(house, COORDINATOR, mine)
    assert (late.status_code, late.json()["stored"]["en"]["label"]) == (409, "Theirs")
    [closing] = [each for each in book(house)["tags"] if each["code"] == "closing"]
    del closing["code"]
    beside = {"base": "conversation@1", "tag": closing}
    path = "/api/codebooks/conversation/tags/closing"
    assert house.browser(COORDINATOR).post(path, json=beside).status_code == 200
    assert save(house, COORDINATOR, mine, base="conversation@1.1").status_code == 200
    assert opening(house)["en"]["label"] == "Mine"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"speaker": []}, "CodebookInvalid"),
        ({"colour": "red"}, "CodebookInvalid"),
        ({"cues": [{"p": "words", "w": 1}]}, "CodebookInvalid"),
        ({"unless": ["opening"]}, "CodebookInvalid"),
        ({"en": None}, "CodebookInvalid"),
        ({"key": "1"}, "CodebookInvalid"),
    ],
)
def test_what_is_no_keyword_is_refused(house: House, change: dict[str, Any], error: str) -> None:
    refused = save(house, COORDINATOR, opening(house) | change)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert book(house)["name"] == "conversation@1"


@pytest.mark.parametrize("number", ["010203-1234", "0102031234", "20100203-1234", "100203+1234"])
def test_a_number_that_may_be_a_persons_is_refused(house: House, number: str) -> None:
    tag = opening(house)
    tag["da"]["examples"][0] = f"Hej, er du {number}?"
    refused = save(house, COORDINATOR, tag)
    assert (refused.status_code, refused.json()["error"]) == (400, "NumberOfSomebody")


def test_a_cue_that_cannot_be_read_is_told_in_plain_words(house: House) -> None:
    tag = opening(house)
    tag["da"]["cues"] = [{"p": "hej (du|", "w": 0.7}]
    refused = save(house, COORDINATOR, tag).json()
    assert refused["error"] == "PartEmpty"
    assert refused["advice"].startswith("Write at least one word")
    for pattern, piece in (("hej (du", ""), ("hej )", ")"), ("hej ..", ".."), ("he+j", "he+j")):
        problem = find(house, pattern)["problem"]
        assert (problem["piece"], bool(problem["message"])) == (piece, True)
    assert "very long" in find(house, "..12 ..12 ..12 ..12 ja")["problem"]["message"]


def test_a_preview_shows_the_words_it_found_and_no_recording(house: House) -> None:
    recording = house.recording()
    house.transcript(recording, [turn(0, f"velkommen {CANARY}")])
    found = find(house, "velkommen")
    assert found["count"] == len(found["hits"]) > 0
    for hit in found["hits"]:
        assert "velkommen" in " ".join(hit["words"][hit["first"] : hit["end"]]).lower()
    assert find(house, CANARY)["count"] == 0
    asked = find(house, "velkommen", pos=[0.9, 1])
    assert asked["count"] < found["count"]  # the cue's other conditions count too


def test_words_are_kept_with_what_is_too_much_refused(house: House) -> None:
    browser = house.browser(COORDINATOR)
    path = "/api/vocabularies/da"
    kept = browser.post(path, json={"edition": 0, "words": ["Horsens", ""]})
    assert kept.json() == {"edition": 1, "words": ["Horsens"]}
    assert browser.get("/api/vocabularies").json()["languages"]["da"]["words"] == ["Horsens"]
    late = browser.post(path, json={"edition": 0, "words": ["Vejle"]})
    assert (late.status_code, late.json()["stored"]) == (409, ["Horsens"])
    for words in (["x" * 61], ["ord"] * 3 + [str(n) for n in range(101)], ["010203-1234"], "ord"):
        assert browser.post(path, json={"edition": 1, "words": words}).status_code == 400
    assert browser.post("/api/vocabularies/de", json={"edition": 0, "words": []}).status_code == 400
