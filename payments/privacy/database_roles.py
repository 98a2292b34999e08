"""The database roles of web, workers and auditors: their grants are computed from the existing tables.

The owner of the tables migrates and grants; the roles of web and workers can neither change the schema nor rewrite a
log, a ledger or what the provider delivered; the audit role reads, but no secrets. Run after each migration: a new
table has no grants yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

# Columns that are written once, besides those that a trigger protects (`marquee_keep_columns`).
WRITTEN_ONCE = {
    # `after` changes while a move to another auditorium is planned: staff choose other seats. A trigger keeps it once applied.
    "theaters_showtimechange": {"id", "showtime_id", "kind", "before", "planned_at"},
    "django_admin_log": {
        "id",
        "action_time",
        "object_id",
        "object_repr",
        "action_flag",
        "change_message",
        "content_type_id",
        "user_id",
    },
    "payments_providerevent": {
        "id",
        "provider",
        "provider_id",
        "kind",
        "payload",
        "payment_key",
        "object_id",
        "provider_payment_id",
        "says_paid",
        "received_at",
    },
    "sales_sale": {
        "id",
        "reference",
        "theater_id",
        "contact_id",
        "channel",
        "operator_id",
        "device_id",
        "currency",
        "total",
        "language",
        "terms",
        "cancel_tiers",
        "exchange_minutes",
        "created_at",
        "override_reason",
        "comp_reason",
        "paid_with",
        "cash_rounding",
    },
    "reservations_booking": {
        "id",
        "sale_id",
        "showtime_id",
        "hold_id",
        "total",
        "created_at",
        "promo_code_id",
    },
    # The text is emptied together with the contact of the sale.
    "reservations_bookingnote": {"id", "booking_id", "author_id", "at"},
    "staff_invitation": {
        "id",
        "email",
        "first_name",
        "last_name",
        "theater_id",
        "role",
        "invited_by_id",
        "reason",
        "made_at",
    },
}
# The only tables that rows may be deleted from, and when that happens. A new table has no DELETE until it stands here.
DELETABLE = {
    "account_emailaddress": "an address is given up, or an invitation takes an unproven account over",
    "account_emailconfirmation": "with its address",
    "accounts_accountmail": "mails of accounts are forgotten when their time is over",
    "accounts_accountsession": "a session is ended",
    "django_session": "a session is ended or has expired",
    "houses_theaterphoto": "a photo of a theater is taken away",
    "mfa_authenticator": "a second factor is removed or replaced",
    "payments_keyrefusal": "a provider's key has all its rights again",
    "reservations_groupblock": "a group's seats are not kept any more",
    "reservations_friend": "with its shared block",
    "reservations_groupmail": "with its block",
    "reservations_hold": "a showtime goes back to draft before it sold",
    "reservations_linkrequest": "requests for a link are forgotten after an hour",
    "reservations_promocode": "a promo code that was never used",
    "reservations_promocode_movies": "a promo code is for other movies",
    "reservations_sharedblock": "its person erases the account, or a showtime goes back to draft",
    "reservations_sharedblockmail": "with its shared block",
    "reservations_showtimearea": "a showtime goes back to draft, or its plan changes",
    "reservations_showtimeseat": "a showtime goes back to draft, or its plan changes",
    "reservations_ticketallowance": "a higher limit of tickets is taken back",
    "reservations_wrongcodetry": "wrong codes are forgotten after an hour",
    "theaters_auditorium": "an auditorium without showtimes",
    "theaters_earlierdraft": "older steps of a seating plan's draft",
    "theaters_movie": "a movie without showtimes",
    "theaters_movierating": "an age rating is taken away",
    "theaters_moviestill": "a picture from a movie is taken away",
    "theaters_movieversion": "a version of a movie is taken away",
    "theaters_plandraft": "a seating plan's draft is published or thrown away",
    "theaters_price": "a ticket type leaves a price list",
    "theaters_pricelist": "a price list that is not in use",
    "theaters_pricerule": "a price rule that is no longer wanted",
    "theaters_programitem": "the program of a draft changes",
    "theaters_showtime": "a showtime that is a draft",
    "staff_staffrole": "a role is taken away",
}
# Written by triggers alone; of its rows workers change these columns, web none.
WRITTEN_BY_TRIGGERS = {
    "accounts_staffnotice": ("try_at", "attempts", "sent_at", "gave_up_at", "is_refused", "last_error"),
}
# The rights of the nightly job that deletes old personal data, which has a role of its own: columns that it empties,
# tables that it deletes from. It changes no sale, but needs the right to lock one.
RETENTION_UPDATES = {
    "sales_sale": ("changed_at",),
    "sales_contact": ("email", "customer", "payer_name", "payer_search", "told_needs", "emptied_at"),
    "payments_payment": ("request", "card", "card_last4", "last_error"),
    "payments_providerevent": ("payload",),
    "payments_retentionrun": ("counts", "finished_at"),
    "reservations_outgoingmail": ("last_error", "gave_up_at"),
    "reservations_bookingnote": ("text", "emptied_at"),
    "reservations_hold": ("shared_block_id",),
    "reservations_transfer": ("told_needs",),
}
RETENTION_DELETES = (
    "accounts_staffnotice",
    "reservations_bookingaccess",
    "reservations_friend",
    "reservations_linkrequest",
    "reservations_sharedblock",
    "reservations_sharedblockmail",
    "reservations_ticketallowance",
)
RETENTION_INSERTS = ("payments_retentionrun",)
# Columns that it reads besides those, to know which data is old enough.
RETENTION_READS = (
    "houses_house",
    "houses_theater",
    "reservations_booking",
    "reservations_ticket",
    "theaters_showtime",
)
OF_THE_OWNER = {"django_migrations", "django_content_type", "auth_permission"}
SECRETS = ("django_session", "mfa_", "account_", "socialaccount_")
SECRET_COLUMNS = {
    ("accounts_user", "password"),
    ("accounts_accountmail", "sealed"),
    ("accounts_accountsession", "session_key"),
    ("accounts_accountsession", "auth_hash"),
    ("staff_device", "link_hash"),
    ("staff_device", "cookie_hash"),
    ("staff_pin", "salt"),
    ("staff_pin", "digest"),
    ("theaters_showtime", "access_code"),
    ("reservations_booking", "holder"),
    ("reservations_booking", "party_code"),
    ("reservations_exchange", "holder"),
    ("reservations_transfer", "holder"),
    ("reservations_transfer", "code"),
    ("reservations_groupblock", "code"),
    ("reservations_sharedblock", "code"),
    ("reservations_sharedblock", "holder"),
    ("reservations_friend", "holder"),
    ("sales_sale", "link_nonce"),
    ("reservations_hold", "holder"),
    ("reservations_linkrequest", "asked_for"),
}
TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY c.relname
"""
GUARDS = """
SELECT tgrelid::regclass::text, tgname, string_to_array(encode(tgargs, 'escape'), '\\000') FROM pg_trigger
 WHERE NOT tgisinternal AND (tgname LIKE '%append_only' OR tgfoid = 'marquee_keep_columns'::regproc)
"""


