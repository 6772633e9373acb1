"""espeak-ng in this process: text in, samples and the moments of its words out.

Here lives the binding to libespeak-ng's C interface, which reports where each word begins; the
command line program does not. What is done with the speech is in synth.py and sample_voices.py.
"""

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
RATE = 22_050
"""Samples per second that espeak-ng delivers."""

_SYNCHRONOUS = 2  # nothing is played; the callback gets the samples
_EVENT_END, _EVENT_WORD = 0, 1
_PARAMETER_RATE, _PARAMETER_VOLUME, _PARAMETER_PITCH, _PARAMETER_RANGE = 1, 2, 3, 4
_CHARACTERS, _UTF8 = 1, 1
_FULL_SCALE = 32_768


class _Event(ctypes.Structure):
    """The C struct espeak_EVENT."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One way of speaking: a voice variant, words per minute, pitch and its range (0 to 99)."""

    name: str
    rate: int
    pitch: int
    pitch_range: int


@dataclass(frozen=True, slots=True)
class TimedWord:
    """One word as written, punctuation included, and when it sounds."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """A spoken sentence, cut to where it sounds, at espeak-ng's own rate."""

    samples: Samples
    words: tuple[TimedWord, ...]

    @property
    def duration_ms(self) -> int:
        """How long it sounds."""
        return len(self.samples) * 1000 // RATE


def audible(samples: Samples, *, floor_db: float = -42.0) -> slice:
    """Return where the sound is: from the first to the last 10 ms that is not much below the peak.

    espeak-ng adds silence around a sentence, which would spoil the times of its beginning and end.
    """
    hop = RATE // 100
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    level = np.sqrt((frames**2).mean(axis=1) + 1e-12)
    loud = np.flatnonzero(level > level.max() * 10 ** (floor_db / 20))
    return slice(int(loud[0]) * hop, int(loud[-1] + 1) * hop)


def word_times(
    text: str, *, word_starts: Sequence[tuple[int, int]], end_ms: int
) -> tuple[TimedWord, ...]:
    """Return every word of a text with its start and end.

    espeak-ng reports no event for some short words; those share the time up to the next one known.
    """
    words = [(match.start(), match.group()) for match in re.finditer(r"\S+", text)]
    known = dict(word_starts)
    starts: list[int] = []
    for index, (position, _) in enumerate(words):
        start = known.get(position)
        if start is None and not starts:
            start = 0
        elif start is None:
            later = [(i, known[at]) for i, (at, _) in enumerate(words) if i > index and at in known]
            limit_index, limit = later[0] if later else (len(words), end_ms)
            start = starts[-1] + round((limit - starts[-1]) / (limit_index - index + 1))
        starts.append(start)
    ends = [*starts[1:], end_ms]
    return tuple(
        TimedWord(text=word, start_ms=start, end_ms=end)
        for (_, word), start, end in zip(words, starts, ends, strict=True)
    )


class Espeak:
    """One initialised espeak-ng; a process can hold no second one."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        self._callback = _Callback(self._receive)  # kept: C holds no reference to it
        self._library.espeak_SetSynthCallback(self._callback)
        self._chunks: list[npt.NDArray[np.int16]] = []
        self._words: list[tuple[int, int]] = []

    def _receive(
        self,
        wave: "ctypes._Pointer[ctypes.c_short]",
        count: int,
        events: "ctypes._Pointer[_Event]",
    ) -> int:
        """Keep a piece of speech and its word events; 0 asks for more."""
        if count > 0:  # the last call brings events only
            self._chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            if events[index].type == _EVENT_WORD:
                # espeak-ng counts characters from 1
                self._words.append((events[index].text_position - 1, events[index].audio_position))
            index += 1
        return 0

    def say(self, text: str, *, voice: Voice) -> Utterance:
        """Return a text spoken by a voice.

        Raises:
            ValueError: espeak-ng has no such voice.
        """
        self._chunks, self._words = [], []
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice.name!r}")
        for parameter, value in (
            (_PARAMETER_RATE, voice.rate),
            (_PARAMETER_VOLUME, 100),
            (_PARAMETER_PITCH, voice.pitch),
            (_PARAMETER_RANGE, voice.pitch_range),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        samples = (np.concatenate(self._chunks) / _FULL_SCALE).astype(np.float32)
        heard = audible(samples)
        samples, offset_ms = samples[heard], heard.start * 1000 // RATE
        end_ms = len(samples) * 1000 // RATE
        starts = [(at, min(max(ms - offset_ms, 0), end_ms)) for at, ms in self._words]
        return Utterance(samples, word_times(text, word_starts=starts, end_ms=end_ms))
