"""Templates without the blanks and line ends that only their authors need: 200 bytes of a compressed seat page."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# What keeps its blanks: sentences are looked up by their exact text, and some elements show every sign.
AS_IT_STANDS = r"\{% blocktrans.*?\{% endblocktrans|<pre\b.*?</pre>|<textarea\b.*?</textarea>"
# Tags that draw nothing themselves. The line end before them stays, so words do not run together.
QUIET = r"\{% (?:if|elif|else|endif|for|empty|endfor|with|endwith|localtime|endlocaltime)\b(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\}"
INDENT = re.compile(rf"({AS_IT_STANDS})|(?<=\n)[ \t]+", re.DOTALL)
LINE_END = re.compile(rf"({AS_IT_STANDS})|(?<=\n)((?:{QUIET})+)\n", re.DOTALL)


class Loader(filesystem.Loader):
    """Django's, of the folders in DIRS. While somebody develops, lines keep their numbers."""

    def get_contents(self, origin: Origin) -> str:
        contents: str = super().get_contents(origin)
        if not str(origin.name).endswith(".html"):
            return contents
        contents = INDENT.sub(lambda found: found[1] or "", contents)
        return contents if self.engine.debug else LINE_END.sub(lambda found: found[1] or found[2], contents)