@dataclass(frozen=True)
class Tables:
    """All tables with their columns; which tables only grow; which columns of the others must not change."""

    columns: dict[str, list[str]]
    logs: frozenset[str]
    kept: dict[str, set[str]]

    def movable(self, table: str) -> list[str]:
        return [name for name in self.columns[table] if name not in self.kept.get(table, set())]


@dataclass(frozen=True)
class Login:
    """A role that a process connects as; without a password it is left as it is."""

    name: str
    settings: Mapping[str, str]
    password: str | None = None
    sends_mail: bool = False


# SQL: which of the named roles have all rights, as a superuser, as the owner of a table, or as a member of its role.
MAY_DO_EVERYTHING = """
SELECT rolname FROM pg_roles AS role
 WHERE rolname = ANY(%s)
   AND (rolsuper OR EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                               AND pg_has_role(role.oid, relowner, 'MEMBER')))
"""
# SQL: for one role, whether it has rights of web and workers, and whether this session may take it.
SELLS_AND_CAN_BE_TAKEN = """
SELECT has_table_privilege(oid, 'reservations_booking', 'INSERT'), pg_has_role(current_user, oid, 'SET')
  FROM pg_roles WHERE rolname = %s
"""
# SQL: for this session's own role, its name, and whether it has all rights of the retention job.
MAY_FORGET_ITSELF = """
SELECT current_user,
       (SELECT bool_and(has_column_privilege(name, part, 'UPDATE')) FROM unnest(%s::text[], %s::text[]) AS emptied(name, part))
   AND (SELECT bool_and(has_table_privilege(name, 'DELETE')) FROM unnest(%s::text[]) AS deleted(name))
"""


