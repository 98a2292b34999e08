#!/bin/sh
# The worker: sends mail, settles payments, closes tills, tells live maps about freed seats. Any number may run.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-worker}"

exec celery -A config worker \
    --concurrency "${WORKER_CONCURRENCY:-2}" \
    --loglevel "${LOG_LEVEL:-INFO}" \
    --without-gossip --without-mingle --without-heartbeat \
    "$@"
