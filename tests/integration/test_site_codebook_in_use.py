"""The site's own codebook where it counts: in what a run suggests, at the desk, on a sheet."""

from dataclasses import replace

from consent.model import RecordingId
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.stages import tag
from pipeline.stages.workshop import Engines, Workshop
from storage import annotations, site_codebooks
from storage.codebooks.model import Codebook, Cue
from storage.records import Tag, Verdict
from tests.fakes.engines import FakeRecognizer, FakeVoiceActivity
from tests.house import OWNER, SUPERVISOR, House, turn

SAID = [turn(0, "Kender du Lundehuset?"), turn(1, "Ja, der har jeg boet."), turn(2, "Fortæl.")]


def run(house: House, recording: RecordingId) -> list[Tag]:
    shop = Workshop(
        house.home, Engines(FakeRecognizer, FakeVoiceActivity, MeasuredDiarizer), lambda _: None
    )
    tag.run(recording, shop=shop)
    with house.home.reading() as tx:
        return list(annotations.tags_of(tx, house.permit(recording)))


def keep(house: House, book: Codebook) -> Codebook:
    with house.home.transaction() as tx:
        return site_codebooks.keep_codebook(tx, book, by=house.people[SUPERVISOR].id)


def current(house: House) -> Codebook:
    with house.home.reading() as tx:
        return site_codebooks.conversation(tx)


def with_cue(book: Codebook, code: str, pattern: str, *, label: str) -> Codebook:
    """Return a book whose one tag has another label and only this cue."""
    cue = Cue(f"{code}.da.1", 0.9, language="da", pattern=pattern)
    return replace(
        book,
        tags=tuple(
            replace(
                each,
                cues=(cue,),
                texts=tuple(replace(text, short=label) for text in each.texts),
            )
            if each.code == code
            else each
            for each in book.tags
        ),
    )


def test_a_run_uses_the_newest_edition_and_each_suggestion_says_which(house: House) -> None:
    recording = house.recording()
    house.transcript(recording, SAID)
    before = run(house, recording)
    assert {each.codebook.partition("@")[2] for each in before} <= {"1"}
    assert "opening" not in {each.code for each in before}

    keep(house, with_cue(current(house), "opening", "lundehuset", label="Første"))
    [found] = [each for each in run(house, recording) if each.code == "opening"]
    assert (found.codebook, found.reason) == ("conversation@1.1", "opening.da.1")

    house.do(SUPERVISOR, recording, "judge_tag", id=found.id, verdict=Verdict.CONFIRMED)
    keep(house, with_cue(current(house), "opening", "lundehuset", label="Anden"))
    again = [each for each in run(house, recording) if each.code == "opening"]
    assert [each.id for each in again] == [found.id]  # judged before, so not suggested again
    [shown] = [each for each in house.desk(SUPERVISOR, recording)["tags"] if each["id"] == found.id]
    assert (shown["label"], shown["codebook"]) == ("Første", "conversation@1.1")


def test_a_retired_keyword_is_not_suggested_or_set_any_more_and_can_still_be_read(
    house: House,
) -> None:
    recording = house.recording()
    house.transcript(recording, [turn(0, "Hvordan har du det?"), turn(1, "Fint.")])
    [open_question] = [each for each in run(house, recording) if each.code == "open_question"]
    house.do(SUPERVISOR, recording, "judge_tag", id=open_question.id, verdict=Verdict.CONFIRMED)
    book = current(house)
    tags = tuple(replace(each, retired=each.code == "open_question") for each in book.tags)
    keep(house, replace(book, tags=tags))

    assert [each.id for each in run(house, recording) if each.code == "open_question"] == [
        open_question.id
    ]
    desk = house.desk(SUPERVISOR, recording)
    assert "open_question" not in {each["code"] for each in desk["codes"]}
    [shown] = [each for each in desk["tags"] if each["id"] == open_question.id]
    assert shown["label"] == "Open question"
    refused = house.browser(SUPERVISOR).post(
        f"/api/recordings/{recording}/intents",
        json={"intent": "add_tag", "code": "open_question", "start_ms": 0, "end_ms": 1},
    )
    assert refused.status_code == 400


def test_a_sheet_keeps_the_words_that_it_was_begun_with(house: House) -> None:
    recording = house.recording()
    house.transcript(recording, SAID)
    chosen = {"start_ms": 0, "end_ms": 9_000, "codes": ["opening"]}
    house.do(SUPERVISOR, recording, "begin_coding", **chosen)
    keep(house, with_cue(current(house), "opening", "lundehuset", label="Første"))
    document = house.browser(OWNER).get(f"/api/recordings/{recording}/codings").json()
    [coding] = document["codings"]
    assert [each["label"] for each in coding["codes"]] == ["Opening"]
    assert "Første" in {each["label"] for each in document["books"][0]["codes"]}
