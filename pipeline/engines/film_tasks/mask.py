"""Write a film in which no face is to be known; see ``pipeline.engines.masking``."""

from pipeline.engines.containers import Reader, Writer
from pipeline.engines.masking import masked
from pipeline.engines.sound import Progress


def run(
    source: Reader,
    target: Writer,
    *,
    progress: Progress,
    span_ms: list[int],
    voice: float | None,
    mark: str,
) -> None:
    """Write the copy."""
    begin_ms, end_ms = span_ms
    masked(source, target, span_ms=(begin_ms, end_ms), voice=voice, mark=mark, progress=progress)
