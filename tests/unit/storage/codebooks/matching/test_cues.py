import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codebooks.matching.cues import Key, KeyKind, compile_pattern
from storage.codebooks.matching.errors import PatternInvalid, PatternTooLong, TooManyWays
from storage.codebooks.matching.sentences import PassageIndex, sentences_of
from storage.codebooks.matching.text_language import text_language
from tests.unit.storage.codebooks.matching.talk import spoken

DANISH = text_language("da")


def found(pattern: str, text: str) -> str | None:
    """Return the words that a pattern covers in a sentence."""
    passage = sentences_of(spoken(text), at=0, language=DANISH)[0]
    span = passage.search(compile_pattern(pattern, stem=DANISH.stem))
    return None if span is None else " ".join(passage.tokens[slice(*span)])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("klage", "du kan klage over det", "klage"),
        ("klage", "du kan klager over det", None),
        ("klag*", "en klagevejledning", "klagevejledning"),
        ("*sted", "på et opholdssted", "opholdssted"),
        ("*sted", "på stedet", None),
        ("~skole", "begge skolerne", "skolerne"),
        ("ret til", "du har ret i til", None),
        ("ret ..1 til", "du har ret i til", "ret i til"),
        ("ret ..2 til", "ret a b c til", None),
        ("ret .. til", "ret a b c til", "ret a b c til"),
        ("(du|i) har", "nu har i har", "i har"),
        ("lige (a b|c) d", "lige a b d", "lige a b d"),
        ("lige (a b|c)? d", "lige d", "lige d"),
        ("lige nu? da", "lige da", "lige da"),
        ("^ hej", "hej med dig", "hej"),
        ("^ hej", "ja hej", None),
        ("^ ..1 hej", "ja hej", "ja hej"),
        ("er med $", "er du med er med", "er med"),
        ("er med (på|$)", "er med i dag", None),
        ("er med (på|$)", "er du er med", "er med"),
        ("Kim", "det er kim", "kim"),
    ],
)
def test_a_pattern_covers_exactly_what_the_cue_language_says(
    pattern: str, text: str, expected: str | None
) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(a",
        "a)",
        "a | b",
        "a ..",
        "..",
        "a?",
        "(a)? ..2",
        "()",
        "(a|)",
        "a ..13 b",
        "a ..0 b",
        "a ^ b",
        "a $ b",
        "~a*",
        "*a*",
        "a+b",
        "[ab]",
        "*",
    ],
)
def test_a_pattern_outside_the_cue_language_is_refused(pattern: str) -> None:
    with pytest.raises(PatternInvalid):
        compile_pattern(pattern, stem=DANISH.stem)


def test_the_rarest_part_decides_where_to_look() -> None:
    pattern = compile_pattern("(du|i) ..2 aktindsigt*", stem=DANISH.stem)

    assert pattern.keys == {Key(KeyKind.PREFIX, "aktindsigt")}


WORDS = st.sampled_from(["du", "har", "ret", "til", "skolerne", "klager", "over", "opholdssted"])
ATOMS = st.one_of(
    WORDS,
    WORDS.map(lambda word: f"{word[:3]}*"),
    WORDS.map(lambda word: f"*{word[-3:]}"),
    WORDS.map(lambda word: f"~{word}"),
    st.lists(WORDS, min_size=2, max_size=3).map(lambda words: f"({'|'.join(words)})"),
    WORDS.map(lambda word: f"{word}?"),
)


@given(
    atoms=st.lists(ATOMS, min_size=1, max_size=3),
    gap=st.sampled_from([" ", " ..1 ", " ..3 "]),
    texts=st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=6),
)
def test_the_index_never_rules_out_a_match(
    atoms: list[str], gap: str, texts: list[list[str]]
) -> None:
    if all(atom.endswith("?") for atom in atoms):
        atoms = [*atoms, "ret"]
    pattern = compile_pattern(gap.join(atoms), stem=DANISH.stem)
    passages = [
        sentences_of(spoken(" ".join(words)), at=at, language=DANISH)[0]
        for at, words in enumerate(texts)
    ]

    matching = {at for at, passage in enumerate(passages) if passage.search(pattern)}

    assert matching <= PassageIndex(passages).candidates(pattern.keys)


@pytest.mark.parametrize(
    "pattern",
    ["..12 ..12 ..12 ..12 nok", "(a|a*|~a|*a)? " * 6 + "nok", "a? " * 14 + "nok", "ja " * 200],
)
def test_a_pattern_that_could_be_read_in_too_many_ways_is_refused(pattern: str) -> None:
    with pytest.raises((TooManyWays, PatternTooLong)):
        compile_pattern(pattern, stem=DANISH.stem)


def test_every_problem_says_what_to_write_instead() -> None:
    problems = PatternInvalid.__subclasses__()
    assert all(each.advice and each.__doc__ for each in problems)
    assert str(PatternInvalid("x")).startswith("'x': The words to look for")
