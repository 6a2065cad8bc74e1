# Run these through uv: `uv run just test`. This file is the only definition of green.

# Where the environment forbids Python to keep what it compiled, each of the many processes
# that the tests start would compile every library again: 6 s of a core each time.
export PYTHONDONTWRITEBYTECODE := ""
# The tests already run a process a core; threads of linear algebra beside them only wait in a spin.
export OPENBLAS_NUM_THREADS := "1"

# Everything: the checks and the fetching of Chromium side by side, then every test.
[parallel]
test: checks chromium
    pytest

# Lint, types, the web's own checks, and what no test should wait for: the planner, the city.
[parallel]
checks: lint types web kernels city

# Style and banned idioms, formatting, and the ranks: who may import whom.
lint:
    ruff check
    ruff format --check
    lint-imports --no-logo

# Rewrites what can be put right by itself.
fmt:
    ruff check --fix
    ruff format

# Static types, strict, of the package and of its tests.
types:
    mypy src tests scripts benchmarks

# Python tests without a browser; arguments go to pytest.
unit *arguments:
    pytest -m "not browser" {{ arguments }}

# Compiles the planner, once a version and machine.
kernels:
    python -m promesa.routing.engine.warm

# Builds the city that ships, once a checkout.
city:
    python scripts/city.py

# The web workspace: lint, types, unit tests, build.
web:
    python scripts/web.py lint check test build

# Finds Chromium or fetches it.
chromium:
    python -m tests.support.chromium

# Journeys in Chromium, one per audience.
browser *arguments: chromium
    pytest tests/browser {{ arguments }}

# kill -9 of server and database at twenty seeded moments; three in the plain tests.
kill:
    PROMESA_KILLS=20 pytest -n0 -s tests/simulation/test_kill.py

# Rewrites docs/reference from the code; a test fails when it is out of date.
reference:
    python scripts/reference.py

# Rewrites the pins of transitive dependencies from what is resolved now.
pin:
    python scripts/pin.py