class WrongRole(Exception):
    """A database role that a setting names cannot, or must not, be used for it; the message says what to do."""


def require_separate_roles(roles: Mapping[str, str]) -> None:
    """Check the roles, by what they are for, before rights are taken from them and given. Raises WrongRole."""
    names = list(roles.values())
    if twice := {name for name in names if names.count(name) > 1}:
        raise WrongRole(
            f"{' and '.join(what for what, name in roles.items() if name in twice)} need roles of their own: their rights "
            "and time-outs differ."
        )
    with connection.cursor() as cursor:
        cursor.execute(MAY_DO_EVERYTHING, [names])
        if mighty := {row[0] for row in cursor.fetchall()}:
            raise WrongRole(
                f"{', '.join(sorted(mighty))} owns the tables or is a superuser, so it cannot be the role of "
                f"{' and '.join(what for what, name in roles.items() if name in mighty)}: name another one, and it is made."
            )


def require_retention_role(role: str) -> None:
    """Check that this session can take the role of the retention job, and that this role can do nothing else. Raises
    WrongRole.
    """
    with connection.cursor() as cursor:
        cursor.execute(MAY_DO_EVERYTHING, [[role]])
        is_mighty = cursor.fetchone() is not None
        cursor.execute(SELLS_AND_CAN_BE_TAKEN, [role])
        found = cursor.fetchone()
    if found is None:
        raise WrongRole(
            f"RETENTION_DATABASE_ROLE names {role}, which is not there. Run manage.py grant_roles with the same value, or name "
            "the role that it made: marquee_retention."
        )
    sells, can_be_taken = found
    if is_mighty or sells:
        raise WrongRole(
            f"RETENTION_DATABASE_ROLE names {role}, which may do more than forget. Name the role that manage.py grant_roles "
            "made for it: marquee_retention."
        )
    if not can_be_taken:
        raise WrongRole(
            f"The role of the workers cannot take {role} of RETENTION_DATABASE_ROLE: run manage.py grant_roles."
        )


