"""Made-up talk and made-up corrections of it, for tests to draw from."""

from hypothesis import strategies as st

from storage.corrected_text import CorrectedText
from storage.records import (
    SpeakerSet,
    SpeakersSwapped,
    TextChange,
    Turn,
    TurnKind,
    TurnsMerged,
    TurnSplit,
    Word,
    WordsReplaced,
)

ROLES = ("caseworker", "youth", "parent", "?")
TEXTS = st.sampled_from(["ja", "nej", "skolen", "hjem", "tid", "måske.", "Hvad?"])


def turn(index: int, *words: Word, speaker: str = "youth", kind: TurnKind = TurnKind.TURN) -> Turn:
    return Turn(index, words[0].start_ms, words[-1].end_ms, speaker, words, kind)


def said(text: str, *, start_ms: int = 0, each_ms: int = 300) -> tuple[Word, ...]:
    """Return words one after the other, each as long as the next."""
    return tuple(
        Word(start_ms + n * each_ms, start_ms + (n + 1) * each_ms - 50, word)
        for n, word in enumerate(text.split())
    )


@st.composite
def talks(draw: st.DrawFn, *, least: int = 1) -> tuple[Turn, ...]:
    """Return turns one after the other, some with a backchannel in the middle of them."""
    turns: list[Turn] = []
    now = draw(st.integers(0, 500))
    for _ in range(draw(st.integers(least, 5))):
        words = []
        for text in draw(st.lists(TEXTS, min_size=1, max_size=5)):
            end = now + draw(st.integers(0, 400))
            words.append(Word(now, end, text, draw(st.sampled_from([0.3, 1.0]))))
            now = end + draw(st.integers(0, 900))
        begun = turn(len(turns), *words, speaker=draw(st.sampled_from(ROLES)))
        turns.append(begun)
        if len(words) > 1 and draw(st.booleans()):
            heard = Word(words[0].start_ms + 1, words[0].start_ms + 200, "mm")
            turns.append(turn(len(turns), heard, kind=TurnKind.BACKCHANNEL))
            now = max(now, heard.start_ms)  # what comes next begins later
    return tuple(turns)


@st.composite
def changes(draw: st.DrawFn, text: CorrectedText) -> TextChange:
    """Return something that a person might do to a text as it is now."""
    passages = text.passages()
    passage = draw(st.sampled_from(passages))
    others = [each for each in passages if each.pieces[0].place < passage.pieces[0].place]
    ways = ["replace", "name", "swap"]
    ways += ["split"] * (len(passage.pieces) > 1) + ["merge"] * bool(others)
    match draw(st.sampled_from(ways)):
        case "split":
            return TurnSplit(draw(st.sampled_from(passage.pieces[1:])).ids[0])
        case "merge":
            return TurnsMerged(passage.first, into=draw(st.sampled_from(others)).first)
        case "name":
            return SpeakerSet(passage.first, passage.speaker, draw(st.sampled_from(ROLES[:3])))
        case "swap":
            return SpeakersSwapped(passage.first, "caseworker", "youth")
    first = draw(st.integers(0, len(passage.pieces) - 1))
    last = draw(st.integers(first, len(passage.pieces) - 1))
    pieces = passage.pieces[first : last + 1]
    return WordsReplaced(
        tuple(word for piece in pieces for word in piece.ids),
        old=" ".join(piece.text for piece in pieces if piece.words),
        new=" ".join(draw(st.lists(st.sampled_from(["Odense", "hr.", "x"]), max_size=3))),
    )
