"""Every route, tried by everyone, in every state of consent: the whole matrix, generated.

Who gets what is told in ``tests.matrix``. Whatever is refused, and whatever is answered while
consent is missing, is searched for the canary that all content has in it.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import pytest
from starlette.routing import Match, Route, WebSocketRoute

from review_app.routes.consent_page import COOKIE as VISIT
from review_app.server import routes
from review_app.sessions import COOKIE as SESSION
from storage.home import Home
from tests.house import House, open_house
from tests.knockers import CODED, OPEN, TWO, WITHOUT_ACCOUNT, State, Who
from tests.knocking import Answer, document, enter, form, knock
from tests.matrix import (
    CANARY,
    CLOSED,
    DOORS,
    ENDINGS,
    EXPORTS,
    MISSING,
    ROOM,
    SIGNING,
    Door,
    Scene,
    everyones,
    heads,
)
from tests.scenes import scenes, settle

EACH_WAY = {State.GIVEN, State.WITHDRAWN, State.ERASED, State.NOWHERE}
PRESSES = (
    "papers.notice_pdf",
    "papers.receipt_pdf",
    "certificates.certificate_pdf",
    "consent_page.receipt_pdf",
    "consent_page.certificate_pdf",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, list[Scene]]]:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for press in PRESSES:  # what goes to the press is searched as it is
            patch.setattr(f"review_app.routes.{press}", _unpressed)
        folder = tmp_path_factory.mktemp("matrix") / "home"
        house = open_house(stack, folder, downloads=True)
        settle(house)
        yield house, scenes(house)


def _unpressed(about: object, **rest: object) -> bytes:
    return repr((about, rest)).encode()


def test_every_route_has_its_line(stage: tuple[House, list[Scene]]) -> None:
    house, [scene, *_] = stage
    ours = routes(house.home, house.sessions, house.witness)
    served = {
        (route.path, method)
        for route in ours
        if isinstance(route, Route)
        for method in route.methods or ()
    }
    listed = {
        (_route(ours, door, scene), door.method) for door in [*DOORS, *heads(), *ENDINGS]
    } | SIGNING
    assert served - {("/auth/logout", "HEAD")} == listed
    assert [route.path for route in ours if isinstance(route, WebSocketRoute)] == [ROOM]


def _route(ours: Iterable[Any], door: Door, scene: Scene) -> str:
    """Return the path of the route that a door leads to, as the app itself finds it."""
    scope = {"type": "http", "path": _address(door, scene), "method": door.method}
    return next(str(route.path) for route in ours if route.matches(scope)[0] is Match.FULL)


def _address(door: Door, scene: Scene, *, code: str = "0" * 16) -> str:
    return door.path.format(code=code, **scene.places)


class Knocking:
    """Everyone with what their browsers carry, and what was found so far."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sessions = {
            who: f"{SESSION}={house.token(who)}" for who in Who if who not in WITHOUT_ACCOUNT
        }
        self.found: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        self.leaked = 0
        self.seen: set[str] = set()
        self.refusals: defaultdict[tuple[str, Who], set[bytes]] = defaultdict(set)

    def cookie(self, who: Who, scene: Scene) -> str:
        if who in self.sessions or who is Who.SIGNED_OUT:
            return self.sessions.get(who, "")
        token, _ = scene.visits.get(who, ("", ""))
        return f"{VISIT}=en.{token}"

    async def at(self, doors: Iterable[Door], all_scenes: Iterable[Scene]) -> None:
        for door in doors:
            for scene in all_scenes:
                for who in Who:
                    answer = await self.once(door, scene, who)
                    self.judge(answer, door, scene, who)

    async def once(self, door: Door, scene: Scene, who: Who) -> Answer:
        return await knock(
            self.house.app,
            _address(door, scene, code=scene.codes.get(who, "0" * 16)),
            door.method,
            cookie=self.cookie(who, scene),
            **_sent(door.options, scene, who),
        )

    def judge(self, answer: Answer, door: Door, scene: Scene, who: Who) -> None:
        name = f"{door.method} {door.path}"
        self.found[name, str(answer.status)] += 1
        expected = door.expected(who, scene.state)
        if answer.status != expected:
            case = f"{name} by {who.name} in {scene.state}"
            self.wrong.append(f"{case}: {answer.status}, not {expected}")
        if scene.state not in OPEN or not answer.is_success:
            self.leaked += too_many(answer, door, who)
        elif has_content(answer):
            self.seen.add(door.path)
        if answer.status in {CLOSED, MISSING} and who not in TWO | CODED | {Who.EMERGENCY_OPEN}:
            self.refusals[name, who].add(answer.said)


def _sent(options: Mapping[str, Any], scene: Scene, who: Who) -> dict[str, Any]:
    """Return what goes out with a knock: forms of a visit carry the visit's own token."""
    sent: dict[str, Any] = {"query": options.get("query", ""), "body": options.get("body", b"")}
    headers = options.get("headers", {})
    more = headers(scene) if callable(headers) else headers
    type_: dict[str, str] = {}
    if "json" in options:
        type_, sent["body"] = document(options["json"])
    elif "form" in options:
        fields = options["form"]
        fields = fields(who, scene) if callable(fields) else fields
        if fields.get("token") == "":
            fields = fields | {"token": scene.visits.get(who, ("", ""))[1]}
        type_, sent["body"] = form(fields)
    return sent | {"headers": type_ | more}


