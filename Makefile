# make run [DATA=path] [PORT=8501]   start the app
# make test                          every check: format, lint, types, import contracts, tests, browser journeys
# make sizes                         MB by package of what the app needs installed
# make bill                          a bill of materials of that: dist/bill-of-materials.json, as CycloneDX
# make image                         the container image, from the base of the digest in compose.yaml
# make pin                           write today's digests of the images into compose.yaml
# make requirements [UPGRADE=1]      pin what pyproject.toml's dependencies bring along; with UPGRADE=1 the newest of it
PYTHON ?= python3
DATA ?= sample
PORT ?= 8501
IN_VENV := .venv/bin

.PHONY: run test fast chromium postgresql haproxy format requirements sizes bill image pin

run: .venv/runtime
	REWARDSCOPE_DATA="$(DATA)" $(IN_VENV)/streamlit run app.py --server.port $(PORT)

test: .venv/development chromium postgresql haproxy
	$(IN_VENV)/ruff format --check .
	$(IN_VENV)/ruff check .
	$(IN_VENV)/mypy
	$(IN_VENV)/lint-imports
	$(IN_VENV)/pytest -m "not e2e" --numprocesses auto
	$(IN_VENV)/pytest -m e2e

# Without the browser journeys: under a minute.
fast: .venv/development
	$(IN_VENV)/pytest -m "not e2e" --numprocesses auto

format: .venv/development
	$(IN_VENV)/ruff format .
	$(IN_VENV)/ruff check --fix .

COMPILE := $(IN_VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements" $(if $(UPGRADE),--upgrade) pyproject.toml

requirements: .venv/development
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt

sizes: .venv/runtime
	$(IN_VENV)/python deploy/slim.py --sizes

bill: .venv/development
	mkdir -p dist
	$(IN_VENV)/uv tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.txt \
		--pyproject pyproject.toml --output-reproducible --output-format JSON --output-file dist/bill-of-materials.json

# These two need Docker and its registry. The digests stand in compose.yaml.
BASE = $(shell sed -nE 's/^ +- (python:[^=]+=docker-image:.+)/\1/p' compose.yaml)

image:
	docker build --build-context "$(BASE)" --tag rewardscope .

pin:
	grep -oE '[a-z]+:[^ @/]+@sha256:[0-9a-f]+' compose.yaml | sort --unique | while IFS=@ read -r image digest; do \
		newest=$$(docker buildx imagetools inspect "$$image" --format '{{.Manifest.Digest}}') || exit 1; \
		sed -i "s/$$digest/$$newest/" compose.yaml; done

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian: sudo apt-get install python3-venv"; exit 1; }

.venv/runtime: .venv/bin/python requirements.txt
	$(IN_VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/development: .venv/runtime requirements-dev.txt
	$(IN_VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# The browser journeys drive the system's Chromium; without one they are skipped, and say how to get it.
chromium:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; fi

# Judgements are tested on PostgreSQL too; without one these tests are skipped, and say how to get it.
postgresql:
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; fi

# The proxy of compose.yaml is tested by its own configuration; without HAProxy that is skipped.
haproxy:
	@if ! PATH="$$PATH:/usr/sbin" command -v haproxy >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends haproxy >/dev/null; fi
