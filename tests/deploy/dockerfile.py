"""Reads as much of a Dockerfile's and a Compose file's grammar as is needed to compare ours with the checkout."""

import re
from functools import lru_cache
from typing import Any

import yaml

from dev.state import CHECKOUT


@lru_cache
def instructions() -> list[tuple[str, str]]:
    """(NAME, rest of the line) in order, without comments and with continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (CHECKOUT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def final_stage() -> list[tuple[str, str]]:
    found = instructions()
    last = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[last:]


def copied_paths() -> list[str]:
    """Paths that are copied from the checkout; each goes to the same path below /app."""
    words = [rest.split() for name, rest in instructions() if name == "COPY" and not rest.startswith("--from")]
    return [source.rstrip("/") for *sources, _ in words for source in sources]


class Overriding(yaml.SafeLoader):
    """A YAML loader that knows Compose's tag for lists that replace instead of adding."""


Overriding.add_constructor("!override", lambda loader, node: loader.construct_sequence(node, deep=True))


def compose(name: str = "docker-compose.yml") -> dict[str, Any]:
    return yaml.load((CHECKOUT / name).read_text(), Overriding)


def documented_variables() -> set[str]:
    """All names in .env.example, whether set or shown as a default."""
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))
