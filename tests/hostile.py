"""A world in which every free text is an attack: markup, quotes, template syntax, a mail header, a formula, marks that
reverse the direction of writing. New text fields of any model are covered without a change here.
"""

import re
from html.parser import HTMLParser

from django.apps import apps
from django.db import connection
from django.db.models import CharField, EmailField, F, JSONField, TextField, Value
from django.db.models.functions import Cast, Concat

OURS = {"core", "accounts", "houses", "staff", "theaters", "sales", "reservations", "payments", "boxoffice"}
# Fields that are no free text: keys, codes, and formats that forms and constraints enforce.
FORMATS = {
    "slug", "code", "country", "currency", "captured_currency", "timezone", "holder", "address", "network", "reference",
    "key", "session_id", "provider_id", "session_url", "poster_layout", "series", "old_code", "new_code", "password",
    "actor", "ended_by", "what", "label", "row", "unit", "link_nonce", "message_key", "purpose", "public_id",
    "from_status", "to_status", "trailer_url", "customer", "card", "provider", "cookie_hash", "link_hash", "digest", "salt",
    "accent_light", "accent_dark", "surface_light", "surface_dark", "typeface", "language",
    "access_code", "category", "color_light", "color_dark", "party_code",
}  # fmt: skip
# Constraints tie these to what happened, so they are rewritten only where they are filled.
WHERE_SAID = {"closed_for", "comp_reason", "override_reason", "house_reason", "answer", "to"}
LABELS_TO_READ = {"theaters.MovieRating"}  # here a label is free text
MARK = "x-probe"
ADDRESS = '"<x-probe>\'"@example.com'
# In order of how much a short field can still hold.
TAB = "\t\x0b\x01"
TEXT = f"=<{MARK}>\"'{TAB}onprobe=1 {{{{ 7|add:77777777770 }}}}</script><!--\u202e-->\r\nX-Probe: 1\r\n\r\n&lt;%s{{% now 'Y' %}}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")  # the product writes and reads it as a moment
CALCULATED = "77777777777"  # no row's number and no moment has this many sevens


def make_hostile() -> None:
    """Rewrite every free text in the database. Triggers that protect rows from changes are off meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in apps.get_models():
            if model._meta.app_label in OURS:
                _rewrite(model)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _rewrite(model) -> None:
    texts = {field.name: _attack(field) for field in model._meta.local_concrete_fields if _is_free(model, field)}
    for name in WHERE_SAID & texts.keys():
        model._base_manager.exclude(**{name: ""}).update(**{name: texts.pop(name)})
    if texts:
        model._base_manager.update(**texts)
    for field in model._meta.local_concrete_fields:
        if isinstance(field, JSONField) and field.name in {"before", "after", "facts", "findings", "content"}:
            for row in model._base_manager.all():
                model._base_manager.filter(pk=row.pk).update(**{field.name: _attacked(getattr(row, field.name))})


def _is_free(model, field) -> bool:
    is_text = isinstance(field, CharField | TextField) and not field.choices
    return is_text and (field.name not in FORMATS or (field.name == "label" and model._meta.label in LABELS_TO_READ))


def _attack(field):
    if isinstance(field, EmailField):
        local, domain = ADDRESS.split("@")
        return Concat(Value(local[:-1]), Cast(F("pk"), CharField()), Value(f'"@{domain}'))
    if field.max_length and field.max_length < 30:
        return Value(TEXT[: field.max_length])
    # Names are unique in many places, so the row's own number stands at the end. Browser tests may begin their numbers anywhere
    # below a billion (tests/browser/conftest.py).
    return Concat(Value(TEXT[: field.max_length - 10 if field.max_length else None]), Cast(F("pk"), CharField()))


def _attacked(value, key=""):
    if isinstance(value, dict):
        return {name: _attacked(entry, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [_attacked(entry) for entry in value]
    is_word = isinstance(value, str) and any(letter.isalpha() for letter in value) and not MOMENT.match(value)
    return TEXT[:60] if is_word and key not in {"currency", "status", "rule", "kind", "what"} else value


class Probes(HTMLParser):
    """Collects elements and attributes that a browser would make of the texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.is_written = False

    def handle_starttag(self, tag, attributes) -> None:
        if tag.startswith("x-pr") or any(name.startswith("onprobe") for name, _ in attributes):
            self.found.append(self.get_starttag_text() or tag)
        self.is_written = self.is_written or any(f"<{MARK}" in (value or "") for _, value in attributes)

    def handle_data(self, data) -> None:
        self.is_written = self.is_written or f"<{MARK}" in data


def probes_in(html: str) -> list[str]:
    parser = Probes()
    parser.feed(html)
    parser.close()
    return parser.found + ([f"calculated {CALCULATED}"] if CALCULATED in html else [])


def shows_the_text(html: str) -> bool:
    parser = Probes()
    parser.feed(html)
    return parser.is_written
