# The face of Geppetto: every target is one line into the command line, which
# decides by content what is stale. ARGS goes to the command: make pdf ARGS=--lenient

.DEFAULT_GOAL := help
# One after another, even under -j: the builds share a folder, and each uses every core itself.
.NOTPARALLEL:
.PHONY: help pdf epub docx all watch draft send comments changes check verify publish doctor clean
.PHONY: setup
.PHONY: test fuzz bench lint types lock
.PHONY: ready-python ready-build ready-dev ready-test

ARGS =

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

pdf: ready-build ## the typeset book, in build/
	@.venv/bin/geppetto pdf $(ARGS)

epub: ready-build ## the e-book, in build/
	@.venv/bin/geppetto epub $(ARGS)

docx: ready-build ## the book for Word, in build/
	@.venv/bin/geppetto docx $(ARGS)

all: ready-build ## every edition
	@.venv/bin/geppetto all $(ARGS)

watch: ready-build ## build again at every save, until Ctrl-C
	@.venv/bin/geppetto watch $(ARGS)

draft: ready-build ## a reviewer's copy, or one for each: make draft ARGS="--to all"
	@.venv/bin/geppetto draft $(ARGS)

check: ready-python ## what is wrong or doubtful, without building; fit for pre-commit
	@.venv/bin/geppetto check $(ARGS)

verify: ready-build ## is every word of the chapters in the finished editions?
	@.venv/bin/geppetto verify $(ARGS)

changes: ready-build ## what changed since a revision, marked: make changes ARGS=HEAD~5
	@.venv/bin/geppetto changes $(ARGS)

send: ready-python ## a letter with the draft to each reviewer: make send ARGS=--smtp
	@.venv/bin/geppetto send $(ARGS)

comments: ready-build ## remarks in returned files: make comments ARGS="list", or ARGS=returned.pdf
	@.venv/bin/geppetto comments $(ARGS)

publish: ready-build ## what stores take, or why not: build/release/<version>/
	@.venv/bin/geppetto publish $(ARGS)

doctor: ready-python ## what is installed, what is missing, the line that mends it
	@.venv/bin/geppetto doctor $(ARGS)

clean: ## remove what Geppetto made in build/
	@test ! -x .venv/bin/geppetto || .venv/bin/geppetto clean $(ARGS)

setup: ## look again, and install what a build needs (the other targets see to it themselves)
	@rm -f .venv/set-up-* && sh setup/run.sh build

test: ready-test ## every test, on every core
	@.venv/bin/python -m pytest -n auto $(ARGS)

fuzz: ready-test ## the property tests, with examples that no run has seen yet
	@.venv/bin/python -m pytest -n auto --hypothesis-profile=other -m hypothesis $(ARGS)

bench: ready-build ## how long builds take, beside other tools: make bench ARGS="M 3"
	@.venv/bin/python benchmarks/builds.py $(ARGS)

lint: ready-dev ## the style of the code
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

types: ready-dev ## the types of the code
	@.venv/bin/mypy

lock: ready-python ## resolve Python's packages anew: make lock ARGS=--upgrade
	@sh setup/lock.sh $(ARGS)

ready-python ready-build ready-dev ready-test:
	@sh setup/run.sh $(@:ready-%=%)
