"""Encode a film for browsers; see ``pipeline.engines.ffmpeg``."""

from dataclasses import asdict
from typing import Any

from pipeline.engines import ffmpeg
from pipeline.engines.containers import Reader, Writer
from pipeline.engines.ffmpeg_command import Program
from pipeline.engines.film_tasks.given import probe_of
from pipeline.engines.sound import Progress


def run(
    source: Reader,
    target: Writer,
    *,
    progress: Progress,
    probe: dict[str, Any],
    program: dict[str, Any],
) -> dict[str, Any]:
    """Write the copy that browsers play and return an ``Encoded``."""
    made = ffmpeg.encode(
        source, target, probe=probe_of(probe), progress=progress, program=Program(**program)
    )
    return asdict(made)
