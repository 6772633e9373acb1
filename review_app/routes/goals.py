"""A course's own goals as JSON, for the component of the course page: read, and written."""

from typing import Any, Final

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from review_app.commands import carry_out_in_course
from review_app.commands.goals import together_in
from review_app.goalsdata import goals_shown
from review_app.routes.desk import intent_in
from storage.home import Home
from storage.records import User

_JSON: Final = TypeAdapter(Any)


class GoalRoutes:
    """Serves the goals of a course to its two, and to nobody else."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/courses/{course}``."""
        base = "/api/courses/{course}"
        return [
            Route(f"{base}/goals", self.shown, methods=["GET"]),
            Route(f"{base}/intents", self.intent, methods=["POST"]),
        ]

    async def shown(self, request: Request) -> Response:
        """Answer the goals and the looks back at them."""
        user, course = request.state.user, request.path_params["course"]
        return JSONResponse(await to_thread.run_sync(self._shown, user, course))

    async def intent(self, request: Request) -> Response:
        """Carry out what the page asks for, and answer the goals as they are then."""
        user, course = request.state.user, request.path_params["course"]
        untrusted = await intent_in(request)
        result = await to_thread.run_sync(self._intent, user, course, untrusted)
        return JSONResponse({"ok": True, "result": result})

    def _shown(self, user: User, course: str) -> Any:  # noqa: ANN401 - JSON
        with self._home.reading() as tx:
            near = together_in(tx, user, course)
            shown = goals_shown(near, country=self._home.settings.jurisdiction)
        return _JSON.dump_python(shown, mode="json")

    def _intent(self, user: User, course: str, untrusted: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        with self._home.transaction() as tx:
            carry_out_in_course(
                tx,
                user,
                course,
                intent=untrusted["intent"],
                untrusted_arguments={k: v for k, v in untrusted.items() if k != "intent"},
            )
        return self._shown(user, course)
