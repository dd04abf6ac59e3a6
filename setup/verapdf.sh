#!/bin/sh
# Fetches veraPDF, which says whether a PDF is PDF/UA and PDF/A, through Maven into
# .setup/verapdf, where Geppetto finds it. Needs mvn; to run it, Java 11 or newer.

set -eu
cd "$(dirname "$0")/.."
. setup/say.sh

VERSION=1.28.2 # org.verapdf.apps:greenfield-apps holds all of veraPDF in one jar
JAR=greenfield-apps-$VERSION.jar

[ ! -f ".setup/verapdf/$JAR" ] || exit 0
have mvn || stop "Maven is needed to fetch veraPDF." "On Debian: apt-get install maven"

fetch() {
    mvn -q -B dependency:copy -Dartifact="org.verapdf.apps:greenfield-apps:$VERSION" \
        -DoutputDirectory="$PWD/.setup/verapdf.new" >&2
}

say "Fetching veraPDF $VERSION."
rm -rf .setup/verapdf.new
mkdir -p .setup/verapdf.new
twice fetch || stop "veraPDF could not be fetched; Maven's own words stand above."
rm -rf .setup/verapdf
mv .setup/verapdf.new .setup/verapdf
