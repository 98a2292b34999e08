"""Columns that several apps share."""

from typing import Any

from django.db.models import CharField, Func

# An amount of any currency we sell in; its currency stands beside it.
MONEY: Any = {"max_digits": 10, "decimal_places": 2}


class RandomHex(Func):
    """32 random hexadecimal digits, made by PostgreSQL: for rows that are written without Python's own."""

    template = "md5(gen_random_uuid()::text || gen_random_uuid()::text)"
    output_field = CharField()
    allowed_default = True
