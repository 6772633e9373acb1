"""Tag: phases and codebook keywords, as suggestions with their reasons. People judge."""

from collections.abc import Sequence

from consent.errors import ConsentError
from consent.model import RecordingId
from pipeline.analysis.evidence import Evidence, evidence_of, label_of_code
from pipeline.analysis.learner import Learned, suggest
from pipeline.analysis.phases import suggest_phases
from pipeline.analysis.site_learning import Example, adjusted, unpack
from pipeline.analysis.traits import LAYOUT
from pipeline.dialogues.base_model import base_model, base_phases
from pipeline.stages.workshop import Workshop
from storage import annotations, consent_ledger, lessons, phases, site_codebooks
from storage.codebooks.model import Codebook
from storage.errors import StorageError
from storage.home import Home
from storage.identity import new_id
from storage.records import Segment, SegmentId, Tag, TagId


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Suggest where phases begin, and keywords of every codebook as the site has it.

    The text is read once for both. What people have judged stays.
    """
    permit = shop.permit(recording)
    transcript = shop.transcript(permit)
    with shop.home.reading() as tx:
        books = site_codebooks.codebooks(tx)
    evidence = evidence_of(transcript.turns, books, language=transcript.language)
    learned = learned_here(shop.home)
    length_ms = shop.recording(recording).duration_ms
    segments = _segments(recording, evidence, learned=learned, duration_ms=length_ms)
    tags = _tags(recording, evidence, books, learned=learned)
    with shop.home.transaction() as tx:
        phases.renew_suggestions(tx, recording, segments)
        annotations.renew_suggestions(tx, recording, tags)


def _segments(
    recording: RecordingId, evidence: Evidence, *, learned: Learned, duration_ms: int | None
) -> list[Segment]:
    found = suggest_phases(evidence, learned=learned, phases=base_phases(), duration_ms=duration_ms)
    return [
        Segment(
            id=SegmentId(new_id()),
            recording=recording,
            start_ms=phase.start_ms,
            end_ms=phase.end_ms,
            phase=phase.phase,
            reason=phase.reason,
        )
        for phase in found
    ]


def _tags(
    recording: RecordingId, evidence: Evidence, books: Sequence[Codebook], *, learned: Learned
) -> list[Tag]:
    return [
        Tag(
            id=TagId(new_id()),
            recording=recording,
            codebook=suggestion.codebook,
            code=suggestion.code,
            start_ms=suggestion.start_ms,
            end_ms=suggestion.end_ms,
            confidence=suggestion.confidence,
            reason=suggestion.reason,
        )
        for suggestion in suggest(evidence, books, learned=learned)
    ]


def learned_here(home: Home) -> Learned:
    """Return the base model, moved by what people have judged at this site.

    It is made anew for each use and kept nowhere. A recording teaches as long as everyone in it
    agrees to supervision at this moment.
    """
    base = base_model()
    examples: list[Example] = []
    with home.reading() as tx:
        for recording in lessons.teaching(tx, layout=LAYOUT):
            try:
                permit = consent_ledger.permit(tx, recording)
            except (ConsentError, StorageError):
                continue
            examples.extend(
                Example(label, lesson.accepted, unpack(lesson.traits, width=base.weights.shape[1]))
                for lesson in lessons.lessons_of(tx, permit, layout=LAYOUT)
                if (label := label_of_code(lesson.codebook, lesson.code))
            )
    return adjusted(base, examples)