def has_content(answer: Answer) -> bool:
    return CANARY.encode() in answer.everything


def too_many(answer: Answer, door: Door, who: Who) -> int:
    """Return how many bytes came that should not have; what is one's own is one's own."""
    ones_own = who in door.own and answer.is_success
    return len(answer.said) or 1 if has_content(answer) and not ones_own else 0


def test_everyone_gets_exactly_what_is_theirs_in_every_state(
    stage: tuple[House, list[Scene]], capsys: pytest.CaptureFixture[str]
) -> None:
    house, all_scenes = stage
    knocking = Knocking(house)

    async def all_round() -> None:
        # One function answers GET and HEAD, so a HEAD is tried once for each way to be refused.
        await knocking.at(heads(), [each for each in all_scenes if each.state in EACH_WAY])
        await knocking.at(DOORS, all_scenes)

    asyncio.run(all_round())
    with capsys.disabled():
        show(knocking.found, leaked=knocking.leaked)
    assert not knocking.wrong, "\n".join(knocking.wrong)
    assert not knocking.leaked
    # The search is not blind: whoever may see content has seen it at each door that shows some.
    assert knocking.seen == {door.path for door in DOORS if door.shows}
    # Nor does a refusal tell how a recording stands, or whether there is one.
    assert not [case for case, said in knocking.refusals.items() if len(said) > 1]


def test_where_copies_are_not_allowed_nobody_gets_one(stage: tuple[House, list[Scene]]) -> None:
    house, all_scenes = stage
    settings = house.home.settings.model_copy(update={"downloads": False})
    with closing(Home.open(settings, clock=house.clock)) as home:
        knocking = Knocking(replace(house, home=home))
        doors = [replace(door, rule=everyones(CLOSED)) for door in EXPORTS]
        asyncio.run(knocking.at(doors, [each for each in all_scenes if each.state in OPEN]))
    assert not knocking.wrong, "\n".join(knocking.wrong)
    assert not knocking.leaked
    assert not knocking.seen


def test_the_room_opens_to_the_two_and_their_guest_while_everyone_agrees(
    stage: tuple[House, list[Scene]], capsys: pytest.CaptureFixture[str]
) -> None:
    house, all_scenes = stage
    knocking = Knocking(house)

    async def all_round() -> None:
        for scene in all_scenes:
            path = ROOM.format(recording_id=scene.recording)
            for who in Who:
                cookie = knocking.cookie(who, scene)
                opened, said = await enter(house.app, path, cookie=cookie)
                knocking.found[f"SOCKET {ROOM}", "open" if opened else "closed"] += 1
                if opened != (who in TWO | {Who.GUEST} and scene.state in OPEN):
                    knocking.wrong.append(f"{who.name} in {scene.state}: {opened=}")
                knocking.leaked += 0 if opened else CANARY in said.lower()

    asyncio.run(all_round())
    with capsys.disabled():
        show(knocking.found, leaked=knocking.leaked)
    assert not knocking.wrong, "\n".join(knocking.wrong)
    assert not knocking.leaked


def test_what_ends_or_holds_is_theirs_alone_too(
    stage: tuple[House, list[Scene]], capsys: pytest.CaptureFixture[str]
) -> None:
    house, _ = stage
    knocking = Knocking(house)
    asyncio.run(knocking.at(ENDINGS, scenes(house)))
    with capsys.disabled():
        show(knocking.found, leaked=knocking.leaked)
    assert not knocking.wrong, "\n".join(knocking.wrong)
    assert not knocking.leaked


def show(found: Counter[tuple[str, str]], *, leaked: int) -> None:
    """Print the matrix: how often each door was tried and what it answered."""
    answers = sorted({answer for _, answer in found})
    doors = sorted({door for door, _ in found}, key=lambda door: door.split(" ")[::-1])
    width = max(map(len, doors))
    print(f"\n{'door':{width}}  cases" + "".join(f"{a:>7}" for a in answers))  # noqa: T201
    for door in doors:
        cells = [found[door, answer] for answer in answers]
        print(f"{door:{width}}{sum(cells):>7}" + "".join(f"{c or '.':>7}" for c in cells))  # noqa: T201
    print(f"cases tried: {found.total()}, bytes leaked = {leaked}")  # noqa: T201


def test_the_matrix_knows_a_leak_when_it_sees_one() -> None:
    door = DOORS[0]
    said = Answer(403, f"x {CANARY.title()} x".encode(), [])
    hinted = Answer(404, b"", [(b"x-said", CANARY.encode())])
    assert too_many(said, door, Who.RESEARCHER) == len(said.said)
    assert too_many(hinted, door, Who.RESEARCHER) == 1
    assert not too_many(Answer(403, b"no", []), door, Who.RESEARCHER)
