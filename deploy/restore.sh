#!/bin/sh
# Restores a dump of deploy/backup.sh and leaves sales paused after a restore: docs/deploy.md, "Restoring".
# Run on the host, in the checkout: deploy/restore.sh /srv/marquee/backup/marquee-2027-03-14.dump
# If DATABASE_URL or DATABASE_URL_FILE is set (the owner's), it restores into that database, with psql, pg_restore and python
# from the PATH; nobody may use the database meanwhile. If not, it restores into Compose's db, and keeps the old database
# under another name.
set -eu
dump=${1:?which dump? deploy/restore.sh FILE}
[ -r "$dump" ] || { echo "$dump cannot be read" >&2; exit 1; }
dump=$(cd "$(dirname "$dump")" && pwd)/$(basename "$dump")
cd "$(dirname "$0")/.."
why="Restored from $(basename "$dump")"

if [ -n "${DATABASE_URL:-}${DATABASE_URL_FILE:-}" ]; then
    export APPLICATION_NAME="${APPLICATION_NAME:-marquee-migrate}"
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    # The whole script is made before anything is dropped, so that a broken dump changes nothing.
    pg_restore --no-owner --file="$folder/dump.sql" "$dump"
    echo 'DROP SCHEMA public CASCADE; CREATE SCHEMA public;' >"$folder/empty.sql"
    # Django gives psql the password in the environment, because every user of the host can read command lines.
    python manage.py dbshell -- --quiet --no-psqlrc --output=/dev/null --set=ON_ERROR_STOP=1 --single-transaction \
        --file="$folder/empty.sql" --file="$folder/dump.sql"
    python manage.py migrate --no-input --verbosity=0
    [ -z "${WEB_DATABASE_URL:-}${WEB_DATABASE_URL_FILE:-}" ] || python manage.py grant_roles
    python manage.py note_restore --why "$why"
else
    before="before_$(date -u +%Y%m%d%H%M%S)"
    docker compose stop caddy web worker beat
    docker compose exec -T db createdb --username=marquee restored
    docker compose exec -T db pg_restore --username=marquee --dbname=restored --exit-on-error <"$dump"
    docker compose exec -T db psql --username=marquee --dbname=postgres --set=ON_ERROR_STOP=1 --single-transaction \
        -c "ALTER DATABASE marquee RENAME TO $before" -c 'ALTER DATABASE restored RENAME TO marquee'
    docker compose run --rm migrate
    docker compose run --rm --no-deps -T migrate python manage.py note_restore --why "$why"
    echo "The old database is now named $before."
fi
echo "Sales are paused after a restore. Next: manage.py reconcile_stripe, then manage.py resume_sales (docs/deploy.md)."
