"""Who speaks when, by four ways and a route between them. Not here: names, words, turns.

``arrival_time`` and ``level`` use two channels, ``acoustic`` and ``fused`` one; ``route``
chooses by what was measured. None needs model files; all are deterministic by seed. ``decided``
takes the word of an engine that does not say how sure it is.
"""

from pipeline.analysis.diarization.route import MeasuredDiarizer, diarize

__all__ = ["MeasuredDiarizer", "diarize"]
