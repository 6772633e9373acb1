"""The pages, run as Streamlit runs them, in three languages, for each role."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup
from streamlit.util import calc_hash

import review_app
from consent.model import Event, RecordingId, Role
from review_app.translation import LANGUAGES, catalogue
from storage import accounts, consent_ledger, erasure, recordings, requests
from storage.home import Home
from storage.records import RequestKind, Stage, StageRun, StageState, User, UserId
from storage.vault.blobs import BlobRef
from tests.house import OWNER, SUPERVISOR, House, open_house, turn

SCRIPT = Path(review_app.__file__).parent / "main.py"
WISH = "Kanariefugl wants to hear about the opening"
PLAN = {"with_whom": "A", "will_try": ["count to five"], "will_notice": "", "goal": ""}


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


Watch = Callable[..., Screen]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Watch:
    """Give a way to look at a page as someone; no page may fail."""

    def look(house: House, login: str | None, page: str = "", **query: str) -> Screen:
        who = house.people[login].id if login else None
        monkeypatch.setattr("review_app.place.home", lambda: house.home)
        monkeypatch.setattr("review_app.place.sessions", lambda: SignedIn(house.home, who))
        screen = Screen(AppTest.from_file(str(SCRIPT), default_timeout=60)).open(page, **query)
        sound(screen)
        return screen

    def sound(screen: Screen) -> None:
        assert not screen.test.exception
        assert "review_app.unforeseen" not in {record.name for record in caplog.records}

    return look


def speak(house: House, login: str, language: str) -> None:
    with house.home.transaction() as tx:
        accounts.choose_language(tx, house.people[login].id, language=language)


# What a fragment of HTML is held to.

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


# A course in which everything has happened.


@dataclass(frozen=True)
class Course:
    house: House
    waiting: RecordingId
    locked: RecordingId
    processing: RecordingId
    failed: RecordingId
    wish: RecordingId
    select: RecordingId
    prepare: RecordingId
    meeting: RecordingId
    minutes: RecordingId
    approved: RecordingId
    erasing: RecordingId
    erased: RecordingId


NAMES = [name for name in Course.__dataclass_fields__ if name != "house"]


@pytest.fixture
def course(
    tmp_path: Path, lived: tuple[Path, datetime, dict[str, RecordingId]]
) -> Iterator[Course]:
    folder, now, names = lived
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "lived", like=folder)
        house.clock.now = now
        yield Course(house, **names)


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, datetime, dict[str, RecordingId]]:
    """Give a home in which everything has happened, for each test to copy."""
    folder = tmp_path_factory.mktemp("lived") / "home"
    with ExitStack() as stack:
        house = open_house(stack, folder)
        names = live(house)
        return folder, house.clock.now, names


def live(house: House) -> dict[str, RecordingId]:
    made = {name: house.recording() for name in ("select", "prepare", "meeting", "minutes")}
    approved = house.recording()
    for recording in (approved, *made.values()):
        house.do(OWNER, recording, "write_wish", text=WISH)
        house.sequence(recording)
    house.transcript(approved, [turn(0, "Kanariefugl sagde den unge")])
    for recording in (approved, made["prepare"], made["meeting"], made["minutes"]):
        at = "2026-03-12T09:00:00Z"
        house.do(SUPERVISOR, recording, "release", meeting_at=at)
    for recording in (approved, made["meeting"], made["minutes"]):
        house.do(OWNER, recording, "send_answers")
    for recording in (approved, made["minutes"]):
        house.do(OWNER, recording, "end_meeting")
    saved = {"items": [], "agreements": [], "plan": PLAN, "revision": 1}
    house.do(OWNER, approved, "save_minutes", **saved)
    for login in (OWNER, SUPERVISOR):
        house.do(login, approved, "sign_minutes", revision=2)
    locked, processing, failed = (house.recording(processed=False) for _ in range(3))
    erasing, erased = house.recording(), house.recording()
    with house.home.transaction() as tx:
        for each in (locked, processing, failed):
            recordings.mark_received(tx, each, source=BlobRef(f"{each}/source/x", 1))
        run = StageRun(failed, Stage.PROXY, StageState.FAILED, error="no_picture")
        requests.report_stage(tx, run)
    house.clock.go_on(minutes=1)
    house.answer(locked, Event.REFUSED, only=Role.YOUTH)
    with house.home.transaction() as tx:
        erasure.begin_erasure(tx, erasing)
    erasure.erase(house.home, erased)
    waiting = house.recording(processed=False, agreed=False)
    return made | {
        "waiting": waiting,
        "locked": locked,
        "processing": processing,
        "failed": failed,
        "wish": house.recording(),
        "approved": approved,
        "erasing": erasing,
        "erased": erased,
    }


PAGES = {
    OWNER: ("", "new", "course", "profile"),
    SUPERVISOR: ("", "course", "profile"),
    "karen": ("", "profile"),
    "adam": ("", "profile"),
    "rune": ("",),
    "yrsa": ("", "course", "profile"),
    "xenia": ("", "course", "new", "profile"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("login", PAGES)
def test_every_page_is_drawn_in_every_language_for_every_role(
    course: Course, watch: Watch, login: str, language: str
) -> None:
    speak(course.house, login, language)
    screen = watch(course.house, login)
    for page in PAGES[login]:
        screen.open(page)
        assert not screen.test.exception
        assert not screen.test.error
        names_itself = {"English"} if PAGES[login][-1] == page else set()
        assert english_left(screen.texts, language) <= names_itself
        for fragment in screen.fragments:
            assert parsed(fragment).faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_the_pages_of_a_conversation_are_drawn_wherever_it_stands(
    course: Course, watch: Watch, login: str, language: str
) -> None:
    speak(course.house, login, language)
    screen = watch(course.house, login)
    for name in NAMES:
        screen.open("consent", recording=getattr(course, name))
        assert not screen.test.exception
        assert not screen.test.error
        assert english_left(screen.texts, language) == set()
        for fragment in screen.fragments:
            assert parsed(fragment).faults == []
    for page in ("desk", "room", "minutes", *(["prepare", "new"] if login == OWNER else [])):
        screen.open(page, recording=course.approved)
        assert not screen.test.exception
        assert not screen.test.error


def test_the_leak_is_seen_when_there_is_one() -> None:
    assert english_left(["My recordings", "Mine optagelser"], "da") == {"My recordings"}
    assert parsed("<a href='/x'></a><table><tr><td>a</td></tr></table>").faults == [
        "an empty <a>",
        "a table without headers",
    ]


# Lists


def test_the_caseworker_sees_where_each_recording_stands(course: Course, watch: Watch) -> None:
    said = watch(course.house, OWNER).said
    for state in (
        "Not received yet",
        "Locked: 1 yet to agree",
        "Being prepared, 0 %",
        "Could not be prepared",
        "Waiting for the wish",
        "With the supervisor",
        "Sequences are ready",
        "Ready for the joint review",
        "Minutes to approve",
        "Plan approved by both of you",
        "Erased",
    ):
        assert state in said
    assert "count to five" in said


def test_a_list_offers_each_recordings_next_page(course: Course, watch: Watch) -> None:
    links = re.findall(
        r'href="/(\w+)\?recording=([\w-]+)"', "".join(watch(course.house, OWNER).fragments)
    )
    pages = {(page, recording) for page, recording in links}
    assert ("consent", course.locked) in pages
    assert ("new", course.wish) in pages
    assert ("prepare", course.prepare) in pages
    assert ("room", course.meeting) in pages
    assert ("minutes", course.minutes) in pages
    assert course.erased not in {recording for _, recording in links}
    links = re.findall(
        r'href="/(\w+)\?recording=([\w-]+)"', "".join(watch(course.house, SUPERVISOR).fragments)
    )
    assert ("desk", course.select) in set(links)


def test_an_empty_list_says_what_to_do_next(house: House, watch: Watch) -> None:
    caseworker, supervisor = watch(house, "xenia"), watch(house, "yrsa")
    assert "No recordings yet" in caseworker.said
    assert "New recording" in caseworker.said
    assert "Nothing waits for you" in supervisor.said
    assert "New recording" not in supervisor.said


def test_a_wish_is_read_only_while_everyone_agrees(course: Course, watch: Watch) -> None:
    house = course.house
    assert WISH in watch(house, SUPERVISOR).said
    house.clock.go_on(minutes=1)
    for recording in (course.select, course.prepare, course.meeting, course.minutes):
        house.answer(recording, Event.WITHDRAWN)
    house.answer(course.approved, Event.WITHDRAWN)
    for login in (OWNER, SUPERVISOR):
        for page in ("", "course"):
            assert "Kanariefugl" not in watch(house, login, page).said


@pytest.mark.parametrize("login", ["karen", "adam", "rune"])
def test_who_looks_after_the_house_sees_no_content(
    course: Course, watch: Watch, login: str
) -> None:
    screen = watch(course.house, login)
    assert "Kanariefugl" not in screen.said
    assert "count to five" not in screen.said
    assert "Title" not in screen.said
    assert course.approved not in "".join(screen.fragments)
    for page in ("desk", "consent", "minutes", "course", "new", "room", "prepare"):
        screen.open(page, recording=course.approved)
        assert not screen.test.exception
        assert "Kanariefugl" not in screen.said
        assert "withdraws" not in screen.said
    if login == "karen":
        assert course.house.people[OWNER].name in watch(course.house, login).said


@pytest.mark.parametrize("page", ["consent", "desk", "room", "minutes", "course"])
@pytest.mark.parametrize("login", ["xenia", "yrsa"])
def test_another_pairs_recording_looks_the_same_as_none(
    course: Course, watch: Watch, login: str, page: str
) -> None:
    screen = watch(course.house, login)
    theirs = screen.open(page, recording=course.approved).texts
    none = screen.open(page, recording="nothing-like-this").texts
    assert theirs == none
    assert not screen.test.exception


def test_the_administrator_is_told_of_a_broken_audit_log(course: Course, watch: Watch) -> None:
    house = course.house
    assert not watch(house, "adam").test.error
    with house.home.database.begin() as connection:
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit SET action = 'nothing' WHERE seq = 2"))
    screen = watch(house, "adam")
    assert len(screen.test.error) == 1
    assert "data protection" in screen.test.error[0].value
    assert "Mette Testsen" in screen.said


def test_who_is_signed_out_is_led_to_the_card(house: House, watch: Watch) -> None:
    screen = watch(house, None)
    assert 'href="/auth/login"' in "".join(screen.fragments)
    assert "Mette" not in screen.said


def test_a_page_that_fails_says_so_without_detail(
    house: House, watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    screen = watch(house, OWNER)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("Kanariefugl")

    monkeypatch.setattr("review_app.views.library.items_of", fail)
    screen.open("")
    assert not screen.test.exception
    assert "Something went wrong" in screen.test.error[0].value
    assert "ZeroDivisionError" in caplog.text
    assert "Kanariefugl" not in caplog.text + screen.said


# A new recording


def fill(
    screen: Screen, *, birth: str = "8.3.2011", day: str = "9.3.2026", clock: str = "14.30"
) -> Screen:
    for field, value in zip(screen.test.text_input, (birth, day, clock), strict=True):
        field.input(value)
    screen.test.button[0].click().run()
    assert not screen.test.exception
    return screen


def test_a_new_recording_names_everyone_and_goes_on_to_the_film(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "new")
    screen.test.multiselect[0].select(Role.INTERPRETER)
    fill(screen)
    assert not screen.test.error
    added = screen.test.query_params["recording"]
    with house.home.reading() as tx:
        recording = recordings.recording(tx, RecordingId(added))
        roster = consent_ledger.roster_of(tx, recording.id)
    assert recording.owner == house.people[OWNER].id
    assert recording.recorded_at == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    assert sorted(person.role for person in roster) == sorted(
        [Role.YOUTH, Role.CUSTODY_HOLDER, Role.INTERPRETER, Role.CASEWORKER]
    )
    youth = next(person for person in roster if person.role is Role.YOUTH)
    assert youth.birth_date is not None
    assert youth.birth_date.isoformat() == "2011-03-08"
    assert house.audited(recording.id) == ["recording_added"]
    assert not screen.test.text_input  # the next step is the uploader


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"birth": ""}, "birth date"),
        ({"birth": "in March"}, "birth date"),
        ({"birth": "31.2.2011"}, "birth date"),
        ({"birth": "8.3.2031"}, "birth date"),
        ({"birth": "9.3.2026"}, "birth date"),
        ({"birth": "8.3.1811"}, "birth date"),
        ({"day": "yesterday"}, "Day or time"),
        ({"clock": "25.00"}, "Day or time"),
        ({"clock": ""}, "Day or time"),
        ({"day": "11.3.2026"}, "in the future"),
        ({"day": "10.3.2026", "clock": "13.01"}, "in the future"),
    ],
)
def test_what_cannot_be_is_asked_again(
    house: House, watch: Watch, typed: dict[str, str], told: str
) -> None:
    screen = fill(watch(house, OWNER, "new"), **typed)
    assert [told in error.value for error in screen.test.error] == [True]
    assert screen.test.text_input[0].value == typed.get("birth", "8.3.2011")
    with house.home.reading() as tx:
        assert recordings.recordings_of(tx, course=house.course.id) == ()


# Consent


def answers(house: House, recording: RecordingId) -> list[Event]:
    with house.home.reading() as tx:
        return [each.event for each in consent_ledger.evidence_of(tx, recording)]


def asked_of_workers(house: House) -> list[tuple[str, str]]:
    with house.home.transaction() as tx:
        return [(each.kind, each.recording) for each in requests.waiting(tx)]


def press(screen: Screen, label: str) -> None:
    next(button for button in screen.test.button if button.label == label).click().run()
    assert not screen.test.exception
    assert not screen.test.error


def test_the_last_yes_opens_the_recording_and_starts_the_work(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False, processed=False)
    with house.home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/x", 1))
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "The recording is locked." in screen.said
    for who in ("Young person", "Custody holder"):
        press(screen, f"{who} says yes")
        assert asked_of_workers(house) == []
    press(screen, "Caseworker says yes")
    assert "Everyone has consented to supervision." in screen.said
    assert asked_of_workers(house) == [(RequestKind.PROCESS, recording)]
    assert answers(house, recording) == [Event.GIVEN] * 3


def test_a_no_locks_the_recording_and_a_withdrawal_erases_it(house: House, watch: Watch) -> None:
    recording = house.recording()
    screen = watch(house, OWNER, "consent", recording=recording)
    house.clock.go_on(minutes=1)
    press(screen, "Custody holder withdraws the consent")
    assert "The recording is locked." in screen.said
    assert asked_of_workers(house) == [(RequestKind.ERASE, recording)]
    erasure.erase(house.home, recording)
    screen.open("consent", recording=recording)
    assert "Erased" in screen.said
    assert not screen.test.button

    other = house.recording(agreed=False)
    screen.open("consent", recording=other)
    press(screen, "Young person says no")
    assert answers(house, other) == [Event.REFUSED]
    assert "consent_refused" in house.audited(other)


def test_the_supervisor_reads_the_answers_and_writes_none(house: House, watch: Watch) -> None:
    screen = watch(house, SUPERVISOR, "consent", recording=house.recording())
    assert "Everyone has consented to supervision." in screen.said
    assert not screen.test.button


# Language


def test_a_language_is_chosen_on_ones_own_page(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "profile")
    assert "Profile and language" in screen.said
    for language, words in (("da", "Profil og sprog"), ("sv", "Profil och språk")):
        screen.choices[0].set_value(language).run()
        assert not screen.test.exception
        assert words in screen.said
        with house.home.reading() as tx:
            assert accounts.user(tx, house.people[OWNER].id).language == language
