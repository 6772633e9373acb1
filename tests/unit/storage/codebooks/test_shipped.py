from collections import Counter

import pytest

from storage.codebooks.model import LANGUAGES, Severity
from storage.codebooks.shipped import SHIPPED, shipped_codebooks, shipped_questions

TAGS = [tag for codebook in shipped_codebooks() for tag in codebook.tags]


def test_codebooks_are_shipped_under_the_names_of_their_files() -> None:
    assert tuple(codebook.id for codebook in shipped_codebooks()) == SHIPPED


def test_the_questions_are_the_thirty_of_the_two_packages() -> None:
    ids = [question.id for question in shipped_questions()]

    assert ids == [f"P{1 if number < 17 else 2}.{number}" for number in range(1, 31)]


@pytest.mark.parametrize("package", [1, 2])
def test_every_question_of_a_package_has_a_tag_of_its_own(package: int) -> None:
    codebook = shipped_codebooks()[package]
    asked = [each.id for each in shipped_questions() if each.id.startswith(f"P{package}.")]

    assert [tag.serves for tag in codebook.tags] == [(question,) for question in asked]


def test_tags_serve_questions_that_exist() -> None:
    assert {question for tag in TAGS for question in tag.serves} == {
        question.id for question in shipped_questions()
    }


def test_a_code_means_one_thing_in_all_codebooks() -> None:
    assert [code for code, count in Counter(tag.code for tag in TAGS).items() if count > 1] == []


def test_the_ten_digits_set_ten_tags_of_the_conversation() -> None:
    conversation = shipped_codebooks()[0]

    assert {tag.key: tag.text("da").short for tag in conversation.tags if tag.key} == {
        "1": "Åbent spm.",
        "2": "Lukket spm.",
        "3": "Spejling",
        "4": "Anerkendelse",
        "5": "Pause",
        "6": "Egne ord",
        "7": "Fagord",
        "8": "Mestring",
        "9": "Rettighed",
        "0": "Aftale",
    }


@pytest.mark.parametrize("book", ["motivational", "needs", "methods"])
def test_what_takes_a_persons_judgement_has_keys_and_is_never_suggested(book: str) -> None:
    tags = next(each.tags for each in shipped_codebooks() if each.id == book)

    assert [tag.key for tag in tags[:10]] == list("1234567890")
    assert {tag.cues for tag in tags} == {()}


def test_a_scale_has_its_steps_and_a_reflection_its_kinds() -> None:
    modifiers = {tag.code: tag.text("da").modifiers for tag in TAGS if tag.modifiers}

    assert modifiers["scaling_question"] == tuple(map(str, range(11)))
    assert modifiers["reflection"] == ("enkel", "kompleks")
    assert modifiers["stability"] == ("bærer", "er svært", "uklart")


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_can_be_told_apart(language: str) -> None:
    for codebook in shipped_codebooks():
        labels = [tag.text(language).label for tag in codebook.tags]
        assert len(set(labels)) == len(labels)


def test_no_text_was_left_in_another_language() -> None:
    for tag in TAGS:
        texts = [(text.description, text.counts, text.does_not_count) for text in tag.texts]
        for field in zip(*texts, strict=True):
            assert len(set(field)) == len(LANGUAGES), tag.code


def test_what_may_call_for_action_is_never_treated_as_an_ordinary_tag() -> None:
    serious = {tag.code for tag in TAGS if tag.severity is Severity.SAFEGUARDING}

    assert serious == {"worry", "disclosure"}


def test_a_disclosure_is_never_suggested() -> None:
    assert [tag.cues for tag in TAGS if tag.code == "disclosure"] == [()]


def test_a_question_can_be_shown_with_its_theme() -> None:
    question = shipped_questions()[16]

    assert question.theme("en") == "The role of rules and law"
    assert question.text("sv").startswith("Hur sätter socialsekreteraren ord på lagen")
