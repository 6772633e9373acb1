"""Tag: codebook keywords, as suggestions by rules and learner, with reasons. People judge."""

from consent.errors import ConsentError
from consent.model import RecordingId
from pipeline.analysis.learner import Learned, label_of_code, suggest
from pipeline.analysis.site_learning import Example, adjusted, unpack
from pipeline.analysis.traits import LAYOUT
from pipeline.dialogues.base_model import base_model
from pipeline.stages.workshop import Workshop
from storage import annotations, consent_ledger, lessons, site_codebooks
from storage.errors import StorageError
from storage.home import Home
from storage.identity import new_id
from storage.records import Tag, TagId


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Suggest keywords of every codebook as the site has it; what people have judged stays."""
    permit = shop.permit(recording)
    transcript = shop.transcript(permit)
    with shop.home.reading() as tx:
        books = site_codebooks.codebooks(tx)
    suggestions = suggest(
        transcript.turns,
        books,
        language=transcript.language,
        learned=learned_here(shop.home),
    )
    tags = [
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
        for suggestion in suggestions
    ]
    with shop.home.transaction() as tx:
        annotations.replace_suggestions(tx, recording, tags=tags)


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
