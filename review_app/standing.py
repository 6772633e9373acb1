"""Where the consent to one recording stands: everything that its page shows, read at one moment.

No film and no text. That a voice more is heard than people are named is derived from the text, so
it is read with a permit or not at all.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from consent.errors import ConsentMissing
from consent.gate import Question, conflict_in, latest_answers, needs_to_agree
from consent.model import Conflict, Evidence, Gap, GapKind, Participant, PersonId, Purpose
from consent.schedule import Deadline, erase_day_in
from review_app.consent_words import in_order
from storage import access_asks, audit, consent_ledger
from storage.errors import NotFound
from storage.home import Home
from storage.media import transcript_of
from storage.records import AccessAsk, AuditEntry, Recording, TurnKind
from storage.transaction import Transaction

_UNSURE: Final = "?"
"""The voice of a turn that could be anybody's."""
_NO: Final = frozenset({GapKind.REFUSED, GapKind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers about one recording, and what has happened around them.

    Attributes:
        roster: Everyone in it, in the order in which they are asked.
        gaps: Why it is locked; empty while it is open.
        asks: Who waits for a copy of what is held about them.
        deadlines: Every day that is coming, the earliest first.
    """

    recording: Recording
    question: Question
    roster: tuple[Participant, ...]
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]
    entries: tuple[AuditEntry, ...]
    asks: tuple[AccessAsk, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def erase_on(self) -> date | None:
        """The day from which it erases itself, as things stand now."""
        return erase_day_in(self.deadlines)

    @property
    def refused(self) -> tuple[Participant, ...]:
        """Whose no keeps the recording locked. They have answered, and are not asked again."""
        people = {gap.person for gap in self.gaps if gap.kind in _NO}
        return tuple(person for person in self.roster if person.person in people)

    @property
    def missing(self) -> tuple[Participant, ...]:
        """Whose answer is still to come, or must come anew."""
        people = {gap.person for gap in self.gaps if gap.kind not in _NO}
        return tuple(person for person in self.roster if person.person in people)

    @property
    def conflict(self) -> Conflict | None:
        """Who disagrees with whom about the film, if anybody does."""
        return conflict_in(self.question, roster=self.roster, evidence=self.evidence)

    def is_asked(self, person: Participant) -> bool:
        """Return whether the recording opens only with this person's yes."""
        return needs_to_agree(person, people=self.roster, question=self.question)

    def person(self, id_: str) -> Participant | None:
        """Return someone on the roster."""
        return next((p for p in self.roster if p.person == id_), None)

    def latest(self, person: PersonId, purpose: Purpose) -> Evidence | None:
        """Return a person's last answer to a purpose, by the same rule as the gate's."""
        question = replace(self.question, purpose=purpose)
        return latest_answers(self.evidence, question=question).get(person)


def standing_of(tx: Transaction, recording: Recording) -> Standing:
    """Return where the consent to a recording stands.

    Raises:
        NotFound: It is erased, or its erasure has begun.
    """
    return Standing(
        recording=recording,
        question=consent_ledger.question(tx, recording.id),
        roster=in_order(consent_ledger.roster_of(tx, recording.id)),
        evidence=consent_ledger.evidence_of(tx, recording.id),
        gaps=consent_ledger.gaps(tx, recording.id),
        entries=audit.entries_about(tx, recording.id),
        asks=access_asks.open_of(tx, recording.id),
        deadlines=consent_ledger.deadlines_of(tx, recording.id),
    )


def voices_unnamed(home: Home, tx: Transaction, recording: Recording) -> int:
    """Return how many voices more are heard than people are named as present.

    Of a locked recording only what the caseworker told of it is known.
    """
    named = sum(person.present for person in consent_ledger.roster_of(tx, recording.id))
    heard = recording.speakers
    try:
        permit = consent_ledger.permit(tx, recording.id)
        turns = transcript_of(home, tx, permit).turns
    except (ConsentMissing, NotFound):
        turns = ()
    found = {turn.speaker for turn in turns if turn.kind is TurnKind.TURN} - {_UNSURE}
    return max(0, max(heard, len(found)) - named)
