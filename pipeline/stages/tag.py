"""Tag: codebook keywords, as suggestions by rules and learner, with reasons. People judge."""

from consent.model import RecordingId
from pipeline.analysis.learner import suggest
from pipeline.dialogues.base_model import base_model
from pipeline.stages.workshop import Workshop
from storage import annotations, site_codebooks
from storage.identity import new_id
from storage.records import Tag, TagId


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Suggest keywords of every codebook as the site has it; what people have judged stays."""
    permit = shop.permit(recording)
    transcript = shop.transcript(permit)
    with shop.home.reading() as tx:
        books = site_codebooks.codebooks(tx)
    suggestions = suggest(
        transcript.turns, books, language=transcript.language, learned=base_model()
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
