import pytest

from pipeline.analysis.doubts import with_doubts
from storage.records import Doubt, Turn, Word


def turn(text: str, *, start: int = 0, word_ms: int = 300, sure: float = 0.9) -> Turn:
    words = tuple(
        Word(start + i * word_ms, start + (i + 1) * word_ms, t, sure)
        for i, t in enumerate(text.split())
    )
    return Turn(0, start, words[-1].end_ms, "youth", words)


def doubts(
    *turns: Turn, language: str = "da", speech: tuple[tuple[int, int], ...] = ((0, 60_000),)
) -> list[frozenset[Doubt]]:
    return [t.doubts for t in with_doubts(turns, speech=speech, language=language)]


def test_plain_speech_raises_no_doubt() -> None:
    assert doubts(turn("Jeg vil gerne tale om skolen og om min mor.")) == [frozenset()]


@pytest.mark.parametrize(
    "text",
    [
        "så så så så så",
        "jeg ved jeg ved jeg ved jeg ved ikke",
        "det var ikke det var ikke det var ikke",
        "og så kom han hjem og så kom han hjem og så kom han hjem",
    ],
)
def test_words_going_round_are_a_loop(text: str) -> None:
    assert Doubt.LOOP in doubts(turn(text))[0]


@pytest.mark.parametrize("text", ["ja ja ja ja ja ja", "nej nej nej", "meget meget meget glad"])
def test_people_do_repeat_themselves(text: str) -> None:
    assert doubts(turn(text)) == [frozenset()]


def test_the_same_line_three_times_in_a_row_is_a_loop() -> None:
    lines = [turn("det var en god dag", start=at) for at in (0, 3_000, 6_000)]
    other = turn("nej det var det ikke", start=9_000)
    assert [Doubt.LOOP in d for d in doubts(*lines, other)] == [True, True, True, False]


def test_text_where_nobody_was_heard_is_over_silence() -> None:
    speech = ((0, 2_000),)
    found = doubts(turn("det er godt"), turn("tak for i dag", start=10_000), speech=speech)
    assert found == [frozenset(), frozenset({Doubt.OVER_SILENCE})]


def test_without_any_speech_everything_is_over_silence() -> None:
    assert doubts(turn("det er godt"), speech=()) == [frozenset({Doubt.OVER_SILENCE})]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Danske tekster af en oversætter."),
        ("da", "Det var godt. Tak fordi du så med!"),
        ("sv", "Undertexter från Amara.org-gemenskapen"),
        ("sv", "Textning av någon"),
        ("en", "Thanks for watching!"),
        ("en", "Subtitles by the Amara.org community"),
    ],
)
def test_stock_lines_of_subtitles_are_credits(language: str, text: str) -> None:
    assert Doubt.CREDIT_LINE in doubts(turn(text), language=language)[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [("da", "Jeg så tekster på skærmen."), ("sv", "Tack för att du kom."), ("en", "Thanks, bye.")],
)
def test_thanks_between_people_are_no_credits(language: str, text: str) -> None:
    assert doubts(turn(text), language=language) == [frozenset()]


def test_nobody_speaks_ten_words_a_second() -> None:
    assert doubts(turn("en to tre fire fem seks syv otte", word_ms=100)) == [
        frozenset({Doubt.IMPOSSIBLE_RATE})
    ]


def test_low_probability_is_a_doubt() -> None:
    assert doubts(turn("en to tre", sure=0.3)) == [frozenset({Doubt.LOW_CONFIDENCE})]
