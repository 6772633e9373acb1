"""Intents about what the whole site shares: its codebooks, and the words a recognizer is told."""

import json
import re
from typing import Any, Final

from review_app.errors import BadRequest, NumberOfSomebody
from review_app.permissions import check_may_edit_codebooks, check_may_keep_words
from storage import audit, site_codebooks, vocabulary
from storage.codebooks.errors import CodebookInvalid
from storage.codebooks.matching.errors import PatternInvalid
from storage.codebooks.model import LANGUAGES
from storage.codebooks.parse import codebook_from
from storage.codebooks.written import table_of, tag_table
from storage.errors import Conflict
from storage.records import User
from storage.transaction import Transaction
from storage.vocabulary import Vocabulary

_LONGEST_TAG: Final = 60_000
_PERSONAL_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)")
"""CPR numbers and personnummer, the latter with or without its century."""


def save_tag(
    tx: Transaction, user: User, *, book: str, base: str, code: str, untrusted_tag: object
) -> str:
    """Keep a keyword as somebody has written it, and return the codebook's name from then on.

    Args:
        tx: The transaction.
        user: Who has written it.
        book: Id of the codebook.
        base: Name of the codebook that was open.
        code: The keyword's code; one that there is none of yet is added.
        untrusted_tag: The keyword as it stands in a codebook.

    Raises:
        Denied: The codebooks are not this person's to change.
        Conflict: Somebody else has changed the keyword; ``stored`` is what it is now.
        PatternInvalid: What a cue looks for cannot be read.
        CodebookInvalid: Something else is missing or impossible.
        NumberOfSomebody: There is a number in it that may be a person's.
    """
    check_may_edit_codebooks(user)
    written = json.dumps(untrusted_tag, ensure_ascii=False)
    if len(written) > _LONGEST_TAG:
        raise BadRequest
    if _PERSONAL_NUMBER.search(written):
        raise NumberOfSomebody
    now = site_codebooks.codebook(tx, book)
    opened, stored = site_codebooks.codebook_named(tx, base).tag(code), now.tag(code)
    if opened != stored:
        raise Conflict(f"keyword {code}", stored=tag_table(stored) if stored else None)
    table = table_of(now)
    table["tags"][code] = untrusted_tag
    try:
        kept = site_codebooks.keep_codebook(tx, codebook_from(table), by=user.id)
    except CodebookInvalid as error:
        if isinstance(error.__cause__, PatternInvalid):
            raise error.__cause__ from None
        raise
    audit.append(
        tx, actor=user.id, action="codebook_changed", subject=kept.name, detail={"code": code}
    )
    return kept.name


def save_words(
    tx: Transaction, user: User, *, language: str, edition: object, untrusted_lines: object
) -> Vocabulary:
    """Keep the words that the recognizer of a language is told from now on.

    Raises:
        Denied: They are not this person's to keep.
        BadRequest: There is no such language, or these are no words.
        Conflict: Somebody else has changed them; ``stored`` is what they are now.
    """
    check_may_keep_words(user)
    lines = _lines(untrusted_lines)
    if language not in LANGUAGES or not isinstance(edition, int):
        raise BadRequest
    if any(_PERSONAL_NUMBER.search(line) for line in lines):
        raise NumberOfSomebody
    kept = vocabulary.keep_vocabulary(tx, language, lines=lines, edition=edition, by=user.id)
    audit.append(
        tx,
        actor=user.id,
        action="vocabulary_changed",
        subject=language,
        detail={"edition": kept.edition, "count": len(kept.words)},
    )
    return kept


def _lines(untrusted: Any) -> list[str]:  # noqa: ANN401 - JSON
    if not isinstance(untrusted, list) or not all(isinstance(line, str) for line in untrusted):
        raise BadRequest
    return untrusted
