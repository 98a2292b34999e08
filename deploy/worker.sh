#!/bin/sh
# The workers settle payments, close sessions, refund, free seats, send mail and check the books. Any number may run.
# One parent process starts processes for each queue. Arguments limit it to these queues: deploy/worker.sh money seats
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-worker}"

exec python -m config.celery_parent worker "$@" -- --loglevel "${LOG_LEVEL:-INFO}"
