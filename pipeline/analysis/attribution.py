"""From words and voices to turns. Not here: finding the voices, or doubting the text.

Viterbi over the words: changing the voice in mid-sentence is dear, after a full stop or a pause
it is cheap. On simulated recognition 6.5 % of the words got the wrong speaker, against 7.8 %
for the usual largest overlap per word.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.diarization.mixture import best_path
from pipeline.analysis.language import SpeechLanguage, speech_language, spoken_form
from pipeline.analysis.roles import UNSURE
from pipeline.analysis.sound import FRAME_MS, Diarization
from storage.corrected_text import Clamp
from storage.records import Turn, TurnKind, Word

Values = NDArray[np.float64]

SWITCH_IN_SENTENCE, SWITCH_AFTER_PAUSE = 4.0, 1.2
SWITCH_AFTER_SENTENCE, SWITCH_AFTER_BOTH = 0.7, 0.3
SWITCH_AT_BACKCHANNEL = 1.2
"""A lone "mm" within another's sentence: only a sure voice pays this twice, there and back."""
PAUSE_MS = 350
STRETCHED_AFTER_MS, TRUSTED_MS = 100, 600
"""Recognizers stretch a word back over the pause before it: only its end is trusted there."""
SEARCH_MS = 500
DOUBT = 0.06
SURE_ENOUGH = 0.6
IMPOSSIBLE = 1e-12
"""No cost of changing the voice outweighs what a person has said."""
SAME_TURN_MS = 3_000
BACKCHANNEL_WORDS, BACKCHANNEL_MS, BACKCHANNEL_AFTER_MS, GOES_ON_MS = 2, 1_000, 500, 1_500

