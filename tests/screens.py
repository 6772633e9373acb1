"""The pages as a reader meets them: run without a browser, read as texts and as HTML."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup
from streamlit.util import calc_hash

import review_app
from review_app.translation import catalogue
from storage import accounts
from storage.home import Home
from storage.records import User, UserId
from tests.house import House

SCRIPT = Path(review_app.__file__).parent / "main.py"


@dataclass
class SignedIn:
    """Sessions in which one person is signed in, whatever the cookie."""

    home: Home
    id: UserId | None

    def user_of(self, _token: object) -> User | None:
        if self.id is None:
            return None
        with self.home.reading() as tx:
            return accounts.user(tx, self.id)


@dataclass
class Screen:
    """One person's browser on one page."""

    test: AppTest

    def open(self, page: str = "", **query: str) -> "Screen":
        self.test._page_hash = calc_hash(page)  # noqa: SLF001 - no public way to pages of functions
        self.test.query_params.clear()
        self.test.query_params.update(query)
        self.test.run()
        return self

    @property
    def fragments(self) -> list[str]:
        bodies = [each.proto.body for each in self.test.get("html")]
        return [body for body in bodies if not body.startswith("<style")]

    @property
    def choices(self) -> list[ButtonGroup[Any]]:
        found = self.test.get("button_group")
        return [each for each in found if isinstance(each, ButtonGroup)]

    @property
    def texts(self) -> list[str]:
        """Everything a reader meets on the page, as it is said."""
        test = self.test
        found = [said for fragment in self.fragments for said in parsed(fragment).texts]
        found += [each.value for each in (*test.markdown, *test.error, *test.info, *test.subheader)]
        labelled = (*test.button, *test.text_input, *test.multiselect, *self.choices)
        found += [each.label for each in labelled if each.label]
        found += [option for each in self.choices for option in each.options]
        found += [option for each in test.multiselect for option in each.options]
        found += [each.placeholder for each in test.text_input if each.placeholder]
        pages = test._registered_pages.values()  # noqa: SLF001 - the menu
        return [said.strip("* ”") for said in found] + [page["page_name"] for page in pages]

    @property
    def said(self) -> str:
        return "\n".join(self.texts)


def speak(house: House, login: str, language: str) -> None:
    with house.home.transaction() as tx:
        accounts.choose_language(tx, house.people[login].id, language=language)


VOID = {"meta", "br", "img", "input", "path"}


class Fragment(HTMLParser):
    """A fragment's texts, and what is wrong with it for those who do not see it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.faults: list[str] = []
        self._open: list[tuple[str, bool, list[str]]] = []
        self._headers: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if label := given.get("aria-label"):
            self.texts.append(label)
        hidden = given.get("aria-hidden") == "true"
        if tag == "table":
            self._headers.append(0)
        if tag == "th":
            self._headers[-1] += 1
            if given.get("scope") not in {"row", "col"}:
                self.faults.append("a header without scope")
        if tag == "svg" and not hidden and not label:
            self.faults.append("a drawing without name")
        if tag == "a" and not (given.get("href") or "").startswith("/"):
            self.faults.append(f"a link to {given.get('href')}")
        if tag not in VOID:
            self._open.append((tag, hidden, [label] if label else []))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())
            if not any(hidden for _, hidden, _ in self._open):
                for *_, said in self._open:
                    said.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        opened, _, said = self._open.pop()
        if opened != tag:
            self.faults.append(f"<{opened}> ends with </{tag}>")
        if tag in {"a", "button", "th", "h1", "h2", "h3", "li"} and not said:
            self.faults.append(f"an empty <{tag}>")
        if tag == "table" and not self._headers.pop():
            self.faults.append("a table without headers")


def parsed(fragment: str) -> Fragment:
    found = Fragment()
    found.feed(fragment)
    found.close()
    return found


def english_left(texts: list[str], language: str) -> set[str]:
    """Return what stands there in English although the catalogue has other words for it."""
    words = {key: said for key, said in catalogue(language).items() if said != key}
    blank = re.compile(r"\\\{\w+\\\}")
    known = {re.compile(blank.sub(".+", re.escape(key))): key for key in words if len(key) > 2}
    translated = {re.compile(blank.sub(".+", re.escape(said))) for said in words.values()}
    return {
        said
        for said in texts
        if any(pattern.fullmatch(said) and "{" not in said for pattern, key in known.items()
               if not key.startswith("{"))
        and not any(pattern.fullmatch(said) for pattern in translated)
    }  # fmt: skip


class Watch(Protocol):
    """The way to look at a page as someone."""

    def __call__(self, house: House, login: str | None, page: str = "", **query: str) -> Screen: ...
