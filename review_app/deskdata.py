"""What the desk and the joint room show, put together for one person at one moment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from consent.errors import ConsentError
from consent.model import Role
from review_app.commands.access import Access
from review_app.commands.correcting import Desk
from review_app.overview import age_on, facts_of
from review_app.supervision.cycle import step_of, waits_for
from review_app.supervision.wishes import wished_for
from review_app.translation import Translate
from review_app.words import PHASE_WORDS, because
from storage import (
    accounts,
    annotations,
    consent_ledger,
    corrections,
    cycles,
    goals,
    jurisdictions,
    notes,
    parts,
    phases,
    recordings,
)
from storage.codebooks.model import Severity, id_in
from storage.errors import NotFound, StorageError
from storage.home import Home
from storage.media import document_of, transcript_of
from storage.own_text import own_text_key
from storage.records import (
    BlobRole,
    Minutes,
    Note,
    Phase,
    Recording,
    Side,
    Stage,
    StageRun,
    Tag,
    Transcript,
    Turn,
    UserId,
    Verdict,
)
from storage.site_codebooks import CONVERSATION, Books, codebooks_of
from storage.transaction import Transaction

_JUDGED = (Verdict.CONFIRMED, Verdict.DISMISSED)


def desk_of(home: Home, access: Access, *, say: Translate) -> dict[str, Any]:
    """Return the desk document of a recording (see ``routes.desk``)."""
    tx, permit, recording = access.tx, access.permit, access.recording
    cycle = cycles.cycle_of(tx, recording.id)
    supervisor = access.side is Side.SUPERVISOR
    open_to_me = supervisor or cycle.released_at is not None
    chosen = annotations.sequences_of(tx, permit)
    minutes = cycles.minutes_of(tx, permit)
    language = access.user.language
    books = Books(tx)
    shown = codebooks_of(tx, access.course.package)
    tags = [
        tag
        for tag in annotations.tags_of(tx, permit)
        if id_in(tag.codebook) in {book.id for book in shown}
        and tag.verdict is not Verdict.DISMISSED
        and (open_to_me or tag.by == access.user.id)
    ]
    transcript = _transcript(home, access)
    turns = transcript.turns if transcript is not None else ()
    written = notes.notes_of(tx, permit, reader=access.user.id)
    two = (access.course.caseworker, access.course.supervisor)
    people = accounts.people_named(tx, (*two, *(note.by for note in written)))
    accepted = verdicts_so_far(access) if supervisor else Counter()
    other = access.course.caseworker if supervisor else access.course.supervisor
    document: dict[str, Any] = {
        "recording": _recording(access, rehearsal=transcript is not None and transcript.rehearsal),
        "me": {"id": access.user.id, "name": access.user.name, "side": access.side},
        "other": {"id": other, "name": people[other].name},
        "wish": cycle.wish,
        "last_plan": _last_plan(cycles.previous_minutes(tx, recording.id)),
        "turns": [turn_as_shown(turn) for turn in turns],
        "text": _text(home, access, transcript),
        "segments": [
            {
                "id": s.id,
                "start_ms": s.start_ms,
                "end_ms": s.end_ms,
                "phase": s.phase,
                "label": say(PHASE_WORDS.get(s.phase, s.phase)),
                "reason": because(s.reason, say=say),
                "verdict": s.verdict,
            }
            for s in phases.segments_of(tx, permit)
        ],
        "phases": [{"phase": name, "label": say(PHASE_WORDS[name])} for name in Phase],
        "tags": [_tag(tag, books=books, language=language, say=say) for tag in tags],
        "books": [{"id": book.id, "title": book.title(language)} for book in shown],
        "codes": [
            {
                "book": book.id,
                "code": code.code,
                "label": code.text(language).short,
                "key": code.key,
                "description": code.text(language).description,
                "modifiers": [
                    {"modifier": modifier, "label": label}
                    for modifier, label in zip(
                        code.modifiers, code.text(language).modifiers, strict=True
                    )
                ],
                "safeguarding": code.severity is Severity.SAFEGUARDING,
                "accepted": accepted[book.id, code.code, Verdict.CONFIRMED],
                "judged": sum(accepted[book.id, code.code, said] for said in _JUDGED),
            }
            for book in shown
            for code in book.in_use
        ],
        "sequences": [s for s in chosen if open_to_me or s.by == access.user.id],
        "notes": [
            note_as_shown(note, people={p.id: p.name for p in people.values()}) for note in written
        ],
        "answers": notes.answers_of(tx, permit) if not supervisor or cycle.answers_sent_at else [],
        "cycle": cycle,
        "minutes": minutes,
        "goals": [
            {"id": goal.id, "goal": goal.goal, "aside": goal.closed_at is not None}
            for goal in goals.goals_of(tx, access.course.id)
        ],
        "waveform": _optional(home, access, BlobRole.WAVEFORM, []),
        "movement": _optional(home, access, BlobRole.MOVEMENT, None),
        "thumbnails": _thumbnails(home, access),
        "suggestions": suggestions(
            [tag for tag in tags if id_in(tag.codebook) == CONVERSATION],
            turns,
            books=books,
            language=language,
            wished=wished_for(cycle.wish, codebook=books.current, language=recording.language),
            say=say,
        )
        if supervisor
        else [],
    }
    return document


def verdicts_so_far(access: Access) -> Counter[tuple[str, str, Verdict]]:
    """Return the verdicts on suggestions by codebook and code, in the course's conversations.

    Only of those to which everyone agrees at this moment; no other course's enter.
    """
    found: Counter[tuple[str, str, Verdict]] = Counter()
    for each in annotations.judged_recordings(access.tx, access.course.id):
        with suppress(ConsentError, StorageError):
            found += annotations.verdicts_on(access.tx, consent_ledger.permit(access.tx, each))
    return found


def status_of(tx: Transaction, recording: Recording, *, side: Side) -> dict[str, Any]:
    """Return where a recording stands: what the two may know even while it is locked."""
    facts, gaps = facts_of(tx, recording)
    step = step_of(facts)
    return {
        "step": step,
        "waits_for_me": waits_for(step, side),
        "received": facts.received,
        "camera_cleared_at": None if facts.erased else cycles.camera_cleared_at(tx, recording.id),
        "parts": [
            {"id": part.id, "kind": part.kind, "received": part.blob is not None}
            for part in parts.parts_of(tx, recording.id)
        ],
        "gaps": gaps,
        "own_text": own_text_key(tx, recording.id) is not None,
        "stages": [
            {
                "stage": run.stage,
                "state": run.state,
                "fraction": run.fraction,
                "error": _code(run.error),
                "file": _file(run),
            }
            for run in facts.stages
        ],
    }


def note_as_shown(note: Note, *, people: Mapping[UserId, str]) -> dict[str, Any]:
    """Return a note as the desk document has it."""
    return {
        "id": note.id,
        "by": note.by,
        "by_name": people.get(note.by, ""),
        "at_ms": note.at_ms,
        "kind": note.kind,
        "visibility": note.visibility,
        "text": note.text,
        "revision": note.revision,
        "written_at": note.written_at,
        "sequence": note.sequence,
        "rests_on": note.rests_on,
    }


def _code(error: str | None) -> str | None:
    """Return what an error is told by; an id may follow it, which is for the command line."""
    return error and error.partition(":")[0]


def _file(run: StageRun) -> int | None:
    """Return which of a film's files could not be joined, from 1, where it is one of them."""
    number = (run.error or "").partition(":")[2]
    return int(number) if run.stage is Stage.JOIN and number.isdecimal() else None


