"""The nightly backup, with a Docker that only hands the command on."""

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


def test_a_broken_backup_does_not_look_like_one(docker):
    docker.write_text("#!/bin/sh\necho half\nexit 1\n")
    assert back_up(docker).returncode == 1
    assert [file.name.endswith(".new") for file in (docker.parent.parent / "backup").iterdir()] == [True]
