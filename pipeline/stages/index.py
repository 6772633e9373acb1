"""Index: make the transcript findable by its own two people."""

from consent.gate import Permit
from consent.model import RecordingId
from pipeline.stages.workshop import Workshop
from storage import media, recordings
from storage.home import Home
from storage.search import Passage


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Put the turns in the search index; with this last stage the time of review begins."""
    permit = shop.permit(recording)
    put_in_index(shop.home, permit)
    with shop.home.transaction() as tx:
        recordings.keep_for_review(tx, permit)


def put_in_index(home: Home, permit: Permit) -> None:
    """Make the latest text of a recording findable, in place of what was found before."""
    with home.reading() as tx:
        transcript = media.transcript_of(home, tx, permit)
    home.search.put(
        permit.recording,
        [Passage("turn", str(turn.index), turn.start_ms, turn.text) for turn in transcript.turns],
        language=transcript.language,
    )
