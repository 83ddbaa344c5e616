# `make pin` writes the digest behind the base's name.
FROM python:3.11-slim-bookworm AS base

FROM base AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt .
RUN python -m venv --without-pip /venv \
    && python -m pip --python /venv/bin/python install --no-compile --require-hashes -r requirements.txt
COPY deploy/slim.py deploy/slim.py
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils >/dev/null \
    && python deploy/slim.py /venv
COPY app.py pyproject.toml ./
COPY .streamlit .streamlit
COPY data_access data_access
COPY charts charts
COPY pages pages
# Bytecode of what is imported, as nothing can be written where it runs; all of it would be twice as much.
RUN python deploy/slim.py /venv --compile \
    && rm -r deploy requirements.txt

FROM base
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
RUN useradd --create-home --uid 10001 rewardscope \
    && mkdir -p /cache /data /judgements && chown rewardscope /cache /judgements
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY deploy/healthcheck.py .

USER rewardscope
# What is mounted at /data is opened, else the sample. /cache holds the prepared files and what
# was downloaded from the hub, /judgements what people write: mount a volume at each to keep them.
ENV REWARDSCOPE_CACHE=/cache HF_HOME=/cache/huggingface STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE=true REWARDSCOPE_JUDGEMENTS=/judgements/judgements.sqlite PORT=8501
VOLUME /cache /judgements
EXPOSE 8501
# Not only that the server lives: that the dataset and the judgements can be read.
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s \
    CMD ["python", "/app/healthcheck.py"]
CMD ["sh", "-c", "if [ -z \"$REWARDSCOPE_DATA\" ] && [ -n \"$(ls -A /data)\" ]; then export REWARDSCOPE_DATA=/data; fi; exec streamlit run app.py --server.address 0.0.0.0 --server.port \"$PORT\""]
