"""Templates as they are read: without the blanks and line ends that only their authors need (250 bytes of a compressed seat
page), and with every name that stands in their text in its own direction of writing (core/texts/directions.py).
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

# Parts that keep their blanks: sentences are looked up by their exact text, and some elements show every blank.
AS_IT_STANDS = r"\{% blocktrans.*?\{% endblocktrans|<pre\b.*?</pre>|<textarea\b.*?</textarea>"
# Tags that draw nothing themselves. The line end before them stays, so words do not run together.
# What is included ends with a line end of its own.
QUIET = (
    r"\{% (?:if|elif|else|endif|for|empty|endfor|with|endwith|localtime|endlocaltime|load|include|block|endblock|partialdef"
    r"|endpartialdef|partial|get_current_language)\b(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\}"
)
INDENT = re.compile(rf"({AS_IT_STANDS})|(?<=\n)[ \t]+", re.DOTALL)
# A part that may be left out, on lines of its own: its line end goes with it.
IF = r"\{% if\b(?:(?!%\}).)*%\}"
INNER = rf"{IF}(?:(?!\{{% (?:if|endif)\b).)*\{{% endif %\}}|(?!\{{% (?:if|elif|else|endif)\b)."
CONDITION = re.compile(rf"({AS_IT_STANDS})|(?<![^\n])({IF}(?:{INNER})+)(\{{% endif %\}})\n", re.DOTALL)
EMPTY_LINE = re.compile(rf"({AS_IT_STANDS})|(?<=\n)\n", re.DOTALL)
TAG = re.compile(rf"(?:{AS_IT_STANDS})|<[a-zA-Z](?:{AS_IT_STANDS}|\{{%.*?%\}}|\{{\{{.*?\}}\}}|[^<>])*>", re.DOTALL)
LINE_END_IN_TAG = re.compile(rf"({AS_IT_STANDS})|\n", re.DOTALL)
LINE_END = re.compile(rf"({AS_IT_STANDS})|(?<![^\n])((?:{QUIET})+)\n", re.DOTALL)
# In this order: blocks that stay as they are (not text, or translated sentences, which isolate by themselves), other
# tags, variables.
PARTS = re.compile(
    r"(?P<skip>\{% blocktrans.*?\{% endblocktrans\w* %\}|\{% block \w+_class %\}.*?\{% endblock %\}"
    r"|\{% comment %\}.*?\{% endcomment %\}"
    r"|<(?P<raw>script|style|textarea)\b.*?</(?P=raw)>|\{%.*?%\}|\{#.*?#\})|\{\{(?P<variable>.*?)\}\}",
    re.DOTALL,
)
# Filters that make lines of markup out of a text.
LINES = re.compile(r"\|linebreaks(?:br)?\s*$")
TAG_ENDS = re.compile(r"<(?=[a-zA-Z/!]|\Z)|>")


class Loader(filesystem.Loader):
    """Django's loader of templates in DIRS. In development, line numbers are kept."""

    def get_contents(self, origin: Origin) -> str:
        contents: str = super().get_contents(origin)
        contents = isolate_variables(contents)
        if not str(origin.name).endswith(".html"):
            return contents
        contents = INDENT.sub(lambda found: found[1] or "", contents)
        return contents if self.engine.debug else _without_line_ends(contents)


def _without_line_ends(contents: str) -> str:
    """Drop the line ends of lines that may be empty. Inside of an HTML tag they become blanks: all attributes begin alike
    then, which is shorter when compressed."""
    contents = LINE_END.sub(lambda found: found[1] or found[2], contents)
    contents = CONDITION.sub(lambda found: found[1] or f"{found[2]}\n{found[3]}", contents)
    contents = EMPTY_LINE.sub(lambda found: found[1] or "", contents)
    return TAG.sub(lambda tag: tag[0] if tag[0][0] == "{" else _on_one_line(tag[0]), contents)


def _on_one_line(tag: str) -> str:
    return LINE_END_IN_TAG.sub(lambda found: found[1] or " ", tag)


def isolate_variables(contents: str) -> str:
    """Add `|isolated` to each variable in the text of a template. Variables inside an HTML tag stay as they are."""
    pieces, end, last_end = [], 0, ">"
    for part in PARTS.finditer(contents):
        between = contents[end : part.start()]
        last_end = (TAG_ENDS.findall(between) or [last_end])[-1]
        apart = part["variable"] is not None and last_end == ">"
        pieces += [between, _apart(part["variable"]) if apart else part[0]]
        end = part.end()
    return "".join([*pieces, contents[end:]])


def _apart(variable: str) -> str:
    lines = LINES.search(variable)
    name = variable[: lines.start()] if lines else variable.rstrip()
    return f"{{{{{name}|isolated{lines[0].strip() if lines else ''} }}}}"
