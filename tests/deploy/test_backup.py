"""The nightly backup and the restore, with a `docker` program that only records the command."""

import gzip
import subprocess
from pathlib import Path

import pytest

from dev.state import CHECKOUT


@pytest.fixture
def docker(tmp_path) -> Path:
    """A program named docker; what it prints stands for the dump."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "docker"
    program.write_text("#!/bin/sh\necho docker $*\n")
    program.chmod(0o755)
    return program


def back_up(docker: Path) -> subprocess.CompletedProcess[str]:
    command = [str(CHECKOUT / "deploy" / "backup.sh"), str(docker.parent.parent / "backup")]
    path = f"{docker.parent}:/usr/bin:/bin"
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, cwd="/")


def test_a_dump_and_a_base_backup_for_nobody_elses_eyes(docker):
    assert back_up(docker).returncode == 0
    dump, base = sorted((docker.parent.parent / "backup").iterdir())
    assert (dump.suffix, base.name.endswith(".tar.gz")) == (".dump", True)
    assert dump.read_text().startswith("docker compose exec -T db pg_dump ")
    assert gzip.decompress(base.read_bytes()).startswith(b"docker compose exec -T db pg_basebackup ")
    assert {file.stat().st_mode & 0o777 for file in (dump, base)} == {0o600}


def test_a_broken_backup_does_not_look_like_a_whole_backup(docker):
    docker.write_text("#!/bin/sh\necho half\nexit 1\n")
    assert back_up(docker).returncode == 1
    assert [file.name.endswith(".new") for file in (docker.parent.parent / "backup").iterdir()] == [True]


# The restore.


def restore(docker: Path, dump: Path) -> subprocess.CompletedProcess[str]:
    command = [str(CHECKOUT / "deploy" / "restore.sh"), str(dump)]
    path = f"{docker.parent}:/usr/bin:/bin"
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, cwd="/")


@pytest.fixture
def dump(tmp_path) -> Path:
    path = tmp_path / "marquee-2027-03-14.dump"
    path.write_text("a dump")
    return path


def test_a_restore_stops_the_site_keeps_the_old_database_and_leaves_sales_paused(docker, dump):
    done = restore(docker, dump)
    assert done.returncode == 0, done.stderr
    lines = [line.removeprefix("docker compose ") for line in done.stdout.splitlines()]
    assert lines[0] == "stop caddy web worker beat"
    assert lines[1].startswith("exec -T db createdb ") and lines[2].startswith("exec -T db pg_restore ")
    assert "ALTER DATABASE marquee RENAME TO before_" in lines[3] and "RENAME TO marquee" in lines[3]
    assert lines[4] == "run --rm migrate"
    assert lines[5].startswith(
        "run --rm --no-deps -T migrate python manage.py note_restore --why Restored from marquee-"
    )
    assert lines[-1].startswith("Sales are paused after a restore.")


def test_a_restore_that_fails_swaps_nothing(docker, dump):
    docker.write_text('#!/bin/sh\necho docker $*\ncase "$*" in *pg_restore*) exit 1;; esac\n')
    done = restore(docker, dump)
    assert (done.returncode, "RENAME" in done.stdout, "Sales are paused" in done.stdout) == (1, False, False)


@pytest.mark.long
def test_the_database_is_named_by_a_file_and_its_password_never_on_a_command_line(dump, tmp_path, production):
    """A program in place of psql prints what it was given, and fails."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, lines in {"pg_restore": "exit 0", "psql": 'echo "psql $*, $PGPASSWORD"; exit 1'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{lines}\n")
        (programs / name).chmod(0o755)
    secret = tmp_path / "url"
    secret.write_text("postgres://marquee:not-for-all@db.example.com:5433/tickets\n")
    del production["DATABASE_URL"]
    environment = production | {"DATABASE_URL_FILE": str(secret), "PATH": f"{programs}:{production['PATH']}"}
    command = [str(CHECKOUT / "deploy" / "restore.sh"), str(dump)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    (arguments, password) = done.stdout.strip().split(", ")
    assert (done.returncode, password) == (1, "not-for-all")
    assert "db.example.com" in arguments and "--single-transaction" in arguments and "not-for-all" not in arguments


def test_a_dump_that_is_not_there_changes_nothing(docker, tmp_path):
    done = restore(docker, tmp_path / "none.dump")
    assert (done.returncode, done.stdout) == (1, "")
