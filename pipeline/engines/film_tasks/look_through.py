"""Look through a film's pictures; see ``pipeline.engines.pictures``."""

from dataclasses import asdict
from typing import Any

from pipeline.engines import pictures
from pipeline.engines.containers import Reader, Writer
from pipeline.engines.sound import Progress


def run(source: Reader, target: Writer, *, progress: Progress, duration_ms: int) -> dict[str, Any]:
    """Write the strip of thumbnails and return the rest: a ``Quality``."""
    found = pictures.look_through(source, duration_ms=duration_ms, progress=progress)
    target.write(found.strip.jpeg)
    strip = asdict(found.strip)
    del strip["jpeg"]
    return {"thumbnails": strip, "hints": [asdict(hint) for hint in found.hints]}
