#!/bin/sh
# The clock that tells workers to look for what is due. A second one does no harm.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-beat}"

# The schedule is code and every task looks for rows that are due: there is nothing to remember between starts.
exec celery -A config beat \
    --loglevel "${LOG_LEVEL:-INFO}" \
    --scheduler celery.beat:Scheduler \
    --pidfile= \
    "$@"
