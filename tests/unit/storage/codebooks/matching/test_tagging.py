from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codebooks.matching.tagging import TagSuggestion, suggest_tags
from storage.codebooks.model import Codebook
from storage.codebooks.shipped import shipped_codebooks
from storage.records import Doubt, Turn, TurnKind
from tests.unit.storage.codebooks.matching.books import book, tag
from tests.unit.storage.codebooks.matching.talk import spoken, talk

CASEWORKER, YOUTH = "caseworker", "youth"


def suggested(turns: list[Turn], *books: Codebook) -> tuple[TagSuggestion, ...]:
    return suggest_tags(turns, books, language="da")


def codes(turns: list[Turn], *books: Codebook) -> list[str]:
    return [each.code for each in suggested(turns, *books)]


def test_a_suggestion_names_its_words_their_times_and_its_reason() -> None:
    turns = talk((YOUTH, "Ja."), (CASEWORKER, "Godt. Du har ret til en bisidder."))
    rights = book(tag("rights", da='{ p = "ret til", w = 0.9 }, { p = "bisidder", w = 0.5 }'))

    (suggestion,) = suggested(turns, rights)

    assert suggestion == TagSuggestion(
        codebook="test@3",
        code="rights",
        start_ms=turns[1].words[3].start_ms,
        end_ms=turns[1].words[4].end_ms,
        confidence=0.95,
        reason="rights.da.1",
        turn=1,
        words=(3, 5),
    )


def test_reasons_below_the_threshold_suggest_nothing_until_they_add_up() -> None:
    weak = book(tag("weak", da='{ p = "måske", w = 0.4 }, { p = "kunne", w = 0.4 }'))

    assert codes(talk((CASEWORKER, "måske i morgen")), weak) == []
    assert codes(talk((CASEWORKER, "måske kunne vi")), weak) == ["weak"]


def test_only_the_named_speakers_are_searched() -> None:
    summary = book(tag("summary", da='{ p = "samle op", w = 1 }'))

    assert codes(talk((YOUTH, "skal vi samle op"), ("?", "skal vi samle op")), summary) == []


def test_a_tag_gives_way_to_another_on_the_same_sentence_only() -> None:
    check = tag("check", da='{ p = "med", w = 1 }')
    asking = tag(
        "asking",
        head='speaker = ["caseworker"]\nunless = ["check"]\ncues = [{ q = "closed", w = 1 }]',
    )

    turns = talk((CASEWORKER, "Er du med? Bor du her?"))

    assert codes(turns, book(check, asking)) == ["check", "asking"]


@pytest.mark.parametrize(
    ("cue", "hit", "missed"),
    [
        ('{ p = "ja", maxw = 2, w = 1 }', "ja tak", "ja tak gerne"),
        ('{ p = "ja", minw = 3, w = 1 }', "ja tak gerne", "ja tak"),
        ('{ p = "du", q = "open", w = 1 }', "hvad gør du", "går du"),
        ('{ p = "du", q = "any", w = 1 }', "går du", "her er du"),
        ('{ p = "du", q = "no", w = 1 }', "her er du", "går du"),
        ('{ p = "to", in = "turn", minw = 4, w = 1 }', "En er. To er.", "To er."),
    ],
)
def test_every_condition_must_hold(cue: str, hit: str, missed: str) -> None:
    tested = book(tag("tested", da=cue))

    assert codes(talk((CASEWORKER, hit)), tested) == ["tested"]
    assert codes(talk((CASEWORKER, missed)), tested) == []


def test_a_cue_may_count_in_one_part_of_the_conversation_only() -> None:
    late = book(tag("late", da='{ p = "tak", pos = [0.7, 1], w = 1 }'))
    turns = talk((CASEWORKER, "tak"), (YOUTH, "mm"), (YOUTH, "mm"), (CASEWORKER, "tak"))

    assert [each.turn for each in suggested(turns, late)] == [3]


