# `make help` lists the targets. Rust, Python 3.10 or later, a C compiler and make are all that must be installed:
# everything else comes from Cargo.lock and python/requirements-dev.txt, into target/ and .venv/.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SPARK := $(VENV)/spark
WHEELS := target/wheels
DEBIAN := chromium fonts-noto-cjk openjdk-17-jre-headless postgresql

# One profile, one feature set and one target directory for the program, the tests and the wheel, so that nothing is
# compiled twice: Cargo unifies features over the members chosen, also where only one of them is built. The benches are
# left out, whose tools would ask for more features.
MEMBERS := --workspace --exclude dianzhi-benches
export CARGO_TARGET_DIR := $(CURDIR)/target
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python
export PYO3_BUILD_EXTENSION_MODULE := 1
CARGO := cargo --locked

# What the engine is compared with has an environment of its own.
PEERS := target/peers
SHARED := $(or $(DIANZHI_SHARED),../shared)

.DEFAULT_GOAL := help
.PHONY: help demo year test test-rust test-python wheel install lint fmt stubs bench bench-count bench-growth bench-python \
	bench-e2e scale ci clean system-packages

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## A month of demonstration claims, settled and explained (in English: DIANZHI_LANG=en make demo)
	$(CARGO) build $(MEMBERS) --bin dianzhi
	target/debug/dianzhi demo

year: ## A year of 12 x 100,000 claims, cleared and explained (smaller: CLAIMS=1000 make year)
	$(CARGO) build $(MEMBERS) --bin dianzhi
	target/debug/dianzhi demo --year --claims $${CLAIMS:-100000} --out target/demo-year

bench-e2e: ## Months from files to a book, time and memory, by the release program (CLAIMS="1000000 10000000")
	$(CARGO) build --release --bin dianzhi
	$(PYTHON) benches/end_to_end.py

test: test-rust test-python ## All tests, of Rust and of Python

test-rust: ## Tests of the engine and the program
	$(CARGO) test $(MEMBERS) --no-fail-fast

test-python: install $(SPARK) ## Tests of the Python package, from its installed wheel
	$(BIN)/python -m pytest

wheel: $(READY) ## The wheel, from the same build as the tests, in target/wheels
	rm -f $(WHEELS)/dianzhi-*.whl
	$(BIN)/maturin build --manifest-path python/Cargo.toml --locked --profile dev \
		--interpreter $(PYO3_PYTHON) --compatibility linux --out $(WHEELS)

install: wheel ## The wheel, installed into .venv
	$(BIN)/python -m pip install --quiet --no-deps --force-reinstall $(WHEELS)/dianzhi-*.whl

lint: $(READY) ## Formatting and lints of Rust and Python; warnings are errors
	cargo fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(BIN)/ruff format --check
	$(BIN)/ruff check

fmt: $(READY) ## Format Rust and Python in place
	cargo fmt --all
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

stubs: install $(SPARK) ## Whether type stubs match the extension, and the typed layer its types
	$(BIN)/python -m mypy.stubtest dianzhi._native --mypy-config-file pyproject.toml
	$(BIN)/mypy

bench: $(PEERS)/ready ## The engine beside its peers, in one table (about 10 minutes; absent ../shared: DIANZHI_SHARED=…)
	mkdir -p target/bench
	STAGES_TSV=$(CURDIR)/target/bench/stages.tsv $(CARGO) bench -p dianzhi-benches --bench stages
	rm -f target/bench/dianzhi-*.whl
	$(BIN)/maturin build --manifest-path python/Cargo.toml --locked --release \
		--interpreter $(PYO3_PYTHON) --compatibility linux --out target/bench
	$(PEERS)/bin/python -m pip install --quiet --no-deps --force-reinstall target/bench/dianzhi-*.whl
	$(PEERS)/bin/python benches/peers/compare.py target/bench/stages.tsv $(SHARED)/schemes/chs_drg_11

bench-growth: ## Time a claim as claims, institutions and schemes grow, drawn to docs/pictures/growth.svg
	$(CARGO) bench -p dianzhi-benches --bench growth -- $(CURDIR)/docs/pictures/growth.svg

bench-count: ## Instructions a claim of each stage, compared with benches/instructions.tsv (callgrind; UPDATE=1 writes it)
	$(CARGO) bench -p dianzhi-benches --bench stages --no-run
	$(PYTHON) benches/count.py $(if $(UPDATE),--update)

ci: ## What CI runs
	.ci/run

bench-python: $(READY) ## What Python adds to the time of grouping, measured with a release wheel
	$(BIN)/maturin build --manifest-path python/Cargo.toml --locked --release \
		--interpreter $(PYO3_PYTHON) --compatibility linux --out target/release-wheels
	$(BIN)/python benches/python_overhead.py target/release-wheels/dianzhi-*.whl

scale: $(SPARK) ## What claims cost on one machine and on Spark, measured with a release wheel into docs/scale.md
	$(BIN)/maturin build --manifest-path python/Cargo.toml --locked --release \
		--interpreter $(PYO3_PYTHON) --compatibility linux --out target/release-wheels
	$(BIN)/python -m pip install --quiet --no-deps --force-reinstall target/release-wheels/dianzhi-*.whl
	$(BIN)/python benches/scale.py $${CLAIMS:-1000000}
	$(BIN)/python benches/plan.py --write

clean: ## Remove all that was built, and .venv
	rm -rf target $(VENV)

system-packages: ## Debian's packages that the tests need, where they are absent (as root)
	dpkg -s $(DEBIAN) > /dev/null 2>&1 || (apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN))

$(SPARK): $(READY) python/requirements-spark.txt
	$(BIN)/python -m pip install --quiet --requirement python/requirements-spark.txt
	touch $@

$(PEERS)/ready: benches/peers/requirements.txt $(READY)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --requirement benches/peers/requirements.txt
	touch $@

$(READY): python/requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement python/requirements-dev.txt
	touch $@
