"""The search index: where something was said, found without keeping what was said.

It is made from transcripts and can be made again, so it stays out of backups: a file of its
own beside SQLite, an unlogged table in PostgreSQL. Words are stemmed here, so that both find
the same, and each stem is kept as a keyed digest: who reads the index without the key store
reads no words. The price is that only whole words are found, in any inflection of theirs.

Whoever may read a recording may search all that is put here about it: no private notes.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple, Self

import snowballstemmer
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from consent.model import RecordingId
from storage.database import make_engine, remove_sqlite
from storage.settings import Settings

_LANGUAGES = {"da": "danish", "sv": "swedish", "en": "english"}
_WORD: Final = re.compile(r"\w+")
_QUERY_PART: Final = re.compile(r'"([^"]*)"|(\S+)')
_DIGEST_BYTES: Final = 6
"""48 bits: among 100,000 stems two share a digest once in 50,000 sites."""
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Digests are written in letters, which no tokenizer takes for numbers."""
_SETUP_LOCK: Final = 7411

_SQLITE_SETUP = (
    """
    CREATE TABLE IF NOT EXISTS search_passages (
        id INTEGER PRIMARY KEY, recording TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL,
        start_ms INTEGER NOT NULL, stems TEXT NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS search_by_recording ON search_passages (recording)",
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS search_stems USING fts5 (
        stems, content='search_passages', content_rowid='id', tokenize='ascii'
    )
    """,
)
_POSTGRESQL_SETUP = (
    """
    CREATE UNLOGGED TABLE IF NOT EXISTS search_passages (
        recording text NOT NULL, kind text NOT NULL, ref text NOT NULL,
        start_ms bigint NOT NULL, stems tsvector NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS search_by_recording ON search_passages (recording)",
    "CREATE INDEX IF NOT EXISTS search_by_stem ON search_passages USING gin (stems)",
)
_SQLITE_FIND = """
    SELECT recording, kind, ref, start_ms FROM search_passages
    WHERE id IN (SELECT rowid FROM search_stems WHERE search_stems MATCH :wanted)
        AND recording IN (SELECT value FROM json_each(:recordings))
    ORDER BY recording, start_ms, kind, ref LIMIT :limit
"""
_POSTGRESQL_FIND = """
    SELECT recording, kind, ref, start_ms FROM search_passages
    WHERE stems @@ to_tsquery('simple', :wanted)
        AND recording IN (SELECT jsonb_array_elements_text(CAST(:recordings AS jsonb)))
    ORDER BY recording COLLATE "C", start_ms, kind COLLATE "C", ref COLLATE "C" LIMIT :limit
"""


class Passage(NamedTuple):
    """A stretch of text to be found: what it is, which one, where on the film."""

    kind: str
    ref: str
    start_ms: int
    text: str


class Hit(NamedTuple):
    """A passage that was found. Its words are read from where they are kept, with a permit."""

    recording: RecordingId
    kind: str
    ref: str
    start_ms: int


def discard(settings: Settings) -> None:
    """Remove a damaged or outdated index. Transcripts are what it is made from again."""
    engine = make_engine(settings.search())
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS search_passages"))
        engine.dispose()
        return
    remove_sqlite(settings.search())


class SearchIndex:
    """Finds passages by their words, the same on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine, *, key: Callable[[], bytes]) -> None:
        self._engine = engine
        self._key = key
        self._postgresql = engine.dialect.name == "postgresql"
        with engine.begin() as connection:
            if self._postgresql:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_SETUP_LOCK})"))
            for statement in _POSTGRESQL_SETUP if self._postgresql else _SQLITE_SETUP:
                connection.execute(text(statement))

    @classmethod
    def open(cls, settings: Settings, *, key: Callable[[], bytes]) -> Self:
        """Return the site's index; ``key`` gives the site key that digests are made with."""
        return cls(make_engine(settings.search()), key=key)

    def put(self, recording: RecordingId, passages: Iterable[Passage], *, language: str) -> None:
        """Put a recording's passages in place of those that were there."""
        digest = self._digests(language)
        rows = [
            {
                "recording": recording,
                "kind": passage.kind,
                "ref": passage.ref,
                "start_ms": passage.start_ms,
                "stems": " ".join(digest(passage.text)),
            }
            for passage in passages
        ]
        with self._engine.begin() as connection:
            self._drop(connection, recording)
            if rows:
                self._insert(connection, rows)

    def find(
        self,
        query: str,
        *,
        recordings: Iterable[RecordingId],
        language: str,
        limit: int = 100,
    ) -> tuple[Hit, ...]:
        """Return the passages that hold every word of a query, by recording and time.

        Words between double quotes must follow each other. Name the recordings that the reader
        has a permit for; nothing else is looked at.
        """
        wanted = self._wanted(query, language=language)
        if not wanted:
            return ()
        find = _POSTGRESQL_FIND if self._postgresql else _SQLITE_FIND
        with self._reading() as connection:
            rows = connection.execute(
                text(find),
                {"wanted": wanted, "recordings": json.dumps(list(recordings)), "limit": limit},
            )
            return tuple(Hit(*row) for row in rows)

    def remove(self, recording: RecordingId) -> None:
        """Forget a recording, in what the index keeps of earlier states too."""
        with self._engine.begin() as connection:
            self._drop(connection, recording)
            if not self._postgresql:
                connection.execute(
                    text("INSERT INTO search_stems (search_stems) VALUES ('optimize')")
                )

    def is_sound(self) -> bool:
        """Return whether the index fits the passages that it was made from."""
        if self._postgresql:
            return True
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    text("INSERT INTO search_stems (search_stems) VALUES ('integrity-check')")
                )
        except DatabaseError:
            return False
        return True

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writing=False) as connection:
            yield connection

    def _drop(self, connection: Connection, recording: RecordingId) -> None:
        which = {"recording": recording}
        if not self._postgresql:  # an index without its own texts is told what to forget
            connection.execute(
                text("""
                    INSERT INTO search_stems (search_stems, rowid, stems)
                    SELECT 'delete', id, stems FROM search_passages WHERE recording = :recording
                """),
                which,
            )
        connection.execute(text("DELETE FROM search_passages WHERE recording = :recording"), which)

    def _insert(self, connection: Connection, rows: Sequence[dict[str, object]]) -> None:
        stems = "to_tsvector('simple', :stems)" if self._postgresql else ":stems"
        connection.execute(
            text(f"""
                INSERT INTO search_passages (recording, kind, ref, start_ms, stems)
                VALUES (:recording, :kind, :ref, :start_ms, {stems})
            """),  # noqa: S608 - one of two constants
            rows,
        )
        if not self._postgresql:
            connection.execute(
                text("""
                    INSERT INTO search_stems (rowid, stems)
                    SELECT id, stems FROM search_passages WHERE recording = :recording
                """),
                {"recording": rows[0]["recording"]},
            )

    def _wanted(self, query: str, *, language: str) -> str:
        """Return the query in the engine's own language, made of digests only."""
        digest = self._digests(language)
        phrases = [
            stems
            for phrase, word in _QUERY_PART.findall(query)
            if (stems := digest(phrase or word))
        ]
        if self._postgresql:
            return " & ".join(f"({' <-> '.join(stems)})" for stems in phrases)
        return " AND ".join(f'"{" ".join(stems)}"' for stems in phrases)

    def _digests(self, language: str) -> Callable[[str], list[str]]:
        key = self._key()
        stemmer = snowballstemmer.stemmer(_LANGUAGES.get(language, "danish"))

        def digests(spoken: str) -> list[str]:
            words = [word.lower() for word in _WORD.findall(spoken)]
            return [_digest(stem, key=key) for stem in stemmer.stemWords(words)]

        return digests


def _digest(stem: str, *, key: bytes) -> str:
    mac = hmac.new(key, stem.encode(), hashlib.sha256).digest()
    return mac[:_DIGEST_BYTES].hex().translate(_LETTERS)
