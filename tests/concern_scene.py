"""A worry about a child in a house: who raises it, who is named to be told, how it ends."""

from typing import Final

from consent.model import RecordingId
from review_app.commands import safeguarding
from storage import courses, holds
from storage.records import ConcernId, ConcernStep
from tests.house import OWNER, House

WORDS: Final = "Kanariefugl is afraid to go home"
COORDINATOR: Final = "karen"
LEADER: Final = "rune"  # any account may be named
LEFT_AFTER = (ConcernStep.LEADER_READ, ConcernStep.ASSESSED, ConcernStep.NO_DUTY)


def name_leader(house: House, login: str = LEADER) -> None:
    with house.home.transaction() as tx:
        courses.name_leader(tx, house.course.id, leader=house.people[login].id)


def worry(house: House, recording: RecordingId, *, login: str = OWNER) -> ConcernId:
    raised = house.do(login, recording, "raise_concern", at_ms=2_000, text=WORDS)
    return ConcernId(raised["id"])


def lead(house: House, login: str, id_: str, step: ConcernStep) -> None:
    with house.home.transaction() as tx:
        safeguarding.lead_concern(tx, house.people[login], ConcernId(id_), step=step)


def close(house: House, login: str, id_: ConcernId) -> None:
    for step in (*LEFT_AFTER, ConcernStep.CLOSED):
        lead(house, login, id_, step)


def held(house: House, recording: RecordingId) -> bool:
    with house.home.reading() as tx:
        return holds.is_held(tx, recording)
