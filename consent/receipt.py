"""The record of a person's answers, and the receipt they keep, as JSON-LD. Pure, plain JSON.

The fields are those of a consent record, the terms those of the W3C vocabulary; a person is a
role and an opaque id, never a name. The context is written out, so nothing is fetched to read it.

Source: ISO/IEC TS 27560:2023 in terms of the Data Privacy Vocabulary 2.3, after the guide
"Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" (W3C DPVCG).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from consent.days import day_of
from consent.errors import NothingAnswered
from consent.gate import is_minor
from consent.model import (
    Event,
    Evidence,
    Jurisdiction,
    Participant,
    Purpose,
    RecordingId,
    Role,
    Scope,
)
from consent.notices import Authority, Notice

CONTEXT: Final[Mapping[str, object]] = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:conformsTo": {"@type": "@id"},
    "dct:issued": {"@type": "xsd:dateTime"},
    "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime"},
    "schema:endDate": {"@type": "xsd:date"},
    "schema:duration": {"@type": "xsd:duration"},
    "schema:url": {"@type": "@id"},
    "dpv:isExercisedAt": {"@type": "@id"},
}
_SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#"
_SUBJECT: Final = "_:subject"
_STATUS: Final = {
    Event.GIVEN: "dpv:ConsentGiven",
    Event.REFUSED: "dpv:ConsentRefused",
    Event.RECONFIRMED: "dpv:RenewedConsentGiven",
    Event.WITHDRAWN: "dpv:ConsentWithdrawn",
    Event.EXPIRED: "dpv:ConsentExpired",
    Event.INVALIDATED: "dpv:ConsentInvalidated",
}
_PURPOSE: Final = {
    Purpose.SUPERVISION: "dpv:ImprovePublicServices",
    Purpose.GROUP: "dpv:ImprovePublicServices",
    Purpose.TRAINING: "dpv:ImprovePublicServices",
    Purpose.RESEARCH: "dpv:ScientificResearch",
    Purpose.STATISTICS: "dpv:ServiceOptimisation",
}
_ORIGIN: Final = {
    Scope.AUDIO: "dpv:CollectedPersonalData",
    Scope.VIDEO: "dpv:CollectedPersonalData",
    Scope.TRANSCRIPT: "dpv:DerivedPersonalData",
}
_RECIPIENTS: Final = {
    Purpose.SUPERVISION: ("caseworker", "supervisor"),
    Purpose.GROUP: ("caseworker", "supervisor", "other caseworkers"),
    Purpose.TRAINING: ("caseworker", "supervisor", "other caseworkers"),
    Purpose.RESEARCH: ("researcher",),
    Purpose.STATISTICS: ("department, as sums",),
}
_RIGHTS: Final = ("access", "rectification", "erasure", "withdrawal", "complaint")


@dataclass(frozen=True, slots=True)
class Controller:
    """The authority that answers for the data.

    Attributes:
        address: Its postal address.
        contact: Telephone or e-mail of a human.
        page: The public consent page, where everything can be asked for.
    """

    name: str
    address: str
    contact: str
    page: str


@dataclass(frozen=True, slots=True)
class Account:
    """One person's answers about one recording, with all that a record must say beside them.

    Attributes:
        answers: All of this person's answers about this recording.
        notice: What this person is told today.
        page: Where this person sees and withdraws them; the own code may be part of it.
        erase_after: The day from which the recording erases itself.
        at: The moment the account speaks for.
    """

    recording: RecordingId
    person: Participant
    answers: tuple[Evidence, ...]
    notice: Notice
    jurisdiction: Jurisdiction
    authority: Authority
    controller: Controller
    page: str
    erase_after: date | None
    at: datetime

    @property
    def id(self) -> str:
        """The record's identifier: which recording, which person."""
        return f"{self.recording}.{self.person.person}"


def record(account: Account) -> dict[str, Any]:
    """Return the record of a person's answers, as the authority keeps it.

    Raises:
        NothingAnswered: This person has not answered yet.
    """
    return _document(account, kind="dpv:ConsentRecord", schema="record-eu-gdpr", id_=account.id)


def receipt(account: Account, *, id_: str) -> dict[str, Any]:
    """Return the receipt of a person's answers, for the person to keep.

    Args:
        account: The answers and what belongs to them.
        id_: The receipt's own identifier; each one handed out has another.

    Raises:
        NothingAnswered: This person has not answered yet.
    """
    return _document(account, kind="dpv:ConsentReceipt", schema="receipt-eu-gdpr", id_=id_) | {
        "dct:source": account.id
    }


