# Every target brings what it needs: nothing has to be installed or started by hand before it.
# Tools run from .venv; servers are found or started by tools.stack (see the README).

PY := .venv/bin/python
STEP := @tools/step.sh
SOURCES := chassis/src adapters/src gateway/src tools/src $(wildcard services/*/src)
CHECKS := $(addprefix check-,format lint types imports protos catalogue machines sizes words)
WORKERS ?= 2
COMPILE := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: $(CHECKS) help setup frontend servers browser check format test demo down bench fuzz chaos compose-check protos lock new-adapter clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## virtual environment with the locked packages (PYTHON=... to choose one)
	@tools/setup.sh

frontend: setup ## front-end packages of the gateway
	@tools/frontend.sh

servers: setup ## PostgreSQL and RabbitMQ: found, else started under .run/
	@$(PY) -m tools.stack up

browser: setup
	@$(PY) -m tools.stack browser >/dev/null

check: setup ## format, lint, types, imports, protos, catalogue, machines, sizes, words (one of them: make check-types)
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-format: ; $(STEP) format .venv/bin/ruff format --check .
check-lint: ; $(STEP) lint .venv/bin/ruff check .
check-types: ; $(STEP) types .venv/bin/mypy $(SOURCES)
check-imports: ; $(STEP) imports .venv/bin/lint-imports --no-cache
check-protos check-catalogue check-machines check-sizes check-words: check-%: ; $(STEP) $* $(PY) -m tools.checks $*

format: setup ## let ruff format and fix
	@.venv/bin/ruff format -q .
	@.venv/bin/ruff check -q --fix .

test: setup frontend servers browser ## all tests (ARGS="tests/chassis -k outbox" for some; WORKERS=4 on a larger machine)
	@$(PY) -m pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

demo: setup frontend servers ## run the main job on real input and leave the system running
	@$(PY) -m tools.demo

down: ## end everything the demo and the tests left running (WIPE=1: and remove the servers' data)
	@if [ ! -x $(PY) ]; then echo "  servers   nothing was running"; exit 0; fi; \
	if [ -e tools/src/tools/demo ] || [ -e tools/src/tools/demo.py ]; then $(PY) -m tools.demo down; fi; \
	$(PY) -m tools.stack down $(if $(WIPE),--wipe)

bench: setup servers ## measure throughput and delay on this machine
	@$(PY) -m tools.bench $(ARGS)

fuzz: setup ## a million damaged inputs over all formats (ARGS="--seconds 60 --format relay --seed 7")
	@$(PY) -m tools.fuzz $(ARGS)

chaos: setup ## kill processes, broker and database of a private suite while records are under way (ARGS="--records 5000")
	@$(PY) -m tools.chaos $(ARGS)

compose-check: setup ## build the images and play the main job in containers (ARGS=--own-images without a registry)
	@deploy/check.sh $(ARGS)

protos: setup ## regenerate protos/gen from the contracts
	@$(PY) -m tools.checks generate

lock: setup ## pin the newest permitted versions in requirements.lock
	@$(COMPILE) --upgrade requirements/bootstrap.in -o requirements/bootstrap.lock
	@$(COMPILE) --upgrade requirements/requirements.in -o requirements.lock
	@$(PY) deploy/closures.py

new-adapter: setup ## scaffold an adapter: make new-adapter NAME=sejong FORMAT=delimited SAMPLE=file.csv
	@test -n "$(NAME)" || { echo "  usage: make new-adapter NAME=agency [FORMAT=format] [SAMPLE=file]" >&2; exit 2; }
	@$(PY) -m tools.new_adapter $(NAME) $(if $(FORMAT),--format $(FORMAT)) $(if $(SAMPLE),--sample $(SAMPLE))

clean: down ## remove environment, servers' data and caches
	@rm -rf .venv .run gateway/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
