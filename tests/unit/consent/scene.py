"""A conversation with everyone's yes, and conversations nobody thought of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from consent.gate import Question
from consent.model import (
    EVERYTHING,
    Event,
    Evidence,
    EvidenceId,
    Jurisdiction,
    Method,
    Participant,
    PersonId,
    Purpose,
    RecordingId,
    Role,
    Scope,
)

DENMARK = Jurisdiction(
    "DK",
    date(2024, 1, 1),
    18,
    30,
    180,
    time_zone="Europe/Copenhagen",
    reask_days=30,
    scan_within_days=14,
)
RECORDED_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
QUESTION = Question(
    RecordingId("r1"),
    Purpose.SUPERVISION,
    RECORDED_AT,
    RECORDED_AT + timedelta(days=7),
    DENMARK,
)
YOUTH = Participant(PersonId("youth"), Role.YOUTH, date(2010, 5, 1))
HOLDER = Participant(PersonId("holder"), Role.CUSTODY_HOLDER, present=False)
WORKER = Participant(PersonId("worker"), Role.CASEWORKER)
ROSTER = (YOUTH, HOLDER, WORKER)


def answer(person: str, **changes: object) -> Evidence:
    given = Evidence(
        id=EvidenceId(f"{person}-{len(changes)}"),
        recording=RecordingId("r1"),
        person=PersonId(person),
        purpose=Purpose.SUPERVISION,
        event=Event.GIVEN,
        at=RECORDED_AT - timedelta(days=1),
        method=Method.DIGITAL,
        valid_from=date(2026, 3, 1),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


ALL_AGREED = tuple(answer(person.person) for person in ROSTER)
LATER = RECORDED_AT + timedelta(days=1)


COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def at(moment: str) -> Question:
    """Return the question as it is asked at a moment on a wall clock in Copenhagen."""
    asked = datetime.fromisoformat(moment).replace(tzinfo=COPENHAGEN)
    return replace(QUESTION, at=asked.astimezone(UTC))


names = ("youth", "holder", "second", "worker")
people = st.sampled_from([PersonId(name) for name in names])
close_to_18 = st.dates(date(2008, 1, 20), date(2008, 3, 25)) | st.just(date(2008, 2, 29))
birth_dates = st.none() | st.dates(date(2005, 1, 1), date(2012, 12, 31)) | close_to_18
rosters = st.lists(
    st.builds(Participant, people, st.sampled_from(Role), birth_dates, st.booleans()),
    max_size=4,
    unique_by=lambda p: p.person,
).map(frozenset)
moments = st.builds(
    lambda days, hour: RECORDED_AT + timedelta(days=days, hours=hour),
    st.integers(-60, 10),
    st.sampled_from([0, 0, 10, 11]),  # 22 and 23 o'clock in UTC: before and after midnight there
)
days = st.dates(date(2026, 3, 1), date(2026, 3, 20))
answers = st.builds(
    Evidence,
    id=st.uuids().map(lambda u: EvidenceId(str(u))),
    recording=st.sampled_from([QUESTION.recording] * 5 + [RecordingId("r2")]),
    person=people,
    purpose=st.sampled_from([Purpose.SUPERVISION] * 3 + [Purpose.TRAINING]),
    event=st.sampled_from([Event.GIVEN] * 4 + [*Event]),
    at=moments,
    method=st.sampled_from(Method),
    valid_from=days | st.just(date(2026, 1, 1)),
    valid_until=st.none() | st.none() | days,
    scope=st.just(EVERYTHING) | st.frozensets(st.sampled_from(Scope)),
    spoken_at_ms=st.none() | st.just(0),
    scanned=st.booleans(),
)
histories = st.lists(answers, max_size=8).map(tuple)


@st.composite
def nearly_agreed(draw: st.DrawFn) -> tuple[frozenset[Participant], tuple[Evidence, ...]]:
    """Return a full roster in which most have agreed, and something else has happened too."""
    born = draw(birth_dates.filter(bool))
    holders = draw(st.sampled_from([(), ("holder",), ("holder", "second")]))
    roster = frozenset(
        {
            replace(YOUTH, birth_date=born),
            WORKER,
            *(replace(HOLDER, person=PersonId(h), present=draw(st.booleans())) for h in holders),
        }
    )
    of_age = datetime(born.year + 18, born.month, min(born.day, 28), tzinfo=COPENHAGEN)
    when = moments | st.sampled_from([of_age, of_age - timedelta(seconds=1)])
    yes = [
        replace(answer(person.person, at=draw(when)), **draw(changes))
        for person in roster
        if draw(st.integers(0, 20))
    ]
    return roster, (*yes, *draw(st.lists(answers, max_size=2)))


changes = st.sampled_from(
    [
        {},
        {"method": Method.SIGNED_PAPER, "scanned": True},
        {"method": Method.SIGNED_PAPER},
        {"method": Method.SPOKEN, "spoken_at_ms": 5},
        {"valid_until": date(2026, 3, 18)},
    ]
)
