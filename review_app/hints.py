"""What a first look at sound and picture found, in words: of a film, or of a test before it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from consent.errors import ConsentError
from consent.gate import Permit
from consent.model import RecordingId
from review_app.translation import Translate
from review_app.words import FAILURE_WORDS, HINT_WORDS, TRIAL_REFUSAL_WORDS, TRIAL_WORDS
from storage import consent_ledger, recordings
from storage.errors import NotFound
from storage.home import Home
from storage.media import document_of
from storage.records import BlobRole
from storage.transaction import Transaction
from storage.trials import Findings

_MOMENTS = 5
"""How many moments of a kind are named; what comes more often is heard soon enough."""


def hints_of(
    home: Home, tx: Transaction, recording: RecordingId, *, say: Translate
) -> list[dict[str, Any]]:
    """Return what may help next time; nothing while the recording is locked.

    Each hint has its words, and in ``at_ms`` the moments it begins at: none if it is about the
    whole recording.
    """
    try:
        permit = consent_ledger.permit(tx, recording)
    except (ConsentError, NotFound):
        return []
    duration_ms = recordings.recording(tx, recording).duration_ms or 0
    moments: dict[str, list[int]] = {}
    for hint in _kept(home, tx, permit):
        found = moments.setdefault(hint["code"], [])
        is_throughout = hint["start_ms"] == 0 and hint["end_ms"] >= duration_ms
        if not is_throughout and len(found) < _MOMENTS:
            found.append(hint["start_ms"])
    return [
        {"code": code, "fact": say(fact), "advice": say(advice), "at_ms": at_ms}
        for code, at_ms in moments.items()
        for fact, advice in (HINT_WORDS[code],)
    ]


def trial_words(findings: Findings, *, say: Translate) -> dict[str, Any]:
    """Return what to do before the conversation begins, as a test recording has shown.

    What is put right by itself afterwards is left out: nobody need do anything about it.
    """
    if findings.refusal:
        words = FAILURE_WORDS | TRIAL_REFUSAL_WORDS
        fact, advice = words.get(findings.refusal, words["failed"])
        return {"refused": {"fact": say(fact), "advice": say(advice)}, "hints": []}
    return {
        "refused": None,
        "hints": [
            {"fact": say(fact), "advice": say(advice)}
            for code in findings.hints
            if code in TRIAL_WORDS
            for fact, advice in (TRIAL_WORDS[code],)
        ],
    }


def _kept(home: Home, tx: Transaction, permit: Permit) -> Iterator[dict[str, Any]]:
    """Yield the hints that the stages have kept by now."""
    with suppress(NotFound):
        yield from document_of(home, tx, permit, BlobRole.ALIGNMENT)["hints"]
    with suppress(NotFound):
        yield from document_of(home, tx, permit, BlobRole.SOUND_HINTS)
    with suppress(NotFound):
        yield from document_of(home, tx, permit, BlobRole.QUALITY).get("hints", [])
