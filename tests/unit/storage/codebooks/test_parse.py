import pytest

from storage.codebooks.errors import CodebookInvalid
from storage.codebooks.model import Example, Within
from storage.codebooks.parse import parse_codebook, parse_questions
from tests.unit.storage.codebooks.matching.books import book_text, tag


def test_a_codebook_is_read_as_it_is_written() -> None:
    cue = '{ p = "ret til", w = 0.9, q = "no", minw = 2, pos = [0, 0.5], in = "turn" }'
    head = 'speaker = ["caseworker", "parent"]\nkey = "0"\nthreshold = 0.4'

    codebook = parse_codebook(book_text(tag("rights", head=head, da=cue)))

    rights = codebook.tag("rights")
    assert codebook.name == "test@3"
    assert codebook.title("sv") == "Bok"
    assert codebook.tag("other") is None
    assert rights is not None
    assert (rights.key, rights.threshold, rights.speakers) == ("0", 0.4, ("caseworker", "parent"))
    assert rights.text("en").short == "label"
    assert rights.text("en").examples == (Example("one"), Example("two"))
    (parsed,) = rights.cues
    assert (parsed.id, parsed.weight, parsed.position) == ("rights.da.1", 0.9, (0.0, 0.5))
    assert (parsed.language, parsed.within) == ("da", Within.TURN)


HEAD = 'speaker = ["caseworker"]'

BROKEN = {
    "not TOML": ("id = ", "the codebook: not TOML"),
    "no id": (book_text(tag("a")).replace('id = "test"', ""), "id: is missing"),
    "bad id": (book_text(tag("a")).replace('"test"', '"A test"'), "id: small letters"),
    "no version": (book_text(tag("a")).replace("version = 3", ""), "version: is missing"),
    "version below one": (
        book_text(tag("a")).replace("version = 3", "version = 0"),
        "version: a whole number from 1",
    ),
    "unknown field": (
        book_text(tag("a")).replace("version = 3", "version = 3\nauthor = 'me'"),
        "author: is not a field",
    ),
    "unknown field of a tag": (
        book_text(tag("a", head=f"{HEAD}\ncolour = 'red'")),
        "tags.a.colour: is not a field",
    ),
    "unknown field of a text": (
        book_text(tag("a")).replace('counts = "counts"', 'counts = "c"\nhint = "h"', 1),
        "tags.a.da.hint: is not a field",
    ),
    "unknown field of a cue": (
        book_text(tag("a", da='{ p = "ja", w = 1, wt = 1 }')),
        r"tags.a.da.cues\[1\].wt: is not a field",
    ),
    "missing language": (
        book_text(tag("a")).replace("[tags.a.sv]", "[tags.a.de]"),
        "tags.a.sv: is missing",
    ),
    "title without a language": (
        book_text(tag("a")).replace(', sv = "Bok"', ""),
        "title.sv: is missing",
    ),
    "empty label": (
        book_text(tag("a")).replace('label = "label"', 'label = ""', 1),
        "tags.a.da.label: is empty",
    ),
    "number for text": (
        book_text(tag("a")).replace('label = "label"', "label = 5", 1),
        "tags.a.da.label: text in quotes",
    ),
    "text for a list": (
        book_text(tag("a", head="speaker = 'caseworker'")),
        "tags.a.speaker: a list of texts",
    ),
    "text for cues": (
        book_text(tag("a", head=f"{HEAD}\ncues = 'ja'")),
        "tags.a.cues: a list is needed",
    ),
    "one example": (
        book_text(tag("a")).replace('examples = ["one", "two"]', 'examples = ["one"]', 1),
        "tags.a.da.examples: 2 or more",
    ),
    "code in capitals": (book_text(tag("A")), "tags.A: a code has small letters"),
    "unknown speaker": (
        book_text(tag("a", head='speaker = ["teacher"]')),
        "tags.a.speaker: one or more of",
    ),
    "no speaker": (book_text(tag("a", head="speaker = []")), "tags.a.speaker: one or more"),
    "bad question": (
        book_text(tag("a")).replace('"P1.1"', '"P3.1"'),
        "tags.a.serves: one or more ids",
    ),
    "key of two digits": (
        book_text(tag("a", head=f'{HEAD}\nkey = "12"')),
        "tags.a.key: one digit",
    ),
    "key taken": (
        book_text(tag("a", head=f'{HEAD}\nkey = "1"'), tag("b", head=f'{HEAD}\nkey = "1"')),
        "tags.b.key: 1 already sets a",
    ),
    "unknown severity": (
        book_text(tag("a", head=f'{HEAD}\nseverity = "high"')),
        "tags.a.severity: one of normal, safeguarding",
    ),
    "modifier twice": (
        book_text(tag("a", head=f'{HEAD}\nmodifiers = ["b", "b"]')),
        "tags.a.modifiers: each once",
    ),
    "modifier without a name": (
        book_text(tag("a", head=f'{HEAD}\nmodifiers = ["b"]')),
        "tags.a.modifiers: each needs a name in every language",
    ),
    "unless names no tag": (
        book_text(tag("a", head=f'{HEAD}\nunless = ["b"]')),
        "tags.a: unless or after names no tag: b",
    ),
    "circle": (
        book_text(
            tag("a", head=f'{HEAD}\nunless = ["b"]'), tag("b", da='{ p = "x", after = "a", w = 1 }')
        ),
        "tags: unless or after go in a circle",
    ),
    "threshold above one": (
        book_text(tag("a", head=f"{HEAD}\nthreshold = 1.5")),
        "tags.a.threshold: a number from 0 to 1",
    ),
    "weight above one": (
        book_text(tag("a", da='{ p = "ja", w = 1.2 }')),
        r"tags.a.da.cues\[1\].w: a number from 0 to 1",
    ),
    "no weight": (book_text(tag("a", da='{ p = "ja" }')), r"tags.a.da.cues\[1\].w: is missing"),
    "cue without a condition": (
        book_text(tag("a", da="{ w = 0.5 }")),
        r"tags.a.da.cues\[1\]: a pattern or a condition",
    ),
    "words without a language": (
        book_text(tag("a", head=f'{HEAD}\ncues = [{{ p = "ja", w = 1 }}]')),
        r"tags.a.cues\[1\].p: words belong under a language",
    ),
    "falling position": (
        book_text(tag("a", da='{ p = "ja", w = 1, pos = [0.5, 0.1] }')),
        r"tags.a.da.cues\[1\].pos: two rising numbers",
    ),
    "unknown question form": (
        book_text(tag("a", da='{ q = "maybe", w = 1 }')),
        r"tags.a.da.cues\[1\].q: one of open, closed, any, no",
    ),
    "cue that is no table": (
        book_text(tag("a", da='"ja"')),
        r"tags.a.da.cues\[1\]: a table is needed",
    ),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_codebook_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(CodebookInvalid, match=message):
        parse_codebook(text)


def test_the_error_carries_its_place_apart_from_its_reason() -> None:
    with pytest.raises(CodebookInvalid) as caught:
        parse_codebook(book_text(tag("a", da='{ p = "ja", w = 2 }')))

    assert caught.value.place == "tags.a.da.cues[1].w"
    assert caught.value.reason == "a number from 0 to 1 is needed"


def test_a_question_needs_an_id_of_a_package() -> None:
    text = """
        [[themes]]
        title = { da = "a", sv = "b", en = "c" }
        questions = [{ id = "17", da = "a", sv = "b", en = "c" }]
    """

    with pytest.raises(CodebookInvalid, match=r"themes\[1\].questions\[1\].id: an id such as"):
        parse_questions(text)
