"""Rows of hearing and reading: speech, sound, whose word it is, and the stages that read text."""

from collections.abc import Sequence
from functools import cache
from statistics import fmean

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from pipeline.analysis.attribution import voices_of
from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.analysis.evidence import evidence_of
from pipeline.analysis.language import speech_language
from pipeline.analysis.learner import suggest
from pipeline.analysis.phases import suggest_phases
from pipeline.analysis.scores import diarization_score
from pipeline.analysis.sound import FRAME_MS, RATE, Diarization, Sound
from pipeline.dialogues.base_model import base_model, base_phases
from pipeline.engines.sound import decode, whole
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.rehearsal import SAMPLE, sample_script
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues import TRAINING, read_dialogues
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.records import SoundLayout, Turn, Word
from tests.bench.measures import cpu_seconds, ratio
from tests.bench.rows import ROWS, Better
from tests.rooms import Scene, heard_words, scene

TWO_HOURS_OF_WORDS = 18_000
STRETCHED, LONGEST_STRETCH_MS, JITTER_MS = 0.2, 700, 80
CONFUSED, CONFUSED_FRAMES = 0.04, 5


@ROWS.row(goal=0.6, unit="s")
def text_stages_two_hours() -> float:
    """Processor time of suggesting keywords and phases for 18,000 words, about two hours."""
    turns = _two_hours()
    books = shipped_codebooks()

    def read() -> None:
        evidence = evidence_of(turns, books, language="da")
        suggest(evidence, books, learned=base_model())
        suggest_phases(evidence, learned=base_model(), phases=base_phases())

    read()  # what is read once in a process: tables, patterns, the base model
    return min(cpu_seconds(read) for _ in range(5))


@ROWS.row(goal=1.2)
def speech_vs_bare_silero() -> float:
    """Finding speech, high-passed, in chunks of bounded memory / silero on all of it at once."""
    from faster_whisper.vad import get_vad_model

    samples = mono_for_recognition(_sample())
    padded = np.pad(samples, (0, -len(samples) % 512))
    return ratio(
        lambda: SileroVoiceActivity().speech(samples),
        lambda: get_vad_model()(padded.copy()),
        rounds=5,
    )


@ROWS.row(goal=1.3)
def sound_vs_bare_decode() -> float:
    """Decoding a film's sound, gaps filled and damage borne / decoding and resampling it."""
    return ratio(_sample, _bare_decode, rounds=5)


@ROWS.row(goal=0.9)
def word_speakers_vs_nearest() -> float:
    """Words given to the wrong voice / the same by largest overlap, else the nearest (whisperX).

    The sample's words with jitter and starts stretched back over pauses, and voices whose borders
    are a few tenths of a second off and of which 4 % are confused; twenty times over.
    """
    language = speech_language("da")
    ours = theirs = 0
    for seed in range(20):
        words, voices, truth = _heard(np.random.default_rng(seed))
        ours += int((voices_of(words, voices, language=language)[0] != truth).sum())
        theirs += int((_nearest(words, voices) != truth).sum())
    return ours / max(1, theirs)


@ROWS.row(goal=4.0, unit="%")
def stereo_confusion() -> float:
    """Speech given to the wrong one of two people / all speech, in three simulated rooms.

    A device with two capsules 14 cm apart on the table between them (``tests/rooms.py``).
    """
    return 100 * fmean(_confusion(each) for each in _scenes())


@ROWS.row(goal=80.0, better=Better.HIGHER, unit="%")
def mono_word_speakers() -> float:
    """Words given to the right one of two people / all words, one channel, in the same rooms.

    A fifth of the words are other words, as a recognizer mistakes them.
    """
    return 100 * fmean(_right_words(each, seed=seed) for seed, each in enumerate(_scenes()))


@cache
def _scenes() -> tuple[Scene, ...]:
    seconds = sample_script().duration_ms // 1000
    return tuple(scene(seconds=seconds, seed=seed) for seed in range(3))


def _confusion(made: Scene) -> float:
    found = _told_apart(made.sound, words=())
    named = [(start, end, str(voice)) for start, end, voice in found.segments()]
    return diarization_score(made.truth, named).confusion