def answers_of(person: Participant, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return one person's answers out of everybody's."""
    return tuple(answer for answer in evidence if answer.person == person.person)


def _document(account: Account, *, kind: str, schema: str, id_: str) -> dict[str, Any]:
    if not account.answers:
        raise NothingAnswered
    in_order = sorted(account.answers, key=lambda e: (e.at, e.id))
    return {
        "@context": dict(CONTEXT),
        "@type": kind,
        "dct:conformsTo": _SCHEMA + schema,
        "dpv:hasIdentifier": id_,
        "dct:issued": account.at.isoformat(),
        "dpv:hasDataSubject": _subject(account),
        "dpv:hasNotice": _notices(account),
        "dpv:hasProcess": [
            _process(account, purpose, answers=answers)
            for purpose in Purpose
            if (answers := [e for e in in_order if e.purpose == purpose])
        ],
    }


def _subject(account: Account) -> dict[str, Any]:
    kinds = ["dpv:DataSubject"]
    if account.person.role is Role.YOUTH:
        minor = is_minor(
            account.person,
            on=day_of(account.at, account.jurisdiction),
            jurisdiction=account.jurisdiction,
        )
        kinds.append("dpv:Child" if minor else "dpv:Adult")
    elif account.person.role is Role.CUSTODY_HOLDER:
        kinds.append("dpv:GuardianOfDataSubject")
    return {
        "@id": _SUBJECT,
        "@type": kinds,
        "dpv:hasIdentifier": account.person.person,
        "dct:title": account.person.role.value,
    }


def _notices(account: Account) -> list[dict[str, Any]]:
    """Return the versions that were shown, and today's where it is another."""
    shown = sorted({(e.notice, e.language) for e in account.answers if e.notice})
    today = (account.notice.version, account.notice.language)
    return [
        {
            "@type": "dpv:ConsentNotice",
            "dpv:hasIdentifier": version,
            "dct:language": language,
            "dpv:hasNoticeStatus": {"@id": f"dpv:{status}"},
        }
        for (version, language), status in (
            *((pair, "NoticeCommunicated") for pair in shown),
            *(() if today in shown else ((today, "NoticeGenerated"),)),
        )
    ]


def _process(account: Account, purpose: Purpose, *, answers: list[Evidence]) -> dict[str, Any]:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": ["dpv:Purpose", _PURPOSE[purpose]],
            "dct:identifier": purpose.value,
            "dct:title": {
                "@value": account.notice.purposes[purpose].title,
                "@language": account.notice.language,
            },
        },
        "dpv:hasPersonalData": [
            _personal_data(scope, purpose=purpose) for scope in sorted(answers[-1].scope)
        ],
        "dpv:hasProcessing": [{"@type": "dpv:Record"}, {"@type": "dpv:Store"}],
        "dpv:hasStorageCondition": _storage(account),
        "dpv:hasDataController": _controller(account.controller),
        "dpv:hasRecipient": [_recipient(role, account.controller) for role in _RECIPIENTS[purpose]],
        "dpv:hasJurisdiction": {
            "@type": ["dpv:Jurisdiction", "dpv:Country"],
            "dpv:hasIdentifier": account.jurisdiction.code,
            "dpv:hasAuthority": {
                "@type": "dpv:DataProtectionAuthority",
                "dpv:hasName": account.authority.name,
                "schema:url": account.authority.address,
            },
        },
        "dpv:hasRight": [
            {
                "@type": "dpv:DataSubjectRight",
                "dct:title": right,
                "dpv:isExercisedAt": (
                    account.authority.address if right == "complaint" else account.page
                ),
            }
            for right in _RIGHTS
        ],
        "dpv:hasConsentControl": [
            {"@type": kind, "schema:url": account.page}
            for kind in ("dpv:WithdrawConsent", "dpv:ProvideConsent")
        ],
        "dpv:hasLegalBasis": {
            "@type": "dpv:ExplicitlyExpressedConsent",
            "dpv:hasConsentStatus": [_event(answer) for answer in answers],
        },
    }


def _personal_data(scope: Scope, *, purpose: Purpose) -> dict[str, Any]:
    kinds = ["dpv:SpecialCategoryPersonalData", _ORIGIN[scope]]
    if purpose is Purpose.RESEARCH:
        kinds.append("dpv:PseudonymisedData")
    return {"@type": kinds, "dct:identifier": scope.value, "dct:title": scope.value}


def _storage(account: Account) -> list[dict[str, Any]]:
    until = (
        {"@type": "dpv:UntilTimeDuration", "schema:endDate": account.erase_after.isoformat()}
        if account.erase_after
        else {
            "@type": "dpv:TemporalDuration",
            "schema:duration": f"P{account.jurisdiction.retention_days}D",
        }
    )
    return [
        {"@type": "dpv:StorageDuration", "dpv:hasDuration": until},
        {
            "@type": "dpv:StorageLocation",
            "dpv:hasLocation": {
                "@type": "dpv:LocalLocation",
                "dct:title": f"with {account.controller.name}, {account.jurisdiction.code}",
            },
        },
        {
            "@type": "dpv:StorageDeletion",
            "dct:title": "by itself at the end, at once on withdrawal; the key is destroyed",
        },
    ]


def _controller(controller: Controller) -> dict[str, Any]:
    return {
        "@type": "dpv:DataController",
        "dpv:hasName": controller.name,
        "dpv:hasIdentifier": controller.page,
        "schema:contactPoint": _contact(controller),
    }


def _recipient(role: str, controller: Controller) -> dict[str, Any]:
    """Return a recipient by role: the person behind it is reached through the authority."""
    return {
        "@type": "dpv:Recipient",
        "dpv:hasName": role,
        "dpv:hasIdentifier": f"{controller.page}#{role.partition(' ')[0]}",
        "schema:contactPoint": _contact(controller),
    }


def _contact(controller: Controller) -> list[dict[str, Any]]:
    by = "schema:email" if "@" in controller.contact else "schema:telephone"
    return [
        {
            "@type": "schema:ContactPoint",
            "schema:name": controller.name,
            "schema:url": controller.page,
        }
        | ({by: controller.contact} if controller.contact else {}),
        {"@type": "schema:PostalAddress", "schema:name": controller.name}
        | ({"schema:streetAddress": controller.address} if controller.address else {}),
    ]


def _event(answer: Evidence) -> dict[str, Any]:
    return {
        "@type": _STATUS[answer.event],
        "dpv:isIndicatedAtTime": answer.at.isoformat(),
        "dpv:hasDuration": (
            {"@type": "dpv:UntilTimeDuration", "schema:endDate": answer.valid_until.isoformat()}
            if answer.valid_until
            else {"@type": "dpv:UntilEventDuration", "dct:title": "withdrawal or erasure"}
        ),
        "dpv:isIndicatedBy": {"@id": _SUBJECT},
        "dpv:hasIndicationMethod": {
            "dct:title": answer.method.value,
            "dct:spatial": answer.place.value,
        },
    }
