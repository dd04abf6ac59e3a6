#!/bin/sh
# Installs DAISY Ace, which checks the accessibility of the EPUB, into .setup/ace, at the
# versions of setup/ace/package-lock.json. It needs npm and, when it runs, Chromium: that of
# the system, not one of its own, which is why no package's script is run.

set -eu
cd "$(dirname "$0")/.."
. setup/say.sh

have npm || stop "npm is not installed; DAISY Ace comes by it." "In Debian: apt-get install npm chromium"
say "Installing DAISY Ace into .setup/ace."
mkdir -p .setup/ace
cp setup/ace/package.json setup/ace/package-lock.json .setup/ace/
npm ci --prefix .setup/ace --ignore-scripts --no-audit --no-fund --loglevel=error >&2
