"""Picture: small pictures for the timeline, and friendly hints about the film's light."""

from dataclasses import asdict
from itertools import accumulate

from consent.model import RecordingId
from pipeline.engines.pictures import COLUMNS, PER_SHEET, look_through
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Make the sheets of thumbnails and look at the key frames' quality, in one pass."""
    permit = shop.permit(recording)
    length_ms = shop.recording(recording).duration_ms or 0
    with shop.open(permit, BlobRole.PROXY) as proxy:
        pictures = look_through(proxy, duration_ms=length_ms, progress=shop.progress)
    strip = pictures.strip
    with shop.new(permit, BlobRole.THUMBNAILS) as writer:
        for sheet in strip.sheets:
            writer.write(sheet)
    shop.save_document(
        permit,
        BlobRole.QUALITY,
        {
            "thumbnails": {
                "count": strip.count,
                "every_ms": strip.every_ms,
                "width": strip.width,
                "height": strip.height,
                "columns": COLUMNS,
                "per_sheet": PER_SHEET,
                "ends": list(accumulate(map(len, strip.sheets))),
            },
            "hints": [asdict(hint) for hint in pictures.hints],
        },
    )
