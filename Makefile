# Two commands set everything up: `make demo` and `make test`. Both install what is missing first.
# Product and tests share one optimised build, so that nothing is compiled twice.

SWIFT_BUILD = swift build -c release --explicit-target-dependency-import-check error
SHELL := /bin/bash

.PHONY: setup demo test bench lint build build-tests

setup:
	@scripts/setup.sh

build: setup
	@$(SWIFT_BUILD) --product conductor

build-tests: setup
	@$(SWIFT_BUILD) --build-tests

demo: build
	@scripts/demo.sh

test: build-tests
	@scripts/python.sh tests Tests/requirements.txt >/dev/null
	@swift test -c release --skip-build

bench: build
	@scripts/bench.sh

lint:
	@swift format lint --strict --recursive --parallel Sources Tests Package.swift
