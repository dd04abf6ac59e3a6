#!/bin/sh
# Sets a fresh machine up, as far as asked:
#
#   sh setup/run.sh python   .venv with what a build needs
#   sh setup/run.sh build    the same, and the programs, TeX packages and fonts
#   sh setup/run.sh dev      .venv with the tools of development too
#   sh setup/run.sh test     the same, and what the tests need
#
# What was done is noted in .venv/set-up-*, by content: the second run does
# nothing and needs no network. GEPPETTO_NO_INSTALL=1 forbids installing the
# system's packages, GEPPETTO_PYTHON names the interpreter.
# Exit code 3: something is missing that only you can install; the line is printed.

set -eu
cd "$(dirname "$0")/.."
. setup/say.sh
. setup/system.sh
. setup/python.sh

case ${1:-build} in
python) lock=requirements.lock scopes= ;;
build) lock=requirements.lock scopes=build ;;
dev) lock=requirements-dev.lock scopes= ;;
test) lock=requirements-dev.lock scopes="build test" ;;
*)
    say "There is no set-up called $1: python, build, dev or test."
    exit 2
    ;;
esac

# What the environment was made from: the folder (it cannot move), the lock, this recipe.
python_key() {
    echo "$PWD $(cat "$1" setup/python.sh | cksum)"
}

system_key() {
    cksum <"$TABLE"
}

noted() {
    [ "$(cat ".venv/set-up-$1" 2>/dev/null)" = "$2" ]
}

note() {
    printf '%s\n' "$2" >".venv/set-up-$1"
}

python_done() {
    noted "$lock" "$(python_key "$lock")" && new_enough .venv/bin/python
}

system_done() {
    for scope in $scopes; do
        noted "$scope" "$(system_key)" || return 1
    done
}

if python_done && system_done; then
    exit 0
fi

EXTRA=
if ! python_done; then
    find_python
    need_python
    EXTRA=$(python_packages)
fi
# shellcheck disable=SC2086
if [ -n "$EXTRA" ] || ! system_done; then
    system_packages $scopes
    case $scopes in
    *test*) offered_through_apt ;;
    esac
fi
if ! python_done; then
    find_python
    [ -n "$PYTHON" ] || stop "The system's own Python is older than 3.11; install a newer one."
    rm -f .venv/set-up-requirements*
    python_environment "$lock"
    note requirements.lock "$(python_key requirements.lock)"
    note "$lock" "$(python_key "$lock")"
fi
for scope in $scopes; do
    note "$scope" "$(system_key)"
done
say "Set up."
