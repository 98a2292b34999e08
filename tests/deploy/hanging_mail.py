"""A mail server that accepts connections and never answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 2
# A greeting may have any number of lines: each of these is in time, and none is the last.
LINE = b"220-Please wait\r\n"


class HangingMailServer:
    """A mail server on a free port of loopback. `callers` is the number of clients that wait in it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._waiting: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def callers(self) -> int:
        return len(self._waiting)

    def close(self) -> None:
        self._over.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._keep_waiting, args=(caller,), daemon=True).start()

    def _keep_waiting(self, caller: socket.socket) -> None:
        self._waiting.add(caller)
        try:
            with caller:
                while not self._over.is_set():
                    caller.sendall(LINE)
                    self._over.wait(PATIENCE_SECONDS)
        except OSError:
            pass
        finally:
            self._waiting.discard(caller)


@contextmanager
def hanging_mail_server() -> Iterator[HangingMailServer]:
    server = HangingMailServer()
    try:
        yield server
    finally:
        server.close()
