"""Words that a recognizer is told may come up: the site's own, then legal terms.

They lie in the clear, as a list of places and institutions does elsewhere; names of people do not
belong here, and the page says so.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from consent.model import RecordingId
from storage import recordings
from storage.errors import Conflict, VocabularyTooLong, WordTooLong
from storage.own_text import own_text_key
from storage.records import UserId
from storage.tables import VocabularyRow
from storage.transaction import Transaction

MOST_WORDS: Final = 100
LONGEST_WORD: Final = 60


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The site's own words for one language.

    Attributes:
        edition: How often they have been changed; 0 if never.
        words: In the order in which they matter: a recognizer takes the first ones that fit.
    """

    language: str
    edition: int
    words: tuple[str, ...]
    made_by: UserId | None = None
    made_at: datetime | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """All that a recognizer is told: the site's words first, then the legal terms."""
        return tuple(dict.fromkeys([*self.words, *legal_terms(self.language)]))


@cache
def legal_terms(language: str) -> tuple[str, ...]:
    """Return the legal terms that come with Samspil, those that are misheard most first."""
    text = files("storage").joinpath("legal_terms.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text).get(language, ()))


def vocabulary(tx: Transaction, language: str) -> Vocabulary:
    """Return the site's words for a language as they are now."""
    query = select(VocabularyRow).where(VocabularyRow.language == language)
    row = tx.session.exec(query.order_by(col(VocabularyRow.edition).desc()).limit(1)).first()
    if row is None:
        return Vocabulary(language, 0, ())
    words = tuple(row.words.splitlines())
    return Vocabulary(language, row.edition, words, UserId(row.made_by), row.made_at)


def words_from(tx: Transaction, recording: RecordingId, *, model: str) -> str:
    """Return what the words of a recording come from: a text of its own, or a model as it is told.

    With it changes what a new run would give. A run that is done stays until it is asked for again.
    """
    if (own := own_text_key(tx, recording)) is not None:
        return own
    edition = vocabulary(tx, recordings.recording(tx, recording).language).edition
    return f"{model}+{edition}" if edition else model


def keep_vocabulary(
    tx: Transaction, language: str, *, lines: Iterable[str], edition: int, by: UserId
) -> Vocabulary:
    """Keep the site's words for whatever is recognized from now on; nothing is recognized again.

    Args:
        tx: The transaction.
        language: Of the conversations.
        lines: A word or a name each; what is empty or there twice is left out.
        edition: Which edition was changed.
        by: Who has changed it.

    Raises:
        WordTooLong: A line is no word but a sentence.
        VocabularyTooLong: There are more than a recognizer could be told.
        Conflict: Somebody else has changed them meanwhile; ``stored`` is what they are now.
    """
    words = tuple(dict.fromkeys(word for line in lines if (word := " ".join(line.split()))))
    if any(len(word) > LONGEST_WORD for word in words):
        raise WordTooLong
    if len(words) > MOST_WORDS:
        raise VocabularyTooLong
    now = vocabulary(tx, language)
    if now.edition != edition:
        raise Conflict(f"vocabulary {language}", stored=now.words)
    row = VocabularyRow(
        language=language,
        edition=edition + 1,
        made_by=by,
        made_at=tx.at,
        words="\n".join(words),
    )
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        raise Conflict(f"vocabulary {language}", stored=vocabulary(tx, language).words) from None
    return Vocabulary(language, edition + 1, words, by, tx.at)