def _right_words(made: Scene, *, seed: int) -> float:
    words, truth = heard_words(made, seed=seed)
    voices = _told_apart(made.mono, words=words)
    given, _ = voices_of(words, voices, language=speech_language("da"))
    return float((given == truth).mean())


def _told_apart(sound: Sound, *, words: Sequence[Word]) -> Diarization:
    return MeasuredDiarizer().diarize(
        sound,
        speech=SileroVoiceActivity().speech(mono_for_recognition(sound)),
        words=words,
        speakers=2,
        layout=SoundLayout.ONE_DEVICE,
        language="da",
    )


def _two_hours() -> list[Turn]:
    lines = [
        line
        for each in read_dialogues(TRAINING).values()
        if each.language == "da"
        for line in each.lines
    ]
    turns: list[Turn] = []
    words = 0
    for turn in turns_of(Dialogue("da", tuple(lines * 2))):
        turns.append(turn)
        words += len(turn.words)
        if words >= TWO_HOURS_OF_WORDS:
            break
    return turns


def _sample() -> Sound:
    with SAMPLE.open("rb") as film:
        length = sample_script().duration_ms
        return Sound(whole(decode(film, duration_ms=length, progress=lambda _: None)))


def _bare_decode() -> NDArray[np.float32]:
    with av.open(str(SAMPLE)) as container:
        resampler = AudioResampler(format="fltp", rate=RATE)
        frames = [
            piece.to_ndarray()
            for frame in container.decode(audio=0)
            for piece in resampler.resample(frame)
        ]
    return np.concatenate(frames, axis=1)


def _heard(
    random: np.random.Generator,
) -> tuple[list[Word], Diarization, NDArray[np.intp]]:
    """Return the sample's words as recognizers time them, voices with errors, and the truth."""
    script = sample_script()
    roles = list(script.speakers)
    posteriors = np.zeros((script.duration_ms // FRAME_MS + 1, len(roles)))
    words: list[Word] = []
    truth: list[int] = []
    for line in script.lines:
        voice = roles.index(line.role)
        shift = round(random.normal(0, 2))
        first, end = line.start_ms // FRAME_MS + shift, line.end_ms // FRAME_MS + 1 + shift
        sure = random.uniform(0.6, 1.0)
        posteriors[max(0, first) : end] = 1 - sure
        posteriors[max(0, first) : end, voice] = sure
        for at in range(max(0, first), end, CONFUSED_FRAMES):
            if random.random() < CONFUSED:
                stretch = posteriors[at : min(at + CONFUSED_FRAMES, end)]
                stretch[:] = stretch[:, ::-1].copy()
        for at, word in enumerate(line.words):
            start, stop = (
                max(0, time + round(random.normal(0, JITTER_MS)))
                for time in (word.start_ms, word.end_ms)
            )
            if not at and words and random.random() < STRETCHED:
                start = max(start - LONGEST_STRETCH_MS, words[-1].end_ms)
            words.append(Word(start, max(stop, start + 1), word.text))
            truth.append(voice)
    order = sorted(range(len(words)), key=lambda at: words[at].start_ms)
    return (
        [words[at] for at in order],
        Diarization(posteriors.astype(np.float16), engine="made"),
        np.array(truth)[order],
    )


def _nearest(words: list[Word], voices: Diarization) -> NDArray[np.intp]:
    """Return for each word the voice with the largest overlap, or that of the nearest stretch."""
    stretches = voices.segments()
    chosen = []
    for word in words:
        overlaps = [0] * voices.voices
        for start, end, voice in stretches:
            overlaps[voice] += max(0, min(end, word.end_ms) - max(start, word.start_ms))
        if any(overlaps):
            chosen.append(int(np.argmax(overlaps)))
            continue
        middle = (word.start_ms + word.end_ms) // 2
        chosen.append(
            min(stretches, key=lambda each: min(abs(each[0] - middle), abs(each[1] - middle)))[2]
        )
    return np.array(chosen)
