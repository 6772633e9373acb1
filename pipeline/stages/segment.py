"""Segment: the phases of the conversation, as suggestions with their reasons."""

from consent.model import RecordingId
from pipeline.analysis.phases import suggest_phases
from pipeline.dialogues.base_model import base_phases
from pipeline.stages.workshop import Workshop
from storage import annotations
from storage.identity import new_id
from storage.records import Segment, SegmentId


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Suggest where one phase ends and the next begins."""
    permit = shop.permit(recording)
    transcript = shop.transcript(permit)
    phases = suggest_phases(
        transcript.turns,
        language=transcript.language,
        learned=base_phases(),
        duration_ms=shop.recording(recording).duration_ms,
    )
    segments = [
        Segment(
            id=SegmentId(new_id()),
            recording=recording,
            start_ms=phase.start_ms,
            end_ms=phase.end_ms,
            phase=phase.phase,
            reason=phase.reason,
        )
        for phase in phases
    ]
    with shop.home.transaction() as tx:
        annotations.replace_suggestions(tx, recording, segments=segments)
