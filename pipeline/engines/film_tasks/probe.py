"""Find out what a file holds; see ``pipeline.engines.probing``."""

from dataclasses import asdict
from typing import Any

from pipeline.engines.containers import Reader, Writer
from pipeline.engines.probing import probe
from pipeline.engines.sound import Progress


def run(source: Reader, _target: Writer, *, progress: Progress, size: int) -> dict[str, Any]:
    """Return a ``Probe``."""
    found = probe(source, size=size)
    progress(1.0)
    return asdict(found)
