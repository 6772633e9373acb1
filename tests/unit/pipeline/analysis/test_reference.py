import json

import pytest

from pipeline.analysis.errors import ReferenceInvalid
from pipeline.analysis.reference import parse_reference
from pipeline.analysis.transcript_scores import TimedWord
from pipeline.rehearsal import SAMPLE, words_of_script
from storage.records import Turn, Word
from storage.transcripts import turns_to_json

HEJ = (TimedWord("Hej", "S", 100, 250), TimedWord("du", "S", 250, 400))


def test_the_samples_script_is_one() -> None:
    truth = parse_reference(SAMPLE.with_suffix(".json").read_text("utf-8"))
    assert (truth.language, truth.speakers) == ("da", 2)
    assert len(truth.words) == len(words_of_script())
    assert truth.words[0] == TimedWord("Hej", "caseworker", 2185, 2438)


def test_our_own_turns_are_one() -> None:
    turn = Turn(0, 100, 400, "S", (Word(100, 250, "Hej"), Word(250, 400, "du")))
    assert parse_reference(turns_to_json([turn]).decode()).words == HEJ


def test_what_whisperx_writes_is_one() -> None:
    words = [{"word": "Hej", "start": 0.1, "end": 0.25}, {"word": "du", "start": 0.25, "end": 0.4}]
    text = json.dumps({"language": "sv", "segments": [{"speaker": "S", "words": words}]})
    truth = parse_reference(text)
    assert truth.words == HEJ
    assert (truth.language, truth.speakers) == ("sv", 1)


def test_words_may_lack_times_and_carry_their_own_speaker() -> None:
    text = json.dumps([{"text": "Hej du"}, {"words": [{"text": "Hej", "speaker": "U"}]}])
    expected = (TimedWord("Hej"), TimedWord("du"), TimedWord("Hej", "U"))
    assert parse_reference(text).words == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "3", "[]", '{"lines": 3}', '[{"words": [3]}]', '[{"text": "…"}]', '["hej"]'),
        '[{"words": [{"text": "hej", "start": "soon"}]}]',
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ReferenceInvalid):
        parse_reference(text)