def test_words_taken_up_come_from_the_others_last_turns() -> None:
    uptake = book(tag("uptake", head='speaker = ["caseworker"]\ncues = [{ shared = 1, w = 1 }]'))

    assert codes(talk((YOUTH, "det er kaos"), (CASEWORKER, "hvilket kaos")), uptake) == ["uptake"]
    assert codes(talk((CASEWORKER, "det er kaos"), (CASEWORKER, "hvilket kaos")), uptake) == []
    far = [(YOUTH, "det er kaos"), *[(CASEWORKER, "mm")] * 3, (CASEWORKER, "hvilket kaos")]
    assert codes(talk(*far), uptake) == []


def test_a_silence_is_shown_where_it_is() -> None:
    pause = book(
        tag("pause", head='speaker = ["caseworker"]\ncues = [{ silence_ms = 3000, w = 1 }]')
    )
    turns = talk(
        (CASEWORKER, "Og nu? Tænk."), (YOUTH, "jo"), (CASEWORKER, "ja"), silences={0: 4_000}
    )

    (suggestion,) = suggested(turns, pause)

    assert (suggestion.start_ms, suggestion.end_ms) == (turns[0].end_ms, turns[1].start_ms)


def test_a_backchannel_ends_a_silence_and_carries_no_tag() -> None:
    pause = book(
        tag("pause", head='speaker = ["caseworker"]\ncues = [{ silence_ms = 3000, w = 1 }]')
    )
    word = book(tag("word", head='speaker = ["youth"]', da='{ p = "mm", w = 1 }'))
    turns = talk((CASEWORKER, "Og nu"), (YOUTH, "mm"), (YOUTH, "ja"), silences={0: 2_000, 1: 2_000})
    turns[1] = replace(turns[1], kind=TurnKind.BACKCHANNEL)

    assert codes(turns, pause, word) == []


def test_a_cue_may_follow_another_tag() -> None:
    copes = tag("copes", head='speaker = ["youth"]', da='{ p = "plejer", w = 1 }')
    answer = tag("answer", da='{ p = "flot", after = "copes", w = 1 }')
    both = book(answer, copes)

    assert codes(talk((YOUTH, "jeg plejer det"), (CASEWORKER, "flot")), both) == ["copes", "answer"]
    assert codes(talk((YOUTH, "jeg gør det"), (CASEWORKER, "flot")), both) == []


def test_text_that_may_never_have_been_said_is_suggested_only_to_safeguard() -> None:
    usual = book(tag("usual", head='speaker = ["youth"]', da='{ p = "slår", w = 1 }'))
    safeguarding = 'speaker = ["youth"]\nseverity = "safeguarding"'
    worry = book(tag("worry", head=safeguarding, da='{ p = "slår", w = 1 }'))
    doubted = replace(spoken("han slår", speaker=YOUTH), doubts=frozenset({Doubt.OVER_SILENCE}))

    assert codes([doubted], usual, worry) == ["worry"]
    assert codes([replace(doubted, speaker="?")], usual, worry) == ["worry"]


SENTENCES = st.sampled_from(
    [
        "Hvad tænker du?",
        "Det lyder, som om du er træt.",
        "Jeg har ret til det.",
        "Han slår mig.",
        "Så aftaler vi det.",
        "mm",
        "-",
    ]
)


@given(lines=st.lists(st.tuples(st.sampled_from([CASEWORKER, YOUTH, "?"]), SENTENCES), max_size=12))
def test_suggestions_are_the_same_every_time_and_point_into_their_turn(
    lines: list[tuple[str, str]],
) -> None:
    turns = talk(*lines)

    suggestions = suggested(turns, *shipped_codebooks())

    assert suggestions == suggested(turns, *shipped_codebooks())
    for each in suggestions:
        turn = turns[each.turn]
        assert 0 <= each.words[0] < each.words[1] <= len(turn.words)
        assert turn.start_ms <= each.start_ms < each.end_ms
        assert 0 < each.confidence <= 1
