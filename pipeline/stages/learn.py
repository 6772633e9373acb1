"""Learn: what judged suggestions teach. Asked for by verdicts, never a step of processing.

What is kept are traits of the judged turns, sealed with the recording's own key. The model that
follows from them is made where it is used (``pipeline.stages.tag``).
"""

from collections.abc import Iterator, Sequence

from consent.model import RecordingId
from pipeline.analysis.evidence import evidence_of, label_of_code
from pipeline.analysis.site_learning import pack
from pipeline.analysis.traits import LAYOUT
from pipeline.stages.workshop import Workshop
from storage import lessons
from storage.codebooks.shipped import shipped_codebooks
from storage.records import Tag, TagId, Transcript, Turn


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Keep what the verdicts teach that were given since the last time."""
    permit = shop.permit(recording)
    with shop.home.reading() as tx:
        judged = lessons.unlearned(tx, permit, layout=LAYOUT)
    taught = [tag for tag in judged if label_of_code(tag.codebook, tag.code)]
    traits = dict(_packed(taught, shop.transcript(permit))) if taught else {}
    with shop.home.transaction() as tx:
        lessons.keep_lessons(tx, permit, traits, layout=LAYOUT)


def _packed(tags: Sequence[Tag], transcript: Transcript) -> Iterator[tuple[TagId, bytes]]:
    """Yield the traits of the turn that each suggestion stands in."""
    evidence = evidence_of(transcript.turns, shipped_codebooks(), language=transcript.language)
    for tag in tags:
        row = max(
            range(len(transcript.turns)), key=lambda at: _shared_ms(tag, transcript.turns[at])
        )
        yield tag.id, pack(evidence.traits[[row]])


def _shared_ms(tag: Tag, turn: Turn) -> int:
    return min(tag.end_ms, turn.end_ms) - max(tag.start_ms, turn.start_ms)
