"""How good a recognized text is against a true one: words, letters, speakers, times.

For testing a model or an installation; nothing here is ever shown about a conversation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import jiwer
import numpy as np

from pipeline.analysis.language import spoken_form


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word and what is known about it: who says it, and when, in ms."""

    text: str
    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TimingError:
    """How far times are off, in ms, over the words that both texts have."""

    start_mean_ms: float
    start_median_ms: float
    end_mean_ms: float


@dataclass(frozen=True, slots=True)
class TranscriptScore:
    """Shares of what is wrong; 0 is best.

    Attributes:
        words: True words.
        wer: Substituted, missing and extra words for each true word.
        cer: The same of letters, blanks included.
        word_speaker_error: Share of the aligned words, right or misheard, that were given to
            the wrong person; names are paired so that most fit. None where the truth tells no
            speakers.
        timing: None where the truth tells no times, or no word was recognized.
    """

    words: int
    wer: float
    cer: float
    substitutions: int
    deletions: int
    insertions: int
    word_speaker_error: float | None
    timing: TimingError | None


def transcript_score(truth: Sequence[TimedWord], found: Sequence[TimedWord]) -> TranscriptScore:
    """Return how good a text is; case and punctuation do not count.

    Args:
        truth: At least one word with a letter or digit, in order.
        found: In order.

    Source: word diarization error rate, El Shafey, Soltau and Shafran 2019, Joint speech
    recognition and speaker diarization via sequence transduction.
    """
    true_words, found_words = list(_spoken(truth)), list(_spoken(found))
    true_text, found_text = (
        " ".join(word.text for word in some) for some in (true_words, found_words)
    )
    if not found_words:  # the library wants a word on both sides
        return TranscriptScore(len(true_words), 1.0, 1.0, 0, len(true_words), 0, None, None)
    aligned = jiwer.process_words(true_text, found_text)
    pairs = [
        (true_words[chunk.ref_start_idx + at], found_words[chunk.hyp_start_idx + at])
        for chunk in aligned.alignments[0]
        if chunk.type in {"equal", "substitute"}
        for at in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]
    return TranscriptScore(
        words=len(true_words),
        wer=aligned.wer,
        cer=float(jiwer.cer(true_text, found_text)),
        substitutions=aligned.substitutions,
        deletions=aligned.deletions,
        insertions=aligned.insertions,
        word_speaker_error=_speaker_error(pairs),
        timing=_timing([(true, word) for true, word in pairs if true.text == word.text]),
    )


def _spoken(words: Sequence[TimedWord]) -> Iterator[TimedWord]:
    """Yield words as they are compared; one that is spoken as two becomes two."""
    for word in words:
        for part in spoken_form(word.text).split():
            yield TimedWord(part, word.speaker, word.start_ms, word.end_ms)


def _speaker_error(pairs: Sequence[tuple[TimedWord, TimedWord]]) -> float | None:
    known = [(true.speaker, word.speaker or "") for true, word in pairs if true.speaker is not None]
    if not known:
        return None
    from scipy.optimize import linear_sum_assignment  # late: only this needs it

    true_names, found_names = (sorted(set(names)) for names in zip(*known, strict=True))
    together = np.zeros((len(true_names), len(found_names)))
    for true, name in known:
        together[true_names.index(true), found_names.index(name)] += 1
    right = together[linear_sum_assignment(-together)].sum()
    return 1 - float(right) / len(known)


def _timing(pairs: Sequence[tuple[TimedWord, TimedWord]]) -> TimingError | None:
    starts, ends = (
        [abs(ours - true) for true, ours in moments if true is not None and ours is not None]
        for moments in (
            [(true.start_ms, word.start_ms) for true, word in pairs],
            [(true.end_ms, word.end_ms) for true, word in pairs],
        )
    )
    if not starts or not ends:
        return None
    return TimingError(fmean(starts), median(starts), fmean(ends))
