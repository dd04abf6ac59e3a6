#!/bin/sh
# A Debian with the newest TeX Live, in a folder of its own, and commands in it. For root,
# on Linux: tags need a TeX Live that Debian's stable release does not have.
#
#   sh setup/tagged.sh FOLDER               sets it up: 3 GB, some 6 minutes
#   sh setup/tagged.sh FOLDER COMMAND…      the same if need be, then runs a command in it
#
# There the checkout stands at its own path, and so does the folder for temporary files;
# Python with the locked packages is /opt/geppetto/bin/python. What is tagged is checked by
#
#   sh setup/verapdf.sh
#   sh setup/tagged.sh FOLDER /opt/geppetto/bin/python -m pytest tests/pipeline/test_tagged.py
#   sh setup/tagged.sh FOLDER /opt/geppetto/bin/python benchmarks/tagged.py
#
# GEPPETTO_DEBIAN names the release, testing's name if absent.

set -eu
cd "$(dirname "$0")/.."
. setup/say.sh
. setup/system.sh

RELEASE=${GEPPETTO_DEBIAN:-forky}
FOLDER=${1:?which folder? sh setup/tagged.sh FOLDER}
shift
CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
[ "$(id -u)" -eq 0 ] || stop "Only root can set up a system in a folder." "sudo sh setup/tagged.sh $FOLDER"

# Run a command in the folder; what is mounted there is gone when it ends.
inside() {
    unshare --mount --pid --fork --kill-child sh -c '
        root=$1 here=$2 temporary=$3
        shift 3
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        for folder in "$here" "$temporary"; do
            mkdir -p "$root$folder"
            mount --bind "$folder" "$root$folder"
        done
        exec chroot "$root" sh -c "cd \"\$0\" && exec \"\$@\"" "$here" "$@"
    ' sh "$FOLDER" "$PWD" "${TMPDIR:-/tmp}" "$@"
}

debian() {
    have debootstrap || apt_install debootstrap
    # A release that debootstrap has not heard of is made as unstable is.
    debootstrap --variant=minbase "$RELEASE" "$FOLDER" "" /usr/share/debootstrap/scripts/sid >&2
}

apt_inside() {
    inside env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o Acquire::Check-Valid-Until=false -o Dpkg::Use-Pty=0 "$@" >&2
}

packages() {
    apt_inside update
    # shellcheck disable=SC2046
    apt_inside install --no-install-recommends python3 python3-venv ca-certificates \
        $(rows build test wanted | cut -d '|' -f 4 | words)
    [ ! -f "$CERTIFICATES" ] || cp "$CERTIFICATES" "$FOLDER$CERTIFICATES"
}

python_inside() {
    inside python3 -m venv --clear /opt/geppetto
    inside /opt/geppetto/bin/python -m pip install --quiet --require-hashes --no-deps \
        --only-binary :all: -r requirements-dev.lock >&2
    site=$(inside /opt/geppetto/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$PWD/src" >"$FOLDER$site/geppetto-src.pth"
}

# Run a step, once.
step() {
    [ ! -e "$FOLDER/.geppetto-$1" ] || return 0
    say "$2"
    "$1" || stop "That failed; the words of the programs stand above."
    touch "$FOLDER/.geppetto-$1"
}

mkdir -p "$FOLDER"
FOLDER=$(cd "$FOLDER" && pwd)
step debian "Setting up Debian $RELEASE in $FOLDER."
cp /etc/resolv.conf "$FOLDER/etc/resolv.conf"
step packages "Installing TeX Live and the other packages of data/packages.txt there."
step python_inside "Installing Python's packages there."
[ $# -eq 0 ] || inside "$@"
