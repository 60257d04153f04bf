# The two commands are `make up` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
RASA := $(UV) run --frozen --no-sync --project components
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
# Without bytecode every start costs many times over, Rasa's most of all.
export UV_COMPILE_BYTECODE := 1
export PYTHONDONTWRITEBYTECODE :=
APT := $(shell [ "$$(id -u)" = 0 ] || echo sudo) apt-get

.PHONY: help up install train model test test-system lint types imports unit corpus knowledge bills sites contract assistant understanding evaluate house faults bench articles conformance fmt fuzz clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

up: install ## Install, migrate, train if there is no model, start everything (Ctrl-C stops it)
	@$(RUN) niangjia up

install: .venv/.installed components/.venv/.installed bot/web/static/vendor/.installed ## Install both environments and the browser assets

.tools/bin/uv:
	@echo "Installing uv"
	@python3 -m pip install --quiet --disable-pip-version-check --target .tools uv

.venv/.installed: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	@echo "Installing the house (Python 3.12)"
	@$(UV) sync --frozen --quiet --group assets
	@touch $@

components/.venv/.installed: components/pyproject.toml components/uv.lock | $(filter .tools/bin/uv,$(UV))
	@echo "Installing Rasa (Python 3.10), about 2 GB"
	@$(UV) sync --frozen --quiet --project components
	@touch $@

bot/web/static/vendor/.installed: package.json package-lock.json .venv/.installed
	@echo "Fetching the browser assets"
	@$(RUN) npm ci --silent --no-audit --no-fund && $(RUN) npm run --silent assets
	@touch $@

train: install ## Teach the assistant from data/
	@$(RUN) niangjia train

model: install
	@ls models/*.tar.gz >/dev/null 2>&1 || $(RUN) niangjia train

test: install test-system lint types imports unit corpus knowledge bills sites contract assistant understanding house ## Everything that must hold

test-system: ## Install what only tests need: a browser, Chinese fonts, PostgreSQL
	@{ command -v chromium && fc-list | grep -q NotoSansCJK && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 \
	  || { echo "Installing Chromium, Chinese fonts and PostgreSQL for the tests"; \
	       $(APT) -qq update && DEBIAN_FRONTEND=noninteractive $(APT) -qq install -y --no-install-recommends \
	       chromium fonts-noto-cjk fontconfig postgresql >/dev/null; }

lint: install ## Style
	@$(RUN) ruff check . && $(RUN) ruff format --check .

types: install ## Types
	@$(RUN) mypy

imports: install ## Who may import whom
	@$(RUN) lint-imports

unit: install ## Quick tests of every room of bot, without any process
	@$(RUN) pytest -q -n 2 tests/unit tests/conformance

corpus: install ## What the training corpus is made of, and whether it keeps its rules
	@$(RUN) python -m tests.corpus
	@$(RUN) pytest -q tests/corpus/test_corpus_lint.py

knowledge: install ## What the vetted answers cite, say and lead to, and whether they keep their rules
	@$(RUN) python -m tests.knowledge
	@$(RUN) pytest -q tests/knowledge

bills: install ## How well games and live streams are found in invented bills, by channel, with every error
	@$(RUN) python -m tests.bills
	@$(RUN) pytest -q tests/bills

sites: install ## The desk, the API and the simulator, with a real database and a real browser
	@$(RUN) pytest -q -n 2 tests/sites tests/simulator

contract: install ## The ports' contracts over memory and the real thing
	@$(RUN) pytest -q -n 2 tests/contract tests/processes

assistant: install ## Rasa's side, in its own environment
	@$(RASA) rasa data validate --fail-on-warnings
	@$(RASA) pytest -q tests/components

understanding: model ## The trained assistant on the judging set, against its floors
	@$(RUN) pytest -q tests/understanding

evaluate: model ## Judge the trained assistant: tables, pictures, every error (BASELINE=, ROWS=); docs/evaluation.md
	@$(RUN) python -m tests.understanding $(if $(BASELINE),--baseline $(BASELINE)) $(if $(ROWS),--rows $(ROWS))

house: install ## The whole house with real processes and a real browser, and hurt in every way once
	@$(RUN) pytest -q tests/house tests/faults

faults: install ## 10,000 messages through a house that is hurt all the time (half an hour); docs/faults.md
	@$(RUN) python -m tests.faults

bench: model ## Measure the front door, the desk and the understanding
	@PYTHONPATH=. $(RUN) python benches/front_door.py
	@PYTHONPATH=. $(RUN) python benches/acknowledgement.py
	@PYTHONPATH=. $(RUN) python benches/desk.py
	@PYTHONPATH=. $(RUN) python benches/cards.py
	@PYTHONPATH=. $(RUN) python benches/reports.py
	@PYTHONPATH=. $(RASA) python benches/understanding.py

articles: install ## Write docs/knowledge.md from the vetted answers
	@$(RUN) python -m tests.knowledge.table

conformance: install ## Write docs/wechat-conformance.md from the tests
	@$(RUN) python -m tests.conformance.table

fuzz: install ## Throw 100,000 damaged, forged and invented requests at the webhook (INPUTS=, SEED=)
	@$(RUN) python -m tests.fuzz --inputs $(INPUTS) --seed $(SEED)
	@if $(RUN) python -c "import atheris" 2>/dev/null; \
	 then $(RUN) python -m tests.fuzz.atheris_webhook -atheris_runs=$(INPUTS) -seed=$(SEED) -max_len=8192 -verbosity=0; \
	 else echo "Guided by coverage, too: uv sync --group assets --group fuzz"; fi

fuzz: INPUTS ?= 100000
fuzz: SEED ?= 12338

fmt: install ## Format
	@$(RUN) ruff check --fix . && $(RUN) ruff format .

clean: ## Remove what was installed and trained; data in var/ stays
	rm -rf .venv components/.venv .tools node_modules bot/web/static/vendor models .rasa
