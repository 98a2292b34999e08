"""Contracts of import-linter that pyproject.toml uses and the library does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import override

import grimp
from importlinter import Contract, ContractCheck, fields, output


class SharedModules(Contract):
    """From another app only its shared modules are imported. A line of the table that no import needs is a fault, too.

    Options: `apps`; `free_importers`, packages that may import all; `shared`, modules with everything below them, where
    `*` is any app.
    """

    apps = fields.ListField(subfield=fields.StringField())
    free_importers = fields.ListField(subfield=fields.StringField())
    shared = fields.ListField(subfield=fields.StringField())

    @override
    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        found = list(self._between_apps(graph))
        private = [f"{importer} -> {imported}" for importer, imported in found if not self._lines(imported)]
        used = {line for _, imported in found for line in self._lines(imported)}
        unused = [line for line in self._patterns if line not in used]
        return ContractCheck(kept=not private and not unused, metadata={"private": sorted(private), "unused": unused})

    @override
    def render_broken_contract(self, check: ContractCheck) -> None:
        for link in check.metadata["private"]:
            output.print_error(f"- {link} (private to its app)")
        for line in check.metadata["unused"]:
            output.print_error(f"- {line}: shared, and nobody imports it")

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        table: list[str] = self.shared  # type: ignore[assignment]
        return {line: re.compile(re.escape(line).replace(r"\*", "[^.]+") + r"(\..+)?") for line in table}

    def _lines(self, module: str) -> list[str]:
        return [line for line, pattern in self._patterns.items() if pattern.fullmatch(module)]

    def _between_apps(self, graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
        apps: list[str] = self.apps  # type: ignore[assignment]
        for app in apps:
            free = {app, *self.free_importers}  # type: ignore[misc]
            for module in (app, *graph.find_descendants(app)):
                for importer in graph.find_modules_that_directly_import(module):
                    if importer.split(".")[0] not in free:
                        yield importer, module