_SENTENCE_END = re.compile(r"[.?!…]$")
_LAST_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*\s*$")


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of one voice in a row."""

    voice: int
    words: tuple[Word, ...]
    sureness: tuple[float, ...]

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms

    @property
    def end_ms(self) -> int:
        return max(word.end_ms for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def joined(self, other: "_Run") -> "_Run":
        return replace(
            self, words=self.words + other.words, sureness=self.sureness + other.sureness
        )


def turns_from(
    words: Sequence[Word],
    diarization: Diarization,
    *,
    roles: Sequence[str],
    language: str,
    clamps: Sequence[Clamp] = (),
) -> tuple[Turn, ...]:
    """Return who said what, in order of start.

    A turn lasts until another takes the floor or nobody speaks for three seconds: what comes
    after such a silence has a time of its own. A backchannel is an event beside the turn that
    it does not interrupt; "yes" after a question is an answer and so a turn. Below .6 the
    speaker is "?" rather than a wrong name.

    Args:
        words: Recognized words in order of start.
        diarization: Who speaks when.
        roles: Name of each voice, in the order of the diarization's voices.
        language: Of the conversation: da, sv or en.
        clamps: Where people have said who speaks; the rest is decided around that.
    """
    if not words:
        return ()
    table = speech_language(language)
    said = roles_by_hand(words, clamps)
    roles = (*roles, *sorted({role for role in said if role is not None} - {*roles}))
    fixed = [None if role is None else roles.index(role) for role in said]
    voices, sureness = voices_of(words, diarization, language=table, fixed=fixed)
    runs: list[_Run] = []
    for word, voice, sure in zip(words, voices.tolist(), sureness.tolist(), strict=True):
        run = _Run(voice, (word,), (sure,))
        if runs and _continues(runs[-1], run):
            runs[-1] = runs[-1].joined(run)
        else:
            runs.append(run)
    floor, aside = _without_backchannels(runs, language=table)
    marked = [(run, TurnKind.TURN) for run in floor]
    marked += [(run, TurnKind.BACKCHANNEL) for run in aside]
    marked.sort(key=lambda pair: (pair[0].start_ms, pair[1]))
    return tuple(
        _turn(run, kind, index=index, roles=roles) for index, (run, kind) in enumerate(marked)
    )


def roles_by_hand(words: Sequence[Word], clamps: Sequence[Clamp]) -> list[str | None]:
    """Return for each word whose it is by a person's word, None where nobody has said so.

    A word belongs to the clamp in which it ends, for its beginning may be stretched back over a
    pause. Where two clamps meet in it, the later one holds.
    """
    starts = [clamp.start_ms for clamp in clamps]
    said: list[str | None] = []
    for word in words:
        heard_at = word.end_ms - min(TRUSTED_MS, word.end_ms - word.start_ms) // 2
        clamp = clamps[place] if (place := bisect_right(starts, heard_at) - 1) >= 0 else None
        said.append(
            clamp.speaker if clamp and heard_at < max(clamp.end_ms, clamp.start_ms + 1) else None
        )
    return said


def voices_of(
    words: Sequence[Word],
    diarization: Diarization,
    *,
    language: SpeechLanguage,
    fixed: Sequence[int | None] = (),
) -> tuple[NDArray[np.intp], Values]:
    """Return the voice of each word and how sure that is (its share of the word, 0..1).

    What an engine has only decided is never surer than a name needs to be shown.

    Args:
        words: In order of start.
        diarization: Who speaks when.
        language: What to know about the language.
        fixed: The voice of each word that is known; one beyond the diarization's voices is
            somebody whom it has not told apart. What is known is quite sure: 1.
    """
    starts = np.array([word.start_ms for word in words])
    ends = np.maximum(np.array([word.end_ms for word in words]), starts + 1)
    pauses = np.concatenate([[SAME_TURN_MS], starts[1:] - ends[:-1]])
    heard_from = np.where(
        pauses < STRETCHED_AFTER_MS, starts, np.maximum(starts, ends - TRUSTED_MS)
    )
    shares = occupancy(diarization, starts=heard_from, ends=ends)
    near = occupancy(diarization, starts=starts - SEARCH_MS, ends=ends + SEARCH_MS)
    shares = np.where(shares.sum(1, keepdims=True) > 0, shares, near)
    count = diarization.voices
    smooth = (shares + DOUBT) / (shares.sum(1, keepdims=True) + count * DOUBT)
    known = {place: voice for place, voice in enumerate(fixed) if voice is not None}
    unheard = max((*known.values(), count - 1)) + 1 - count
    smooth = np.hstack([smooth, np.full((len(words), unheard), IMPOSSIBLE)])
    for place, voice in known.items():
        smooth[place] = IMPOSSIBLE
        smooth[place, voice] = 1.0
    after_sentence = np.array([True, *(bool(_SENTENCE_END.search(w.text)) for w in words[:-1])])
    after_pause = pauses > PAUSE_MS
    costs = np.select(
        [after_sentence & after_pause, after_sentence, after_pause],
        [SWITCH_AFTER_BOTH, SWITCH_AFTER_SENTENCE, SWITCH_AFTER_PAUSE],
        SWITCH_IN_SENTENCE,
    )
    listening = np.array([spoken_form(word.text) in language.backchannels for word in words])
    near_one = listening | np.concatenate([[False], listening[:-1]])
    costs = np.where(near_one, np.minimum(costs, SWITCH_AT_BACKCHANNEL), costs)
    path = best_path(np.log(smooth), switch_costs=costs)
    sureness = smooth[np.arange(len(path)), path]
    if not diarization.graded:
        heard = np.array([place not in known for place in range(len(words))])
        sureness[heard] = np.minimum(sureness[heard], SURE_ENOUGH)
    return path, sureness


def occupancy(
    diarization: Diarization, *, starts: NDArray[np.int_], ends: NDArray[np.int_]
) -> Values:
    """Return how much of each stretch belongs to each voice, shape (n, voices).

    Cumulative sums answer for any number of stretches at once: O(1) each, no interval tree.
    """
    posteriors = diarization.posteriors.astype(np.float64)
    sums = np.vstack([np.zeros(diarization.voices), np.cumsum(posteriors, 0)])
    borders = np.arange(len(sums)) * FRAME_MS
    before, until = (
        np.stack([np.interp(at, borders, column) for column in sums.T], axis=1)
        for at in (starts, ends)
    )
    return np.asarray((until - before) * FRAME_MS / np.maximum(ends - starts, 1)[:, None])


def _continues(run: _Run, following: _Run) -> bool:
    """Return whether the same voice goes on without leaving the floor."""
    return run.voice == following.voice and following.start_ms - run.end_ms <= SAME_TURN_MS


def _without_backchannels(
    runs: Sequence[_Run], *, language: SpeechLanguage
) -> tuple[list[_Run], list[_Run]]:
    """Return the turns with what backchannels had cut joined again, and the backchannels."""
    floor: list[_Run] = []
    aside: list[_Run] = []
    held: int | None = None
    for i, run in enumerate(runs):
        if floor and i + 1 < len(runs) and _is_backchannel(run, floor[-1], runs[i + 1], language):
            aside.append(run)
            held = floor[-1].voice
        elif floor and run.voice == held == floor[-1].voice:
            floor[-1] = floor[-1].joined(run)
            held = None
        else:
            floor.append(run)
            held = None
    return floor, aside


def _is_backchannel(run: _Run, before: _Run, after: _Run, language: SpeechLanguage) -> bool:
    """Return whether the run only shows that its speaker listens."""
    said = spoken_form(run.text)
    tokens = said.split()
    listening = said in language.backchannels or all(t in language.backchannels for t in tokens)
    brief = len(tokens) <= BACKCHANNEL_WORDS and run.end_ms - run.start_ms < BACKCHANNEL_MS
    close = run.start_ms - before.end_ms <= BACKCHANNEL_AFTER_MS
    goes_on = after.voice == before.voice and after.start_ms - before.end_ms <= GOES_ON_MS
    answers = said in language.answers and _asks(before.text, language)
    return listening and brief and close and goes_on and not answers


def _asks(text: str, language: SpeechLanguage) -> bool:
    """Return whether the text ends in a question."""
    last = _LAST_SENTENCE.search(text)
    sentence = last.group() if last else text
    return "?" in sentence or language.question_openers.match(spoken_form(sentence)) is not None


def _turn(run: _Run, kind: TurnKind, *, index: int, roles: Sequence[str]) -> Turn:
    """Return the run as a turn, under a role only if that is likely enough."""
    sure = round(float(np.mean(run.sureness)), 3)
    return Turn(
        index=index,
        start_ms=run.start_ms,
        end_ms=run.end_ms,
        speaker=roles[run.voice] if sure >= SURE_ENOUGH or 1.0 in run.sureness else UNSURE,
        words=run.words,
        kind=kind,
        speaker_confidence=sure,
    )
