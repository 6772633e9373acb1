from dataclasses import replace

import numpy as np
import pytest

from pipeline.analysis.evidence import evidence_of, label_of
from pipeline.analysis.learner import RESEMBLES, Learned, suggest
from pipeline.analysis.learning import learn
from storage.codebooks.matching.tagging import TagSuggestion, suggest_tags
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues.dialogue import Dialogue, parse_dialogue
from storage.dialogues.guide import Label
from storage.records import Doubt, Turn, TurnKind
from tests.unit.storage.codebooks.matching.talk import talk

CASEWORKER, YOUTH = "caseworker", "youth"
TALK = talk(
    (CASEWORKER, "Hvordan har du det?"),
    (YOUTH, "Han slår mig, når han er fuld."),
    (CASEWORKER, "Tag dig god tid. Du har ret til en bisidder."),
)
BOOKS = shipped_codebooks()


def always(chance: float, *, threshold: float = 0.5) -> Learned:
    """Return a learner to which everything is equally likely."""
    labels = len(Label)
    width = evidence_of(TALK, BOOKS, language="da").traits.shape[1]
    return Learned(
        weights=np.zeros((labels, width), np.int8),
        scales=np.ones(labels),
        biases=np.full(labels, np.log(chance / (1 - chance))),
        thresholds=np.full(labels, threshold),
    )


def suggested(turns: list[Turn], learned: Learned) -> tuple[TagSuggestion, ...]:
    return suggest(evidence_of(turns, BOOKS, language="da"), BOOKS, learned=learned)


def test_a_rule_needs_less_than_the_learner_needs_alone() -> None:
    ruled = suggest_tags(TALK, BOOKS, language="da")
    enough, too_little = suggested(TALK, always(0.36)), suggested(TALK, always(0.34))

    assert [each.reason for each in enough] == [each.reason for each in ruled]
    assert {each.confidence for each in enough if label_of(each)} == {0.36}
    assert "open_question" not in {each.code for each in too_little}


def test_what_safeguards_is_never_overruled() -> None:
    assert "worry" in {each.code for each in suggested(TALK, always(0.001))}


def test_codes_that_stand_for_no_label_are_the_rules_alone() -> None:
    (before,) = (s for s in suggest_tags(TALK, BOOKS, language="da") if s.code == "pause")
    assert before in suggested(TALK, always(0.001))


def test_the_learner_adds_what_no_cue_found_and_says_so() -> None:
    added = [each for each in suggested(TALK, always(0.9)) if each.reason == RESEMBLES]

    assert {each.confidence for each in added} == {0.9}
    per_turn = {
        (each.turn, label_of(each)) for each in suggested(TALK, always(0.9)) if label_of(each)
    }
    assert per_turn == {(turn.index, label) for turn in TALK for label in Label}
    assert all(each.words[0] < each.words[1] and each.start_ms < each.end_ms for each in added)


def test_backchannels_and_words_never_said_are_left_alone_except_for_disclosure() -> None:
    doubted = [replace(turn, doubts=frozenset({Doubt.LOOP})) for turn in TALK]
    aside = [replace(turn, kind=TurnKind.BACKCHANNEL) for turn in TALK]

    assert {label_of(each) for each in suggested(doubted, always(0.9))} == {Label.DISCLOSURE}
    assert not suggested(aside, always(0.9))


def test_nothing_said_suggests_nothing() -> None:
    assert suggested([], always(0.9)) == ()


def dialogue(*rows: tuple[str, str, str]) -> Dialogue:
    text = "\n".join(f"{who}\tskole\t{labels}\t{said}" for who, labels, said in rows)
    return parse_dialogue(text, file="da_test.tsv")


PRAISE = [
    dialogue(
        ("U", "-", "Jeg gik i skole."),
        ("S", "AF", f"Det kræver mod at møde op {when}."),
        ("S", "-", f"Skolen ligger på {where}."),
        ("U", "-", "Ja, det gør den."),
    )
    for when, where in (
        ("igen", "bakken"),
        ("alene", "torvet"),
        ("mandag", "havnen"),
        ("bagefter", "øen"),
        ("så tidligt", "vejen"),
        ("hver dag", "engen"),
    )
]


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn(PRAISE, BOOKS)[0]


def test_what_was_learned_is_suggested_at_the_sentence_that_resembles(learned: Learned) -> None:
    turns = talk(
        (YOUTH, "Jeg tog af sted."),
        (CASEWORKER, "Klokken er mange. Det kræver mod at møde op nu."),
        (CASEWORKER, "Skolen ligger på hjørnet."),
    )
    found = [each for each in suggested(turns, learned) if each.code == "affirmation"]

    assert [(each.turn, each.reason, each.words) for each in found] == [(1, RESEMBLES, (3, 10))]


def test_the_same_dialogues_teach_the_same(learned: Learned) -> None:
    again, _ = learn(PRAISE, BOOKS)

    assert np.array_equal(learned.weights, again.weights)
    assert np.array_equal(learned.thresholds, again.thresholds)


def test_a_label_that_nobody_gave_is_never_suggested(learned: Learned) -> None:
    turns = talk((YOUTH, "Jeg er bange for ham."), (CASEWORKER, "Så tak for i dag."))
    reasons = {each.reason for each in suggested(turns, learned)}
    assert RESEMBLES not in reasons


def exchanges(*told: tuple[str, str]) -> Dialogue:
    return dialogue(
        *((who, labels, said) for labels, text in told for who, labels, said in asked(labels, text))
    )


def asked(labels: str, text: str) -> list[tuple[str, str, str]]:
    return [("S", "-", "Hvad så?"), ("U", labels, text), ("S", "-", "Mm.")]


def test_what_is_told_in_exchanges_teaches_disclosures_and_not_that_there_are_many() -> None:
    told = [("DI", f"han låser døren {when}") for when in ("igen", "om natten", "hver dag")]
    calm = [("-", f"vi spiller kort {when}") for when in ("igen", "om natten", "hver dag")]
    worries = [
        replace(each, lines=(*each.lines, *dialogue(("U", "DI", "Han slår mig.")).lines))
        for each in PRAISE
    ]
    more, _ = learn(worries, BOOKS, exchanges=[exchanges(*told, *calm)])
    turns = talk(
        (YOUTH, "Han låser døren om aftenen."),
        (YOUTH, "Jeg gik hjem i går."),
        (CASEWORKER, "Det kræver mod at møde op nu."),
    )
    chances = more.probabilities(evidence_of(turns, BOOKS, language="da").traits)
    disclosure, affirmation = (
        chances[:, list(Label).index(label)] for label in (Label.DISCLOSURE, Label.AFFIRMATION)
    )

    assert disclosure[0] > 2 * disclosure[1], disclosure
    assert disclosure[1] < 0.3
    assert affirmation[2] > 0.3
