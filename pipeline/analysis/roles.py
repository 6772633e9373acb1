"""Which voice is the caseworker and which the youth, told by words. Not here: who is who by name.

Weights were set by hand on half of one Danish conversation and hold on others (80-90 % of
the words with 20 % recognition errors); they are a starting point for a person's check.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from pipeline.analysis.language import SpeechLanguage, speech_language, spoken_form
from pipeline.analysis.sound import FRAME_MS, Diarization
from storage.corrected_text import Clamp
from storage.records import Word

CASEWORKER, YOUTH, PARENT, OTHER = "caseworker", "youth", "parent", "other"
UNSURE = "?"

MOST = 3
TYPICAL_WORDS = 7
PARENT_EVIDENCE = 2
LINE_PAUSE_MS = 700
SENTENCE_MARKS = ".?!…"


@dataclass(frozen=True, slots=True)
class Roles:
    """Role names in the order of the voices, and how sure they are.

    Attributes:
        confidence: Probability that caseworker and the next likely voice are not swapped, .5..1.
    """

    names: tuple[str, ...]
    confidence: float


def role_score(text: str, *, language: SpeechLanguage) -> float:
    """Return how much an utterance sounds like the caseworker (> 0) or the youth (< 0).

    "You", questions, leads into topics and length speak for the caseworker; "I", hedges and
    third persons for the youth.
    """
    line = spoken_form(text)
    length = len(line.split())
    if not length:
        return 0.0
    asks = "?" in text or language.question_openers.match(line) is not None
    return (
        1.3 * min(MOST, len(language.address.findall(line)))
        - 1.0 * min(MOST, len(language.own.findall(line)))
        + 1.2 * asks
        - 0.9 * len(language.hedges.findall(line))
        - 0.5 * len(language.third_person.findall(line))
        + 0.5 * len(language.leads.findall(line))
        + 0.35 * float(np.log(length / TYPICAL_WORDS))
    )


def roles_from(words: Sequence[Word], diarization: Diarization, *, language: str) -> Roles:
    """Return who each voice is.

    The voice whose lines sound most like a caseworker's is the caseworker; of the others, the
    least like one is the youth; a third is a parent if it speaks of "my son", else other.
    """
    table = speech_language(language)
    lines = _lines_of(words, diarization)
    scores = [sum(role_score(line, language=table) for line in spoken) for spoken in lines]
    if diarization.voices == 1:
        return Roles((CASEWORKER,), 1.0)
    # Per line, with a few imagined neutral lines: a voice with three lines proves little.
    means = np.array(
        [score / (len(spoken) + MOST) for score, spoken in zip(scores, lines, strict=True)]
    )
    order = [int(i) for i in np.argsort(-means)]
    names = [OTHER] * diarization.voices
    names[order[0]] = CASEWORKER
    rest = sorted(order[1:], key=lambda voice: (_parental(lines[voice], table), means[voice]))
    names[rest[0]] = YOUTH
    for voice in rest[1:]:
        names[voice] = PARENT if _parental(lines[voice], table) else OTHER
    fewest = min(len(lines[order[0]]), len(lines[order[1]]))
    margin = float(means[order[0]] - means[order[1]]) * min(fewest, 2 * TYPICAL_WORDS) / MOST
    return Roles(tuple(names), float(expit(margin)))


def roles_by_clamps(
    names: Sequence[str], diarization: Diarization, clamps: Sequence[Clamp]
) -> tuple[str, ...]:
    """Return the roles given to the voices so that they agree best with what people have said.

    The roles stay the same ones; without clamps each keeps its voice.
    """
    from scipy.optimize import linear_sum_assignment

    agree = np.zeros((len(names), diarization.voices))
    for clamp in clamps:
        heard = diarization.posteriors[clamp.start_ms // FRAME_MS : clamp.end_ms // FRAME_MS + 1]
        for place in (n for n, name in enumerate(names) if name == clamp.speaker):
            agree[place] += heard.sum(0, dtype=np.float64)
    # Less than anybody's word: of two equal ways the one that was told by the words.
    _, voices = linear_sum_assignment(agree + 1e-6 * np.eye(*agree.shape), maximize=True)
    return tuple(names[place] for place in np.argsort(voices))


def _parental(lines: Sequence[str], language: SpeechLanguage) -> bool:
    """Return whether the lines speak as a parent does, more than once."""
    found = sum(len(language.parent.findall(spoken_form(line))) for line in lines)
    return found >= PARENT_EVIDENCE


def _lines_of(words: Sequence[Word], diarization: Diarization) -> list[list[str]]:
    """Return what each voice says, cut at changes of voice, sentence ends and pauses."""
    lines: list[list[str]] = [[] for _ in range(diarization.voices)]
    current: list[str] = []
    owner, ended = -1, 0
    last_frame = len(diarization.posteriors) - 1
    for word in words:
        middle = min((word.start_ms + word.end_ms) // 2 // FRAME_MS, last_frame)
        voice = int(diarization.posteriors[middle].argmax())
        if current and (
            voice != owner
            or word.start_ms - ended > LINE_PAUSE_MS
            or current[-1][-1:] in SENTENCE_MARKS
        ):
            lines[owner].append(" ".join(current))
            current = []
        current.append(word.text)
        owner, ended = voice, word.end_ms
    if current:
        lines[owner].append(" ".join(current))
    return lines
