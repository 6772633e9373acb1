"""What someone in a film does with their own code: answer, stop, take a receipt.

Nobody is signed in. The code says who it is, and the rules of consent say whether that person has
a say. A reason is never asked for.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from consent.errors import NothingAnswered
from consent.gate import Question, gaps_in, is_minor, latest_answers, needs_to_agree, reask_day
from consent.model import (
    AFFIRMATIVE,
    Event,
    Evidence,
    EvidenceId,
    GapKind,
    Method,
    Participant,
    Place,
    Purpose,
)
from review_app.commands.consent_papers import Reader, Receipt, account_of
from review_app.commands.intake import settle_answer
from review_app.errors import Denied
from storage import (
    access_asks,
    audit,
    consent_codes,
    consent_ledger,
    notifications,
    recordings,
)
from storage.identity import new_id
from storage.jurisdictions import jurisdiction, today
from storage.records import AccessAsk, CodeHolder, NotificationKind, UserId
from storage.settings import Settings
from storage.transaction import Transaction

_TOLD: Final = {
    Event.GIVEN: NotificationKind.CONSENT_GIVEN,
    Event.RECONFIRMED: NotificationKind.CONSENT_GIVEN,
    Event.REFUSED: NotificationKind.CONSENT_REFUSED,
    Event.WITHDRAWN: NotificationKind.CONSENT_WITHDRAWN,
}
_NO: Final = frozenset({Event.REFUSED, Event.WITHDRAWN})


class Answered(StrEnum):
    """What a person's own answer to one purpose comes to now."""

    YES = "yes"
    NO = "no"
    AGAIN = "again"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person was shown before they answered."""

    notice: str
    language: str


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's voice about a recording: whether it counts, and what it has said so far."""

    person: Participant
    people: tuple[Participant, ...]
    evidence: tuple[Evidence, ...]
    question: Question

    @property
    def counts(self) -> bool:
        """Whether the person has a say at this moment."""
        return needs_to_agree(self.person, people=self.people, question=self.question)

    def last_event(self, question: Question) -> Event | None:
        """Return what the person said last about a purpose."""
        last = self._last(question)
        return last.event if last else None

    def answered(self, question: Question) -> Answered:
        """Return what the person's answer about a purpose comes to.

        Whoever has come of age since is asked again, though the old yes still holds for a while.
        """
        last = self._last(question)
        if last is None:
            return Answered.NOT_ASKED
        if last.event in _NO:
            return Answered.NO
        profile = question.jurisdiction
        gaps = gaps_in(question, roster=self.people, evidence=self.evidence)
        fails = any(
            gap.person == self.person.person and gap.kind is not GapKind.BIRTH_DATE_MISSING
            for gap in gaps
        )
        given_young = reask_day(self.person, last, jurisdiction=profile) is not None
        of_age = not is_minor(self.person, on=question.today, jurisdiction=profile)
        return Answered.AGAIN if fails or (given_young and of_age) else Answered.YES

    def _last(self, question: Question) -> Evidence | None:
        return latest_answers(self.evidence, question=question).get(self.person.person)


def voice_of(tx: Transaction, holder: CodeHolder) -> Voice:
    """Return the voice of a code's holder.

    Raises:
        Denied: The holder is not on the roster.
        NotFound: The recording is being or has been erased.
    """
    question = consent_ledger.question(tx, holder.recording)
    people = consent_ledger.roster_of(tx, holder.recording)
    evidence = consent_ledger.evidence_of(tx, holder.recording)
    for person in people:
        if person.person == holder.person:
            return Voice(person, people, evidence, question)
    raise Denied


