"""The papers about an answer: what a person is told before it, and what they keep after it.

They are made while the recording is locked too, for that is when people are asked. Nothing on
them comes from the film.
"""

from dataclasses import dataclass
from typing import Any

from consent import receipt
from consent.errors import NothingAnswered
from consent.model import Participant, PersonId, RecordingId
from consent.notices import LANGUAGES, Notice, audience_for, fill
from consent.receipt import Account, Controller, answers_of
from review_app.commands.access import relation_to
from review_app.permissions import check_may_record_consent
from storage import audit, consent_codes, consent_ledger, notices
from storage.errors import NotFound
from storage.identity import new_id
from storage.jurisdictions import jurisdiction, today
from storage.records import Recording, User
from storage.settings import Settings
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Reader:
    """One person in a recording and how they are written to, for one transaction.

    Attributes:
        language: In which the papers are; the recording's where it is not one of ours.
        settings: Who is responsible, and where the public page is.
    """

    tx: Transaction
    recording: Recording
    person: Participant
    language: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was made for someone.

    Attributes:
        code: The new code to the person's page, known from here on to nobody but its holder.
    """

    id: str
    account: Account
    code: str


def reader_of(
    tx: Transaction,
    user: User,
    recording: RecordingId,
    person: PersonId,
    *,
    language: str,
    settings: Settings,
) -> Reader:
    """Return a person in a recording whose papers the caseworker makes.

    Raises:
        Denied: The recording is not the caseworker's own.
        NotFound: The person is not on its roster, or it is being or has been erased.
    """
    found = relation_to(tx, user, recording).recording
    check_may_record_consent(user, recording=found)
    consent_ledger.check_here(tx, recording)
    for participant in consent_ledger.roster_of(tx, recording):
        if participant.person == person:
            return Reader(tx, found, participant, language, settings)
    raise NotFound


def print_notice(user: User, reader: Reader) -> Notice:
    """Return what a person is told today, noted as printed."""
    notice = notice_for(reader)
    _note(user, "notice_printed", reader, notice=notice.version)
    return notice


def issue_receipt(user: User, reader: Reader) -> Receipt:
    """Make a receipt with a new code to the person's page.

    Raises:
        NothingAnswered: The person has not answered yet.
    """
    code = consent_codes.issue(reader.tx, reader.recording.id, reader.person.person, by=user.id)
    account = account_of(reader, code=code)
    if not account.answers:
        raise NothingAnswered
    made = Receipt(new_id(), account, code)
    _note(user, "receipt_issued", reader, receipt=made.id)
    return made


def hand_over_receipt(user: User, reader: Reader) -> dict[str, Any]:
    """Return a receipt as JSON-LD, noted as given out; it names the page, and no code.

    Raises:
        NothingAnswered: The person has not answered yet.
    """
    document = receipt_of(reader, id_=new_id())
    _note(user, "receipt_issued", reader, receipt=document["dpv:hasIdentifier"])
    return document


def notice_for(reader: Reader) -> Notice:
    """Return what a person is told today, with the site's and the country's facts in it."""
    code = reader.recording.jurisdiction
    rules = jurisdiction(reader.tx, code)
    contact = (reader.settings.controller, reader.settings.controller_contact)
    known = reader.language in LANGUAGES
    return fill(
        notices.notice(
            audience_for(reader.person, on=today(reader.tx, code), jurisdiction=rules),
            language=reader.language if known else reader.recording.language,
        ),
        days=rules.retention_days,
        authority=str(notices.authority(code)),
        contact=", ".join(part for part in contact if part),
    )


def record_of(reader: Reader) -> dict[str, Any]:
    """Return the record of a person's answers as JSON-LD, as the authority keeps it.

    Raises:
        NothingAnswered: The person has not answered yet.
    """
    return receipt.record(account_of(reader))


def receipt_of(reader: Reader, *, id_: str) -> dict[str, Any]:
    """Return a receipt of a person's answers as JSON-LD.

    Raises:
        NothingAnswered: The person has not answered yet.
    """
    return receipt.receipt(account_of(reader), id_=id_)


def account_of(reader: Reader, *, code: str = "") -> Account:
    """Return a person's answers with all that a record must say beside them.

    Args:
        reader: Whose.
        code: The person's own code, where it may be told.
    """
    recording, settings = reader.recording, reader.settings
    page = f"{settings.address()}/s/"
    return Account(
        recording=recording.id,
        person=reader.person,
        answers=answers_of(reader.person, consent_ledger.evidence_of(reader.tx, recording.id)),
        notice=notice_for(reader),
        jurisdiction=jurisdiction(reader.tx, recording.jurisdiction),
        authority=notices.authority(recording.jurisdiction),
        controller=Controller(
            name=settings.controller,
            address=settings.controller_address,
            contact=settings.controller_contact,
            page=page,
        ),
        page=f"{page}{code}",
        erase_after=consent_ledger.erase_day(reader.tx, recording.id),
        at=reader.tx.at,
    )


def _note(user: User, action: str, reader: Reader, **detail: str) -> None:
    audit.append(
        reader.tx,
        actor=user.id,
        action=action,
        subject=reader.recording.id,
        detail={"person": reader.person.person, **detail},
    )
