"""What verdicts teach the machine: for whom, for how long, and how it is forgotten."""

from typing import Any

import pytest

from consent.model import Event, RecordingId
from pipeline.analysis.evidence import evidence_of
from pipeline.dialogues.base_model import base_model
from pipeline.stages import learn
from pipeline.stages.tag import learned_here
from pipeline.stages.workshop import Engines, Workshop
from review_app.commands.learning import forget_what_was_learned
from review_app.errors import Denied
from review_app.translation import LANGUAGES
from storage import annotations, erasure, lessons, requests
from storage.codebooks.shipped import shipped_codebooks
from storage.dialogues.guide import Label
from storage.identity import new_id
from storage.records import RequestKind, Tag, TagId, Verdict
from tests.house import OWNER, STRANGERS, SUPERVISOR, House, turn
from tests.screens import Watch, english_left, speak

TALK = [turn(0, "Så du er træt af det hele"), turn(1, "ja det kan man godt sige")]
PLACE = (TALK[0].start_ms, TALK[0].end_ms)
SURE = "Yes, forget it. This cannot be undone."


@pytest.fixture
def recording(house: House) -> RecordingId:
    return talked(house)


def talked(house: House) -> RecordingId:
    house.clock.go_on(days=1)
    recording = house.recording()
    house.transcript(recording, TALK)
    return recording


def suggest(house: House, recording: RecordingId, code: str = "reflection") -> TagId:
    tag = Tag(TagId(new_id()), recording, "conversation@1", code, *PLACE, confidence=0.7)
    with house.home.transaction() as tx:
        annotations.renew_suggestions(tx, recording, [tag])
    return tag.id


def judged(house: House, recording: RecordingId, verdict: Verdict = Verdict.CONFIRMED) -> None:
    """Suggest, judge as the page does, and learn from it as a worker's child does."""
    tag = suggest(house, recording)
    house.do(SUPERVISOR, recording, "judge_tag", id=tag, verdict=verdict)
    nothing = Engines(recognizer=_unused, voice_activity=_unused, diarizer=_unused)
    learn.run(recording, shop=Workshop(house.home, nothing, lambda _: None))


def _unused() -> Any:  # noqa: ANN401 - never called
    raise AssertionError


def likely(house: House) -> float:
    """Return how sure the machine is now of what was judged."""
    traits = evidence_of(TALK, shipped_codebooks(), language="da").traits
    column = list(Label).index(Label.REFLECTION)
    learned = learned_here(house.home)
    return float(learned.ranks(traits, likely=learned.probabilities(traits))[0, column])


@pytest.fixture
def before(house: House) -> float:
    assert learned_here(house.home) is base_model()
    return likely(house)


def test_a_verdict_lets_the_workers_learn_when_nobody_has_judged_for_a_while(
    house: House, recording: RecordingId
) -> None:
    tag = suggest(house, recording)
    for verdict in (Verdict.CONFIRMED, Verdict.DISMISSED):
        house.do(SUPERVISOR, recording, "judge_tag", id=tag, verdict=verdict)
    with house.home.reading() as tx:
        assert requests.waiting(tx) == ()
    house.clock.now += requests.PAUSE
    with house.home.reading() as tx:
        assert [(r.kind, r.recording) for r in requests.waiting(tx)] == [
            (RequestKind.LEARN, recording)
        ]


def test_a_verdict_moves_what_is_suggested_next(
    house: House, recording: RecordingId, before: float
) -> None:
    judged(house, recording, Verdict.CONFIRMED)
    assert likely(house) > before
    for _ in range(2):
        judged(house, talked(house), Verdict.DISMISSED)
    assert likely(house) < before


def test_whoever_withdraws_teaches_nothing_from_that_moment(
    house: House, recording: RecordingId, before: float
) -> None:
    judged(house, recording)
    house.answer(recording, Event.WITHDRAWN)
    assert likely(house) == before
    house.clock.go_on(hours=1)
    house.answer(recording, Event.GIVEN)
    assert likely(house) > before


def test_what_is_erased_is_as_if_it_had_never_taught(house: House, recording: RecordingId) -> None:
    judged(house, recording)
    alone = likely(house)
    gone = talked(house)
    judged(house, gone)
    assert likely(house) > alone
    erasure.erase(house.home, gone)
    assert likely(house) == alone
    with house.home.reading() as tx:
        assert lessons.lesson_counts(tx) == (1, 1)


def test_an_administrator_lets_it_forget_for_good(
    house: House, recording: RecordingId, before: float, watch: Watch
) -> None:
    judged(house, recording)
    screen = watch(house, "adam", "administration")
    assert "Suggestions that people have judged: 1, in 1 conversations." in screen.said
    forget = next(each for each in screen.test.button if each.label == "Forget what was learned")
    assert forget.disabled
    [sure] = (each for each in screen.test.checkbox if each.label == SURE)
    sure.check().run()
    forget = next(each for each in screen.test.button if each.label == "Forget what was learned")
    forget.click().run()
    assert "Suggestions that people have judged: 0, in 0 conversations." in screen.said
    assert likely(house) == before
    assert house.audited("lessons") == ["lessons_forgotten"]
    with house.home.reading() as tx:
        assert annotations.verdicts_on(tx, house.permit(recording)).total() == 1


def test_nobody_else_may_let_it_forget(house: House) -> None:
    for login in {*STRANGERS, OWNER, SUPERVISOR} - {"adam"}:
        with house.home.transaction() as tx, pytest.raises(Denied):
            forget_what_was_learned(tx, house.people[login])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_administrators_page_is_whole_in_every_language(
    house: House, recording: RecordingId, watch: Watch, language: str
) -> None:
    judged(house, recording)
    speak(house, "adam", language)
    assert not english_left(watch(house, "adam", "administration").texts, language)


def counts(house: House, login: str, recording: RecordingId) -> tuple[int, int]:
    [code] = (c for c in house.desk(login, recording)["codes"] if c["code"] == "reflection")
    return code["accepted"], code["judged"]


def test_the_desk_tells_how_often_suggestions_were_accepted(
    house: House, recording: RecordingId
) -> None:
    other, withdrawn, elsewhere = (
        talked(house),
        talked(house),
        house.recording(course=house.other_course),
    )
    for each, verdict in (
        (recording, Verdict.CONFIRMED),
        (other, Verdict.DISMISSED),
        (withdrawn, Verdict.CONFIRMED),
        (elsewhere, Verdict.CONFIRMED),
    ):
        tag = suggest(house, each)
        with house.home.transaction() as tx:
            annotations.judge_tag(tx, tag, verdict=verdict, by=house.people[SUPERVISOR].id)
    house.answer(withdrawn, Event.WITHDRAWN)
    assert counts(house, SUPERVISOR, recording) == (1, 2)
    assert counts(house, OWNER, recording) == (0, 0)
