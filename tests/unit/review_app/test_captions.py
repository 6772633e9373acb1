import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.own_text import turns_of
from review_app.captions import captions, subtitles
from storage.records import Turn, TurnKind, Word
from storage.subtitles import guess, read_subtitles

SPEAKERS = ("caseworker", "youth", "parent", "other", "?")


def turn(words: list[str], *, at_ms: int = 0, kind: TurnKind = TurnKind.TURN) -> Turn:
    spoken = tuple(
        Word(at_ms + i * 400, at_ms + i * 400 + 350, text) for i, text in enumerate(words)
    )
    return Turn(0, at_ms, at_ms + len(words) * 400, "youth", spoken, kind)


def test_a_turn_becomes_a_cue_with_its_speaker() -> None:
    said = [turn(["Hej", "med", "dig"], at_ms=3_661_005)]
    assert "01:01:01.005 --> 01:01:02.155\n<v youth>Hej med dig" in captions(said)
    assert subtitles(said) == "1\n01:01:01,005 --> 01:01:02,155\nyouth: Hej med dig\n"


def test_markup_in_speech_stays_speech() -> None:
    assert "a &lt;b&gt; &amp; c" in captions([turn(["a", "<b>", "&", "c"])])


def test_backchannels_are_left_out() -> None:
    assert captions([turn(["mm"], kind=TurnKind.BACKCHANNEL)]).count("-->") == 0


@given(st.lists(st.text("abcæøå", min_size=1, max_size=20), min_size=1, max_size=80))
def test_every_word_is_said_once_and_no_cue_is_long(words: list[str]) -> None:
    cues = re.findall(r"<v youth>(.*)", captions([turn(words)]))
    assert " ".join(cues).split() == words
    assert all(len(cue) <= 84 + 20 for cue in cues)


@st.composite
def conversations(draw: st.DrawFn, signs: str) -> list[Turn]:
    """Turns one after another, of changing speakers, with pauses shorter than a turn's end."""
    turns: list[Turn] = []
    at_ms = draw(st.integers(0, 5_000_000))
    for index in range(draw(st.integers(1, 8))):
        others = [name for name in SPEAKERS if not turns or turns[-1].speaker != name]
        words: list[Word] = []
        for text in draw(st.lists(st.text(signs, min_size=1, max_size=9), min_size=1, max_size=30)):
            start_ms = at_ms + draw(st.integers(0, 900))
            at_ms = start_ms + draw(st.integers(40, 1_500))
            words.append(Word(start_ms, at_ms, text))
        speaker = draw(st.sampled_from(others))
        turns.append(Turn(index, words[0].start_ms, at_ms, speaker, tuple(words)))
    return turns


WORDS = {captions: "abæøÅ&<>:.?-'7", subtitles: "abæøÅ&.?-'7"}


@pytest.mark.parametrize("write", WORDS)
@given(data=st.data())
def test_what_is_taken_out_can_be_handed_in_again(write: object, data: st.DataObject) -> None:
    assert write in (captions, subtitles)
    turns = data.draw(conversations(WORDS[write]))  # type: ignore[index]
    found = read_subtitles(write(turns).encode())  # type: ignore[operator]
    again = turns_of(found.spoken_by([guess(name) for name in found.speakers]))
    assert [(t.speaker, t.text) for t in again] == [(t.speaker, t.text) for t in turns]
    for before, after in zip(turns, again, strict=True):
        assert (after.start_ms, after.end_ms) == (before.start_ms, before.end_ms)
        for was, now in zip(before.words, after.words, strict=True):
            assert abs(now.start_ms - was.start_ms) <= 6_000  # a cue's length
            assert now.start_ms < now.end_ms
