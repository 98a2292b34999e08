"""`make messages` collects and compiles; `python -m dev.messages --check` is a part of `make check`."""

import sys

from core.texts.catalogs import compile_stale
from dev.messages.catalog_files import bring_up_to_date, po_file
from dev.messages.checks import all_findings
from dev.messages.extraction import collected
from dev.messages.sources import LANGUAGES, sources


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = all_findings()
        print("\n".join(found))
        return 1 if found else 0
    for catalog, source in sorted(collected(sources()).items()):
        for language in LANGUAGES:
            path = po_file(catalog, language)
            if bring_up_to_date(path, language, source):
                print(f"Updated {path}")
    compile_stale()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
