from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.evidence import evidence_of
from pipeline.analysis.learner import Learned
from pipeline.analysis.phase_model import TELLING, TOPIC_DIRECTIONS, LearnedPhases, Values
from pipeline.analysis.phases import PhaseSuggestion, suggest_phases
from pipeline.analysis.pieces import PIECES
from storage.codebooks.matching.text_language import text_language
from storage.codebooks.model import LANGUAGES
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues.guide import Label, Theme
from storage.records import Phase, Turn, TurnKind, Word
from tests.unit.storage.codebooks.matching.talk import spoken, talk

BOOKS = shipped_codebooks()
CASEWORKER, YOUTH = "caseworker", "youth"

CONVERSATIONS = {
    "da": [
        "Hej og velkommen. Jeg hedder Anna.",
        "I dag skulle vi snakke om skolen og din bror.",
        "Lad os begynde med skolen. Hvordan går det i klassen?",
        "Nu vil jeg gerne høre om din bror.",
        "Så skal vi til dine rettigheder. Du har ret til en bisidder.",
        "For lige at samle op: skolen først og så din bror.",
        "Vi har fem minutter tilbage. Tak for i dag.",
    ],
    "sv": [
        "Hej och välkommen. Jag heter Anna.",
        "I dag skulle vi prata om skolan och din bror.",
        "Låt oss börja med skolan. Hur går det i klassen?",
        "Nu vill jag gärna höra om din bror.",
        "Då går vi till dina rättigheter. Du har rätt till en stödperson.",
        "För att sammanfatta: skolan först och sedan din bror.",
        "Vi har fem minuter kvar. Tack för i dag.",
    ],
    "en": [
        "Hello and welcome. My name is Anna.",
        "Today we were going to talk about school and your brother.",
        "Let's start with school. How is your class?",
        "Now I'd like to hear about your brother.",
        "Let me turn to your rights. You have the right to a support person.",
        "To sum up: school first, and then your brother.",
        "We have five minutes left. Thank you for today.",
    ],
}
EXPECTED = ["opening", "agenda", "topic", "topic", "rights", "summary", "closing"]


TRAITS = evidence_of([spoken("mm")], BOOKS, language="da").traits.shape[1]
FIGURES = 3 * (15 + 2 * len(TELLING))


def looking_at(figure: int) -> Values:
    """Return one unit that sees one figure, small enough to pass it on as it is."""
    return 0.01 * np.eye(FIGURES + 1)[[figure]]


def by_cues() -> LearnedPhases:
    """Return what somebody would have learned who looks at nothing but the rules."""
    themes, worth = len(Theme), 7
    return LearnedPhases(
        themes=np.zeros((themes, PIECES), np.int8),
        theme_scales=np.ones(themes),
        theme_biases=np.where(np.array(list(Theme)) == Theme.OTHER, 9.0, 0.0),
        borders=np.zeros(TRAITS, np.int8),
        border_scale=np.ones(1),
        border_bias=np.zeros(1),
        topics=np.zeros((len(LANGUAGES), TOPIC_DIRECTIONS, PIECES), np.int8),
        topic_scales=np.ones((len(LANGUAGES), TOPIC_DIRECTIONS)),
        hidden=looking_at(worth),
        border=np.array([900.0, 0.0]),
        moves=np.full((themes + 1, themes + 1), -2.5),
        lengths=np.tile([2.0, 1.0], (themes, 1)),
    )


LEARNED = by_cues()
NOTHING = Learned(
    weights=np.zeros((len(Label), TRAITS), np.int8),
    scales=np.ones(len(Label)),
    biases=np.zeros(len(Label)),
    thresholds=np.ones(len(Label)),
)


def suggested(
    turns: Sequence[Turn],
    *,
    language: str = "da",
    phases: LearnedPhases = LEARNED,
    duration_ms: int | None = None,
) -> tuple[PhaseSuggestion, ...]:
    evidence = evidence_of(turns, BOOKS, language=language)
    return suggest_phases(evidence, learned=NOTHING, phases=phases, duration_ms=duration_ms)


def conversation(language: str) -> list[Turn]:
    lines = []
    for line in CONVERSATIONS[language]:
        lines += [(CASEWORKER, line), (YOUTH, "mm"), (CASEWORKER, "mm"), (YOUTH, "mm")]
    return talk(*lines)


