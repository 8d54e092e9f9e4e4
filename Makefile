# make run            the demonstration on 127.0.0.1:8000 (PORT=… sets another)
# make run DESK=own   an empty desk of your own, in the folder desks/own; any other name is another desk
# make backup         database, attachments and checkpoints of the embedded desk into FILE=…, while it works
# make restore        the same back from FILE=…, with REASON=…, once it is closed
# make test           what needs no server, on SQLite, without the walks
# make test-walks     the walks on SQLite: what goes over everything times everything, as every page as everybody
# make test-services  the whole suite on PostgreSQL with Redis, browser and real processes, and the main job on SQLite
# make test-forms     tries every form of the desk in every way at the browser, for ten minutes or more
# make test-faults    kills workers, beats and servers for some minutes, and prints what came of it
# make test-story     looks at the demonstration at five dates, a minute each
# make coverage       which lines and branches no test runs; goal: none in the state machine, access, sla and ledger
# make mutants        how many changes of those four no test notices, by a sample; SAMPLE=0 tries all
# make bench          what must be fast, each figure beside its goal, on PostgreSQL
# make lint           ruff with its static rules of security, mypy, floors, form of code, markup, styles and scripts
# make format         brings all four into that form
# make audit          known weaknesses of what is installed, and lists of it in var/sbom
# make messages       new sentences of code and pages into the catalogues, sorted; needs gettext
# make lock           new hashed requirements from the .in files

SHELL := /bin/bash
PORT ?= 8000
DESK ?= demo
SYSTEM_PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PYTHON := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Every process would compile everything anew, and those of the desk and its tests are many.
unexport PYTHONDONTWRITEBYTECODE

# uv installs the same files faster, where it is at hand.
INSTALL = if command -v uv >/dev/null; \
	then uv pip install --quiet --python $(or $(2),$(PYTHON)) --require-hashes -r $(1); \
	else $(or $(2),$(PYTHON)) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi

CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)
SETUP := $(VENV)/base.stamp node_modules/.stamp static/build/icons.svg $(COMPILED)

.PHONY: run backup restore setup test test-walks test-services on-servers test-forms test-faults test-story coverage
.PHONY: mutants bench lint format audit messages lock clean
.DELETE_ON_ERROR:

ifneq ($(DESK),demo)
export VAR_DIR := $(CURDIR)/desks/$(DESK)
EMPTY := --no-demo
endif

run: $(SETUP)
	@exec $(PYTHON) manage.py desk_up --port $(PORT) $(EMPTY)

backup: $(SETUP)
	@$(PYTHON) manage.py backup "$(FILE)"

restore: $(SETUP)
	@$(PYTHON) manage.py restore "$(FILE)" "$(REASON)"

setup: $(SETUP)

$(PYTHON):
	@echo "Making the virtual environment …"
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@$(SYSTEM_PYTHON) -m venv $(VENV)

$(VENV)/base.stamp: requirements/base.txt | $(PYTHON)
	@echo "Installing what the desk is built on …"
	@$(call INSTALL,requirements/base.txt)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	@echo "Installing what the tests need …"
	@$(call INSTALL,requirements/dev.txt)
	@touch $@

# Apart from the desk's own, whose packages they are to judge.
$(VENV)/audit.stamp: requirements/audit.txt | $(PYTHON)
	@echo "Installing what the audit needs …"
	@$(SYSTEM_PYTHON) -m venv $(VENV)/audit
	@$(call INSTALL,requirements/audit.txt,$(VENV)/audit/bin/python)
	@touch $@

# Apart too: it brings what gives every process another title, by which the tests would not find their own.
$(VENV)/mutants.stamp: requirements/mutants.txt | $(PYTHON)
	@echo "Installing what changes the code and looks whether a test notices …"
	@$(SYSTEM_PYTHON) -m venv $(VENV)/mutants
	@$(call INSTALL,requirements/mutants.txt,$(VENV)/mutants/bin/python)
	@touch $@

# Where no npm of version 9 or newer is on the machine, Node comes into the virtual environment.
node_modules/.stamp: package-lock.json package.json | $(VENV)/base.stamp
	@echo "Fetching style sheet, icons and scripts …"
	@version=$$(npm --version 2>/dev/null | cut -d. -f1); \
	if [ "$${version:-0}" -lt 9 ]; then $(call INSTALL,requirements/node.txt); fi
	@npm ci --omit=dev --loglevel=error
	@touch $@

# npm begins with an empty folder, so the other stamp is set anew, as old as what was made after it.
node_modules/.dev.stamp: node_modules/.stamp | static/build/icons.svg
	@echo "Fetching what the scripts and styles are checked with …"
	@npm ci --loglevel=error
	@touch -r static/build/icons.svg node_modules/.stamp
	@touch $@

static/build/icons.svg: node_modules/.stamp ui/icons.py
	@$(PYTHON) manage.py build_icons
	@touch $@

%.mo: %.po | $(VENV)/base.stamp
	@pybabel --quiet compile --input-file $< --output-file $@

# Whole files go to each core, so that what a file's tests share is made once. They go as they are listed: by their
# number of tests, a file with two long ones would come last, with the other core at rest.
IN_PARALLEL = -n auto --dist loadfile --no-loadscope-reorder
WITHOUT_SERVERS = not services and not browser and not faults and not story
IN_PARTS = $(if $(TESTS),$(TESTS),$(IN_PARALLEL))

