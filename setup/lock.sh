#!/bin/sh
# Writes requirements.lock and requirements-dev.lock from pyproject.toml: every
# version pinned, every wheel's hash, for Python 3.11 and newer on every system.
# uv resolves for all of them at once; it lives in .setup, apart from the book's .venv.
# Any argument goes to uv, such as --upgrade.

set -eu
cd "$(dirname "$0")/.."
. setup/say.sh

if [ ! -x .setup/lock/bin/uv ]; then
    .venv/bin/python -m venv --clear .setup/lock
    .setup/lock/bin/python -m pip install --quiet uv
fi

lock() {
    output=$1
    shift
    say "Writing $output."
    UV_CUSTOM_COMPILE_COMMAND="make lock" .setup/lock/bin/uv pip compile pyproject.toml \
        --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
        --no-emit-index-url --no-emit-find-links --output-file "$output" "$@"
}

lock requirements.lock "$@"
lock requirements-dev.lock --group dev --constraint requirements.lock "$@"
