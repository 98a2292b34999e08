"""Plants faults in a copy of the product, one at a time, and looks whether the test that should notice does: `make mutants`.

    make mutants ARGS="-k refund"

A fault that no test notices shows a rule that nothing proves. The copy is made anew for each run and is thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
        shutil.copytree(CHECKOUT, tree, ignore=shutil.ignore_patterns(".git", ".dev", "test-results", "__pycache__"))
        yield tree


def goes_red(test: str, tree: Path, environment: dict[str, str]) -> bool:
    """Whether the test fails. Raises SystemExit when pytest could not run it at all."""
    return _run_tests(["-x", "--tb=no", test], tree, environment).returncode == 1


def require_green(tests: Sequence[str], tree: Path, environment: dict[str, str]) -> None:
    """Raises SystemExit with what failed: a test that is red without a fault proves nothing about one."""
    ran = _run_tests(["--tb=short", *tests], tree, environment)
    if ran.returncode:
        raise SystemExit(f"{ran.stdout[-4000:]}\nThese tests fail without any fault: mend them first.")


def _run_tests(arguments: Sequence[str], tree: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--reuse-db", "-q", "-p", "no:cacheprovider", *arguments]
    ran = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        raise SystemExit(f"pytest could not run {' '.join(arguments)}:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    return ran


def survivors(faults: Sequence[Fault], tree: Path, environment: dict[str, str]) -> list[Fault]:
    files = product_files(tree)
    alive = []
    for number, fault in enumerate(faults, start=1):
        (path,) = places(fault, files)
        with planted(fault, path):
            noticed = goes_red(fault.test, tree, environment)
        print(f"{number:3}/{len(faults)} {'noticed ' if noticed else 'SURVIVES'} {fault.what}", flush=True)
        if not noticed:
            alive.append(fault)
    return alive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", metavar="WORDS", default="", help="only faults whose sentence has these words")
    chosen = [fault for fault in FAULTS if parser.parse_args().k.lower() in fault.what.lower()]
    with copy_of_the_checkout() as tree:
        servers = ensure_test_servers(tree / ".dev" / "test")
        environment = {**os.environ, "DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        try:
            require_green(sorted({fault.test for fault in chosen}), tree, environment)
            alive = survivors(chosen, tree, environment)
        finally:
            servers.stop()
    print(f"{len(chosen) - len(alive)} of {len(chosen)} faults were noticed.")
    raise SystemExit(bool(alive))


if __name__ == "__main__":
    main()
