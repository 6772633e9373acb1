import pytest

from storage.codebooks.errors import CodebookInvalid, LanguageUnknown
from storage.codebooks.matching.compiled import compile_codebook
from storage.codebooks.model import LANGUAGES, Codebook
from storage.codebooks.shipped import shipped_codebooks
from tests.unit.storage.codebooks.matching.books import book, tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codebook", shipped_codebooks(), ids=lambda codebook: codebook.id)
def test_every_shipped_codebook_compiles(codebook: Codebook, language: str) -> None:
    compiled = compile_codebook(codebook, language=language)

    assert {each.tag.code for each in compiled.tags} == {each.code for each in codebook.tags}


def test_a_bad_pattern_is_refused_with_its_place() -> None:
    bad = book(tag("summary", da='{ p = "samle", w = 1 }, { p = "(op", w = 1 }'))

    with pytest.raises(CodebookInvalid, match=r"cue summary\.da\.2: A bracket is not closed"):
        compile_codebook(bad, language="da")


def test_a_tag_comes_after_those_it_refers_to() -> None:
    codebook = book(
        tag("late", head='speaker = ["caseworker"]\nunless = ["early"]'),
        tag("later", da='{ p = "ja", after = "late", w = 1 }'),
        tag("early"),
    )

    order = [each.tag.code for each in compile_codebook(codebook, language="da").tags]

    assert order == ["early", "late", "later"]


def test_a_language_without_tables_is_refused() -> None:
    with pytest.raises(LanguageUnknown):
        compile_codebook(book(tag("any")), language="de")
