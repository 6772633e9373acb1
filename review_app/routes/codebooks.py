"""The site's codebooks and words as JSON, and what a cue would find while it is typed."""

from collections.abc import Callable
from typing import Any, Final

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from review_app.commands.site_words import save_tag, save_words
from review_app.errors import BadRequest
from review_app.permissions import (
    check_may_edit_codebooks,
    check_may_keep_words,
    check_may_read_codebooks,
    may_edit_codebooks,
)
from review_app.routes.desk import read_json
from review_app.translation import told, translator
from storage import accounts, site_codebooks, vocabulary
from storage.codebooks.errors import CodebookInvalid
from storage.codebooks.matching.errors import PatternInvalid
from storage.codebooks.model import LANGUAGES, Codebook, TagDefinition
from storage.codebooks.parse import cue_from
from storage.codebooks.preview import preview
from storage.codebooks.shipped import shipped_questions
from storage.codebooks.written import tag_table
from storage.home import Home
from storage.records import User
from storage.transaction import Transaction
from storage.vocabulary import LONGEST_WORD, MOST_WORDS, legal_terms

_SHOWN: Final = 30
_JSON: Final = TypeAdapter(Any)
_SPEAKERS: Final = frozenset({"caseworker", "youth", "parent", "other"})
Document = dict[str, Any]


class CodebookRoutes:
    """Serves what the site shares. Nothing here is about a recording."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/codebooks`` and ``/api/vocabularies``."""
        tag = "/api/codebooks/{book}/tags/{code}"
        return [
            Route("/api/codebooks", self.codebooks, methods=["GET"]),
            Route("/api/codebooks/preview", self.preview, methods=["POST"]),
            Route(tag, self.history, methods=["GET"]),
            Route(tag, self.save, methods=["POST"]),
            Route("/api/vocabularies", self.vocabularies, methods=["GET"]),
            Route("/api/vocabularies/{language}", self.save_words, methods=["POST"]),
        ]

    async def codebooks(self, request: Request) -> Response:
        """Answer every codebook as it is now, and the questions that keywords serve."""
        return await self._answer(lambda: self._codebooks(request.state.user))

    async def preview(self, request: Request) -> Response:
        """Answer where in the training dialogues a cue would be found, or what is wrong with it."""
        untrusted = await read_json(request)
        return await self._answer(lambda: self._preview(request.state.user, untrusted))

    async def history(self, request: Request) -> Response:
        """Answer what a keyword meant, edition by edition."""
        return await self._answer(lambda: self._history(request.state.user, **request.path_params))

    async def save(self, request: Request) -> Response:
        """Keep a keyword as it was written."""
        untrusted = await read_json(request)
        return await self._answer(
            lambda: self._save(request.state.user, untrusted, **request.path_params)
        )

    async def vocabularies(self, request: Request) -> Response:
        """Answer the words that each language's recognizer is told."""
        return await self._answer(lambda: self._vocabularies(request.state.user))

    async def save_words(self, request: Request) -> Response:
        """Keep the words of a language."""
        untrusted = await read_json(request)
        return await self._answer(
            lambda: self._save_words(request.state.user, untrusted, **request.path_params)
        )

    async def _answer(self, work: Callable[[], Document]) -> Response:
        document = await to_thread.run_sync(work)
        return JSONResponse(_JSON.dump_python(document, mode="json"))

    def _codebooks(self, user: User) -> Document:
        check_may_read_codebooks(user)
        with self._home.reading() as tx:
            return {
                "may_edit": may_edit_codebooks(user),
                "books": [
                    _book_shown(tx, book, user=user) for book in site_codebooks.codebooks(tx)
                ],
                "questions": [
                    {
                        "id": each.id,
                        "theme": each.theme(user.language),
                        "text": each.text(user.language),
                    }
                    for each in shipped_questions()
                ],
            }

    def _preview(self, user: User, untrusted: Document) -> Document:
        check_may_edit_codebooks(user)
        language = untrusted.get("language")
        speakers = untrusted.get("speaker")
        code = untrusted.get("code")
        if (
            language not in LANGUAGES
            or not isinstance(speakers, list)
            or not isinstance(code, str)
            or not _SPEAKERS.issuperset(map(str, speakers))
        ):
            raise BadRequest
        try:
            cue = cue_from(untrusted.get("cue"), code=code, language=language)
            tag = TagDefinition(code=code, serves=(), speakers=tuple(speakers), texts=())
            with self._home.reading() as tx:
                book = site_codebooks.codebook(tx, str(untrusted.get("book")))
            found = preview(book, tag, cue)
        except CodebookInvalid as error:
            cause = error.__cause__
            problem = cause if isinstance(cause, PatternInvalid) else error
            message, advice = told(problem, say=translator(user.language))
            return {
                "problem": {
                    "piece": getattr(problem, "piece", ""),
                    "message": message,
                    "advice": advice,
                }
            }
        return {
            "count": len(found.hits),
            "turns": found.turns,
            "dialogues": found.dialogues,
            "hits": found.hits[:_SHOWN],
        }

    def _history(self, user: User, *, book: str, code: str) -> Document:
        check_may_read_codebooks(user)
        with self._home.reading() as tx:
            made = {each.name: each for each in site_codebooks.editions(tx, book)}
            people = accounts.people_named(tx, {each.made_by for each in made.values()})
            return {
                "history": [
                    {
                        "name": name,
                        "by": people[made[name].made_by].name if name in made else None,
                        "at": made[name].made_at if name in made else None,
                        "tag": tag_table(tag),
                    }
                    for name, tag in site_codebooks.history(tx, book, code)
                ]
            }

    def _save(self, user: User, untrusted: Document, *, book: str, code: str) -> Document:
        with self._home.transaction() as tx:
            save_tag(
                tx,
                user,
                book=book,
                base=str(untrusted.get("base")),
                code=code,
                untrusted_tag=untrusted.get("tag"),
            )
            return _book_shown(tx, site_codebooks.codebook(tx, book), user=user)

    def _vocabularies(self, user: User) -> Document:
        check_may_keep_words(user)
        with self._home.reading() as tx:
            return {
                "most": MOST_WORDS,
                "longest": LONGEST_WORD,
                "languages": {
                    language: {
                        "edition": kept.edition,
                        "words": kept.words,
                        "legal_terms": legal_terms(language),
                    }
                    for language in LANGUAGES
                    for kept in [vocabulary.vocabulary(tx, language)]
                },
            }

    def _save_words(self, user: User, untrusted: Document, *, language: str) -> Document:
        with self._home.transaction() as tx:
            kept = save_words(
                tx,
                user,
                language=language,
                edition=untrusted.get("edition"),
                untrusted_lines=untrusted.get("words"),
            )
            return {"edition": kept.edition, "words": kept.words}


def _book_shown(tx: Transaction, book: Codebook, *, user: User) -> Document:
    changed = site_codebooks.editions(tx, book.id)[:1]
    people = accounts.people_named(tx, {each.made_by for each in changed})
    return {
        "id": book.id,
        "name": book.name,
        "title": book.title(user.language),
        "changed": [{"by": people[each.made_by].name, "at": each.made_at} for each in changed],
        "tags": [{"code": tag.code, **tag_table(tag)} for tag in book.tags],
    }
