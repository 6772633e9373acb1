"""Which way of telling voices apart fits a recording, by measurement.

Two different channels are trusted only as far as they separate; everything else goes the mono
way, with the text's help where there are two people and enough words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.analysis.channels import ChannelLayout, measure_channels
from pipeline.analysis.diarization.acoustic import diarize_by_sound
from pipeline.analysis.diarization.arrival_time import diarize_by_arrival_time
from pipeline.analysis.diarization.clusters import as_diarization
from pipeline.analysis.diarization.features import Flags, frame_count, speech_frames
from pipeline.analysis.diarization.fused import (
    UNITS_ENOUGH,
    diarize_by_sound_and_text,
    sentences,
)
from pipeline.analysis.diarization.level import diarize_by_level
from pipeline.analysis.intervals import Interval
from pipeline.analysis.language import SpeechLanguage, speech_language
from pipeline.analysis.sound import FRAME_MS, SEPARABILITY_POOR, Diarization, Sound
from storage.records import SoundLayout, Word

FRAMES_PER_SPEAKER, FRAMES_PER_VOICE = 50, 80
"""At 10 Hz. By sound alone, under eight seconds of speech for each person are too few: clusters
then are sentences, not voices, and in short meetings more is wrong than if nobody is named."""


def diarize(
    sound: Sound,
    *,
    speech: Sequence[Interval],
    words: Sequence[Word],
    speakers: int,
    layout: SoundLayout,
    language: str,
    seed: int = 0,
) -> Diarization:
    """Return who speaks when, by the best way that this sound allows.

    Args:
        sound: All channels as recorded, never a downmix: it would throw away the best cue.
        speech: Where anybody speaks, ms.
        words: Recognized words in order; they help where sound is not enough.
        speakers: How many people take part, as told at upload. It cannot be estimated safely.
        layout: How the sound was caught, as told at upload.
        language: Of the conversation: da, sv or en.
        seed: Same seed, same sound: same result.
    """
    # Small matrices: more threads only wait for each other, and results would depend on them.
    with threadpool_limits(limits=1):
        return _routed(
            sound,
            speech=speech,
            words=words,
            speakers=speakers,
            layout=layout,
            language=speech_language(language),
            seed=seed,
        )


def _routed(
    sound: Sound,
    *,
    speech: Sequence[Interval],
    words: Sequence[Word],
    speakers: int,
    layout: SoundLayout,
    language: SpeechLanguage,
    seed: int,
) -> Diarization:
    """Return the result of the way that was chosen."""
    frames = frame_count(sound.samples.shape[1])
    spoken = speech_frames(speech, frames=frames, step_ms=FRAME_MS)
    if speakers == 1 or spoken.sum() < speakers * FRAMES_PER_SPEAKER:
        return _untold(spoken, speakers=speakers)
    if measure_channels(sound).layout is ChannelLayout.STEREO:
        if layout is SoundLayout.TWO_MICROPHONES:
            return diarize_by_level(sound, speech=speech, speakers=speakers, seed=seed)
        found = diarize_by_arrival_time(sound, speech=speech, speakers=speakers, seed=seed)
        if (found.separability or 0.0) >= SEPARABILITY_POOR:
            return found
    if speakers == 2 and len(sentences(words)) >= UNITS_ENOUGH:  # noqa: PLR2004
        return diarize_by_sound_and_text(sound, speech=speech, words=words, language=language)
    if spoken.sum() < speakers * FRAMES_PER_VOICE:
        return _untold(spoken, speakers=speakers)
    return diarize_by_sound(sound, speech=speech, speakers=speakers, seed=seed)


def _untold(spoken: Flags, *, speakers: int) -> Diarization:
    """Return that each moment may be anybody's."""
    even = np.full((len(spoken), speakers), 1 / speakers, np.float32)
    return as_diarization(even, spoken=spoken, engine="none", separability=None)


@dataclass(frozen=True, slots=True)
class MeasuredDiarizer:
    """Our own way, as an engine: it needs no model files."""

    name: str = "measured"

    def diarize(
        self,
        sound: Sound,
        *,
        speech: Sequence[Interval],
        words: Sequence[Word],
        speakers: int,
        layout: SoundLayout,
        language: str,
        seed: int = 0,
    ) -> Diarization:
        """Return who speaks when, by the best way that this sound allows."""
        return diarize(
            sound,
            speech=speech,
            words=words,
            speakers=speakers,
            layout=layout,
            language=language,
            seed=seed,
        )
