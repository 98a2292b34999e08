#!/bin/sh
# Brings the database to this release, checks the settings, and grants. As the owner of the database. Run before the new web, worker and beat start.
set -eu
cd "$(dirname "$0")/.."
export APPLICATION_NAME="${APPLICATION_NAME:-marquee-migrate}"

python manage.py check --deploy --fail-level WARNING
python manage.py migrate --no-input "$@"
# A new table has no grants yet. Does nothing while there is only one role.
exec python manage.py grant_roles
