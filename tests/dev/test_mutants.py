"""The faults of `make mutants` can be planted: each text stands at one place in the product, and the named test exists."""

import os

import pytest

from dev.faults import FAULTS
from dev.mutants import TestRuns, places, planted, product_files
from dev.state import CHECKOUT


@pytest.fixture(scope="module")
def product():
    files = product_files(CHECKOUT)
    return {path: path.read_text() for path in files}


@pytest.mark.long
def test_each_fault_has_one_place(product):
    found = {fault.what: sum(text.count(fault.old) for text in product.values()) for fault in FAULTS}
    assert {what: number for what, number in found.items() if number != 1} == {}


@pytest.mark.long
def test_each_fault_leaves_code_that_can_be_read(product):
    for fault in FAULTS:
        path, text = next((path, text) for path, text in product.items() if fault.old in text)
        if path.suffix == ".py":
            compile(text.replace(fault.old, fault.new), f"{path}: {fault.what}", "exec")


def test_each_fault_changes_something_and_names_a_test():
    for fault in FAULTS:
        path, *_, name = fault.test.split("::")
        assert fault.old != fault.new
        assert f"def {name}(" in (CHECKOUT / path).read_text(), fault.test


def test_there_are_sixty_and_each_once():
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) >= 60
    assert len({(fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)


def test_a_fault_is_taken_out_again_also_after_an_error(tmp_path):
    path = tmp_path / "rule.py"
    path.write_text(FAULTS[0].old)
    assert places(FAULTS[0], [path]) == [path]
    seen = []

    def look_and_fail():
        with planted(FAULTS[0], path):
            seen.append(path.read_text())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look_and_fail()
    assert (seen, path.read_text()) == ([FAULTS[0].new], FAULTS[0].old)


@pytest.mark.long
def test_each_run_of_a_test_reads_the_product_again(tmp_path):
    (tmp_path / "limits.py").write_text("SEATS = 8\n")
    (tmp_path / "test_limits.py").write_text("def test_eight():\n    from limits import SEATS\n    assert SEATS == 8\n")
    runs = TestRuns(tmp_path, {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"})
    try:
        runs.require_green(["test_limits.py"])
        (tmp_path / "limits.py").write_text("SEATS = 9\n")
        assert runs.goes_red("test_limits.py::test_eight")
        (tmp_path / "limits.py").write_text("SEATS = 8\n")
        assert not runs.goes_red("test_limits.py::test_eight")
        with pytest.raises(SystemExit, match="could not run"):
            runs.goes_red("test_limits.py::test_that_is_not_there")
    finally:
        runs.close()