def answer(
    tx: Transaction, holder: CodeHolder, purpose: Purpose, *, agrees: bool, shown: Shown
) -> bool:
    """Take down a person's yes or no to one purpose. The same answer again changes nothing.

    Returns:
        False if it was not taken down, because this no would erase the film: whoever means it
        is asked once more, and then it is ``stop``.

    Raises:
        Denied: The person has no say, or no longer.
        NotFound: The recording is being or has been erased.
    """
    voice = _voice_that_counts(tx, holder)
    question = consent_ledger.question(tx, holder.recording, purpose=purpose)
    agreed = voice.last_event(question) in AFFIRMATIVE
    now = voice.answered(question)
    if not agrees and agreed and purpose is Purpose.SUPERVISION:
        return False
    if agrees and now is not Answered.YES:
        _put_down(tx, voice, purpose, Event.RECONFIRMED if agreed else Event.GIVEN, shown=shown)
    elif not agrees and now is not Answered.NO:
        _put_down(tx, voice, purpose, Event.WITHDRAWN if agreed else Event.REFUSED, shown=shown)
    return True


def stop(tx: Transaction, holder: CodeHolder, *, shown: Shown) -> None:
    """Withdraw everything that a person has said yes to, and have the film erased.

    It needs no earlier yes: whoever has a say may end it.

    Raises:
        Denied: The person has no say, or no longer.
        NotFound: The recording is being or has been erased.
    """
    voice = _voice_that_counts(tx, holder)
    for purpose in Purpose:
        question = consent_ledger.question(tx, holder.recording, purpose=purpose)
        last = voice.last_event(question)
        ends = purpose is Purpose.SUPERVISION and last is not Event.WITHDRAWN
        if ends or last in AFFIRMATIVE:
            _put_down(tx, voice, purpose, Event.WITHDRAWN, shown=shown)


def ask_for_copy(tx: Transaction, holder: CodeHolder) -> AccessAsk:
    """Note that a person asks for what is held about them, and tell the caseworker once.

    Raises:
        Denied: The code's person is gone.
        NotFound: The recording has been erased.
    """
    if holder.person is None:
        raise Denied
    waiting = {asked.id for asked in access_asks.open_of(tx, holder.recording)}
    recording = recordings.recording(tx, holder.recording)
    days = timedelta(days=jurisdiction(tx, recording.jurisdiction).access_days)
    due_on = today(tx, recording.jurisdiction) + days
    asked = access_asks.ask(tx, recording.id, holder.person, due_on=due_on)
    if asked.id not in waiting:
        audit.append(tx, actor=holder.person, action="access_asked", subject=recording.id)
        notifications.notify(
            tx,
            [recording.owner],
            NotificationKind.ACCESS_ASKED,
            recording=recording.id,
            about=asked.id,
        )
    return asked


def take_receipt(
    tx: Transaction, holder: CodeHolder, *, language: str, settings: Settings
) -> Receipt:
    """Make a person's own receipt, with a new code to the same page.

    Raises:
        Denied: The holder is not on the roster.
        NothingAnswered: The person has not answered yet.
        NotFound: The recording is being or has been erased.
    """
    person = voice_of(tx, holder).person
    recording = recordings.recording(tx, holder.recording)
    reader = Reader(tx, recording, person, language, settings)
    code = consent_codes.issue(tx, recording.id, person.person, by=UserId(person.person))
    account = account_of(reader, code=code)
    if not account.answers:
        raise NothingAnswered
    made = Receipt(new_id(), account, code)
    audit.append(
        tx,
        actor=person.person,
        action="receipt_issued",
        subject=recording.id,
        detail={"person": person.person, "receipt": made.id},
    )
    return made


def _voice_that_counts(tx: Transaction, holder: CodeHolder) -> Voice:
    voice = voice_of(tx, holder)
    if not voice.counts:
        raise Denied
    return voice


def _put_down(
    tx: Transaction, voice: Voice, purpose: Purpose, event: Event, *, shown: Shown
) -> None:
    recording = recordings.recording(tx, voice.question.recording)
    evidence = Evidence(
        id=EvidenceId(new_id()),
        recording=recording.id,
        person=voice.person.person,
        purpose=purpose,
        event=event,
        at=tx.at,
        method=Method.DIGITAL,
        valid_from=voice.question.recorded_on,
        language=shown.language,
        notice=shown.notice,
        place=Place.ONLINE,
    )
    settle_answer(tx, evidence, actor=voice.person.person)
    notifications.notify(
        tx, [recording.owner], _TOLD[event], recording=recording.id, about=evidence.id
    )
