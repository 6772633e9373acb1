"""Figures of a conversation as a worker leaves them, for tests of what is shown."""

from typing import Any

QUALITY = {
    "minutes": 31.0,
    "turns": 240,
    "words": 4_100,
    "doubtful_words": 0.04,
    "doubtful_speakers": 0.07,
    "speaker_confidence": 0.91,
}


def a_range(value: float) -> dict[str, float]:
    return {"value": value, "low": value * 0.9, "high": value * 1.1}


def a_figure(measure: str, value: float | None, *words: str, **more: object) -> dict[str, Any]:
    """Return one figure; without a value it is withheld for there being too few."""
    return {
        "measure": measure,
        "range": None if value is None else a_range(value),
        "n": 3 if value is None else 62,
        "needed": 10,
        "withheld": "too_few" if value is None else None,
        "moments": [{"start_ms": 12_000, "end_ms": 15_000, "words": list(words)}],
        "from_marks": False,
        **more,
    }


def counted(*words: str, made_from: str = "", **more: object) -> dict[str, Any]:
    """Return a document with one figure of words, one of marks and one that is withheld."""
    return {
        "made_from": made_from,
        "quality": QUALITY,
        "unjudged": 4,
        "agreement": {},
        "figures": [
            a_figure("talk_share", 0.62),
            a_figure("own_words", 0.084, *words),
            a_figure("open_questions", 0.4, from_marks=True),
            a_figure("silence_left", None),
        ],
        **more,
    }
