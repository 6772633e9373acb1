"""The adapter of pyannote.audio, as if that were installed where it is not.

What is installed comes first: where pyannote.audio is, the same contract holds with the real one.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).with_name("stand_ins")))

from pipeline.engines.pyannote import PyannoteDiarizer

__all__ = ["PyannoteDiarizer"]
