"""The embedded servers: data survive, foreign processes are not adopted, and nothing outlives the process that started it."""

import json
import os
import signal

import psycopg
import pytest
import redis

from dev import processes
from dev.servers import ensure_test_servers, start_postgres, start_valkey, stop_postgres, stop_valkey

pytestmark = pytest.mark.long


def execute(postgres, statement):
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def postgres(state):
    server = start_postgres(state, durable=False)
    yield server
    stop_postgres(server)


@pytest.fixture
def valkey(state):
    server = start_valkey(state)
    yield server
    stop_valkey(server)


def test_postgres_keeps_its_data_and_its_port_over_a_restart(state, postgres):
    execute(postgres, "CREATE TABLE kept AS SELECT 7 AS number")
    stop_postgres(postgres)
    assert not processes.is_alive(postgres.pid)
    again = start_postgres(state, durable=False)
    try:
        assert (again.port, execute(again, "SELECT number FROM kept")) == (postgres.port, [(7,)])
    finally:
        stop_postgres(again)


def test_postgres_comes_back_with_its_data_after_kill_9(state):
    postgres = start_postgres(state)
    execute(postgres, "CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(postgres.pid, signal.SIGKILL)
    again = start_postgres(state)
    try:
        assert again.pid != postgres.pid
        assert execute(again, "SELECT number FROM kept") == [(7,)]
    finally:
        stop_postgres(again)


def test_a_running_postgres_is_adopted_only_in_its_own_directory(state, tmp_path, postgres):
    assert start_postgres(state, durable=False).pid == postgres.pid
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "postgres.json").write_text(json.dumps({"port": postgres.port}))
    other = start_postgres(elsewhere, durable=False)
    try:
        assert (other.pid, other.port) != (postgres.pid, postgres.port)
        assert execute(other, "SHOW data_directory") == [(str(other.data_dir),)]
    finally:
        stop_postgres(other)


def test_a_pid_file_that_names_a_stranger_is_not_believed(state, postgres):
    pid_file = postgres.data_dir / "postmaster.pid"
    text = pid_file.read_text().replace(str(postgres.pid), str(os.getpid()), 1)
    stop_postgres(postgres)
    pid_file.write_text(text)
    again = start_postgres(state, durable=False)
    stop_postgres(again)
    assert again.pid not in (postgres.pid, os.getpid())
    assert processes.is_alive(os.getpid())


def test_postgres_stores_unicode_and_sorts_it_the_same_everywhere(postgres):
    assert execute(postgres, "SHOW server_encoding") == [("UTF8",)]
    assert execute(postgres, "SELECT datcollate, datlocale FROM pg_database WHERE datname = 'marquee'") == [
        ("C", "C.UTF-8")
    ]


def test_valkey_keeps_its_data_after_kill_9(state, valkey):
    with redis.Redis.from_url(valkey.url) as client:
        client.set("seat", "C7")
        client.config_set("appendfsync", "always")
        client.set("row", "C")
    os.kill(valkey.pid, signal.SIGKILL)
    again = start_valkey(state)
    try:
        with redis.Redis.from_url(again.url, decode_responses=True) as client:
            assert (again.port, client.get("seat"), client.get("row")) == (valkey.port, "C7", "C")
    finally:
        stop_valkey(again)


def test_a_running_valkey_is_adopted_only_in_its_own_directory(state, tmp_path, valkey):
    assert start_valkey(state).pid == valkey.pid
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "valkey.json").write_text(json.dumps({"port": valkey.port}))
    other = start_valkey(tmp_path / "elsewhere")
    stop_valkey(other)
    assert (other.pid, other.port) != (valkey.pid, valkey.port)


START_AND_WAIT = """
import sys, signal
from pathlib import Path
from dev.servers import start_postgres, start_valkey
print(start_postgres(Path(sys.argv[1]), durable=False).pid, start_valkey(Path(sys.argv[1])).pid, flush=True)
signal.pause()
"""


@pytest.mark.skipif(not processes.HAS_PROC, reason="only Linux ends children with their parent")
def test_servers_end_when_their_starter_is_killed(state, python, eventually):
    starter = python(START_AND_WAIT, state)
    postgres, valkey = map(int, starter.stdout.readline().split())
    assert processes.is_alive(postgres)
    assert processes.is_alive(valkey)
    starter.kill()
    eventually(lambda: not processes.is_alive(postgres) and not processes.is_alive(valkey))


def test_two_test_runs_at_once_have_servers_of_their_own(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    first, second = ensure_test_servers(tmp_path), ensure_test_servers(tmp_path)
    try:
        assert first.database_url != second.database_url
        assert first.redis_url != second.redis_url
    finally:
        first.stop()
        second.stop()


def test_a_worker_of_a_test_run_starts_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://one")
    monkeypatch.setenv("REDIS_URL", "redis://two")
    servers = ensure_test_servers(tmp_path)
    assert (servers.database_url, servers.redis_url) == ("postgres://one", "redis://two")
    assert list(tmp_path.iterdir()) == []
