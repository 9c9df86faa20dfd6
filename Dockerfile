# syntax=docker/dockerfile:1
# One image for web, worker, scheduler and preparation. No compiler, no engines, no tests inside.

FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    JOCC_STATIC_ROOT=/srv/static \
    JOCC_MEDIA_ROOT=/srv/media
RUN groupadd --system --gid 10001 jocc \
 && useradd --system --uid 10001 --gid jocc --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin jocc \
 && install -d -o jocc -g jocc /srv/media /srv/static /srv/journal /srv/backups /srv/published
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The servers are not reached here: these two commands only need the settings to load.
RUN export JOCC_SECRET_KEY=build-only DATABASE_URL=postgres://nobody@127.0.0.1:1/nowhere REDIS_URL=redis://127.0.0.1:1/0 \
 && python manage.py messages --compile \
 && python manage.py collectstatic --noinput
USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["python", "/app/deploy/entrypoint"]
CMD ["web"]
