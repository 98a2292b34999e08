"""Model fields that several apps use."""

from functools import partial
from typing import Any

from django.db.models import CharField, Func, JSONField

# An amount of any currency we sell in; its currency stands beside it.
MONEY: Any = {"max_digits": 10, "decimal_places": 2}


# 32 random hexadecimal digits, made by PostgreSQL: for rows that are written without Python's own.
RandomHex = partial(Func, template="md5(gen_random_uuid()::text || gen_random_uuid()::text)", output_field=CharField())


class _KnownToMigrationsAsColumn:
    """Migrations get the column alone, without the functions that check it or make its value: they import no product code."""

    column: str

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()  # type: ignore[misc]
        if getattr(options.get("default"), "__module__", "builtins") != "builtins":
            del options["default"]
        options.pop("validators", None)
        return name, self.column, arguments, options


class CheckedCharField(_KnownToMigrationsAsColumn, CharField):
    """A CharField whose validator or default may be a function, unseen by migrations."""

    column = "django.db.models.CharField"


class CheckedJSONField(_KnownToMigrationsAsColumn, JSONField):
    """A JSONField whose validator or default may be a function, unseen by migrations."""

    column = "django.db.models.JSONField"
