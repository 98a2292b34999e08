from functools import cache
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Enough to tell the versions of one file apart; a page names twenty files.
DIGITS = 6


class RememberingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Works each address out once: they cannot change while the process lives, and a page names a dozen."""

    # The modules of a script name each other by addresses that change with their content, too.
    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url = cache(super().url)

    def file_hash(self, name: str, content: Any = None) -> str | None:
        digits: str | None = super().file_hash(name, content)
        return digits and digits[:DIGITS]
