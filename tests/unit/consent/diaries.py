"""The gate's answer found in another way: by reading each person's diary aloud.

Days are written out and compared as texts. That is how "2026-02-29", a day that never was, lies
after 28 February and before 1 March.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from consent.gate import Question
from consent.model import Evidence, Participant

NEVER = "9999-99-99"
_ZONE = ZoneInfo("Europe/Copenhagen")
_REASK_DAYS, _SCAN_DAYS = 30, 14


def oracle_permits(
    question: Question, roster: frozenset[Participant], evidence: tuple[Evidence, ...]
) -> bool:
    """Return whether the diaries of everyone with a say allow what is asked."""
    youths = [p for p in roster if p.role == "youth"]
    if not youths or any(y.birth_date is None for y in youths):
        return False
    minor = any(written(question.at) < eighteenth(y) for y in youths)
    if minor and not [p for p in roster if p.role == "custody_holder"]:
        return False
    deciding = {"youth", "custody_holder"} if minor else {"youth"}
    return all(
        says_yes(person, question, evidence)
        for person in roster
        if person.present or person.role in deciding
    )


def says_yes(person: Participant, question: Question, evidence: tuple[Evidence, ...]) -> bool:
    """Return whether the diary ends with a yes that holds."""
    yes = last_yes(
        e
        for e in evidence
        if (e.recording, e.purpose, e.person)
        == (question.recording, question.purpose, person.person)
        and e.at <= question.at
    )
    if yes is None:
        return False
    last = NEVER if yes.valid_until is None else yes.valid_until.isoformat()
    return (
        yes.valid_from.isoformat() <= written(question.recorded_at) < last
        and written(question.at) < last
        and all(part in yes.scope for part in question.scope)
        and is_proven(yes, person, question)
        and is_of_this_age(yes, person, question)
    )


def last_yes(diary: Iterable[Evidence]) -> Evidence | None:
    """Return the yes that stands at the diary's end. A no silences its whole page."""
    yes = None
    for _, page in groupby(sorted(diary, key=lambda e: e.at), key=lambda e: e.at):
        lines = sorted(page, key=lambda e: e.id)
        for line in lines:
            if line.event == "given" or (line.event == "reconfirmed" and yes):
                yes = line
        if any(line.event not in {"given", "reconfirmed"} for line in lines):
            yes = None
    return yes


def is_proven(yes: Evidence, person: Participant, question: Question) -> bool:
    """Return whether the way it was said can be shown."""
    if yes.method == "signed_paper":
        return yes.scanned or written(question.at, less_days=_SCAN_DAYS) < written(yes.at)
    return yes.method != "spoken" or (person.present and yes.spoken_at_ms is not None)


def is_of_this_age(yes: Evidence, person: Participant, question: Question) -> bool:
    """Return whether a youth has said it as an adult, or may still be asked."""
    return (
        person.role != "youth"
        or written(yes.at) >= eighteenth(person)
        or written(question.at, less_days=_REASK_DAYS) < eighteenth(person)
    )


def written(moment: datetime, *, less_days: int = 0) -> str:
    """Return a day in Copenhagen as text."""
    noon = moment.astimezone(_ZONE).replace(hour=12)
    return (noon - timedelta(days=less_days)).strftime("%Y-%m-%d")


def eighteenth(person: Participant) -> str:
    """Return the birthday as text, even if the calendar has no such day."""
    born = person.birth_date
    return f"{born.year + 18}-{born:%m-%d}" if born else NEVER
