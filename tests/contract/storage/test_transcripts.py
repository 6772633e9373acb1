import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import transcripts
from storage.errors import NotFound
from storage.records import Doubt, Turn, TurnKind, Word
from storage.transaction import Transaction
from tests.contract.storage.scene import Site

times = st.integers(0, 10**8)
words = st.builds(Word, times, times, st.text(), st.floats(0, 1))
turns = st.builds(
    Turn,
    index=st.integers(0, 10**4),
    start_ms=times,
    end_ms=times,
    speaker=st.sampled_from(["caseworker", "youth", "?"]),
    words=st.lists(words, max_size=3).map(tuple),
    kind=st.sampled_from(TurnKind),
    speaker_confidence=st.floats(0, 1),
    doubts=st.frozensets(st.sampled_from(Doubt)),
)


class TestTranscripts:
    def test_each_run_makes_a_new_version(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        made = [
            transcripts.add_transcript(
                tx, permit, blob_key=key, engine="e/1", language="da", rehearsal=True
            )
            for key in ("one", "two")
        ]
        assert [version for _, version in made] == [1, 2]
        latest = transcripts.transcript_version(tx, permit)
        assert (latest.id, latest.version, latest.blob) == (made[1][0], 2, "two")
        assert (latest.engine, latest.language, latest.rehearsal) == ("e/1", "da", True)
        assert transcripts.transcript_version(tx, permit, version=1).blob == "one"

    def test_a_repeated_step_adds_no_version(self, tx: Transaction, site: Site) -> None:
        permit = site.permit()
        first, again = (
            transcripts.add_transcript(
                tx, permit, blob_key="one", engine="e/1", language="da", rehearsal=False
            )
            for _ in range(2)
        )
        assert first == again

    def test_before_the_first_there_is_none(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(NotFound):
            transcripts.transcript_version(tx, site.permit())


@given(st.lists(words).map(tuple))
def test_words_survive_being_written(spoken: tuple[Word, ...]) -> None:
    assert transcripts.words_from_json(transcripts.words_to_json(spoken)) == spoken


@given(st.lists(turns, max_size=3).map(tuple))
def test_turns_survive_being_written(spoken: tuple[Turn, ...]) -> None:
    assert transcripts.turns_from_json(transcripts.turns_to_json(spoken)) == spoken
