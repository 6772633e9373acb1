import pytest

from consent.gate import Permit
from consent.model import RecordingId
from storage import annotations, lessons
from storage.identity import new_id
from storage.records import Tag, TagId, Verdict
from storage.transaction import Transaction
from storage.vault.errors import KeyDestroyed
from tests.contract.storage.scene import MemoryKeys, Site, after

LAYOUT = "1"


@pytest.fixture
def permit(site: Site) -> Permit:
    return site.permit()


def suggested(tx: Transaction, recording: RecordingId, *codes: str) -> list[TagId]:
    tags = [
        Tag(TagId(new_id()), recording, "conversation@1", code, at * 1_000, at * 1_000 + 500)
        for at, code in enumerate(codes)
    ]
    annotations.renew_suggestions(tx, recording, tags)
    return [tag.id for tag in tags]


def judge(tx: Transaction, site: Site, tag: TagId, verdict: Verdict) -> None:
    annotations.judge_tag(tx, tag, verdict=verdict, by=site.supervisor.id)


def learn(tx: Transaction, permit: Permit, *, layout: str = LAYOUT) -> list[TagId]:
    """Learn from what is judged, and return what that was."""
    new = [tag.id for tag in lessons.unlearned(tx, permit, layout=layout)]
    lessons.keep_lessons(tx, permit, {tag: tag.encode() for tag in new}, layout=layout)
    return new


def taught(tx: Transaction, permit: Permit) -> list[tuple[str, bool]]:
    return [(each.code, each.accepted) for each in lessons.lessons_of(tx, permit, layout=LAYOUT)]


class TestLessons:
    def test_only_what_is_judged_teaches_and_does_so_once(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        first, second, _ = suggested(tx, permit.recording, "summary", "jargon", "closing")
        judge(tx, site, first, Verdict.CONFIRMED)
        judge(tx, site, second, Verdict.DISMISSED)
        assert learn(tx, permit) == [first, second]
        assert learn(tx, permit) == []
        assert taught(tx, permit) == [("summary", True), ("jargon", False)]
        [lesson, _] = lessons.lessons_of(tx, permit, layout=LAYOUT)
        assert lesson.traits == first.encode()
        assert lessons.teaching(tx, layout=LAYOUT) == (permit.recording,)
        assert lessons.lesson_counts(tx) == (2, 1)

    def test_a_persons_own_mark_is_no_verdict_on_a_suggestion(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        annotations.add_tag(
            tx,
            permit.recording,
            codebook="conversation@1",
            code="summary",
            start_ms=0,
            end_ms=1,
            by=site.supervisor.id,
        )
        assert lessons.unlearned(tx, permit, layout=LAYOUT) == ()

    def test_a_verdict_that_changes_changes_what_it_teaches(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        [tag] = suggested(tx, permit.recording, "summary")
        judge(tx, site, tag, Verdict.CONFIRMED)
        learn(tx, permit)
        judge(tx, site, tag, Verdict.DISMISSED)
        assert taught(tx, permit) == [("summary", False)]
        judge(tx, site, tag, Verdict.SUGGESTED)
        assert taught(tx, permit) == []
        learn(tx, permit)
        assert lessons.lesson_counts(tx) == (0, 0)

    def test_another_layout_of_traits_is_learned_anew(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        [tag] = suggested(tx, permit.recording, "summary")
        judge(tx, site, tag, Verdict.CONFIRMED)
        learn(tx, permit, layout="0")
        assert taught(tx, permit) == []
        assert lessons.teaching(tx, layout=LAYOUT) == ()
        assert learn(tx, permit) == [tag]
        assert taught(tx, permit) == [("summary", True)]

    def test_what_is_forgotten_is_never_learned_again(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        first, second, third = suggested(tx, permit.recording, "summary", "jargon", "closing")
        judge(tx, site, first, Verdict.CONFIRMED)
        learn(tx, permit)
        judge(tx, site, second, Verdict.CONFIRMED)  # and not learned from yet
        assert lessons.forget_all(tx) == 1
        assert (taught(tx, permit), lessons.lesson_counts(tx)) == ([], (0, 0))
        assert learn(tx, permit) == []
        lessons.keep_lessons(tx, permit, {second: b"late"}, layout=LAYOUT)
        assert taught(tx, permit) == []
        judge(tx, site, third, Verdict.CONFIRMED)
        assert learn(after(tx, hours=1), permit) == [third]
        assert taught(tx, permit) == [("closing", True)]

    def test_recordings_are_apart_and_nothing_is_read_without_the_key(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        other = site.permit()
        for each in (permit, other):
            [tag] = suggested(tx, each.recording, "summary")
            judge(tx, site, tag, Verdict.CONFIRMED)
            learn(tx, each)
        assert set(lessons.teaching(tx, layout=LAYOUT)) == {permit.recording, other.recording}
        assert isinstance(tx.keys, MemoryKeys)
        tx.keys.destroy(other.recording)
        assert taught(tx, permit) == [("summary", True)]
        with pytest.raises(KeyDestroyed):
            lessons.lessons_of(after(tx, hours=1), other, layout=LAYOUT)


class TestVerdicts:
    def test_verdicts_are_counted_by_keyword(
        self, tx: Transaction, site: Site, permit: Permit
    ) -> None:
        some = suggested(tx, permit.recording, "summary", "summary", "summary", "jargon")
        for tag, verdict in zip(
            some, (Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.DISMISSED), strict=False
        ):
            judge(tx, site, tag, verdict)
        assert annotations.verdicts_on(tx, permit) == {
            ("conversation", "summary", Verdict.CONFIRMED): 2,
            ("conversation", "summary", Verdict.DISMISSED): 1,
        }
