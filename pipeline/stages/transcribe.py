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

    The recognizer is told the site's words and the legal terms of the language, as many as fit;
    which edition of them, and how many, is kept beside what it wrote.

    Where somebody has handed in a text, its words are taken, and no model is loaded.
    """
    permit = shop.permit(recording)
    own = shop.own_text(permit)
    told: dict[str, int] | None = None
    if own is None:
        vocabulary = shop.vocabulary(permit)
        fitting = shop.recognizer.fitting(vocabulary.told)
        told = {"edition": vocabulary.edition, "told": len(fitting)}
        words = _recognized(permit, shop, vocabulary=fitting)
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
            "vocabulary": told,
            "words": [asdict(word) for word in sorted(words, key=lambda word: word.start_ms)],
        },
    )


def _recognized(
    permit: Permit, shop: Workshop, *, vocabulary: Sequence[str]
) -> Sequence[RecognizedWord]:
    samples = mono_for_recognition(shop.sound(permit))
    speech = [(start, end) for start, end in shop.document(permit, BlobRole.SPEECH)]
    return shop.recognizer.recognize(
        samples,
        language=shop.recording(permit.recording).language,
        speech=speech,
        progress=shop.progress,
        vocabulary=vocabulary,
    )
