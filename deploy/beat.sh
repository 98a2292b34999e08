#!/bin/sh
# Starts beat, which tells the workers when to look for what is due. A parent process ends it if it is frozen.
# A second beat does no harm.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-beat}"

exec python -m config.celery_parent beat "$@" -- --loglevel "${LOG_LEVEL:-INFO}"
