"""Index: make the transcript findable by its own two people."""

from consent.model import RecordingId
from pipeline.stages.workshop import Workshop
from storage import recordings
from storage.search import Passage

VERSION = "1"


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Put the turns in the search index; with this last stage the time of review begins."""
    permit = shop.permit(recording)
    transcript = shop.transcript(permit)
    shop.home.search.put(
        recording,
        [Passage("turn", str(turn.index), turn.start_ms, turn.text) for turn in transcript.turns],
        language=transcript.language,
    )
    with shop.home.transaction() as tx:
        recordings.keep_for_review(tx, permit)
