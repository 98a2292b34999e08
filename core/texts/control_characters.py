"""Control characters: nobody types them, but text that is pasted from a word processor has a vertical tab for a line end."""

import re

# What XML has no way to write and calendar files may not have; tabs and ends of lines stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def without_control_characters(text: str) -> str:
    """The text for a program that reads a format of its own and refuses the whole file for one of them."""
    return _CONTROL.sub("", text)
