"""Tag: codebook keywords, as suggestions by rules and learner, with reasons. People judge."""

from consent.model import RecordingId
from pipeline.analysis.learner import suggest
from pipeline.dialogues.base_model import base_model
from pipeline.stages.workshop import Workshop
from storage import annotations
from storage.codebooks.shipped import shipped_codebooks
from storage.identity import new_id
from storage.records import Tag, TagId


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Suggest keywords of every shipped codebook; what people have set or judged stays."""
    permit = shop.permit(recording)
    transcript = shop.transcript(permit)
    suggestions = suggest(
        transcript.turns, shipped_codebooks(), language=transcript.language, learned=base_model()
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
