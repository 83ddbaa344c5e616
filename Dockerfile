FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY app.py pyproject.toml ./
COPY .streamlit .streamlit
COPY data_access data_access
COPY charts charts
COPY pages pages
RUN python -m compileall -q app.py data_access charts pages \
    && useradd --create-home --uid 10001 rewardscope \
    && mkdir -p /cache /data /judgements && chown rewardscope /cache /judgements

USER rewardscope
# What is mounted at /data is opened, else the sample. /cache holds the prepared files and what
# was downloaded from the hub, /judgements what people write: mount a volume at each to keep them.
ENV REWARDSCOPE_CACHE=/cache HF_HOME=/cache/huggingface STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    REWARDSCOPE_JUDGEMENTS=/judgements/judgements.sqlite
VOLUME /cache /judgements
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["sh", "-c", "if [ -z \"$REWARDSCOPE_DATA\" ] && [ -n \"$(ls -A /data)\" ]; then export REWARDSCOPE_DATA=/data; fi; exec streamlit run app.py --server.address 0.0.0.0 --server.port 8501"]