def require_right_to_forget() -> None:
    """Check that this session has the rights of the retention job itself, where no role is set for it. Raises
    WrongRole.
    """
    emptied = [(table, column) for table, columns in RETENTION_UPDATES.items() for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(MAY_FORGET_ITSELF, [*map(list, zip(*emptied, strict=True)), list(RETENTION_DELETES)])
        name, may_forget = cursor.fetchone()
    if not may_forget:
        raise WrongRole(
            f"RETENTION_DATABASE_ROLE is empty, and {name}, the role of the workers, may not erase personal data itself. Name "
            "the role that manage.py grant_roles made for the job that forgets: marquee_retention."
        )


def grant_roles(*, logins: Sequence[Login], audit: str, retention: str) -> None:
    """Make the roles where they are missing and give each exactly its rights and settings. Run as the owner of the tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        for role in (*(login.name for login in logins), audit, retention):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        tables = _tables(cursor)
        statements = [*_reset(audit), *_of_audit(audit, tables), *_reset(retention), *_of_retention(retention)]
        for login in logins:
            statements += [*_may_log_in(login), *_reset(login.name), *_of_site(login, tables)]
            if login.sends_mail:
                statements += _may_become(retention, login.name)
        for statement in statements:
            cursor.execute(statement)


def _may_log_in(login: Login) -> list[sql.Composed]:
    """Allow the role to log in, with its time-outs set on the role so that no client or pooler loses them."""
    role = sql.Identifier(login.name)
    password = sql.SQL("") if login.password is None else sql.SQL(" PASSWORD {}").format(sql.Literal(login.password))
    return [
        sql.SQL("ALTER ROLE {} LOGIN").format(role) + password,
        sql.SQL("ALTER ROLE {} RESET ALL").format(role),
        *(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(name), sql.Literal(value))
            for name, value in login.settings.items()
        ),
    ]


def _tables(cursor: Any) -> Tables:
    cursor.execute(TABLES)
    columns = dict(cursor.fetchall())
    cursor.execute(GUARDS)
    logs: set[str] = set()
    kept = {table: set(names) for table, names in WRITTEN_ONCE.items()}
    for table, trigger, names in cursor.fetchall():
        if trigger.endswith("append_only"):
            logs.add(table)
        else:
            kept.setdefault(table, set()).update(name for name in names if name and not name.endswith("?"))
    return Tables(columns, frozenset(logs), kept)


def _reset(role: str) -> list[sql.Composed]:
    """Revoke all rights of the role first, so that none from an earlier release stays."""
    lines = (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}",
        "REVOKE ALL ON SCHEMA public FROM {}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}",
        "GRANT USAGE ON SCHEMA public TO {}",
    )
    return [sql.SQL(line).format(sql.Identifier(role)) for line in lines]


def _of_site(login: Login, tables: Tables) -> list[sql.Composed]:
    role = login.name
    statements = [_grant("USAGE, SELECT", sql.SQL("ALL SEQUENCES IN SCHEMA public"), role)]
    for table in tables.columns:
        if table in OF_THE_OWNER or table in WRITTEN_BY_TRIGGERS:
            rights = "SELECT"
        elif table in tables.logs or table in tables.kept:
            rights = "SELECT, INSERT"
        else:
            rights = "SELECT, INSERT, UPDATE"
        statements.append(_grant(rights, sql.Identifier(table), role))
        if table in DELETABLE:
            statements.append(_grant("DELETE", sql.Identifier(table), role))
        if table in tables.kept and table not in tables.logs and tables.movable(table):
            statements.append(_grant_update(tables.movable(table), table, role))
        if table in WRITTEN_BY_TRIGGERS and login.sends_mail:
            statements.append(_grant_update(WRITTEN_BY_TRIGGERS[table], table, role))
    return statements


def _of_audit(role: str, tables: Tables) -> list[sql.Composed]:
    statements = []
    for table, columns in tables.columns.items():
        if table.startswith(SECRETS):
            continue
        shown = sql.SQL(", ").join(sql.Identifier(name) for name in columns if (table, name) not in SECRET_COLUMNS)
        select = sql.SQL("GRANT SELECT ({}) ON {} TO {}")
        statements.append(select.format(shown, sql.Identifier(table), sql.Identifier(role)))
    return statements


def _of_retention(role: str) -> list[sql.Composed]:
    """Grant the retention job its rights; it reads whole rows before it empties some of their columns."""
    statements = [
        _grant("USAGE, SELECT", sql.Identifier("payments_retentionrun_id_seq"), role, kind="SEQUENCE"),
        *(_grant_update(columns, table, role) for table, columns in RETENTION_UPDATES.items()),
    ]
    rights = {"SELECT": (*RETENTION_UPDATES, *RETENTION_DELETES, *RETENTION_READS)}
    rights |= {"DELETE": RETENTION_DELETES, "INSERT": RETENTION_INSERTS}
    for right, names in rights.items():
        statements += [_grant(right, sql.Identifier(name), role) for name in names]
    return statements


def _may_become(role: str, login: str) -> list[sql.Composed]:
    """Let a login take the role with SET ROLE; until then it has none of the role's rights."""
    return [
        sql.SQL("ALTER ROLE {} NOINHERIT").format(sql.Identifier(login)),
        sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(login)),
    ]


def _grant_update(columns: Sequence[str], table: str, role: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(names, sql.Identifier(table), sql.Identifier(role))


def _grant(rights: str, on: sql.Composable, role: str, *, kind: str = "") -> sql.Composed:
    line = sql.SQL("GRANT {} ON {} {} TO {}")
    return line.format(sql.SQL(rights), sql.SQL(kind), on, sql.Identifier(role))
