# make run      build what is missing and start the program on http://127.0.0.1:8080
# make test     every test: Rust on SQLite and PostgreSQL, web, browser, byte budgets
# make check    formatting, lints, types, and whether generated files are fresh
# make accept   write generated files anew; then read the diff
# make pictures take the documents' pictures anew, in a real browser
# make torture  the long form of the tests that kill, crowd and starve the program
# make bench    measure against raw counterparts (docs/benchmarks.md); with SIZE=full a
#               million customers, and the warehouse beside DuckDB and PostgreSQL

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

DATA ?= ./data
LISTEN ?= 127.0.0.1:8080
PROGRAM := target/debug/clientele

# Real sales files that the tests read in place; without them those tests say so.
export CLIENTELE_TEST_DATA ?= $(abspath ../shared/data)
export CLIENTELE_TEST_SAMPLES ?= $(abspath ../shared/samples)

WEB_INSTALLED := web/node_modules/.package-lock.json
WEB_BUILT := web/dist/index.html
WEB_SOURCES := $(shell find web/src web/public web/scripts web/index.html web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)
IN_WEB := npm --prefix web --silent run
VITEST := web/node_modules/.bin/vitest run

.PHONY: run build test test-tools test-rust test-web test-e2e check drift lint-rust lint-web accept pictures torture bench

run: build
	$(PROGRAM) serve --data "$(DATA)" --listen "$(LISTEN)"

build: $(WEB_BUILT)
	cargo build --workspace

$(WEB_INSTALLED): web/package.json web/package-lock.json
	npm --prefix web ci
	touch $@

$(WEB_BUILT): $(WEB_INSTALLED) $(WEB_SOURCES)
	$(IN_WEB) build
	touch $@

# One after the other: two cores are fully used by each.
test: test-tools
	$(MAKE) --no-print-directory test-rust
	$(MAKE) --no-print-directory test-web
	$(MAKE) --no-print-directory drift
	$(MAKE) --no-print-directory test-e2e

test-tools:
	scripts/setup-test-tools

# The web app comes first, because the program carries it.
test-rust: $(WEB_BUILT)
	scripts/with-postgres cargo test --workspace

test-web: $(WEB_BUILT)
	$(IN_WEB) test
	$(IN_WEB) budget

# What a failed test's page complained of is said last, where a cut log still has it.
test-e2e: build
	rm -rf e2e/results
	$(VITEST) --config e2e/vitest.config.mts || { tail -n +1 e2e/results/*.txt; exit 1; }

check: lint-rust lint-web drift

lint-rust:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings

lint-web: $(WEB_INSTALLED)
	$(IN_WEB) check
	cd e2e && ../web/node_modules/.bin/biome ci .
	web/node_modules/.bin/tsc --noEmit -p e2e

drift: build
	scripts/generated --check

accept: build
	scripts/generated

# A picture that no document shows is not kept.
pictures: build
	mkdir -p docs/pictures
	CLIENTELE_PICTURES=$(abspath docs/pictures) $(VITEST) --config e2e/vitest.config.mts
	for file in docs/pictures/*.png; do \
	  grep -rqF --include='*.md' "$${file#docs/}" README.md docs || rm "$$file"; \
	done

BENCH_PYTHON := target/bench-tools/bin/python

$(BENCH_PYTHON):
	python3 -m venv target/bench-tools
	target/bench-tools/bin/pip install --quiet 'duckdb>=1.4'

# The whole workspace, so that crates are built with the features they ship with.
ifeq ($(SIZE),full)
bench: export CLIENTELE_BENCH_CUSTOMERS := 1000000
bench: $(BENCH_PYTHON)
endif
bench: test-tools $(WEB_BUILT)
	scripts/with-postgres cargo bench --quiet --workspace --bench ratios
ifeq ($(SIZE),full)
	cargo bench --quiet --workspace --bench measure -- 1000000 $(abspath target/bench) $(abspath $(BENCH_PYTHON))
	scripts/with-postgres $(BENCH_PYTHON) crates/warehouse/benches/postgres.py target/bench/chain-1000000
endif

torture: test-tools build
	CLIENTELE_TORTURE=200 scripts/with-postgres cargo test --workspace --test it torture -- --test-threads 1
