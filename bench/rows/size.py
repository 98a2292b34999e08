"""Row 8: the bytes that a phone has to fetch before a seat can be chosen."""

from __future__ import annotations

import asyncio
import re
from posixpath import join, normpath
from statistics import median

from bench.client import Answer, Connection, request
from bench.results import Result, at_most
from bench.servers import Servers

LINKED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
# What is imported in passing, `import("…")`, is fetched when somebody asks for it.
IMPORTED = re.compile(r"""(?:import|from)\s*["'](\.[^"']+|/[^"']+)["']""")
KILO = 1000
# Django's compressed pages carry up to 100 random bytes, against attacks that guess secrets by the length.
TRIES = 7


def sizes(servers: Servers) -> list[Result]:
    world = servers.world
    page_300, linked = asyncio.run(_fetch(servers, f"/showtimes/{world.page_300}/"))
    page_1500, _ = asyncio.run(_fetch(servers, f"/showtimes/{world.page_1500}/"))
    scripts = sum(size for name, size in linked.items() if ".js" in name)
    for name, size in linked.items():
        print(f"  {size:6d}  {name}")
    return [
        at_most(8, "seat page, 300 seats", 5.5, page_300 / KILO, unit=" KB gzip"),
        at_most(8, "seat page, 1,500 seats", 25, page_1500 / KILO, unit=" KB gzip"),
        at_most(8, "HTML, CSS and JavaScript", 60, (page_300 + sum(linked.values())) / KILO, unit=" KB gzip"),
        at_most(8, "JavaScript", 35, scripts / KILO, unit=" KB gzip"),
    ]


async def _fetch(servers: Servers, path: str) -> tuple[float, dict[str, int]]:
    """Bytes of the page, and of each style and script it needs, imports of modules included."""
    connection = Connection(servers.site.port)
    pages = [await _get(servers, connection, path) for _ in range(TRIES)]
    waiting = LINKED.findall(pages[0].text())
    linked: dict[str, int] = {}
    while waiting:
        name = waiting.pop()
        if name in linked:
            continue
        answer = await _get(servers, connection, name)
        linked[name] = len(answer.body)
        if ".js" in name:
            found = IMPORTED.findall(answer.text())
            waiting += [normpath(join(name.rpartition("/")[0], other)) for other in found]
    connection.close()
    return median(len(page.body) for page in pages), linked


async def _get(servers: Servers, connection: Connection, path: str) -> Answer:
    answer = await connection.send(request("GET", path, host=servers.site.host))
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return answer
