"""English words for the codes of consent, to be translated where they are shown."""

from collections.abc import Iterable

from consent.model import (
    CustodyGround,
    Event,
    Evidence,
    Method,
    Participant,
    Place,
    Purpose,
    Role,
    Scope,
)
from consent.schedule import Deadline, DeadlineKind
from review_app.commands.doubting import Doubt
from review_app.dates import day, film_time
from review_app.translation import Translate
from review_app.words import METHOD_WORDS, PURPOSE_WORDS, ROLE_WORDS

GROUND_WORDS: dict[CustodyGround, str] = {
    CustodyGround.JOINT: "Joint custody",
    CustodyGround.SOLE: "Sole custody",
    CustodyGround.GUARDIAN: "Appointed guardian",
    CustodyGround.AUTHORITY: "The authority, by decision",
}

PLACE_WORDS: dict[Place, str] = {
    Place.OFFICE: "At the office",
    Place.HOME: "At home",
    Place.SCHOOL: "At school",
    Place.ONLINE: "Online",
    Place.ELSEWHERE: "Elsewhere",
}

SCOPE_WORDS: dict[Scope, str] = {
    Scope.AUDIO: "Sound",
    Scope.VIDEO: "Picture",
    Scope.TRANSCRIPT: "Text",
}

# Beside a purpose, whether anything depends on its answer.
WEIGHT_WORDS: dict[Purpose, str] = {
    Purpose.SUPERVISION: "needed to go on",
    Purpose.GROUP: "voluntary",
    Purpose.TRAINING: "voluntary",
    Purpose.RESEARCH: "voluntary",
    Purpose.STATISTICS: "voluntary",
}

EVENT_WORDS: dict[Event, str] = {
    Event.GIVEN: "{who} said yes to {purpose}",
    Event.REFUSED: "{who} said no to {purpose}",
    Event.RECONFIRMED: "{who} said yes again to {purpose}",
    Event.WITHDRAWN: "{who} withdrew the consent to {purpose}",
    Event.EXPIRED: "The consent of {who} to {purpose} expired",
    Event.INVALIDATED: "The answer of {who} to {purpose} was found not to count",
}

# What an answer comes to in a table.
ANSWER_WORDS: dict[Event, str] = {
    Event.GIVEN: "Yes",
    Event.REFUSED: "No",
    Event.RECONFIRMED: "Yes",
    Event.WITHDRAWN: "No",
    Event.EXPIRED: "Expired",
    Event.INVALIDATED: "Does not count",
}

DOUBT_WORDS: dict[Doubt, str] = {
    Doubt.WRONG_PERSON: "The wrong person has answered",
    Doubt.UNDER_PRESSURE: "It was given under pressure",
    Doubt.NOT_THEIR_SIGNATURE: "The signature is not theirs",
}

# What is over or due on a coming day.
DEADLINE_WORDS: dict[DeadlineKind, str] = {
    DeadlineKind.ERASE: "The recording is erased",
    DeadlineKind.COURSE_ENDS: "The course ends",
    DeadlineKind.CONSENT_ENDS: "The yes of {who} to {purpose} ends",
    DeadlineKind.REASK: "{who} is grown up and must have been asked again",
    DeadlineKind.SCAN: "The signed paper of {who} must have been scanned",
    DeadlineKind.ACCESS: "{who} must have got a copy of what is held",
}

# How many days before it a coming day is told in the list.
TOLD_BEFORE: dict[DeadlineKind, int] = {
    DeadlineKind.ERASE: 14,
    DeadlineKind.CONSENT_ENDS: 30,
    DeadlineKind.REASK: 60,
    DeadlineKind.SCAN: 14,
    DeadlineKind.ACCESS: 31,
}


def deadline_text(
    deadline: Deadline, people: Iterable[Participant], *, language: str, say: Translate
) -> str:
    """Return what is due on a coming day, and the day."""
    roster = tuple(people)
    person = next((p for p in roster if p.person == deadline.person), None)
    what = say(DEADLINE_WORDS[deadline.kind]).format(
        who=who_is(person, roster, say=say) if person else "",
        purpose=say(PURPOSE_WORDS[deadline.purpose]).lower() if deadline.purpose else "",
    )
    when = f"{day(deadline.on, language=language)} {deadline.on.year}"
    return say("{what} by {day}").format(what=what, day=when)


def who_is(person: Participant, people: Iterable[Participant], *, say: Translate) -> str:
    """Return a person's role, numbered where several have the same."""
    same = [each.person for each in people if each.role is person.role]
    word = say(ROLE_WORDS[person.role])
    return f"{word} {same.index(person.person) + 1}" if len(same) > 1 else word


def how(evidence: Evidence, *, say: Translate) -> str:
    """Return how an answer was given, with the place in the film where it was spoken."""
    if evidence.method is Method.SPOKEN and evidence.spoken_at_ms is None:
        return say("Told the caseworker")
    word = say(METHOD_WORDS[evidence.method])
    return f"{word} {film_time(evidence.spoken_at_ms)}" if evidence.spoken_at_ms else word


def in_order(people: Iterable[Participant]) -> tuple[Participant, ...]:
    """Return people in the order in which they are asked: by role, then as they were named."""
    return tuple(sorted(people, key=lambda p: (list(Role).index(p.role), p.person)))
