from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.cohesion import Cohesion
from pipeline.analysis.phases import Phase, best_starts, suggest_phases
from pipeline.analysis.text_language import text_language
from storage.records import Turn, TurnKind, Word
from tests.unit.pipeline.analysis.text.talk import spoken, talk

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


def conversation(language: str) -> list[Turn]:
    lines = []
    for line in CONVERSATIONS[language]:
        lines += [(CASEWORKER, line), (YOUTH, "mm"), (CASEWORKER, "mm"), (YOUTH, "mm")]
    return talk(*lines)


@pytest.mark.parametrize("language", CONVERSATIONS)
def test_phases_begin_where_the_caseworker_says_so(language: str) -> None:
    phases = suggest_phases(conversation(language), language=language)

    assert [str(each.phase) for each in phases] == EXPECTED
    assert [each.first_turn for each in phases] == [0, 4, 8, 12, 16, 20, 24]


def test_every_phase_names_its_cue() -> None:
    reasons = [each.reason for each in suggest_phases(conversation("da"), language="da")]

    assert all(
        reason.startswith(f"{phase}.da.") for reason, phase in zip(reasons, EXPECTED, strict=True)
    )


@pytest.mark.parametrize("language", CONVERSATIONS)
def test_every_language_has_cues_for_every_phase(language: str) -> None:
    cues = text_language(language).phase_cues

    assert {cue.phase for cue in cues} == set(Phase)
    assert len({cue.id for cue in cues}) == len(cues)


def test_the_last_phase_lasts_until_the_recording_ends() -> None:
    phases = suggest_phases(conversation("da"), language="da", duration_ms=3_600_000)

    assert (phases[0].start_ms, phases[-1].end_ms) == (0, 3_600_000)


def test_the_youth_opens_no_phase() -> None:
    lines = [(YOUTH, line) for line in CONVERSATIONS["da"] for _ in range(4)]

    (only,) = suggest_phases(talk(*lines), language="da")

    assert only.phase is Phase.OPENING


def test_nobody_speaking_makes_no_phase() -> None:
    quiet = replace(spoken("mm"), kind=TurnKind.BACKCHANNEL)

    assert suggest_phases([quiet], language="da", duration_ms=1_000) == ()


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

    phases = suggest_phases(turns, language="da", duration_ms=duration_ms)

    floor = [turn for turn in turns if turn.kind is TurnKind.TURN]
    if not floor:
        assert phases == ()
        return
    end_ms = max(duration_ms or 0, *(turn.end_ms for turn in floor))
    assert [each.start_ms for each in phases] == [0, *(each.end_ms for each in phases[:-1])]
    assert phases[-1].end_ms == end_ms
    assert all(each.start_ms < each.end_ms for each in phases)
    assert phases == suggest_phases(turns, language="da", duration_ms=duration_ms)


@given(
    units=st.lists(st.lists(st.sampled_from("abcd"), max_size=3), min_size=1, max_size=9),
    worth=st.lists(st.floats(-3, 3), min_size=9, max_size=9),
)
def test_no_other_cut_is_cheaper(units: list[list[str]], worth: list[float]) -> None:
    cohesion = Cohesion(units)
    count = len(units)
    allowed = {0: 0.0} | {at: worth[at] for at in range(1, count)}

    def cost(starts: list[int]) -> float:
        bounds = [*starts, count]
        total = 0.0
        for start, end in pairwise(bounds):
            total += 0.1 * cohesion.costs_from(start)[end - start]
        return total - sum(allowed[start] for start in starts)

    def cuts(start: int) -> list[list[int]]:
        later = [[start, *rest] for at in range(start + 3, count - 2) for rest in cuts(at)]
        return [[start], *later]

    assert cost(best_starts(count, allowed, cohesion)) == pytest.approx(min(map(cost, cuts(0))))


def test_going_on_about_one_thing_costs_less_than_changing() -> None:
    same = Cohesion([["a", "b"], ["a", "b"]]).costs_from(0)[2]
    changed = Cohesion([["a", "b"], ["c", "d"]]).costs_from(0)[2]

    assert same < changed