def suggestions(
    tags: Sequence[Tag],
    turns: Sequence[Turn],
    *,
    books: Books,
    language: str,
    wished: Mapping[str, Sequence[str]],
    say: Translate,
) -> list[dict[str, Any]]:
    """Return moments worth a look: the surest open suggestion of each code.

    Those whose code the wish speaks of come first, by how many of its words, which are told;
    what fits it alike, or not, comes in film order.
    """
    by_code: dict[str, list[Tag]] = {}
    for tag in tags:
        if tag.verdict is Verdict.SUGGESTED:
            by_code.setdefault(tag.code, []).append(tag)
    surest = [
        max(group, key=lambda tag: (tag.confidence, -tag.start_ms)) for group in by_code.values()
    ]
    return [
        {
            "id": tag.id,
            "code": tag.code,
            "start_ms": max(0, tag.start_ms - 5_000),
            "end_ms": tag.end_ms + 10_000,
            "title": books.label_of(tag, language=language),
            "reason": quoted(words_between(turns, tag.start_ms, tag.end_ms))
            or because(tag.reason, say=say),
            "kind": "open_question",
            "wished": wished.get(tag.code, ()),
        }
        for tag in sorted(surest, key=lambda tag: (-len(wished.get(tag.code, ())), tag.start_ms))
    ]


