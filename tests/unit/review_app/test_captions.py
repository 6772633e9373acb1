import re

from hypothesis import given
from hypothesis import strategies as st

from review_app.captions import captions
from storage.records import Turn, TurnKind, Word


def turn(words: list[str], *, at_ms: int = 0, kind: TurnKind = TurnKind.TURN) -> Turn:
    spoken = tuple(
        Word(at_ms + i * 400, at_ms + i * 400 + 350, text) for i, text in enumerate(words)
    )
    return Turn(0, at_ms, at_ms + len(words) * 400, "youth", spoken, kind)


def test_a_turn_becomes_a_cue_with_its_speaker() -> None:
    text = captions([turn(["Hej", "med", "dig"], at_ms=3_661_005)])
    assert "01:01:01.005 --> 01:01:02.155\n<v youth>Hej med dig" in text


def test_markup_in_speech_stays_speech() -> None:
    assert "a &lt;b&gt; &amp; c" in captions([turn(["a", "<b>", "&", "c"])])


def test_backchannels_are_left_out() -> None:
    assert captions([turn(["mm"], kind=TurnKind.BACKCHANNEL)]).count("-->") == 0


@given(st.lists(st.text("abcæøå", min_size=1, max_size=20), min_size=1, max_size=80))
def test_every_word_is_said_once_and_no_cue_is_long(words: list[str]) -> None:
    cues = re.findall(r"<v youth>(.*)", captions([turn(words)]))
    assert " ".join(cues).split() == words
    assert all(len(cue) <= 84 + 20 for cue in cues)
