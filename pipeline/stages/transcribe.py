"""Transcribe: what is said, word by word, as a draft; or as somebody has written it."""

from collections.abc import Sequence
from dataclasses import asdict

from consent.gate import Permit
from consent.model import RecordingId
from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.own_text import words_of
from pipeline.engines.ports import RecognizedWord
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Recognize the words of the speech found before, with their times and confidence.

    Where somebody has handed in a text, its words are taken, and no model is loaded.
    """
    permit = shop.permit(recording)
    own = shop.own_text(permit)
    if own is None:
        words = _recognized(permit, shop)
        engine, rehearsal = shop.recognizer.name, shop.recognizer.rehearsal
    else:
        words = [
            RecognizedWord(word.start_ms, word.end_ms, word.text, segment=number)
            for number, cue in enumerate(own.cues)
            for word in words_of(cue)
        ]
        engine, rehearsal = f"import/{own.kind}", False
    shop.save_document(
        permit,
        BlobRole.WORDS,
        {
            "engine": engine,
            "rehearsal": rehearsal,
            "words": [asdict(word) for word in sorted(words, key=lambda word: word.start_ms)],
        },
    )


def _recognized(permit: Permit, shop: Workshop) -> Sequence[RecognizedWord]:
    samples = mono_for_recognition(shop.sound(permit))
    speech = [(start, end) for start, end in shop.document(permit, BlobRole.SPEECH)]
    return shop.recognizer.recognize(
        samples,
        language=shop.recording(permit.recording).language,
        speech=speech,
        progress=shop.progress,
    )
