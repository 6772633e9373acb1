"""Topics: what keeps company lies together, and phases lie apart."""

import numpy as np
import pytest

from pipeline.analysis.phase_model import TOPIC_DIRECTIONS, Values
from pipeline.analysis.pieces import PIECES, pieces_of
from pipeline.analysis.topic_learning import TopicLearning
from storage.codebooks.model import LANGUAGES
from storage.dialogues.dialogue import Dialogue, parse_dialogue, turns_of

ABOUT = {
    "rejse": ["bussen til byen", "toget var sent", "bussen og toget", "byen med toget"],
    "mad": ["suppen var varm", "brød og suppe", "varm suppe igen", "brødet var varmt"],
    "hund": ["hunden løb ud", "hunden i haven", "haven og hunden", "ud i haven"],
}


def conversation(number: int) -> Dialogue:
    phases = sorted(ABOUT, key=lambda phase: place_of(phase, number))
    rows = [
        f"{who}\t{phase}\t-\t{said}"
        for phase in phases
        for who, said in zip("SUSU", ABOUT[phase], strict=True)
    ]
    return parse_dialogue("\n".join(rows), file=f"da_{number}.tsv")


def place_of(phase: str, number: int) -> int:
    return (list(ABOUT).index(phase) + number) % len(ABOUT)


DIALOGUES = [conversation(number) for number in range(6)]
SAID = [(turn.speaker, turn.text) for each in DIALOGUES for turn in turns_of(each)]
PIECES_OF_ALL = pieces_of(SAID, language="da")


def cosine(one: Values, other: Values) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.fixture(scope="module")
def aside() -> Values:
    fold_of = np.repeat([0, 0, 0, 1, 1, 1], 12)
    return TopicLearning(PIECES_OF_ALL, DIALOGUES).set_aside(fold_of)


def test_turns_of_a_phase_are_more_alike_than_those_of_two(aside: Values) -> None:
    phases = aside[:12].reshape(3, 4, TOPIC_DIRECTIONS).mean(axis=1)
    turns = aside[12:24].reshape(3, 4, TOPIC_DIRECTIONS)
    order = [DIALOGUES[0].lines[at].phase for at in (0, 4, 8)]
    again = [DIALOGUES[1].lines[at].phase for at in (0, 4, 8)]
    same = [
        cosine(phases[order.index(name)], turns[at].mean(axis=0)) for at, name in enumerate(again)
    ]
    other = [
        cosine(phases[order.index(name)], turns[at - 1].mean(axis=0))
        for at, name in enumerate(again)
    ]

    assert min(same) > 0.5
    assert max(other) < 0.2


def test_topics_lie_around_the_middle_of_each_conversation(aside: Values) -> None:
    middles = aside.reshape(len(DIALOGUES), 12, TOPIC_DIRECTIONS).mean(axis=1)
    assert np.abs(middles).max() < 1e-9


def test_a_language_that_nobody_spoke_has_no_topics() -> None:
    weights = TopicLearning(PIECES_OF_ALL, DIALOGUES).fitted()

    assert weights.shape == (len(LANGUAGES), TOPIC_DIRECTIONS, PIECES)
    assert np.abs(weights[LANGUAGES.index("da")]).max() > 0
    assert not weights[LANGUAGES.index("en")].any()


def test_talk_of_one_phase_alone_teaches_no_topics() -> None:
    one = parse_dialogue("S\tmad\t-\tsuppen\nU\tmad\t-\tbrødet", file="da_1.tsv")
    pieces = pieces_of([("caseworker", "suppen"), ("youth", "brødet")], language="da")

    assert not TopicLearning(pieces, [one]).fitted().any()


def test_dialogues_of_one_phase_each_tell_nothing_apart() -> None:
    rows = [f"{who}\trejse\t-\t{said}" for who, said in zip("SUSU", ABOUT["rejse"], strict=True)]
    dialogues = [parse_dialogue("\n".join(rows), file="da_1.tsv") for _ in range(6)]
    said = [(turn.speaker, turn.text) for each in dialogues for turn in turns_of(each)]
    assert not TopicLearning(pieces_of(said, language="da"), dialogues).fitted().any()
