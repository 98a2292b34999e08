#!/bin/sh
# Checks the settings, migrates the database to this release, and grants rights, as the owner of the database.
# Run it before the new web, worker and beat start.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-migrate}"

python manage.py check --deploy --fail-level WARNING
python manage.py migrate --no-input "$@"
# New tables have no grants yet. This does nothing if there is only one role.
exec python manage.py grant_roles
