"""Measure a model through faster-whisper: single sentences, the sample recording, and silence.

Here live the measurements behind FIGURES.md. Sentences are spoken anew, with seeds that training
never used.
"""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio
from faster_whisper.transcribe import Segment

from pipeline.rehearsal import MODEL_DIR, SAMPLE, plain_words, sample_script, words_of_script
from pipeline.rehearsal.recipe.espeak import Espeak, Samples
from pipeline.rehearsal.recipe.sentences import Split, draw
from pipeline.rehearsal.recipe.synth import (
    LEVEL,
    RATE,
    TRAINED_VOICES,
    UNSEEN_VOICES,
    make_clip,
)
from pipeline.rehearsal.recipe.windows import noise_bank, slice_of

_LANGUAGE = sample_script().language
_MARGIN = np.zeros(RATE // 2, np.float32)
_SILENCE_S = 8


@dataclass(frozen=True, slots=True)
class ClipSet:
    """A kind of single sentences."""

    name: str
    split: Split
    voices: tuple[str, ...]
    seed: int


CLIP_SETS = (
    ClipSet("trained sentences", Split.TRAINED, TRAINED_VOICES, 101),
    ClipSet("unseen combinations", Split.UNSEEN, TRAINED_VOICES, 102),
    ClipSet("unseen voices", Split.TRAINED, UNSEEN_VOICES, 103),
)


def heard_words(segments: Sequence[Segment]) -> list[str]:
    """Return what was recognised, ready to be compared."""
    return [word for segment in segments for word in plain_words(segment.text)]


def error_rate(spoken: Sequence[str], heard: Sequence[str]) -> float:
    """Return the word error rate."""
    return float(jiwer.wer(" ".join(spoken), " ".join(heard)))


def word_start_errors(segments: Sequence[Segment]) -> list[float]:
    """Return how far (seconds) the words recognised in the sample begin from their true start."""
    true = [word for line in sample_script().lines for word in line.words]
    found = [word for segment in segments for word in segment.words or ()]
    comparison = jiwer.process_words(
        " ".join("".join(plain_words(word.text)) for word in true),
        " ".join("".join(plain_words(word.word)) for word in found),
    )
    return [
        abs(found[chunk.hyp_start_idx + i].start - true[chunk.ref_start_idx + i].start_ms / 1000)
        for chunk in comparison.alignments[0]
        if chunk.type == "equal"
        for i in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]


def measure_clips(model: WhisperModel, *, kind: ClipSet, count: int, espeak: Espeak) -> str:
    """Return a line on sentences recognised one by one."""
    rng, bank = random.Random(kind.seed), noise_bank(kind.seed)
    spoken: list[str] = []
    heard: list[str] = []
    exact = 0
    for _ in range(count):
        clip, samples = make_clip(
            draw(rng, split=kind.split), espeak=espeak, rng=rng, voices=kind.voices
        )
        sound = np.concatenate([_MARGIN, samples, _MARGIN])
        quieter = LEVEL * 10 ** (-rng.uniform(15, 45) / 20)
        sound += slice_of(bank, length=len(sound), rng=rng) * quieter
        segments, _ = model.transcribe(sound, language=_LANGUAGE, word_timestamps=True)
        words = heard_words(list(segments))
        spoken += plain_words(clip.text)
        heard += words
        exact += words == plain_words(clip.text)
    return f"{kind.name}: WER {error_rate(spoken, heard):.1%}, without error {exact / count:.1%}"


def measure_sample(model: WhisperModel, sound: Samples, *, is_batched: bool) -> str:
    """Return a line on the sample recording."""
    began = time.perf_counter()
    if is_batched:
        segments, _ = BatchedInferencePipeline(model).transcribe(
            sound,
            language=_LANGUAGE,
            word_timestamps=True,
            without_timestamps=False,
            batch_size=8,
        )
    else:
        segments, _ = model.transcribe(
            sound,
            language=_LANGUAGE,
            word_timestamps=True,
            vad_filter=True,
            condition_on_previous_text=False,
        )
    found = list(segments)
    seconds = time.perf_counter() - began
    median, ninth = np.percentile(word_start_errors(found), [50, 90])
    return (
        f"{'batched' if is_batched else 'sequential'}: "
        f"WER {error_rate(words_of_script(), heard_words(found)):.1%}, "
        f"word starts {median:.2f} s (90 %: {ninth:.2f} s), "
        f"{seconds:.1f} s, {seconds / (len(sound) / RATE):.3f} of real time"
    )


def main() -> None:
    """Print all measurements."""
    parser = argparse.ArgumentParser(description="Measure a model.")
    parser.add_argument("--model", type=Path, default=MODEL_DIR)
    parser.add_argument("--count", type=int, default=150, help="sentences per set; 0 for none")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    model = WhisperModel(
        str(args.model), device="cpu", compute_type="int8", cpu_threads=args.threads
    )
    if args.count:
        espeak = Espeak()
        for kind in CLIP_SETS:
            print(measure_clips(model, kind=kind, count=args.count, espeak=espeak))
    left, right = decode_audio(str(SAMPLE), sampling_rate=RATE, split_stereo=True)
    for name, sound in (("both channels", (left + right) / 2), ("left", left), ("right", right)):
        for is_batched in (False, True):
            print(f"sample, {name}, {measure_sample(model, sound, is_batched=is_batched)}")
    for name, sound in (
        ("silence", np.zeros(_SILENCE_S * RATE, np.float32)),
        ("noise", noise_bank(5)[: _SILENCE_S * RATE] * 0.01),
    ):
        segments, _ = model.transcribe(sound, language=_LANGUAGE)
        print(f"{name}: {heard_words(list(segments)) or 'nothing'}")


if __name__ == "__main__":
    main()
