"""Notices and receipts as the caseworker gets them: the right words, one code each, noted."""

import json
import re
from datetime import date
from typing import Any

import pytest

from consent.model import Event, Participant, PersonId, RecordingId, Role
from review_app.routes import papers as paper_routes
from storage import audit, consent_codes, consent_ledger, erasure
from storage.identity import new_id
from tests.house import BIRTH_YEAR, OWNER, SUPERVISOR, House

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def person_of(house: House, recording: RecordingId, role: Role = Role.YOUTH) -> PersonId:
    with house.home.reading() as tx:
        roster = consent_ledger.roster_of(tx, recording)
    return next(p.person for p in roster if p.role is role)


def base(recording: str, person: str) -> str:
    return f"/api/recordings/{recording}/people/{person}"


def details(house: House, recording: RecordingId, action: str) -> list[dict[str, Any]]:
    with house.home.reading() as tx:
        entries = audit.entries_about(tx, recording)
    return [dict(entry.detail) for entry in entries if entry.action == action]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the press is given, beside the paper it makes of it."""
    found: list[dict[str, Any]] = []
    for name in ("notice_pdf", "receipt_pdf"):
        real = getattr(paper_routes, name)

        def spy(first: Any, real: Any = real, **rest: Any) -> bytes:  # noqa: ANN401
            found.append({"about": first, **rest})
            made: bytes = real(first, **rest)
            return made

        monkeypatch.setattr(paper_routes, name, spy)
    return found


def test_a_notice_is_for_its_reader_in_the_language_asked_for_while_locked(
    house: House, printed: list[dict[str, Any]]
) -> None:
    recording = house.recording(agreed=False)
    browser = house.browser(OWNER)
    for role, query, version, language in [
        (Role.YOUTH, "", "youth_13_15-2026-11-22", "da"),
        (Role.YOUTH, "?language=sv", "youth_13_15-2026-11-22", "sv"),
        (Role.CUSTODY_HOLDER, "?language=en&large=1", "custody_holder-2026-11-22", "en"),
        (Role.CASEWORKER, "?language=xx", "other_person-2026-11-22", "da"),
    ]:
        person = person_of(house, recording, role)
        answer = browser.get(f"{base(recording, person)}/notice.pdf{query}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        notice = printed[-1]["about"]
        assert (notice.version, notice.language) == (version, language)
        assert "180" in notice.kept.text
        assert "Datatilsynet" in notice.rights.text
        assert details(house, recording, "notice_printed")[-1] == {
            "person": person,
            "notice": version,
        }


def test_each_receipt_has_a_code_of_its_own_that_opens_the_persons_page(
    house: House, printed: list[dict[str, Any]]
) -> None:
    recording = house.recording()
    person = person_of(house, recording)
    browser = house.browser(OWNER)
    for _ in range(2):
        answer = browser.post(f"{base(recording, person)}/receipt.pdf")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
    codes = [each["code"] for each in printed]
    assert len(set(codes)) == 2
    for each in printed:
        assert CODE.fullmatch(each["code"])
        assert each["about"].page == f"{house.home.settings.address()}/s/{each['code']}"
        with house.home.reading() as tx:
            holder = consent_codes.holder_of(tx, each["code"])
        assert holder is not None
        assert (holder.recording, holder.person) == (recording, person)
    issued = details(house, recording, "receipt_issued")
    assert [entry["person"] for entry in issued] == [person, person]
    assert not any(code in json.dumps(issued) for code in codes)


def test_record_and_receipt_as_data_say_what_was_answered_and_no_code(house: House) -> None:
    recording = house.recording()
    person = person_of(house, recording)
    browser = house.browser(OWNER)
    for leaf, form in (("receipt", "receipt-eu-gdpr"), ("record", "record-eu-gdpr")):
        answer = browser.get(f"{base(recording, person)}/{leaf}.jsonld")
        assert answer.headers["Content-Type"] == "application/ld+json"
        document = answer.json()
        assert document["dct:conformsTo"].endswith(form)
        assert document["dpv:hasDataSubject"]["dpv:hasIdentifier"] == person
        (process,) = document["dpv:hasProcess"]
        (given,) = process["dpv:hasLegalBasis"]["dpv:hasConsentStatus"]
        assert given["@type"] == "dpv:ConsentGiven"
        assert not CODE.search(answer.text)
        assert not BIRTH_YEAR.search(answer.text)
    assert len(details(house, recording, "receipt_issued")) == 1


def test_without_an_answer_there_is_no_receipt_and_no_code(house: House) -> None:
    recording = house.recording(agreed=False)
    person = person_of(house, recording)
    browser = house.browser(OWNER)
    for answer in (
        browser.post(f"{base(recording, person)}/receipt.pdf"),
        browser.get(f"{base(recording, person)}/receipt.jsonld"),
        browser.get(f"{base(recording, person)}/record.jsonld"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "NothingAnswered")
    assert details(house, recording, "receipt_issued") == []


def test_a_refusal_gets_its_receipt_too(house: House) -> None:
    recording = house.recording(agreed=False)
    house.answer(recording, Event.REFUSED, only=Role.YOUTH)
    person = person_of(house, recording)
    assert house.browser(OWNER).post(f"{base(recording, person)}/receipt.pdf").status_code == 200


@pytest.mark.parametrize("person", ["somebody-else", "a b", "%00"])
def test_who_is_not_on_the_roster_has_no_papers(house: House, person: str) -> None:
    recording = house.recording()
    browser = house.browser(OWNER)
    assert browser.get(f"{base(recording, person)}/notice.pdf").status_code == 404
    assert browser.post(f"{base(recording, person)}/receipt.pdf").status_code == 404
    theirs = house.browser(SUPERVISOR).get(f"{base(recording, person)}/notice.pdf")
    assert theirs.status_code == 403


def test_after_erasure_there_is_nobody_to_print_for(house: House) -> None:
    recording = house.recording()
    person = person_of(house, recording)
    house.clock.go_on(minutes=1)
    house.answer(recording, Event.WITHDRAWN)
    erasure.erase(house.home, recording)
    answer = house.browser(OWNER).post(f"{base(recording, person)}/receipt.pdf")
    assert answer.status_code == 404


def test_the_version_follows_the_birthday(house: House, printed: list[dict[str, Any]]) -> None:
    recording = house.recording(agreed=False)
    youth = Participant(PersonId(new_id()), Role.YOUTH, date(2008, 3, 11))
    with house.home.transaction() as tx:
        consent_ledger.add_participant(tx, recording, youth)
    browser = house.browser(OWNER)
    for audience in ("youth_16_17", "adult_youth"):
        assert browser.get(f"{base(recording, youth.person)}/notice.pdf").status_code == 200
        assert printed[-1]["about"].audience == audience
        house.clock.go_on(hours=12)  # past midnight, yet the session holds
        browser = house.browser(OWNER)
