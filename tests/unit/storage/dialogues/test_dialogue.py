import pytest

from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues.dialogue import parse_dialogue, turns_of
from storage.dialogues.errors import DialogueInvalid
from storage.dialogues.guide import CODES, Label

TALK = (
    "S\taabning\tOP,OQ\tHej. Hvordan går det?\n"
    "_\taabning\t-\t(pause 6 s)\n"
    "U\tskole\tDI\tHan slog mig.\n"
    "M\tskole\t-\tNej.\n"
)


def test_lines_keep_speaker_phase_labels_and_text() -> None:
    dialogue = parse_dialogue(TALK, file="sv_01.tsv")

    assert dialogue.language == "sv"
    assert [line.speaker for line in dialogue.lines] == ["caseworker", "", "youth", "parent"]
    assert dialogue.lines[0].labels == {Label.OPENING, Label.OPEN_QUESTION}
    assert dialogue.lines[2].text == "Han slog mig."
    assert dialogue.borders == {1}


@pytest.mark.parametrize("name", ["talk.tsv", "no_01.tsv", "x.tsv"])
def test_a_name_without_a_known_language_means_danish(name: str) -> None:
    assert parse_dialogue(TALK, file=name).language == "da"


def test_turns_are_what_was_said_and_a_pause_is_a_silence() -> None:
    first, second, third = turns_of(parse_dialogue(TALK, file="da.tsv"))

    assert [first.index, second.index, third.index] == [0, 2, 3]
    assert first.text == "Hej. Hvordan går det?"
    assert second.start_ms - first.end_ms == 6_300
    assert third.start_ms - second.end_ms == 300


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("S\tskole\tOQ", "3 columns instead of 4"),
        ("X\tskole\t-\tHej", "unknown speaker 'X'"),
        ("S\tskole\tOQ,XX\tHej", "unknown label 'XX'"),
        ("S\tskole\t\tHej", "unknown label ''"),
        ("S\t\t-\tHej", "no phase or no text"),
        ("S\tskole\t-\t ", "no phase or no text"),
    ],
)
def test_a_bad_line_is_named_with_its_file(row: str, reason: str) -> None:
    with pytest.raises(DialogueInvalid) as caught:
        parse_dialogue(f"{TALK}\n{row}\n", file="da_x.tsv")

    assert str(caught.value) == f"da_x.tsv, line 6: {reason}"
    assert caught.value.advice == f"Correct da_x.tsv, line 6: {reason}."


def test_a_dialogue_in_which_nobody_speaks_is_refused() -> None:
    with pytest.raises(DialogueInvalid, match="nobody speaks"):
        parse_dialogue("_\taabning\t-\t(pause 6 s)\n", file="da.tsv")


def test_every_label_stands_for_codes_that_exist_and_no_code_for_two() -> None:
    codes = [pair for label in Label for pair in CODES[label]]
    known = {(book.id, tag.code) for book in shipped_codebooks() for tag in book.tags}

    assert len(set(codes)) == len(codes)
    assert set(codes) <= known
