# The image has only the product: no development tools, no tests, no secrets. Settings come from the environment (.env.example).

FROM python:3.13.9-slim AS build

ENV PATH=/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
WORKDIR /app

# Packages come before the code, so that a change of code does not install them again.
COPY requirements.txt ./
RUN pip install --require-hashes --no-deps -r requirements.txt

COPY manage.py ./
COPY config/ config/
COPY core/ core/
COPY accounts/ accounts/
COPY houses/ houses/
COPY staff/ staff/
COPY theaters/ theaters/
COPY sales/ sales/
COPY reservations/ reservations/
COPY payments/ payments/
COPY boxoffice/ boxoffice/
COPY templates/ templates/
COPY static/ static/
COPY deploy/ deploy/
COPY locale/ locale/
RUN python -m core.texts.catalogs

# The settings do not load without these. None of the values is real, and none stays in the image.
RUN DJANGO_SETTINGS_MODULE=config.settings.production \
    SECRET_KEY=only-while-the-image-is-built-0123456789-never-in-a-shop SITE_URL=https://build.invalid \
    DATABASE_URL=postgres://build.invalid/none REDIS_URL=redis://build.invalid/0 EMAIL_URL=memory: \
    STRIPE_SECRET_KEY=sk_test_build STRIPE_WEBHOOK_SECRET=whsec_build \
    python manage.py collectstatic --no-input --verbosity 0
RUN python -m compileall -q accounts boxoffice config core houses payments reservations sales staff theaters


FROM python:3.13.9-slim

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    MEDIA_ROOT=/media \
    STATE_DIR=/state
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin marquee \
 && install -d -o marquee -g marquee /media /state
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001

EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py", "web"]
CMD ["deploy/web.sh"]
