"""Measure: figures of the conversation, and how far two people agree. Asked for, never a step.

It is no part of processing: what people confirm changes the figures, so they are counted when
somebody looks at them and what they were made from has changed.
"""

from consent.model import RecordingId
from pipeline.analysis.agreement import agreement_document
from pipeline.analysis.measures.everything import measures_document
from pipeline.stages.workshop import Workshop
from storage import annotations, measuring
from storage.codebooks.model import id_in
from storage.media import marked_text, transcript_of
from storage.records import BlobRole
from storage.site_codebooks import CONVERSATION


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Count everything from what there is now, and keep it as one document."""
    permit = shop.permit(recording)
    with shop.home.reading() as tx:
        transcript = transcript_of(shop.home, tx, permit)
        marks = annotations.tags_of(tx, permit)
        compared = measuring.finished_by_both(tx, permit)
        texts = {coding.id: marked_text(shop.home, tx, permit, coding) for coding, _ in compared}
    tags = tuple(tag for tag in marks if id_in(tag.codebook) == CONVERSATION)
    made_from = measuring.fingerprint(
        tags,
        text=(transcript.version, transcript.revision),
        compared=[coding for coding, _ in compared],
    )
    document = measures_document(transcript.turns, tags, language=transcript.language)
    agreement = {
        coding.id: agreement_document(coding, sheets, turns=texts[coding.id])
        for coding, sheets in compared
    }
    shop.save_document(
        permit,
        BlobRole.MEASURES,
        document | {"made_from": made_from, "agreement": agreement},
    )
