"""The access package: what is held about a person, as a file. Never content.

Source: GDPR art. 15(1) and 20(1): what is held, for whom, for how long, in a common format.
"""

from typing import Any

from consent.model import Evidence
from review_app.consent_page.standing import Look, Standing
from storage.records import Holding
from storage.settings import Settings

FORMAT = "samspil-access-1"


def package_of(standing: Standing, *, settings: Settings) -> dict[str, Any]:
    """Return a person's access package as a document for JSON."""
    recording = standing.recording
    return {
        "format": FORMAT,
        "made_on": standing.today.isoformat(),
        "controller": {
            "name": settings.controller,
            "address": settings.controller_address,
            "contact": settings.controller_contact,
        },
        "conversation": {
            "recording": recording.id,
            "day": standing.day.isoformat(),
            "length_ms": recording.duration_ms,
            "kept_until": standing.erase_on.isoformat() if standing.erase_on else None,
        },
        "person": {
            "id": standing.person.person,
            "role": standing.person.role,
            "birth_date_kept": standing.person.birth_date is not None,
        },
        "answers": [_answer(each) for each in standing.history],
        "seen_by": [_look(each) for each in standing.looks],
        "held": [_holding(each) for each in standing.holdings],
    }


def _answer(evidence: Evidence) -> dict[str, Any]:
    return {
        "purpose": evidence.purpose,
        "event": evidence.event,
        "at": evidence.at.isoformat(),
        "method": evidence.method,
        "scope": sorted(evidence.scope),
        "notice": evidence.notice,
        "language": evidence.language,
    }


def _look(look: Look) -> dict[str, Any]:
    return {
        "who": look.viewer,
        "did": look.action,
        "at": look.at.isoformat(),
        "parts_ms": [list(part) for part in look.parts],
    }


def _holding(holding: Holding) -> dict[str, Any]:
    return {
        "what": holding.name,
        "count": holding.count,
        "bytes": holding.size,
        "from": holding.first_at.isoformat() if holding.first_at else None,
        "to": holding.last_at.isoformat() if holding.last_at else None,
    }