@pytest.mark.parametrize("language", CONVERSATIONS)
def test_phases_begin_where_the_caseworker_says_so(language: str) -> None:
    phases = suggested(conversation(language), language=language)

    assert [str(each.phase) for each in phases] == EXPECTED
    assert [each.first_turn for each in phases] == [0, 4, 8, 12, 16, 20, 24]


def test_every_phase_names_its_cue() -> None:
    reasons = [each.reason for each in suggested(conversation("da"))]

    assert all(
        reason.startswith(f"{phase}.da.") for reason, phase in zip(reasons, EXPECTED, strict=True)
    )


@pytest.mark.parametrize("language", CONVERSATIONS)
def test_every_language_has_cues_for_every_phase(language: str) -> None:
    cues = text_language(language).phase_cues

    assert {cue.phase for cue in cues} == set(Phase)
    assert len({cue.id for cue in cues}) == len(cues)


def test_the_last_phase_lasts_until_the_recording_ends() -> None:
    phases = suggested(conversation("da"), duration_ms=3_600_000)

    assert (phases[0].start_ms, phases[-1].end_ms) == (0, 3_600_000)


def test_a_cue_just_beside_the_border_is_its_reason() -> None:
    asks = 4
    by_marks = replace(LEARNED, hidden=looking_at(asks), border=np.array([3_000.0, -9.0]))
    lines = [(CASEWORKER, "mm"), (YOUTH, "mm")] * 8
    lines[8:10] = [(CASEWORKER, "Lad os begynde med skolen."), (YOUTH, "Skolen?")]

    _, second = suggested(talk(*lines), phases=by_marks)

    assert second.first_turn == 9
    assert second.reason.startswith("topic.da.")


def test_from_one_plan_to_the_next_there_is_a_border() -> None:
    asks = 4
    decision = np.where(np.array(list(Theme)) == Theme.DECISION, 9.0, 0.0)
    by_marks = replace(
        LEARNED, theme_biases=decision, hidden=looking_at(asks), border=np.array([3_000.0, -9.0])
    )
    lines = [(CASEWORKER, "mm"), (YOUTH, "mm")] * 8
    lines[8] = (CASEWORKER, "Og nøglen?")

    phases = suggested(talk(*lines), phases=by_marks)

    assert [(each.phase, each.first_turn) for each in phases] == [
        (Phase.DECISION, 0),
        (Phase.DECISION, 8),
    ]


def test_a_cue_names_no_phase_that_has_just_begun() -> None:
    lines = conversation("da")
    twice = [*lines[:24], *lines[20:]]
    turns = talk(*((each.speaker, each.text) for each in twice))

    phases = [str(each.phase) for each in suggested(turns)]

    assert phases == [*EXPECTED[:6], "topic", "closing"]


def test_nobody_speaking_makes_no_phase() -> None:
    quiet = replace(spoken("mm"), kind=TurnKind.BACKCHANNEL)

    assert suggested([quiet], duration_ms=1_000) == ()


TURNS = st.lists(
    st.tuples(
        st.integers(0, 6_000),
        st.integers(1, 4_000),
        st.sampled_from([CASEWORKER, YOUTH, "?"]),
        st.sampled_from([*CONVERSATIONS["da"], "mm", "Godt.", "-", "Skolen og klassen."]),
        st.sampled_from(TurnKind),
    ),
    max_size=40,
)


@given(rows=TURNS, duration_ms=st.none() | st.integers(0, 300_000))
def test_phases_tile_the_recording(
    rows: list[tuple[int, int, str, str, TurnKind]], duration_ms: int | None
) -> None:
    turns = []
    start_ms = 0
    for index, (wait_ms, length_ms, speaker, text, kind) in enumerate(rows):
        # Half of the waits are overlaps: the next one begins before the last has ended.
        start_ms += wait_ms // 2
        word = Word(start_ms, start_ms + length_ms, text)
        turns.append(Turn(index, start_ms, start_ms + length_ms, speaker, (word,), kind))

    phases = suggested(turns, duration_ms=duration_ms)

    floor = [turn for turn in turns if turn.kind is TurnKind.TURN]
    if not floor:
        assert phases == ()
        return
    end_ms = max(duration_ms or 0, *(turn.end_ms for turn in floor))
    assert [each.start_ms for each in phases] == [0, *(each.end_ms for each in phases[:-1])]
    assert phases[-1].end_ms == end_ms
    assert all(each.start_ms < each.end_ms for each in phases)
    assert phases == suggested(turns, duration_ms=duration_ms)
