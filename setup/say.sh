# Words for the person at the keyboard, and small means that the other parts share.
# shellcheck shell=sh

TOOL=3 # the exit code that says a tool is missing

say() {
    printf '%s\n' "geppetto: $*" >&2
}

# Say what is wrong and what mends it, and stop.
stop() {
    say "$1"
    shift
    for line in "$@"; do
        printf '%s\n' "  $line" >&2
    done
    exit "$TOOL"
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# Run a command that needs the network; once more where it fails.
twice() {
    "$@" && return 0
    say "That failed; trying once more in 5 seconds."
    sleep "${GEPPETTO_RETRY_SECONDS:-5}"
    "$@"
}
