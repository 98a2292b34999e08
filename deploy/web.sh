#!/bin/sh
# The site: pages and live seat maps on one port. Further arguments go to gunicorn.
set -eu
cd "$(dirname "$0")/.."

# A page may wait about 11 s for Stripe, so a stop allows 15 s. The heartbeat file is in memory, so that a slow disk does
# not look like a hung worker. There is no control socket, because all sites on a host would share its usual path.
exec gunicorn -k config.web_worker.WebWorker config.asgi:application \
    --bind "${WEB_BIND:-0.0.0.0:8000}" \
    --workers "${WEB_CONCURRENCY:-2}" \
    --graceful-timeout 15 \
    --no-control-socket \
    --worker-tmp-dir /dev/shm \
    "$@"
