#!/bin/sh
# Brings the database to this release and checks the settings. Run before the new web, worker and beat start.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-migrate}"

python manage.py check --deploy
exec python manage.py migrate --no-input "$@"
