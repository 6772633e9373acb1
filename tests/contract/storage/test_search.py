"""One index, two engines, the same hits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from consent.model import RecordingId
from storage.database import make_engine
from storage.search import Hit, Passage, SearchIndex

ONE, TWO = RecordingId("r1"), RecordingId("r2")
KEY = b"k" * 32
SPOKEN = (
    "Børnene legede med bilerne i skolegården.",
    "Hun legede ikke, for hun var bange for hunden.",
    "Min far blev vred, da jeg tabte bilen.",
    "Vi spiste is i sommerhuset og så på både.",
)


def passages(*texts: str) -> list[Passage]:
    return [Passage("turn", f"t{place}", place * 1000, said) for place, said in enumerate(texts)]


def refs(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.ref for hit in hits]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    engines = (
        make_engine(f"sqlite:///{tmp_path_factory.mktemp('search')}/search.db"),
        make_engine(postgres_url),
    )
    first, second = (SearchIndex(engine, key=lambda: KEY) for engine in engines)
    yield first, second
    with engines[1].begin() as connection:
        connection.execute(text("DROP TABLE search_passages"))
    first.close()
    second.close()


@pytest.fixture(params=[0, 1], ids=["sqlite", "postgresql"])
def index(
    request: pytest.FixtureRequest, both: tuple[SearchIndex, SearchIndex]
) -> Iterator[SearchIndex]:
    found = both[request.param]
    yield found
    for recording in (ONE, TWO):
        found.remove(recording)


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("bil", ["t0", "t2"]),
            ("BILERNE", ["t0", "t2"]),
            ("legede børn", ["t0"]),
            ('"bange for"', ["t1"]),
            ('"for bange"', []),
            ('hun "bange for hunden"', ["t1"]),
            ("både", ["t3"]),
            ("bade", []),
            ("skole", []),
            ("kat", []),
            ("", []),
            ('"" ?!', []),
            ("bil* OR (is) NOT & | ' :", []),
        ],
    )
    def test_passages_are_found_by_their_words(
        self, index: SearchIndex, query: str, expected: list[str]
    ) -> None:
        index.put(ONE, passages(*SPOKEN), language="da")
        assert refs(index.find(query, recordings=[ONE], language="da")) == expected

    def test_only_the_named_recordings_are_looked_at(self, index: SearchIndex) -> None:
        index.put(ONE, passages("bil"), language="da")
        index.put(TWO, passages("bil"), language="da")
        hit = Hit(TWO, "turn", "t0", 0)
        assert index.find("bil", recordings=[TWO], language="da") == (hit,)
        assert index.find("bil", recordings=[], language="da") == ()
        assert len(index.find("bil", recordings=[TWO, ONE], language="da")) == 2

    def test_hits_come_by_recording_and_time_up_to_a_limit(self, index: SearchIndex) -> None:
        for recording in (TWO, ONE):
            index.put(recording, reversed(passages("bil", "bil")), language="da")
        hits = index.find("bil", recordings=[ONE, TWO], language="da", limit=3)
        assert [(h.recording, h.start_ms) for h in hits] == [(ONE, 0), (ONE, 1000), (TWO, 0)]

    def test_putting_again_replaces(self, index: SearchIndex) -> None:
        index.put(ONE, passages("bil"), language="da")
        index.put(ONE, passages("hund"), language="da")
        assert index.find("bil", recordings=[ONE], language="da") == ()
        assert len(index.find("hund", recordings=[ONE], language="da")) == 1
        index.put(ONE, [], language="da")
        assert index.find("hund", recordings=[ONE], language="da") == ()

    def test_a_removed_recording_is_not_found(self, index: SearchIndex) -> None:
        index.put(ONE, passages("bil"), language="da")
        index.put(TWO, passages("bil"), language="da")
        index.remove(ONE)
        index.remove(ONE)
        assert [h.recording for h in index.find("bil", recordings=[ONE, TWO], language="da")] == [
            TWO
        ]

    def test_words_are_stemmed_in_their_language(self, index: SearchIndex) -> None:
        index.put(ONE, passages("barnen lekte"), language="sv")
        assert len(index.find("barn", recordings=[ONE], language="sv")) == 1
        index.put(ONE, passages("they were running"), language="en")
        assert len(index.find("run", recordings=[ONE], language="en")) == 1


words = st.sampled_from(["bil", "bilen", "hund", "år", "og", "jeg", "123", "12e5", "o'er", "_x"])
said = st.lists(words, min_size=1, max_size=6).map(" ".join) | st.text(max_size=12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoken=st.lists(said, min_size=1, max_size=4), query=said, phrase=st.booleans())
def test_both_engines_find_the_same(
    both: tuple[SearchIndex, SearchIndex], spoken: list[str], query: str, *, phrase: bool
) -> None:
    asked = f'"{query}"' if phrase else query
    found = []
    for index in both:
        index.put(ONE, passages(*spoken), language="da")
        found.append(index.find(asked, recordings=[ONE], language="da"))
    assert found[0] == found[1]


def test_what_is_put_is_found_by_itself(both: tuple[SearchIndex, SearchIndex]) -> None:
    for index in both:
        index.put(ONE, passages(*SPOKEN), language="da")
        for place, sentence in enumerate(SPOKEN):
            hits = index.find(f'"{sentence}"', recordings=[ONE], language="da")
            assert refs(hits) == [f"t{place}"]


def test_the_index_file_holds_no_words_and_none_of_what_was_removed(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/search.db")
    index = SearchIndex(engine, key=lambda: KEY)
    index.put(ONE, passages("zyxwvutsrq bilen"), language="da")
    index.put(TWO, passages("hunden"), language="da")
    with engine.connect() as connection:
        query = text("SELECT stems FROM search_passages WHERE recording = 'r1'")
        digests = connection.execute(query).scalar_one().encode().split()
    index.remove(ONE)
    index.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert raw
    assert b"zyxwvutsrq" not in raw
    assert b"bil" not in raw
    assert not any(digest in raw for digest in digests)
