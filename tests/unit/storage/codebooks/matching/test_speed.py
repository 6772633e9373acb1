from storage.codebooks.matching.compiled import compile_codebook
from storage.codebooks.matching.reading import read
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.shipped import shipped_codebooks
from tests.unit.storage.codebooks.matching.talk import talk

LINES = [
    ("caseworker", "Nu vil jeg gerne høre lidt om, hvordan det går i klassen for tiden."),
    ("youth", "Det går op og ned, og jeg kommer der ikke så meget mere."),
    ("caseworker", "Det lyder, som om du savner dem. Hvad ville gøre det lettere?"),
    ("youth", "Når jeg er nede ved vandet, bliver jeg rolig, så det plejer jeg."),
    ("caseworker", "Vi kan se på det sammen på onsdag, og du har ret til en bisidder."),
]
WORDS = 15_000


def test_the_index_saves_most_of_a_plain_search() -> None:
    words = sum(len(text.split()) for _, text in LINES)
    turns = talk(*LINES * (WORDS // words))
    books = shipped_codebooks()
    compiled = [compile_codebook(book, language="da") for book in books]
    sentences, _ = read(turns, language=text_language("da"))
    patterns = [
        cue.pattern for book in compiled for tag in book.tags for cue in tag.cues if cue.pattern
    ]

    searches = sum(len(sentences.index.candidates(pattern.keys)) for pattern in patterns)

    # Counted, not timed: a busy machine must not fail the test. Measured 0.09.
    assert searches < 0.15 * len(patterns) * len(sentences.passages)
