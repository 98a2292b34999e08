"""Every address of the site, with values in place of its arguments."""

import re
from functools import cache

from core.monitoring.redaction import all_routes

ARGUMENT = re.compile(r"\(\?P<(\w+)>((?:[^()\[\]]|\[[^\]]*\])*)\)")
VALUES = {
    "reference": "KX7M-4QPD", "code": "x" * 27, "secret": "x" * 43, "slug": "metropolis", "kind": "csv", "key": "1-x",
    "uidb36": "1", "version": "1a", "language": "de", "app_label": "theaters", "path": "posters/a.jpg", "url": "nothing",
}  # fmt: skip


def routes() -> set[str]:
    return {route for _, route in all_routes()}


@cache
def filled_paths(number: str = "1") -> list[str]:
    return sorted({path for _, path in named_paths(number)})


@cache
def named_paths(number: str = "1") -> list[tuple[str | None, str]]:
    """Names and paths. Arguments that are numbers become `number`, the others a value of the right shape."""

    def fill(part: re.Match[str]) -> str:
        is_number = part[2] in ("[0-9]+", r"\d+") or part[1] == "object_id"
        return number if is_number else VALUES[part[1]]

    return [(entry.name, ARGUMENT.sub(fill, route).replace("\\", "")) for entry, route in all_routes()]
