"""The certificate of an erasure: who may have it, and what it keeps to itself."""

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from consent.model import Purpose, RecordingId, Role
from storage import anchors, audit, certificates, consent_codes, holds
from storage.erasure import begin_erasure, erase
from storage.holdings import TOLD_TO_ALL
from storage.records import BlobRole, HoldKind
from tests.house import OWNER, STRANGERS, SUPERVISOR, House, turn
from tests.screens import Watch
from tests.visitor import Visitor, visitor, words_of

ADMINISTRATOR = "adam"
NOTE = {"at_ms": 0, "kind": "seen_heard", "visibility": "private", "text": "Hemmelighed"}


@pytest.fixture
def me(any_house: House) -> Visitor:
    """Someone with a code to a film that is full of content."""
    recording = any_house.recording()
    any_house.put(recording, BlobRole.PROXY, b"film")
    any_house.transcript(recording, [turn(0, "Hemmelighed")])
    any_house.do(OWNER, recording, "write_note", **NOTE)
    return visitor(any_house, recording)


def knock(browser: TestClient, recording: str, method: str = "GET") -> Response:
    return browser.request(method, f"/api/certificates/{recording}.pdf")


def test_administrators_and_the_caseworker_have_it_and_nobody_else(me: Visitor) -> None:
    erase(me.house.home, me.recording)
    assert knock(me.house.browser(), me.recording).status_code == 401
    for login in (ADMINISTRATOR, OWNER):
        paper = knock(me.house.browser(login), me.recording)
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        assert paper.headers["Content-Type"] == "application/pdf"
    for login in {SUPERVISOR, *STRANGERS} - {ADMINISTRATOR}:
        browser = me.house.browser(login)
        refused = knock(browser, me.recording)
        assert refused.status_code == 404
        for unknown in ("0197-nothing-like-this", "a%00b"):
            none = knock(browser, unknown)
            assert (none.status_code, none.content) == (404, refused.content)
    printed = [me.house.people[login].id for login in (ADMINISTRATOR, OWNER)]
    assert printed_by(me) == printed


def printed_by(me: Visitor) -> list[str]:
    with me.house.home.reading() as tx:
        found = audit.entries_about(tx, me.recording)
    return [each.actor for each in found if each.action == "certificate_printed"]


def test_there_is_none_before_the_erasure_has_ended(me: Visitor) -> None:
    me.enter()
    for begun in (False, True):
        if begun:
            with me.house.home.transaction() as tx:
                begin_erasure(tx, me.recording)
        for login in (ADMINISTRATOR, OWNER):
            assert knock(me.house.browser(login), me.recording).status_code == 404
        for kind in ("pdf", "json"):
            early = me.browser.get(f"/s/me/certificate.{kind}")
            assert (early.status_code, early.headers["Location"]) == (303, "/s/me")
        assert "certificate" not in me.browser.get("/s/me").text
    assert printed_by(me) == []


def test_whoever_has_a_code_takes_it_and_anyone_can_check_it(me: Visitor) -> None:
    home = me.house.home
    erase(home, me.recording)
    assert me.browser.get("/s/me/certificate.pdf").headers["Location"] == "/s/"
    me.enter()
    page = me.browser.get("/s/me").text
    assert "Filmen er slettet" in page
    for kind in ("pdf", "json"):
        assert f'href="/s/me/certificate.{kind}"' in page
    paper = me.browser.get("/s/me/certificate.pdf")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    sealed = me.browser.get("/s/me/certificate.json")
    made = certificates.certificate_from_json(sealed.content)
    with home.reading() as tx:
        anchors.verify(tx, home.proof)
        certificates.verify_certificate(tx, made)
    assert dict(made.holdings)["notes"] == 1
    assert printed_by(me) == ["holder", "holder"]


def test_a_revoked_code_opens_no_certificate(me: Visitor) -> None:
    with me.house.home.transaction() as tx:
        consent_codes.revoke(tx, me.recording, me.person.person)
    erase(me.house.home, me.recording)
    assert me.browser.get(f"/s/{me.code}").status_code == 404
    assert me.browser.get("/s/me/certificate.json").status_code == 303


def test_no_number_in_it_tells_of_anothers_answer_or_of_a_worry(house: House) -> None:
    quiet, loud = house.recording(), house.recording()
    youth = visitor(house, loud)
    youth.enter()
    youth.say(Purpose.TRAINING, "no")
    youth.send("/s/me/ask")
    with house.home.transaction() as tx:
        by = house.people[OWNER].id
        worry = holds.place_hold(tx, loud, kind=HoldKind.CONCERN, ground="concern", by=by)
        holds.lift_hold(tx, worry.id, by=by)
    assert told_of(house, quiet) == told_of(house, loud)
    assert logged(house, quiet) < logged(house, loud), "the log itself counts all of it"


def told_of(house: House, recording: RecordingId) -> dict[str, int]:
    mother = visitor(house, recording, Role.CUSTODY_HOLDER)
    erase(house.home, recording)
    mother.enter()
    told: dict[str, int] = mother.browser.get("/s/me/certificate.json").json()["holdings"]
    assert set(told) <= TOLD_TO_ALL
    return told


def logged(house: House, recording: RecordingId) -> int:
    with house.home.reading() as tx:
        [entry] = [e for e in audit.entries_about(tx, recording) if e.action == "erased"]
    return sum(int(n) for field, n in entry.detail.items() if field.startswith("held."))


def test_where_the_proof_is_broken_nothing_is_certified(me: Visitor) -> None:
    erase(me.house.home, me.recording)
    me.enter()
    path = me.house.home.settings.proof_folder() / "anchors"
    path.write_bytes(path.read_bytes().replace(b'"seq":', b'"seq":1', 1))
    answer = me.browser.get("/s/me/certificate.pdf")
    assert answer.status_code == 503
    assert "Der er ikke ændret noget." in words_of(answer)
    assert printed_by(me) == []


def test_pages_lead_to_it(house: House, watch: Watch) -> None:
    gone, begun = house.recording(), house.recording()
    erase(house.home, gone)
    with house.home.transaction() as tx:
        begin_erasure(tx, begun)
    for login, page in ((ADMINISTRATOR, "retention"), (OWNER, "")):
        html = "".join(watch(house, login, page).fragments)
        assert f'href="/api/certificates/{gone}.pdf"' in html
        assert f"/api/certificates/{begun}.pdf" not in html
    assert "/api/certificates/" not in "".join(watch(house, SUPERVISOR, "").fragments)
