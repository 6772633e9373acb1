"""Look through a film's pictures; see ``pipeline.engines.pictures``."""

from dataclasses import asdict
from itertools import accumulate
from typing import Any

from pipeline.engines import pictures
from pipeline.engines.containers import Reader, Writer
from pipeline.engines.pictures import COLUMNS, PER_SHEET
from pipeline.engines.sound import Progress


def run(source: Reader, target: Writer, *, progress: Progress, duration_ms: int) -> dict[str, Any]:
    """Write the sheets of thumbnails and return the rest: a ``Looked``."""
    found = pictures.look_through(source, duration_ms=duration_ms, progress=progress)
    strip = found.strip
    for sheet in strip.sheets:
        target.write(sheet)
    thumbnails = {
        "count": strip.count,
        "every_ms": strip.every_ms,
        "width": strip.width,
        "height": strip.height,
        "columns": COLUMNS,
        "per_sheet": PER_SHEET,
        "ends": list(accumulate(map(len, strip.sheets))),
    }
    return {
        "quality": {"thumbnails": thumbnails, "hints": [asdict(hint) for hint in found.hints]},
        "movement": asdict(found.movement),
    }
