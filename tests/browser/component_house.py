"""A whole house behind its gate, with a page that mounts any one component for who is signed in.

What a test does there goes through the real routes into a real home; only Streamlit is left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from playwright.sync_api import Browser, BrowserContext, Page
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from review_app.components import LABELS
from review_app.gate import Gate
from review_app.routes.problems import HANDLERS
from review_app.server import routes
from review_app.sessions import COOKIE
from review_app.translation import translator
from tests.browser.desk_server import COMPONENTS
from tests.browser.room_app import MOUNT
from tests.browser.serving import served
from tests.house import House

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Samspil</title>
<link rel="stylesheet" href="/page.css"></head><body><{tag} id="host"></{tag}>
<script type="module" src="/mount.js"></script></body></html>"""
CSS = """:root{color-scheme:light dark}
body{margin:0;padding:1rem;background:light-dark(#FAF9F6,#12191C)}"""


@dataclass(frozen=True)
class ComponentHouse:
    """A served house, and the way to look at one of its components as somebody."""

    house: House
    address: str
    browser: Browser
    contexts: list[BrowserContext]

    def open(self, login: str, component: str, *, scheme: str = "light", **about: str) -> Page:
        """Open a component as a person whose page names the course or recording it is about."""
        context = self.browser.new_context(
            timezone_id="Europe/Copenhagen",
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1280, "height": 900},
            accept_downloads=True,
        )
        self.contexts.append(context)
        token = self.house.token(login)
        context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        page = context.new_page()
        page.goto(f"{self.address}/?{urlencode({'component': component, **about})}")
        return page


@contextmanager
def component_house(house: House, browser: Browser) -> Iterator[ComponentHouse]:
    """Serve a house until the block ends, and close what was opened in it."""
    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/page.css", lambda _: Response(CSS, media_type="text/css")),
            Route("/mount.js", lambda _: Response(MOUNT, media_type="text/javascript")),
            Route("/data/{name}", _data),
            Mount("/components", StaticFiles(directory=COMPONENTS)),
            *routes(house.home, house.sessions, house.witness),
        ],
        middleware=[Middleware(Gate, sessions=house.sessions, witness=house.witness)],
        exception_handlers=HANDLERS,
    )
    contexts: list[BrowserContext] = []
    with served(app) as port:
        try:
            yield ComponentHouse(house, f"http://127.0.0.1:{port}", browser, contexts)
        finally:
            for context in contexts:
                context.close()


async def _page(request: Request) -> Response:
    brings_main = request.query_params["component"] == "minutes"
    tag = "div" if brings_main else "main"
    return HTMLResponse(PAGE.format(lang=request.state.user.language, tag=tag))


async def _data(request: Request) -> Response:
    """Answer what Streamlit would hand to the component: what it is about, and its words."""
    language = request.state.user.language
    say = translator(language)
    labels = {key: say(text) for key, text in LABELS[request.path_params["name"]].items()}
    about = dict(parse_qsl(request.headers["referer"].partition("?")[2]))
    return JSONResponse({**about, "labels": labels, "lang": language, "course_url": "/course"})
