"""Settings for the restore's own process: those of the tests, with the restore marker beside the database."""

import os

from config.settings.test import *  # noqa: F403

STATE_DIR = os.environ["STATE_DIR"]
