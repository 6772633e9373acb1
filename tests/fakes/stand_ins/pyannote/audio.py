"""Stands in for pyannote.audio where it is not installed: how a pipeline is loaded and called.

It reads of YAML what is JSON too.

Source: pyannote.audio 4.0, ``pyannote.audio.core.pipeline.Pipeline``.
"""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from pyannote.core import Annotation  # noqa: TID253 - it is the one beside this


class Pipeline:
    """What a pipeline's own class is derived from."""

    @classmethod
    def from_pretrained(cls, checkpoint: Path) -> Self:
        """Return the pipeline that a folder's ``config.yaml`` names."""
        told = json.loads((checkpoint / "config.yaml").read_text())["pipeline"]
        module, _, name = told["name"].rpartition(".")
        made: Self = getattr(import_module(module), name)(**told.get("params", {}))
        return made

    def apply(self, file: Mapping[str, Any], **told: object) -> Annotation:
        """Return who speaks when."""
        raise NotImplementedError

    def __call__(self, file: Mapping[str, Any], **told: object) -> Annotation:
        return self.apply(dict(file), **told)