test: $(SETUP) $(VENV)/dev.stamp
	$(PYTHON) -m pytest -m "$(WITHOUT_SERVERS) and not walks" $(IN_PARTS)

test-walks: $(SETUP) $(VENV)/dev.stamp
	$(PYTHON) -m pytest -m walks $(IN_PARTS)

test-services: $(SETUP) $(VENV)/dev.stamp
ifdef TESTS
	bash .ci/services $(PYTHON) -m pytest -m "not faults and (services or not story)" $(TESTS)
else
	bash .ci/services $(MAKE) --no-print-directory on-servers
	env -u DATABASE_URL $(PYTHON) -m pytest -m browser tests/browser/test_small_firm.py
endif

AT_BROWSERS = -n auto --dist worksteal

# What several do at once, once more behind a pooler of connections in transaction mode.
POOLED = $(addprefix tests/services/test_,pooled.py racing_sweeps.py racing_entries.py racing_forms.py) \
	tests/ledger/test_backlog.py

# On one pair of servers, so that the databases that tests copy are made once. The walks are among the first.
on-servers:
	$(PYTHON) -m pytest -m "$(WITHOUT_SERVERS)" --database $(IN_PARALLEL)
	$(PYTHON) -m pytest -m "browser and not forms" $(AT_BROWSERS)
	$(PYTHON) -m pytest -m "services and not browser and not faults" $(IN_PARALLEL)
	bash .ci/pooled $(PYTHON) -m pytest $(POOLED)

test-forms: $(SETUP) $(VENV)/dev.stamp
	bash .ci/services $(PYTHON) -m pytest -m forms $(if $(TESTS),$(TESTS),$(AT_BROWSERS))

test-faults: $(SETUP) $(VENV)/dev.stamp
	bash .ci/services $(PYTHON) -m pytest --timeout 0 -m faults tests/faults tests/workbook tests/services $(TESTS)

test-story: $(SETUP) $(VENV)/dev.stamp
	$(PYTHON) -m pytest -m "story or services" tests/demo $(TESTS)

# The second report fails if a line or branch of what must be right is run by no test.
NO_GAPS = incidents/models/machine/*,incidents/access/*,*/access.py,sla/*,ledger/*
ON_POSTGRESQL = tests/ledger tests/services/test_roles.py tests/services/test_production.py

coverage: $(SETUP) $(VENV)/dev.stamp
	coverage erase
	coverage run -m pytest -m "$(WITHOUT_SERVERS)" $(IN_PARALLEL) $(TESTS)
	bash .ci/services coverage run -m pytest -m "not browser and not faults" $(IN_PARALLEL) $(ON_POSTGRESQL)
	coverage combine --quiet
	coverage report --fail-under=95
	coverage report --fail-under=100 --include="$(NO_GAPS)"

mutants: $(SETUP) $(VENV)/mutants.stamp
	PATH="$(CURDIR)/$(VENV)/mutants/bin:$$PATH" python .ci/mutants.py $(if $(SAMPLE),--sample $(SAMPLE))

bench: $(SETUP) $(VENV)/dev.stamp
	bash .ci/services $(PYTHON) -m benchmarks $(BENCHMARKS)

TEMPLATES = $(shell find templates -name '*.html' | sort)
COMPONENTS = $(shell find jinja -name '*.html' | sort)

lint: $(SETUP) $(VENV)/dev.stamp node_modules/.dev.stamp
	ruff check .
	ruff format --check .
	djade --target-version 5.2 --check $(TEMPLATES)
	djhtml --tabwidth 2 --check $(TEMPLATES) $(COMPONENTS)
	djlint --lint --quiet templates
	djlint --lint --quiet --profile jinja jinja
	node_modules/.bin/prettier --check static/css static/js
	mypy
	lint-imports

format: $(SETUP) $(VENV)/dev.stamp node_modules/.dev.stamp
	ruff format .
	djade --target-version 5.2 $(TEMPLATES)
	djhtml --tabwidth 2 $(TEMPLATES) $(COMPONENTS)
	node_modules/.bin/prettier --write static/css static/js

audit: $(VENV)/dev.stamp $(VENV)/audit.stamp
	PATH="$(CURDIR)/$(VENV)/audit/bin:$$PATH" python .ci/audit.py

# The dates that gettext writes into the head would change at every run.
messages: $(SETUP)
	$(PYTHON) manage.py makemessages --all --no-location --no-obsolete --verbosity 0 \
		--ignore node_modules --ignore '.venv' --ignore var --ignore tests
	for catalogue in $(CATALOGUES); do \
		msgcat --sort-output --width 76 --output-file $$catalogue $$catalogue && \
		sed -i '/^"Report-Msgid-Bugs-To: /d; /^"POT-Creation-Date: /d' $$catalogue || exit 1; done

lock: $(VENV)/dev.stamp
	$(PYTHON) -m pip install --quiet uv
	for name in base dev node audit mutants helpdesk; do \
		uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links -o requirements/$$name.txt requirements/$$name.in || exit 1; done

clean:
	rm -rf $(VENV) node_modules static/build $(COMPILED)
