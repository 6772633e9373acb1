"""All measures of one conversation, in the order they are read, and as a document."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from pipeline.analysis.measures import marks, pauses, talk, wording
from pipeline.analysis.measures.figures import (
    CASEWORKER,
    YOUTH,
    Figure,
    Measure,
    Quality,
    floor_turns,
    quality_of,
)
from storage.codebooks.matching.text_language import text_language
from storage.records import Tag, Turn, Verdict

FROM_MARKS: Final = frozenset(
    {Measure.OPEN_QUESTIONS, Measure.REFLECTIONS, Measure.JARGON, Measure.QUESTION_RUNS}
)
"""They rest on marks, so whoever may not see the marks yet may not see them either."""


def measures_of(
    turns: tuple[Turn, ...], tags: tuple[Tag, ...], *, language: str
) -> tuple[Quality, tuple[Figure, ...]]:
    """Return every measure of a conversation, and how far its text can be trusted.

    Args:
        turns: The conversation in order of time.
        tags: The marks of the conversation codebook; only confirmed ones count.
        language: The language spoken.

    Raises:
        LanguageUnknown: There are no tables for that language.
    """
    quality = quality_of(turns)
    taken = floor_turns(turns)
    known = text_language(language)
    return quality, (
        talk.talk_share(taken, quality=quality),
        talk.long_turns(taken, quality=quality),
        talk.tempo(taken, quality=quality),
        pauses.pause_before(YOUTH, turns, quality=quality),
        pauses.pause_before(CASEWORKER, turns, quality=quality),
        pauses.silence_left(turns, quality=quality),
        wording.own_words(taken, quality=quality, language=known),
        wording.long_words(taken, quality=quality),
        marks.open_questions(tags, quality=quality),
        marks.reflections(tags, quality=quality),
        marks.question_runs(tags, taken, quality=quality),
        marks.jargon(tags, taken, quality=quality),
        talk.youth_share(taken, quality=quality),
    )


def measures_document(
    turns: tuple[Turn, ...], tags: Iterable[Tag], *, language: str
) -> dict[str, Any]:
    """Return all measures as a JSON value, with how many suggestions nobody has judged."""
    known = tuple(tags)
    quality, figures = measures_of(turns, known, language=language)
    unjudged = sum(tag.verdict is Verdict.SUGGESTED and tag.code in marks.CODES for tag in known)
    return {
        "quality": asdict(quality),
        "unjudged": unjudged,
        "figures": [
            asdict(figure) | {"from_marks": figure.measure in FROM_MARKS} for figure in figures
        ],
    }
