from hypothesis import given
from hypothesis import strategies as st

from storage.codebooks.matching.sentences import content_stems, sentences_of, whole_turn
from storage.codebooks.matching.text_language import text_language
from storage.records import Turn, Word
from tests.unit.storage.codebooks.matching.talk import spoken

DANISH = text_language("da")


def tokens(text: str) -> list[str]:
    return [
        " ".join(passage.tokens) for passage in sentences_of(spoken(text), at=0, language=DANISH)
    ]


def test_full_stops_and_question_marks_end_sentences() -> None:
    assert tokens("Jeg kom. Gik du? Ja!") == ["jeg kom", "gik du", "ja"]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert tokens("Vi ses kl. to ca. her.") == ["vi ses kl to ca her"]


def test_a_long_pause_ends_a_sentence_without_punctuation() -> None:
    words = (Word(0, 200, "jeg"), Word(250, 400, "kom"), Word(1500, 1700, "gik"))
    turn = Turn(index=0, start_ms=0, end_ms=1700, speaker="youth", words=words)

    passages = sentences_of(turn, at=0, language=DANISH)

    assert [passage.tokens for passage in passages] == [("jeg", "kom"), ("gik",)]


def test_commas_pauses_and_conjunctions_begin_clauses() -> None:
    passage = sentences_of(spoken("Kim, er det din ven eller bor han her?"), at=0, language=DANISH)[
        0
    ]

    assert passage.clauses == (0, 1, 5)
    assert passage.asks


def test_a_span_of_tokens_leads_back_to_the_words_of_the_turn() -> None:
    turn = spoken("Nej. - Så ringer jeg i morgen.")
    passage = sentences_of(turn, at=0, language=DANISH)[1]

    first, end = passage.words(1, 3)

    assert [word.text for word in turn.words[first:end]] == ["ringer", "jeg"]


def test_words_without_letters_make_no_sentence() -> None:
    assert tokens("- … ?") == []


def test_content_leaves_out_stop_words_and_bends() -> None:
    passage = sentences_of(spoken("Du har været i skolen med lærerne"), at=0, language=DANISH)[0]

    assert content_stems(passage, language=DANISH) == {"skol", "lær"}


TEXT = st.lists(
    st.sampled_from(["jeg", "er", "Kim,", "ked.", "hvad?", "og", "-", "f.eks.", "don\u2019t"]),
    min_size=1,
    max_size=30,
)


@given(words=TEXT)
def test_sentences_cover_every_spoken_word_once_and_in_order(words: list[str]) -> None:
    passages = sentences_of(spoken(" ".join(words)), at=3, language=DANISH)

    places = [place for passage in passages for place in passage.word_of]
    expected = [at for at, word in enumerate(words) if any(map(str.isalnum, word))]
    assert sorted(set(places)) == expected
    assert places == sorted(places)
    assert [passage.last for passage in passages] == [
        at == len(passages) - 1 for at in range(len(passages))
    ]
    if passages:
        assert whole_turn(passages).tokens == sum((p.tokens for p in passages), ())
