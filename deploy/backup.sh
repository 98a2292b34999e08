#!/bin/sh
# Writes a dump (to restore the night before) and a base backup (to restore any moment, with the archive) into a folder.
# Run on the host, in the checkout: deploy/backup.sh /srv/marquee/backup
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
umask 077
name="$folder/marquee-$(date -u +%F)"

# Each file is written under another name and renamed when it is complete: a broken backup must not look like a good one.
docker compose exec -T db pg_dump --username=marquee --format=custom marquee >"$name.dump.new"
mv "$name.dump.new" "$name.dump"

docker compose exec -T db pg_basebackup --username=marquee --pgdata=- --format=tar --wal-method=fetch --checkpoint=fast \
    >"$name.tar.new"
gzip <"$name.tar.new" >"$name.tar.gz.new"
rm "$name.tar.new"
mv "$name.tar.gz.new" "$name.tar.gz"

find "$folder" -maxdepth 1 -name 'marquee-*' -mtime +14 -delete
