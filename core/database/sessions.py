"""The settings that a database session must have, by the kind of process (docs/adr/0028).

The login roles of web and worker carry the values (`manage.py grant_roles`): a connection pooler passes no startup
options on, and a SET of one client would end up with another.
"""

# Seats are judged on locked rows, which is correct at this isolation level only (docs/adr/0003).
ISOLATION = {"default_transaction_isolation": "read committed"}
# Only statements of core/database/prepared_statements.py are ever prepared. They use an index whatever their values
# are, so one plan serves all.
SITE = {**ISOLATION, "TimeZone": "UTC", "plan_cache_mode": "force_generic_plan"}
WEB = {
    **SITE,
    "lock_timeout": "3s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "5s",
}
# Checks of invariants, comparisons and sweeps may take long by nature, but no statement waits long for a lock, and nobody
# waits long for a worker that stands still between two statements and keeps rows locked (docs/adr/0077).
WORKER = {
    **SITE,
    "lock_timeout": "2s",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "10s",
}
OF_PROCESS = {"web": WEB, "worker": WORKER, "beat": WORKER}


def required_settings(process: str) -> dict[str, str]:
    """The session settings of a process, by the name in PROCESS; other commands need only the isolation level."""
    return OF_PROCESS.get(process, ISOLATION)


# A server that is frozen, or behind a line that is cut, does not keep its own time-outs. That is noticed within about four
# seconds (core/database/silence.py). A session that stands still while its server answers others is waited for a little
# longer than the longest statement may take, by pages (docs/adr/0076).
SECONDS_BEYOND_STATEMENT = 1
# So long a try to connect may take, and the question whether a silent server is there.
CONNECT_SECONDS = 4
# What libpq does on a line that is cut, where the system would wait for hours: about 20 s, for every process.
NETWORK = {
    "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 20_000,
}  # fmt: skip


def answers_within(process: str) -> int | None:
    """The seconds that this kind of process waits for an answer of the database; None for no limit."""
    longest = int(required_settings(process).get("statement_timeout", "0").removesuffix("s"))
    return longest + SECONDS_BEYOND_STATEMENT if longest else None


def notices_silence(process: str) -> bool:
    """Whether statements of this kind of process end when the server answers nobody. Commands wait: a person sees them."""
    return process in OF_PROCESS


def startup_options(settings: dict[str, str]) -> str:
    """The required settings as a connection option, for development and tests, where the role does not have them."""
    return " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
