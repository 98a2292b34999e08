"""Messages of validators are formatted with %, so a bare percent sign in one would print a dictionary."""

import re

from django.apps import apps
from django.core.exceptions import ValidationError


def messages():
    for model in apps.get_models():
        for field in model._meta.fields:
            for validator in field.validators:
                yield f"{model.__name__}.{field.name}", str(getattr(validator, "message", ""))


def test_no_message_has_a_bare_percent_sign():
    said = list(messages())
    assert len(said) > 50
    bare = re.compile(r"%(?!%|\(\w+\)[sd])")
    assert [(name, words) for name, words in said if bare.search(words.replace("%%", ""))] == []


def test_the_guard_finds_what_it_looks_for():
    said = ValidationError("Write 20 % as 0.2.", params={"value": 7}).messages
    assert "{" in said[0]
