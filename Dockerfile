# One image for every process of a deployment: the command chooses (web, worker, scheduler, migrate, mock NAME).

FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH
COPY requirements.lock requirements-build.lock ./
RUN pip install --require-hashes -r requirements-build.lock -r requirements.lock
COPY pyproject.toml README.md package.json ./
COPY schemas schemas
COPY integrations integrations
COPY ccezone ccezone
COPY --from=front /app/node_modules node_modules
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -c "from ccezone.setup import front_end; front_end.copy_vendor_files()" \
    && rm -r node_modules

FROM python:3.11-slim-bookworm
# Debian keeps one version of a package per release, so a pinned one would vanish with the next security update.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 ccezone \
    && useradd --uid 10001 --gid 10001 --create-home ccezone \
    && install --directory --owner=10001 --group=10001 /var/lib/ccezone
COPY --from=packages /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 CCEZONE_DATA=/var/lib/ccezone
WORKDIR /var/lib/ccezone
USER 10001:10001
VOLUME /var/lib/ccezone
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["ccezone"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000"]
