"""Keep a film's sound; see ``pipeline.engines.sound``."""

from pipeline.engines.containers import Reader, Writer
from pipeline.engines.sound import Progress, decode, store_flac


def run(source: Reader, target: Writer, *, progress: Progress, duration_ms: int) -> int:
    """Write the sound as FLAC and return its length in ms."""
    return store_flac(decode(source, duration_ms=duration_ms, progress=progress), target)
