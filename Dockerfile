# `make image` and compose.yaml build it from this base by its digest, which compose.yaml has.
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

# The base without what installs packages or needs Perl, and what Python has beside its library.
FROM base AS root
RUN useradd --create-home --uid 10001 rewardscope \
    && mkdir -p /cache /data /judgements && chown rewardscope /cache /judgements \
    && rm -rf /usr/local/lib/python3.11/site-packages/* /usr/local/bin/pip* /usr/local/bin/idle* /usr/local/bin/2to3* \
        /usr/lib/python3/dist-packages/pip* /usr/lib/python3/dist-packages/setuptools* \
        /usr/local/lib/python3.11/ensurepip /usr/local/lib/python3.11/idlelib /usr/local/lib/python3.11/lib2to3 \
        /usr/local/lib/python3.11/tkinter /usr/local/lib/python3.11/turtledemo /usr/local/lib/python3.11/pydoc_data \
        /usr/bin/apt* /usr/lib/apt /usr/lib/*/libapt* /var/lib/apt /var/cache/apt /usr/share/python-wheels \
        /usr/bin/perl* /usr/lib/*/perl* /usr/share/perl* /usr/lib/*/gconv /usr/share/locale /usr/share/doc /usr/share/man
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY deploy/healthcheck.py /app

FROM scratch
COPY --from=root / /
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
USER rewardscope
# What is mounted at /data is opened, else the sample. /cache holds the prepared files and what
# was downloaded from the hub, /judgements what people write: mount a volume at each to keep them.
ENV REWARDSCOPE_CACHE=/cache HF_HOME=/cache/huggingface \
    STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE=true REWARDSCOPE_JUDGEMENTS=/judgements/judgements.sqlite PORT=8501
VOLUME /cache /judgements
EXPOSE 8501
# Not only that the server lives: that the dataset and the judgements can be read.
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s \
    CMD ["python", "/app/healthcheck.py"]
CMD ["sh", "-c", "if [ -z \"$REWARDSCOPE_DATA\" ] && [ -n \"$(ls -A /data)\" ]; then export REWARDSCOPE_DATA=/data; fi; exec streamlit run app.py --server.address 0.0.0.0 --server.port \"$PORT\""]
