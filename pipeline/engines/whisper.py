"""Recognition by faster-whisper from a folder on this machine. Never a name on a hub.

Batched windows with time stamps: no window is told what the one before said, because a model
that hears its own mistakes repeats them (42-60 % wrong words against .6-1.5 %).
"""

import itertools
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.packing import Window, pack
from pipeline.analysis.sound import RATE
from pipeline.engines.catalogue import check_model_dir
from pipeline.engines.ports import RecognizedWord

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline
    from faster_whisper.transcribe import Segment

BATCH = 8
MOST_TOKENS = 100
"""How much a model is told of the words that may come up. It shares its window of 448 tokens with
what it writes of half a minute, and the more it is told, the more it leaves out: the rehearsal
model wrote 74 words of a stretch when told nothing, 67 with 87 tokens, 31 with 126, none with 187.
"""
MILLISECONDS = RATE // 1000


class FasterWhisperRecognizer:
    """Words by a Whisper model in CTranslate2 format.

    The model is loaded at the first sound, so building one costs nothing.

    Args:
        model_dir: Folder with the model; checked at once.
        rehearsal: Whether it is the rehearsal model.
        threads: For the processor; a graphics card is used where CTranslate2 finds one.

    Raises:
        ModelIncomplete: The folder lacks a file.
    """

    def __init__(self, model_dir: Path, *, rehearsal: bool, threads: int) -> None:
        check_model_dir(model_dir)
        self.rehearsal = rehearsal
        self.name = f"faster-whisper/{'rehearsal' if rehearsal else model_dir.resolve().name}"
        self._model_dir = model_dir
        self._threads = threads

    @cached_property
    def _pipeline(self) -> "BatchedInferencePipeline":
        # Set before the import that reads it. The folder is complete, so nothing should be
        # fetched anyway; this turns a mistake into an error instead of a call outside.
        os.environ["HF_HUB_OFFLINE"] = "1"
        import ctranslate2  # noqa: PLC0415
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        card = ctranslate2.get_cuda_device_count() > 0
        model = WhisperModel(
            str(self._model_dir),
            device="cuda" if card else "cpu",
            compute_type="int8_float16" if card else "int8",
            cpu_threads=self._threads,
            local_files_only=True,
        )
        return BatchedInferencePipeline(model)

    def fitting(self, vocabulary: Sequence[str]) -> tuple[str, ...]:
        """Return as many of the words, from the first on, as this one can be told at once.

        The rehearsal model is told none: it never learned to take a hint, and each costs it words.
        """
        if self.rehearsal:
            return ()
        encode = self._pipeline.model.hf_tokenizer.encode
        count = 0
        for number in range(1, len(vocabulary) + 1):
            # As one line, for a word has other tokens beside others than alone.
            told = encode(f" {_hint(vocabulary[:number])}", add_special_tokens=False)
            if len(told.ids) > MOST_TOKENS:
                break
            count = number
        return tuple(vocabulary[:count])

    def recognize(
        self,
        audio: NDArray[np.float32],
        *,
        language: str,
        speech: Sequence[tuple[int, int]],
        progress: Callable[[float], None],
        vocabulary: Sequence[str] = (),
    ) -> tuple[RecognizedWord, ...]:
        """Return the words of 16 kHz mono sound in order of start."""
        windows = pack(speech, duration_ms=len(audio) // MILLISECONDS)
        words: list[RecognizedWord] = []
        # A batch at a time: the features of a whole conversation at once would hold half a
        # gigabyte, and progress would stand still until they are computed.
        for at in range(0, len(windows), BATCH):
            batch = windows[at : at + BATCH]
            segments = self._segments(
                audio, batch, language=language, hotwords=_hint(vocabulary) or None
            )
            first = words[-1].segment + 1 if words else 0
            words += _words_of(segments, batch, first_segment=first)
            progress((at + len(batch)) / len(windows))
        if not windows:
            progress(1.0)
        return tuple(sorted(words, key=lambda word: word.start_ms))

    def _segments(
        self,
        audio: NDArray[np.float32],
        windows: Sequence[Window],
        *,
        language: str,
        hotwords: str | None,
    ) -> "Iterable[Segment]":
        """Return what is recognized in the windows, timed on the windows laid end to end."""
        joined = np.concatenate(
            [
                audio[start * MILLISECONDS : end * MILLISECONDS]
                for window in windows
                for start, end in window.pieces
            ]
        )
        borders = np.cumsum([0, *(window.length_ms for window in windows)]) / 1000
        segments: Iterable[Segment]
        segments, _ = self._pipeline.transcribe(
            joined,
            language=language,
            clip_timestamps=[
                {"start": float(start), "end": float(end)}
                for start, end in itertools.pairwise(borders)
            ],
            batch_size=BATCH,
            without_timestamps=False,
            word_timestamps=True,
            condition_on_previous_text=False,
            hotwords=hotwords,
        )
        return segments


def _hint(vocabulary: Sequence[str]) -> str:
    return ", ".join(vocabulary)


def _words_of(
    segments: "Iterable[Segment]", windows: Sequence[Window], *, first_segment: int
) -> list[RecognizedWord]:
    """Return the segments' words at their place in the recording."""
    borders = np.cumsum([0, *(window.length_ms for window in windows)])
    words = []
    for count, segment in enumerate(segments):
        for word in segment.words or ():
            start, end = round(word.start * 1000), round(word.end * 1000)
            at = int(np.searchsorted(borders, (start + end) // 2, side="right")) - 1
            at = min(max(at, 0), len(windows) - 1)
            offset = int(borders[at])
            placed = windows[at].original(max(start - offset, 0), max(end - offset, 0))
            text = word.word.strip()
            if text:
                words.append(
                    RecognizedWord(
                        *placed, text, round(word.probability, 3), segment=first_segment + count
                    )
                )
    return words
