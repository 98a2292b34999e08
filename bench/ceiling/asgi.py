"""Served as the site is: WSGI in threads behind gunicorn's asgi worker."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.ceiling.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

THREADS = int(os.environ.get("WEB_THREADS", "8"))
_django: Any = get_wsgi_application()
application = WSGIMiddleware(_django, workers=THREADS, send_queue_size=0)
