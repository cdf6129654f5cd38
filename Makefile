# make run    test the embedded reference endpoint and write the report to out/
# make test   the suite's own tests, those that take longer left out (make test-all has them)
# Both set up .venv first, where it is missing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Whoever starts a hundred processes compiles the package a hundred times where this is set.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-slow test-all lint accept record litellm ocr fixtures prove simulate hostile bench wheel readme bill clean

run: $(VENV)/.run
	$(BIN)/vision-conformance run --reference --out out

# Two minutes on two cores. What takes longer is marked slow, and is in test-all.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 3 -m "not slow"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

fixtures: $(VENV)/.run
	$(BIN)/python -m conformance.drawing fixtures

# After a new check or fault: tables, cassettes of new cases, proofs of new faults.
accept: $(VENV)/.run
	$(BIN)/python tests/accept.py

# The table of checks, docs/checks.md, and the figures in the other documents.
readme: $(VENV)/.run
	$(BIN)/python tests/readme.py

# The picture of a bill, docs/bill.svg.
bill: $(VENV)/.run
	$(BIN)/python tests/bill.py

# Exit status 1 where a fault is missed; PROVE.md tells which. Then the faults that are frozen.
prove: $(VENV)/.run
	$(BIN)/vision-conformance prove --out tests/proving || test $$? -eq 1
	$(BIN)/python tests/proving/unseen/measure.py

# A hundred plays of each kind of weather and fault in it, fewer of each model; half an hour.
simulate: $(VENV)/.run
	$(BIN)/python tests/proving/simulate.py --out tests/proving/SIMULATED.md

# One case against each of 345 endpoints that hurt, 8 at once; about 10 minutes, most of them waiting.
hostile: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m long
	$(BIN)/python tests/hostile/run.py --at-once 8

bench: $(VENV)/.dev
	$(BIN)/python tests/benchmarks/run.py

record: $(VENV)/.run
	$(BIN)/vision-conformance run --reference --seed committed --cassettes cassettes/reference \
	  --out out/reference

# LiteLLM breaks some MUSTs (cassettes/litellm/DEVIATIONS.md), so exit status 1 is expected.
litellm: $(VENV)/.dev .venv-litellm/.done
	$(BIN)/python tests/litellm/through.py --litellm .venv-litellm/bin/litellm \
	  --out out/litellm --cassettes cassettes/litellm || test $$? -eq 1

.venv-litellm/.done:
	$(PYTHON) -m venv .venv-litellm
	.venv-litellm/bin/python -m pip install --quiet --disable-pip-version-check \
	  'litellm[proxy]==1.106.2'
	touch $@

# A correct endpoint whose looking is done by an OCR program, so that nothing may be FAILED.
ocr: $(VENV)/.dev .venv-ocr/.done
	OCR_PYTHON=.venv-ocr/bin/python OCR_OUT=out/ocr $(BIN)/python -m pytest tests/ocr

.venv-ocr/.done:
	$(PYTHON) -m venv .venv-ocr
	.venv-ocr/bin/python -m pip install --quiet --disable-pip-version-check \
	  'rapidocr==3.10.0' 'onnxruntime==1.32.0' 'httpx==0.28.1' 'pillow==13.0.0' \
	  'starlette==1.10.0' 'uvicorn==0.54.0'
	touch $@

test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -n 4 -m "slow and not long"
	$(BIN)/python -m pytest -q -c conformance/suite/pytest.ini --rootdir conformance/suite \
	  -p no:cacheprovider --block-network --record-mode=none \
	  --conformance-cassettes=cassettes/reference conformance/suite/test_cases.py

test-all: test test-slow

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) .venv-litellm out dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache
