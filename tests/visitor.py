"""Someone in a film with a code and a telephone, for the tests of the public consent page."""

import re
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

from httpx2 import Response
from starlette.testclient import TestClient

from consent.model import Evidence, Participant, Purpose, RecordingId, Role
from storage import consent_codes, consent_ledger, notifications
from storage.records import NotificationKind, RequestKind
from storage.requests import waiting
from tests.house import OWNER, House


@dataclass
class Visitor:
    """Someone in a film, with a code and a telephone."""

    house: House
    recording: RecordingId
    person: Participant
    code: str
    browser: TestClient

    def enter(self) -> None:
        answer = self.browser.get(f"/s/{self.code}")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/me")

    def page(self, path: str = "/s/me") -> str:
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return words_of(answer)

    def send(self, path: str, **fields: str) -> Response:
        return self.browser.post(path, data={"token": self.token(), **fields})

    def token(self) -> str:
        found = re.search(r'name="token" value="(\w+)"', self.browser.get("/s/me/stop").text)
        return found.group(1) if found else ""

    def say(self, purpose: Purpose, said: str) -> None:
        answer = self.send("/s/me/answer", purpose=purpose, answer=said)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/me?saved")

    def evidence(self) -> list[Evidence]:
        with self.house.home.reading() as tx:
            found = consent_ledger.evidence_of(tx, self.recording)
        return [each for each in found if each.person == self.person.person]

    def last(self, purpose: Purpose) -> Evidence:
        return [each for each in self.evidence() if each.purpose is purpose][-1]


def visitor(
    house: House, recording: RecordingId, role: Role = Role.YOUTH, *, language: str = "da"
) -> Visitor:
    with house.home.transaction() as tx:
        roster = consent_ledger.roster_of(tx, recording)
        person = next(each for each in roster if each.role is role)
        code = consent_codes.issue(tx, recording, person.person, by=house.people[OWNER].id)
    browser = house.browser()
    browser.headers["Accept-Language"] = language
    return Visitor(house, recording, person, code, browser)


def words_of(answer: Response) -> str:
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def youth_born(house: House, recording: RecordingId, born: date) -> None:
    with house.home.transaction() as tx:
        for person in consent_ledger.roster_of(tx, recording):
            if person.role is Role.YOUTH:
                consent_ledger.add_participant(tx, recording, replace(person, birth_date=born))


def told(house: House, login: str = OWNER) -> list[NotificationKind]:
    with house.home.reading() as tx:
        return [each.kind for each in notifications.unread_of(tx, house.people[login].id)]


def asked_to_erase(house: House) -> list[RecordingId]:
    with house.home.transaction() as tx:
        return [each.recording for each in waiting(tx) if each.kind is RequestKind.ERASE]
