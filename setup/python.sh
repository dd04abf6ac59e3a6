# Python: an interpreter that is new enough, the virtual environment, the locked packages.
# shellcheck shell=sh

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Set PYTHON to an interpreter of 3.11 or newer, or leave it empty.
find_python() {
    PYTHON=
    for candidate in ${GEPPETTO_PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if have "$candidate" && new_enough "$candidate"; then
            PYTHON=$candidate
            return 0
        fi
    done
}

# The packages of apt that Python itself lacks here: Debian ships the venv module apart.
python_packages() {
    if [ -z "$PYTHON" ]; then
        echo "python3 python3-venv"
    elif ! "$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        "$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
}

# Stop where Python is too old to be helped by the set-up.
need_python() {
    [ -z "$PYTHON" ] || return 0
    case $(manager) in
    apt)
        have python3 || return 0
        line="$(sudo_word)apt-get install python3.11 python3.11-venv"
        ;;
    dnf) line="$(sudo_word)dnf install python3.12" ;;
    brew) line="brew install python@3.13" ;;
    *) line="Install Python 3.11 or newer from your system's packages." ;;
    esac
    stop "Python 3.11 or newer is needed, and none was found. This mends it:" "$line"
}

make_environment() {
    if [ -x .venv/bin/python ] && new_enough .venv/bin/python; then
        return 0
    fi
    say "Making the virtual environment in .venv ($("$PYTHON" --version))."
    "$PYTHON" -m venv --clear .venv || stop "Python could not make a virtual environment." \
        "Is the disk full, or the folder not yours?"
}

pip_install() {
    quiet=--quiet
    if [ -t 2 ]; then quiet=; fi
    # shellcheck disable=SC2086
    PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install $quiet \
        --require-hashes --no-deps --only-binary :all: -r "$1" >&2
}

# Make the package importable and its command callable. No build back end is
# asked, because it would have to be fetched; a path in a .pth file does the same.
link_package() {
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$PWD/src" >"$site/geppetto-src.pth"
    # A shell's first line may hold a path with blanks; Python's `#!` may not.
    cat >.venv/bin/geppetto.new <<END
#!/bin/sh
'''exec' "$PWD/.venv/bin/python" "\$0" "\$@"
' '''
import sys

from geppetto.cli import main

sys.exit(main())
END
    chmod +x .venv/bin/geppetto.new
    mv .venv/bin/geppetto.new .venv/bin/geppetto
}

python_environment() {
    make_environment
    say "Installing $(grep -c '==' "$1") Python packages from $1."
    twice pip_install "$1" || stop "Python's packages could not be installed; pip's own words stand above." \
        "Is the network up? Then run make again: what was fetched is kept."
    link_package
}
