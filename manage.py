#!/usr/bin/env python
"""Django's command line for Marquee."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        sys.exit(f"Django is not installed in this Python ({error.name}). `make run` prepares a .venv that has it.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
