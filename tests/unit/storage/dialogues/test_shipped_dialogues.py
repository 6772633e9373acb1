"""The dialogues that come with the project are whole, unchanged and as their guide says."""

import os
from collections import Counter
from hashlib import sha256
from itertools import chain

import pytest

from pipeline.dialogues.base_model import BASE_MODEL
from storage.dialogues import (
    CHECKSUMS,
    EXCHANGES,
    HELD_OUT,
    SECOND_CODER,
    STRANGERS,
    TRAINING,
    read_dialogues,
)
from storage.dialogues.dialogue import Dialogue, turns_of
from storage.dialogues.guide import Label

FOLDERS = (TRAINING, HELD_OUT)
HELD_OUT_FILES = [
    *("da_04", "da_09", "da_101", "da_102", "da_103", "da_104"),
    *("da_24", "da_28", "da_43", "da_46", "da_49", "da_52"),
    *("en_04", "en_09", "en_101", "en_102", "en_43", "en_46"),
    *("sv_04", "sv_09", "sv_101", "sv_102", "sv_43", "sv_46"),
]
FILES = sorted(chain(*(folder.glob("*.tsv") for folder in (*FOLDERS, STRANGERS))))
EXCHANGE_FILES = sorted(EXCHANGES.glob("*.tsv"))
SECOND_FILES = sorted(SECOND_CODER.glob("*.tsv"))
LONG_WORDS = 8
OF_ANYONE = {Label.DISCLOSURE, Label.CONFLICT}
MEASURED_ON = {**read_dialogues(HELD_OUT), **read_dialogues(STRANGERS)}
DIALOGUES = {**read_dialogues(TRAINING), **MEASURED_ON}


def test_checksums_are_of_every_file_and_hold() -> None:
    noted = dict(reversed(line.split("  ")) for line in CHECKSUMS.read_text().splitlines())
    found = {
        os.path.relpath(path, CHECKSUMS.parent): sha256(path.read_bytes()).hexdigest()
        for path in (*FILES, *EXCHANGE_FILES, *SECOND_FILES, BASE_MODEL)
    }
    assert noted == found


def test_the_split_never_changes() -> None:
    assert [path.stem for path in sorted(HELD_OUT.glob("*.tsv"))] == HELD_OUT_FILES
    assert not {path.name for path in TRAINING.glob("*.tsv")} & set(MEASURED_ON)


def test_the_second_coder_labeled_the_very_same_words() -> None:
    assert [path.stem for path in SECOND_FILES] == HELD_OUT_FILES
    for name, second in read_dialogues(SECOND_CODER).items():
        first = DIALOGUES[name]
        assert [(each.speaker, each.text) for each in second.lines] == [
            (each.speaker, each.text) for each in first.lines
        ]
        assert wrongly_labeled(second) == []


def test_there_are_as_many_labeled_turns_as_promised() -> None:
    turns = Counter(each.language for each in DIALOGUES.values() for _ in each.spoken)
    assert turns.total() >= 3_000
    assert min(turns["da"], turns["sv"], turns["en"]) >= 1_000


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_every_label_occurs_in_every_language(folder: object, language: str) -> None:
    names = {path.name for path in FILES if path.parent == folder}
    said = {
        label
        for name in names
        for line in DIALOGUES[name].lines
        for label in line.labels
        if DIALOGUES[name].language == language
    }
    assert said == set(Label)


@pytest.mark.parametrize("name", DIALOGUES)
def test_a_dialogue_follows_the_guide(name: str) -> None:
    dialogue = DIALOGUES[name]
    assert dialogue.language == name[:2]
    assert len(turns_of(dialogue)) >= 70
    assert dialogue.lines[0].phase == "aabning"
    assert dialogue.lines[-1].phase == "afslutning"
    assert wrongly_labeled(dialogue) == []


@pytest.mark.parametrize("name", [path.name for path in EXCHANGE_FILES])
def test_an_exchange_is_asked_told_and_answered(name: str) -> None:
    lines = read_dialogues(EXCHANGES)[name].lines
    thirds = [lines[at : at + 3] for at in range(0, len(lines), 3)]

    assert [{line.phase for line in each} for each in thirds] == [
        {str(number)} for number in range(1, 61)
    ]
    for asked, told, answered in thirds:
        assert asked.speaker == answered.speaker == "caseworker" != told.speaker
        assert not asked.labels | answered.labels
        assert told.labels <= {Label.DISCLOSURE}


def test_nothing_in_exchanges_is_said_twice_or_held_out() -> None:
    told = [
        line.text
        for each in read_dialogues(EXCHANGES).values()
        for line in each.lines
        if len(line.text.split()) > LONG_WORDS
    ]
    held_out = {line.text for each in MEASURED_ON.values() for line in each.lines}

    assert len(told) == len(set(told))
    assert not held_out & set(told)


def wrongly_labeled(dialogue: Dialogue) -> list[str]:
    return [
        line.text
        for line in dialogue.lines
        if (line.speaker != "caseworker" and line.labels - OF_ANYONE)
        or (not line.speaker and line.labels)
        or (line.speaker == "caseworker" and Label.DISCLOSURE in line.labels)
    ]
