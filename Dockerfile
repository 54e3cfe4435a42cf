FROM python:3.12-slim AS builder
RUN pip install --no-cache-dir uv
ENV UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
WORKDIR /build

# The dependencies are a layer of their own: it stays while only our code changes.
COPY requirements.lock ./
RUN uv venv /app \
    && uv pip install --no-cache --python /app/bin/python --require-hashes -r requirements.lock

# README.md and LICENSE are named in the wheel's metadata.
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY core core
RUN uv build --no-cache --wheel --out-dir dist \
    && uv pip install --no-cache --python /app/bin/python --no-deps dist/*.whl


FROM python:3.12-slim
# libfribidi0: Pillow's text shaping loads it for scripts that are written from right to left.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin omniimage \
    && install --directory --owner omniimage --group omniimage --mode 0700 \
        /data /config/omniimage /out
COPY --from=builder /app /app

# Database and images lie in /data, the settings in /config/omniimage/config.toml; without that
# file the defaults hold. Keep the two volumes apart: what locks the data away is not beside it.
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMNIIMAGE_DATA_DIR=/data \
    XDG_CONFIG_HOME=/config
USER 10001:10001
WORKDIR /out
VOLUME ["/data", "/config"]
ENTRYPOINT ["omniimage"]
CMD ["run"]
