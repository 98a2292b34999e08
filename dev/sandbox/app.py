"""Puts the API, the page and, where asked for, the control endpoint behind one address."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dev.sandbox.api import Api
from dev.sandbox.control import Control
from dev.sandbox.desk import Desk
from dev.sandbox.page import Page

METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH"]


async def health(_request: Request) -> Response:
    return PlainTextResponse("ok")


def build_app(desk: Desk, *, control: bool) -> Starlette:
    api = Api(desk)

    async def answer(request: Request) -> Response:
        return await api(request)

    routes = [
        Route("/healthz", health),
        *Page(desk).routes(),
        Route("/v1/{rest:path}", answer, methods=METHODS),
    ]
    if control:
        routes += Control(desk).routes()
    return Starlette(routes=routes)
