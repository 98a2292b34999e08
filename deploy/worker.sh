#!/bin/sh
# The workers: settle payments, close sessions, refund, free seats, send mail, check the books. Any number may run.
# A parent with processes for each queue; names of queues as arguments start those alone: deploy/worker.sh money seats
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-worker}"

exec python -m config.celery_parent worker "$@" -- --loglevel "${LOG_LEVEL:-INFO}"
