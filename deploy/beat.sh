#!/bin/sh
# The clock that tells workers to look for what is due, with a parent that ends it when it is frozen.
# A second one does no harm.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-beat}"

exec python -m config.celery_parent beat "$@" -- --loglevel "${LOG_LEVEL:-INFO}"
