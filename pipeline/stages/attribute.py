"""Attribute: whose word is it? Words become turns with roles, doubts are marked."""

from consent.model import RecordingId
from pipeline.analysis.attribution import turns_from
from pipeline.analysis.doubts import with_doubts
from pipeline.analysis.own_text import names_voices, turns_of
from pipeline.analysis.roles import roles_by_clamps, roles_from
from pipeline.analysis.sound import Diarization
from pipeline.engines.ports import RecognizedWord
from pipeline.stages.workshop import Workshop
from storage.media import save_transcript
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Make a new version of the transcript; an earlier one is never overwritten.

    A text that was handed in and says who speaks is taken at its word. Else whose words somebody
    has said to be is kept, and helps to tell whose the others are.

    Cut off after its work and run again, it finds the text that it would make and adds nothing.
    """
    permit = shop.permit(recording)
    language = shop.recording(recording).language
    recognized = shop.document(permit, BlobRole.WORDS)
    own = shop.own_text(permit)
    if own is not None and names_voices(own.cues):
        turns = turns_of(own.cues)
    else:
        words = [RecognizedWord(**word) for word in recognized["words"]]
        with shop.open(permit, BlobRole.SPEAKERS) as reader:
            voices = Diarization.from_bytes(reader.read())
        clamps = shop.clamps(permit)
        heard = roles_from(words, voices, language=language).names
        names = roles_by_clamps(heard, voices, clamps)
        turns = turns_from(words, voices, roles=names, language=language, clamps=clamps)
    speech = [(start, end) for start, end in shop.document(permit, BlobRole.SPEECH)]
    made = with_doubts(turns, speech=speech, language=language)
    if shop.has_text(permit, made):
        return
    save_transcript(
        shop.home,
        permit,
        made,
        engine=recognized["engine"],
        language=language,
        rehearsal=recognized["rehearsal"],
    )
