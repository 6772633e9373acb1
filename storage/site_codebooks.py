"""The codebooks as the site has them: what was shipped, or the newest of its own editions.

Editions are only added, so whatever was marked with one can be read as it was meant. They lie in
the clear: they say what to listen for and are about nobody.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage.codebooks.matching.compiled import compile_codebook
from storage.codebooks.model import LANGUAGES, Codebook, TagDefinition, TagText, id_in
from storage.codebooks.parse import codebook_from
from storage.codebooks.shipped import shipped_codebooks
from storage.codebooks.written import table_of
from storage.errors import Conflict, NotFound
from storage.records import Package, Tag, UserId
from storage.tables import CodebookRow
from storage.transaction import Transaction

CONVERSATION: Final = "conversation"
"""The codebook of the review desk, of marking on one's own and of the figures."""


@dataclass(frozen=True, slots=True)
class Edition:
    """That somebody has changed a codebook: by whom, when, and what it is called since."""

    name: str
    edition: int
    made_by: UserId
    made_at: datetime


def codebooks(tx: Transaction) -> tuple[Codebook, ...]:
    """Return every codebook as it is now."""
    return tuple(codebook(tx, shipped.id) for shipped in shipped_codebooks())


def codebooks_of(tx: Transaction, package: Package) -> tuple[Codebook, ...]:
    """Return the codebooks that a course works with, as they are now: no other package's."""
    left_out = {each.value for each in Package if each is not package}
    return tuple(codebook(tx, each.id) for each in shipped_codebooks() if each.id not in left_out)


def codebook(tx: Transaction, id_: str) -> Codebook:
    """Return one codebook as it is now.

    Raises:
        NotFound: There is no such codebook.
    """
    query = select(CodebookRow).where(CodebookRow.codebook == id_)
    newest = tx.session.exec(query.order_by(col(CodebookRow.edition).desc()).limit(1)).first()
    return _shipped(id_) if newest is None else _parsed(newest.table_json)


def conversation(tx: Transaction) -> Codebook:
    """Return the codebook of the review desk as it is now."""
    return codebook(tx, CONVERSATION)


def codebook_named(tx: Transaction, name: str) -> Codebook:
    """Return the codebook that marks were made with, as it was then.

    Raises:
        NotFound: There never was one of this name.
    """
    id_ = id_in(name)
    if (shipped := _shipped(id_)).name == name:
        return shipped
    for row in tx.session.exec(select(CodebookRow).where(CodebookRow.codebook == id_)):
        if (found := _parsed(row.table_json)).name == name:
            return found
    raise NotFound(f"codebook {name}")


def editions(tx: Transaction, id_: str) -> tuple[Edition, ...]:
    """Return the site's own editions of a codebook, the newest first."""
    query = select(CodebookRow).where(CodebookRow.codebook == id_)
    rows = tx.session.exec(query.order_by(col(CodebookRow.edition).desc()))
    return tuple(
        Edition(
            f"{row.codebook}@{row.version}.{row.edition}",
            row.edition,
            UserId(row.made_by),
            row.made_at,
        )
        for row in rows
    )


def history(tx: Transaction, id_: str, code: str) -> tuple[tuple[str, TagDefinition], ...]:
    """Return the editions in which a keyword was changed, the newest first, and it as of then.

    Raises:
        NotFound: There is no such codebook.
    """
    names = [_shipped(id_).name, *(each.name for each in reversed(editions(tx, id_)))]
    found: list[tuple[str, TagDefinition]] = []
    for name in names:
        tag = codebook_named(tx, name).tag(code)
        if tag is not None and (not found or found[-1][1] != tag):
            found.append((name, tag))
    return tuple(reversed(found))


class Books:
    """The conversation codebook of one moment, and whatever older editions marks refer to."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.current = conversation(tx)
        self._named = {self.current.name: self.current}

    def text_of(self, tag: Tag, *, language: str) -> TagText | None:
        """Return a keyword's words as they were when it was set or suggested; None if unknown."""
        if tag.codebook not in self._named:
            try:
                self._named[tag.codebook] = codebook_named(self._tx, tag.codebook)
            except NotFound:
                return None
        found = self._named[tag.codebook].tag(tag.code)
        return found.text(language) if found is not None else None

    def label_of(self, tag: Tag, *, language: str) -> str:
        """Return the short label that a keyword had then, or its code."""
        text = self.text_of(tag, language=language)
        return text.short if text is not None else tag.code


def keep_codebook(tx: Transaction, book: Codebook, *, by: UserId) -> Codebook:
    """Keep a changed codebook as the site's next edition, for whatever is read from now on.

    Args:
        tx: The transaction.
        book: The codebook with its changes; its edition is the one that was changed.
        by: Who has changed it.

    Raises:
        CodebookInvalid: It cannot be used; the message names the place.
        Conflict: Somebody else has changed the same edition meanwhile.
    """
    kept = replace(book, edition=book.edition + 1)
    table_json = json.dumps(table_of(kept), ensure_ascii=False)
    parsed = _parsed(table_json)
    for language in LANGUAGES:
        compile_codebook(parsed, language=language)
    row = CodebookRow(
        codebook=kept.id,
        edition=kept.edition,
        version=kept.version,
        made_by=by,
        made_at=tx.at,
        table_json=table_json,
    )
    try:
        with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        raise Conflict(f"codebook {kept.name}") from None
    return parsed


def _shipped(id_: str) -> Codebook:
    for book in shipped_codebooks():
        if book.id == id_:
            return book
    raise NotFound(f"codebook {id_}")


@lru_cache(maxsize=64)
def _parsed(table_json: str) -> Codebook:
    return codebook_from(json.loads(table_json))
