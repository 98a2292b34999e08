#!/bin/sh
# The site: pages and live seat maps on one port. Further arguments go to gunicorn.
set -eu
cd "$(dirname "$0")/.."

# A page may wait for Stripe for about 11 s, so a stop leaves 15. The heartbeat file belongs in memory: a slow disk
# must not look like a hung worker. The control socket's usual path is shared by everything on the host.
exec gunicorn -k config.web_worker.WebWorker config.asgi:application \
    --bind "${WEB_BIND:-0.0.0.0:8000}" \
    --workers "${WEB_CONCURRENCY:-2}" \
    --graceful-timeout 15 \
    --no-control-socket \
    --worker-tmp-dir /dev/shm \
    "$@"
