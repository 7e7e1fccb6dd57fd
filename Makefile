# Everything a person types; `make` alone lists it. Works with GNU make 3.81 and later, in a folder of any name.
#
# .venv is Python's own venv, the packages of requirements.txt (each held to its hash), and this package. The files .venv/made-*
# are copies of what it was made from, written last: neither a changed lock nor an interrupted install passes for a complete one.
# They begin with the folder's path because the package is installed by path: a copied or moved folder makes its own .venv.

PYTHON ?= python3
PY = .venv/bin/python
LAB_OPTIONS =
LOCK_OPTIONS =
# The tests that run notebooks, build books or open a browser: minutes, where the others take seconds. The longest first.
PROOFS = $(patsubst %,tests/test_%.py,browser book notebooks_rerun parameters own_texts lab readme cli runner site)

# Python processes are many and short here, so each must find compiled bytecode; and none may read packages from elsewhere.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

.PHONY: help book notebooks accept status lab test check bench peers binder-check lock clean distclean env env-test

help: ## list what can be typed
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F '|' '{ printf "make %-13s %s\n", $$1, $$2 }'

book: env ## run the notebooks that are stale, build the book, say where it is
	@$(PY) -m apparatus book

notebooks: env ## run the notebooks that are stale and show what changed since the last accepted run
	@$(PY) -m apparatus run

accept: env ## put the outputs of the last run into notebooks/, to be committed
	@$(PY) -m apparatus accept

status: env ## say which notebooks are stale, and why
	@$(PY) -m apparatus status

lab: env ## open the notebooks in JupyterLab (NO_BROWSER=1: only print the address)
	@$(PY) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/start.ipynb \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate $(if $(NO_BROWSER),--no-browser) $(LAB_OPTIONS)

check: env-test ## the quick checks: ruff, mypy, unit tests
	@$(PY) -m ruff check
	@$(PY) -m mypy
	@$(PY) -m pytest -n 2 --dist loadfile $(addprefix --ignore=,$(PROOFS)) tests lib

test: check ## prove everything again: the quick checks, the book, every notebook
	@$(PY) -m apparatus book
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --nbval --nbval-current-env --nbval-cell-timeout 300 \
	  $(PROOFS) notebooks

bench: env-test ## measure speed: of finding each kind, beside other tools; of notebooks, beside the same code as scripts
	@$(PY) tests/throughput.py
	@$(PY) tests/bench.py

peers: env-test ## write down again what other tools find in the marked texts (seeds/readings/peers)
	@PYTHONHASHSEED=0 $(PY) tests/peers.py seeds/readings/peers

binder-check: env-test ## install as Binder does, in a temporary folder, and run one notebook there
	@$(PY) tests/binder_check.py

lock: env-test ## pin the packages again after a change of pyproject.toml (LOCK_OPTIONS=--upgrade: newest ones)
	@$(call compile,-o requirements.txt)
	@$(call compile,--extra dev -c requirements.txt -o tests/requirements.txt)

clean: ## delete build/, which `make book` makes again
	rm -rf build

distclean: clean ## delete the environment and the tools' caches too
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

# One lock for every Python and platform. --no-strip-extras: without the extras pip, and so Binder, refuses the hashed lock.
compile = $(PY) -m uv pip compile pyproject.toml --quiet --no-config --universal --fork-strategy fewest --python-version 3.11 \
  --no-strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
  --custom-compile-command 'make lock' $(LOCK_OPTIONS) $(1)

fit_python = $(PYTHON) -c 'import sys; v = sys.version_info[:2]; \
  v < (3, 11) and sys.exit("Apparatus needs Python 3.11 or later, and $(PYTHON) is %d.%d. Say for example: make PYTHON=python3.12" % v); \
  v > (3, 13) and sys.stderr.write("Apparatus was tested with Python 3.11 to 3.13, not yet with %d.%d; going on.\n" % v)'

install = if command -v uv > /dev/null; \
  then uv pip install --quiet --python $(PY) --compile-bytecode --require-hashes -r $(1); \
  else $(PY) -m pip install -qq --no-input --disable-pip-version-check --require-hashes -r $(1); fi

# $(call once,FILE,COPY,COMMANDS) runs COMMANDS unless .venv was made from FILE as it is now. File descriptor 9 holds a lock that
# every process it starts keeps: a second make waits for the first, even for what an interrupted one left running.
made_from = [ -x $(PY) ] && { pwd; cat $(1); } | cmp -s - $(2)
once = $(made_from) || { set -e; exec 9< Makefile; $(PYTHON) -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'; \
  $(made_from) || { $(3); { pwd; cat $(1); } > $(2); }; }

make_packages = $(fit_python); \
  echo "First run: installing $$(grep -c '^[a-z]' requirements.txt) packages into .venv, a few minutes."; \
  $(PYTHON) -m venv --clear .venv; \
  $(call install,requirements.txt)

make_project = $(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .

make_tests = echo "First test: installing the tools of the checks into .venv."; \
  $(call install,tests/requirements.txt)

env:
	@$(call once,requirements.txt,.venv/made-packages,$(make_packages))
	@$(call once,pyproject.toml,.venv/made-project,$(make_project))

env-test: env
	@$(call once,tests/requirements.txt,.venv/made-tests,$(make_tests))
