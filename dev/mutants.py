"""Plants faults in copies of the product, one at a time in each, and looks whether the test that should notice does: `make
mutants`.

    make mutants ARGS="-k refund"

A fault that no test notices shows a rule without a test. Several faults are tried side by side, each in a copy of its own,
with servers of its own; the copies are made anew for each run and are thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from dev.faults import FAULTS, Fault
from dev.servers import ensure_test_servers
from dev.state import CHECKOUT

PRODUCT = (".py", ".html", ".js", ".sh")
NOT_PRODUCT = ("tests/", "dev/", "bench/", "docs/")


def product_files(tree: Path) -> list[Path]:
    """What faults are planted in: everything under version control but tests, tools and documents."""
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    return [tree / name for name in listed.splitlines() if name.endswith(PRODUCT) and not name.startswith(NOT_PRODUCT)]


def places(fault: Fault, files: Sequence[Path]) -> list[Path]:
    """The files with the fault's text, once for each time it stands there. A fault has exactly one place."""
    return [path for path in files for _ in range(path.read_text().count(fault.old))]


@contextmanager
def planted(fault: Fault, path: Path) -> Iterator[None]:
    text = path.read_text()
    path.write_text(text.replace(fault.old, fault.new))
    try:
        yield
    finally:
        path.write_text(text)


@contextmanager
def copy_of_the_checkout() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="marquee-mutants-") as folder:
        tree = Path(folder) / "marquee"
        shutil.copytree(CHECKOUT, tree, ignore=shutil.ignore_patterns(".git", ".dev", ".venv", "test-results"))
        yield tree


class TestRuns:
    """Runs tests in a tree, each time in a process that reads the product anew."""

    __test__ = False

    def __init__(self, tree: Path, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "dev.forked_tests"]
        self._process = subprocess.Popen(
            command, cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        self._process.communicate()

    def goes_red(self, test: str) -> bool:
        """Whether the test fails. Raises SystemExit when pytest could not run it at all."""
        failed, _ = self._run(["-x", "--tb=no", test])
        return failed

    def require_green(self, tests: Sequence[str]) -> None:
        """Raises SystemExit with what failed: a test that is red without a fault proves nothing about one."""
        failed, said = self._run(["--create-db", "--tb=short", *tests])
        if failed:
            raise SystemExit(f"{said[-4000:]}\nThese tests fail without any fault: mend them first.")

    def _run(self, arguments: Sequence[str]) -> tuple[bool, str]:
        assert self._process.stdin and self._process.stdout
        order = json.dumps(["--reuse-db", "-q", "-p", "no:cacheprovider", *arguments])
        print(order, file=self._process.stdin, flush=True)
        code, said = json.loads(self._process.stdout.readline() or '[-1, "The process that runs the tests has ended."]')
        if code not in (0, 1):
            raise SystemExit(f"pytest could not run {' '.join(arguments)}:\n{said[-4000:]}")
        return code == 1, said


@contextmanager
def runs_in_a_copy() -> Iterator[tuple[Path, TestRuns]]:
    with copy_of_the_checkout() as tree:
        servers = ensure_test_servers(CHECKOUT / ".dev" / "test")
        runs = TestRuns(tree, {**os.environ, "DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url})
        try:
            yield tree, runs
        finally:
            runs.close()
            servers.stop()


def survivors(faults: Sequence[Fault], *, numbers: Iterator[int], of: int) -> list[Fault]:
    """The faults that no test notices; `numbers` count the faults of all copies."""
    alive = []
    with runs_in_a_copy() as (tree, runs):
        runs.require_green(sorted({fault.test for fault in faults}))
        files = product_files(tree)
        for fault in faults:
            (path,) = places(fault, files)
            with planted(fault, path):
                noticed = runs.goes_red(fault.test)
            print(f"{next(numbers):3}/{of} {'noticed ' if noticed else 'SURVIVES'} {fault.what}", flush=True)
            if not noticed:
                alive.append(fault)
    return alive


def copies() -> int:
    """One for each core; a single one if the servers are given, because copies would share the database."""
    return 1 if "DATABASE_URL" in os.environ else os.process_cpu_count() or 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", metavar="WORDS", default="", help="only faults whose sentence has these words")
    chosen = [fault for fault in FAULTS if parser.parse_args().k.lower() in fault.what.lower()]
    shares = [share for number in range(copies()) if (share := chosen[number :: copies()])]
    with ThreadPoolExecutor(copies()) as pool:
        found = pool.map(partial(survivors, numbers=count(1), of=len(chosen)), shares)
        alive = [fault for share in found for fault in share]
    print(f"{len(chosen) - len(alive)} of {len(chosen)} faults were noticed.")
    raise SystemExit(bool(alive))


if __name__ == "__main__":
    main()
