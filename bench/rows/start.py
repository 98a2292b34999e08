"""Row 12: from the start of the server to its first page."""

from bench.results import Result, at_most
from bench.servers import Servers


def start(servers: Servers) -> list[Result]:
    site, ceiling = servers.site.seconds_to_answer, servers.ceiling.seconds_to_answer
    print(f"  site {site:.2f} s, ceiling {ceiling:.2f} s")
    return [at_most(12, "start to first answer", 4, site / ceiling, unit=" × ceiling")]
