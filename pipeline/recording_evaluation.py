"""How well are files heard whose truth is known? Runs the functions that the stages run."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.diarization.count import estimated_speakers
from pipeline.analysis.errors import ReferenceInvalid
from pipeline.analysis.intervals import intersection
from pipeline.analysis.reference import Reference, parse_reference
from pipeline.analysis.scores import Spoken, diarization_score, parse_rttm
from pipeline.analysis.transcript_scores import TimedWord, transcript_score
from pipeline.children.diarizer import chosen_diarizer
from pipeline.engines.choice import chosen_recognizer
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.errors import FileMissing, SpeakersMissing
from pipeline.hearing import heard, sound_of
from storage.records import SoundLayout, Turn
from storage.settings import Settings

COLLAR_MS = 250
_DIGITS = 4


def evaluate_diarization(
    folder: Path,
    *,
    layout: SoundLayout,
    language: str | None,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """Return how well voices are told apart, as JSON values with stable keys.

    The true number of people is given to the software, as people give it at upload; the guess
    at it is only reported. ``mean`` is over the files, each counting alike.

    Args:
        folder: Sounds, ``*.wav``, with RTTM lines in a file of the same name, or in any
            ``*.rttm`` that names the sound. Sounds without a truth are left out.
        layout: How the sound was caught.
        language: Recognize the words too and use them, as the stages do where a single channel
            is not enough; without, by sound alone.
        progress: Called with a rising share 0..1.

    Raises:
        SpeakersMissing: There is no sound of which is known who speaks when.
    """
    truths = _truths(folder)
    if not truths:
        raise SpeakersMissing
    files: dict[str, dict[str, float]] = {}
    for done, (path, truth) in enumerate(truths.items(), start=1):
        files[path.name] = _told_apart(path, truth, layout=layout, language=language)
        progress(done / len(truths))
    keys = next(iter(files.values()))
    mean = {key: round(fmean(each[key] for each in files.values()), _DIGITS) for key in keys}
    return {"mean": mean, "files": files}


def _truths(folder: Path) -> Mapping[Path, tuple[Spoken, ...]]:
    """Return who speaks when in every sound of a folder of which that is known."""
    texts = {path.stem: _text(path) for path in sorted(folder.glob("*.rttm"))}
    everything = "\n".join(texts.values())
    truths = {
        path: parse_rttm(texts[path.stem])
        if path.stem in texts
        else parse_rttm(everything, recording=path.stem)
        for path in sorted(folder.glob("*.wav"))
    }
    return {path: truth for path, truth in truths.items() if truth}


def _told_apart(
    path: Path, truth: tuple[Spoken, ...], *, layout: SoundLayout, language: str | None
) -> dict[str, float]:
    sound = sound_of(path)
    audio = mono_for_recognition(sound)
    speech = SileroVoiceActivity().speech(audio)
    speakers = len({who for _, _, who in truth})
    settings = Settings()
    words = (
        chosen_recognizer(settings.model, models_folder=settings.models_folder()).recognize(
            audio, language=language, speech=speech, progress=lambda _: None
        )
        if language
        else ()
    )
    voices = chosen_diarizer(settings).diarize(
        sound,
        speech=speech,
        words=words,
        speakers=speakers,
        layout=layout,
        language=language or "da",
    )
    found = [
        (start, end, str(voice))
        for begun, ended, voice in voices.segments()
        for start, end in intersection([(begun, ended)], speech)
    ]
    plain = diarization_score(truth, found)
    forgiving = diarization_score(truth, found, collar_ms=COLLAR_MS)
    figures = {
        "der": plain.error,
        "confusion": plain.confusion,
        "miss": plain.missed,
        "false_alarm": plain.false_alarm,
        "der_collar_250": forgiving.error,
        "confusion_collar_250": forgiving.confusion,
    }
    return {
        **{name: round(value, _DIGITS) for name, value in figures.items()},
        "speakers_given": speakers,
        "speakers_estimated": estimated_speakers(sound, speech=speech),
    }


def evaluate_transcript(
    reference: Path,
    recording: Path,
    *,
    layout: SoundLayout,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """Return how good the text of a film or sound file is, as JSON values with stable keys.

    Language and number of people are the true text's; everything else is heard anew.

    Raises:
        FileMissing: One of the files does not exist.
        ReferenceInvalid: The true text cannot be read.
        MediaRefused: The file holds no sound, or is no recording.
    """
    truth = _reference(reference)
    result = heard(
        recording,
        language=truth.language,
        speakers=truth.speakers,
        layout=layout,
        progress=progress,
    )
    score = asdict(transcript_score(truth.words, _words_of(result.turns)))
    return {
        **{name: _rounded(value) for name, value in score.items() if name != "timing"},
        "timing": score["timing"] and {k: _rounded(v) for k, v in score["timing"].items()},
        "language": truth.language,
        "speakers": truth.speakers,
        "model": result.model,
        "real_time_factor": round(result.duration_ms / 1000 / max(result.took_s, 1e-3), 1),
    }


def _reference(path: Path) -> Reference:
    if not path.is_file():
        raise FileMissing
    return parse_reference(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReferenceInvalid from error


def _words_of(turns: tuple[Turn, ...]) -> list[TimedWord]:
    """Return the words of all turns in the order in which they were said."""
    words = [(word, turn.speaker) for turn in turns for word in turn.words]
    words.sort(key=lambda pair: (pair[0].start_ms, pair[0].end_ms))
    return [TimedWord(word.text, who, word.start_ms, word.end_ms) for word, who in words]


def _rounded(value: object) -> object:
    return round(value, _DIGITS) if isinstance(value, float) else value
