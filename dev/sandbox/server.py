"""Runs the sandbox on a port: for good in its own process, or in a thread of a test."""

import asyncio
import socket
import threading

import uvicorn
from starlette.applications import Starlette

from dev.sandbox.wire import CuttableProtocol

STARTS_WITHIN = 10.0


def make_server(app: Starlette) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    # The protocol by name: without it asyncio leaves Nagle's algorithm on, and every answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.listen(256)
    return listener


class ServerThread:
    def __init__(self, app: Starlette) -> None:
        self._listener = listen("127.0.0.1", 0)
        self.port: int = self._listener.getsockname()[1]
        self._server = make_server(app)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        async def serve() -> None:
            serving = asyncio.ensure_future(self._server.serve(sockets=[self._listener]))
            while not self._server.started and not serving.done():
                await asyncio.sleep(0.002)
            self._started.set()
            await serving

        asyncio.run(serve())

    def start(self) -> None:
        self._thread.start()
        if not self._started.wait(STARTS_WITHIN) or not self._server.started:
            raise RuntimeError("The sandbox did not start.")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(STARTS_WITHIN)
        self._listener.close()