def _recording(access: Access, *, rehearsal: bool) -> dict[str, Any]:
    recording = access.recording
    roster = consent_ledger.roster_of(access.tx, recording.id)
    born = next((p.birth_date for p in roster if p.role is Role.YOUTH), None)
    day = jurisdictions.day_in(access.tx, recording.jurisdiction, moment=recording.recorded_at)
    return {
        "id": recording.id,
        "number": recording.number,
        "youth_letter": recording.youth_letter,
        "youth_age": age_on(day, born),
        "recorded_at": recording.recorded_at,
        "duration_ms": recording.duration_ms,
        "language": recording.language,
        "package": access.course.package,
        "rehearsal": rehearsal,
        "has_video": bool(recordings.blobs_of(access.tx, recording.id, BlobRole.PROXY)),
    }


def _transcript(home: Home, access: Access) -> Transcript | None:
    try:
        return transcript_of(home, access.tx, access.permit)
    except NotFound:
        return None


def _text(home: Home, access: Access, shown: Transcript | None) -> dict[str, Any] | None:
    """Return which text is shown and how new it is, and a newer one that waits for a decision."""
    if shown is None:
        return None
    newer = Desk(home, access).offered(corrections.corrections_of(access.tx, access.permit))
    return {"version": shown.version, "revision": shown.revision, "newer": newer}


def quoted(words: str) -> str:
    """Return words as they are quoted on the page; nothing stays nothing."""
    return f"”{words}”" if words else ""


def words_between(turns: Sequence[Turn], start_ms: int, end_ms: int) -> str:
    """Return the words said in a stretch: what a suggestion points at; none in a silence."""
    said = (
        word.text
        for turn in turns
        if turn.start_ms < end_ms and start_ms < turn.end_ms
        for word in turn.words
        if word.start_ms < end_ms and start_ms < word.end_ms
    )
    return " ".join(said)


def turn_as_shown(turn: Turn) -> dict[str, Any]:
    """Return a turn as the desk document has it."""
    return {
        "index": turn.index,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "speaker": turn.speaker,
        "kind": turn.kind,
        "doubts": sorted(turn.doubts),
        "speaker_confidence": turn.speaker_confidence,
        "words": [
            (word.start_ms, word.end_ms, word.text, round(word.probability, 2))
            for word in turn.words
        ],
    }


def _tag(tag: Tag, *, books: Books, language: str, say: Translate) -> dict[str, Any]:
    text = books.text_of(tag, language=language)
    return {
        "id": tag.id,
        "code": tag.code,
        "label": books.label_of(tag, language=language),
        "description": text.description if text is not None else "",
        "book": id_in(tag.codebook),
        "codebook": tag.codebook,
        "modifier": tag.modifier,
        "start_ms": tag.start_ms,
        "end_ms": tag.end_ms,
        "origin": tag.origin,
        "verdict": tag.verdict,
        "confidence": tag.confidence,
        "reason": because(tag.reason, say=say),
    }


def _last_plan(previous: Minutes | None) -> dict[str, Any] | None:
    if previous is None:
        return None
    plan = previous.plan
    return {
        "will_try": plan.will_try,
        "will_notice": plan.will_notice,
        "with_whom": plan.with_whom,
        "goal": plan.goal,
        "what_happened": plan.what_happened,
    }


def _thumbnails(home: Home, access: Access) -> dict[str, Any] | None:
    quality = _optional(home, access, BlobRole.QUALITY, {})
    strip = quality.get("thumbnails")
    if not strip:
        return None
    return {**strip, "url": f"/api/recordings/{access.id}/thumbnails"}


def _optional(home: Home, access: Access, role: BlobRole, otherwise: Any) -> Any:  # noqa: ANN401 - JSON
    try:
        return document_of(home, access.tx, access.permit, role)
    except NotFound:
        return otherwise
