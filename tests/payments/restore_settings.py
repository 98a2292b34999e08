"""The settings of the restore in its own process: those of the tests, with the file beside the database."""

import os

from config.settings.test import *  # noqa: F403

STATE_DIR = os.environ["STATE_DIR"]
