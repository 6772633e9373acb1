"""Copy a film that browsers play; see ``pipeline.engines.remux``."""

from typing import Any

from pipeline.engines import remux
from pipeline.engines.containers import Reader, Writer
from pipeline.engines.film_tasks.given import probe_of
from pipeline.engines.sound import Progress


def run(
    source: Reader,
    target: Writer,
    *,
    progress: Progress,
    probe: dict[str, Any],
    encode_sound: bool,
) -> int:
    """Write the copy and return its length in ms."""
    return remux.remux(
        source, target, probe=probe_of(probe), progress=progress, encode_sound=encode_sound
    )
