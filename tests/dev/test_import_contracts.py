import re
import tomllib

import grimp
import pytest
from django.conf import settings

from dev.import_contracts import SharedModules
from dev.state import CHECKOUT

IMPORTS = [
    ("payments.records.refund_rows", "reservations.models.bookings"),
    ("payments.records.refund_rows", "reservations.models"),
    ("reservations.views", "reservations.forms"),
    ("config.urls", "reservations.views"),
]


def judged(*more, shared=("*.models",)):
    graph = grimp.ImportGraph()
    for importer, imported in (*IMPORTS, *more):
        for module in (importer, imported):
            parts = module.split(".")
            for length in range(1, len(parts) + 1):
                graph.add_module(".".join(parts[:length]))
        graph.add_import(importer=importer, imported=imported)
    options = {"apps": ["payments", "reservations"], "free_importers": ["config"], "shared": list(shared)}
    contract = SharedModules(name="shared", session_options={}, contract_options=options)
    return contract.check(graph, verbose=False)


def test_shared_modules_the_own_app_and_free_importers():
    assert judged().kept


@pytest.mark.parametrize("private", ["reservations.forms", "reservations.models_of_mine", "reservations"])
def test_what_is_private_to_another_app(private):
    check = judged(("payments.views", private))
    assert not check.kept
    assert check.metadata["private"] == [f"payments.views -> {private}"]


def test_a_line_that_nobody_needs():
    check = judged(shared=("*.models", "reservations.states"))
    assert not check.kept
    assert check.metadata["unused"] == ["reservations.states"]


def test_every_app_has_its_floor():
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (floors,) = [
        contract["layers"] for contract in contracts if contract["name"] == "Imports go one way through the house"
    ]
    apps = {name.partition(".")[0] for name in settings.INSTALLED_APPS if (CHECKOUT / name.partition(".")[0]).is_dir()}
    assert set(floors) == apps - {"dev"}
    assert [floor for floor in floors if floor in {"staff", "houses", "accounts", "core"}] == floors[-4:]


def test_every_layer_is_the_name_of_a_module():
    """A layer in brackets may be missing in an app; if it were misspelled, nobody would check the module."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [(each, layer) for each in contracts for layer in each.get("layers", [])]
    names = [(each.get("containers", [""]), name) for each, layer in layers for name in re.findall(r"[\w.]+", layer)]
    assert len(names) > 30
    missing = [name for packages, name in names if not any(_is_module(package, name) for package in packages)]
    assert missing == []


def _is_module(package: str, name: str) -> bool:
    place = CHECKOUT / package.replace(".", "/") / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").is_file()
