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
# Checks of invariants and sweeps may take long, but no statement waits long for a lock.
WORKER = {**SITE, "lock_timeout": "2s", "statement_timeout": "0"}
OF_PROCESS = {"web": WEB, "worker": WORKER, "beat": WORKER}


def required_settings(process: str) -> dict[str, str]:
    """The session settings of a process, by the name in PROCESS; other commands need only the isolation level."""
    return OF_PROCESS.get(process, ISOLATION)


def startup_options(settings: dict[str, str]) -> str:
    """The required settings as a connection option, for development and tests, where the role does not have them."""
    return " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
