"""What ended, and what must therefore go. Storage erases it; nothing here touches anything."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from consent.gate import Question, latest_answers, needs_to_agree
from consent.model import AFFIRMATIVE, Event, Evidence, Participant, Purpose


class Holding(StrEnum):
    """What may be kept of a conversation, by what it was made for."""

    RECORDING = "recording"
    TRAINING_COPIES = "training_copies"
    RESEARCH_EXTRACTS = "research_extracts"
    SUMS = "sums"


_MADE_FOR: Final = MappingProxyType(
    {
        Purpose.SUPERVISION: frozenset(Holding),  # without the film there is nothing to make from
        Purpose.GROUP: frozenset(),  # its guests are shown the film, and keep nothing of it
        Purpose.TRAINING: frozenset({Holding.TRAINING_COPIES}),
        Purpose.RESEARCH: frozenset({Holding.RESEARCH_EXTRACTS}),
        Purpose.STATISTICS: frozenset({Holding.SUMS}),
    }
)


def holdings_ended_by(
    answer: Evidence,
    *,
    question: Question,
    roster: Iterable[Participant],
    evidence: Iterable[Evidence],
) -> frozenset[Holding]:
    """Return what must go at once because of an answer; nothing for most answers.

    A withdrawal ends what its purpose allowed, and so does a refusal by someone whose yes
    stood: it is the same no. Who has no say, like an absent custody holder once the youth is
    of age, ends nothing. Running out or being found invalid locks; what is locked goes when its
    waiting time is over, for a new yes may come.
    """
    people = tuple(roster)
    about = replace(question, purpose=answer.purpose)
    has_say = any(
        p.person == answer.person and needs_to_agree(p, people=people, question=about)
        for p in people
    )
    before = latest_answers((e for e in evidence if e.id != answer.id), question=about)
    stood = answer.person in before and before[answer.person].event in AFFIRMATIVE
    is_no = answer.event is Event.WITHDRAWN or (answer.event is Event.REFUSED and stood)
    return _MADE_FOR[answer.purpose] if has_say and is_no else frozenset()
