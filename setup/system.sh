# The system's packages: which are missing, and how they are installed here.
# Reads src/geppetto/data/packages.txt, which explains its columns.
# shellcheck shell=sh

TABLE=src/geppetto/data/packages.txt

# The table's rows of the scopes given, without comments and without blanks round the bars.
rows() {
    sed -e '/^#/d' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*|[[:space:]]*/|/g' "$TABLE" |
        while IFS= read -r row; do
            scope=${row#*|}
            case " $* " in
            *" ${scope%%|*} "*) printf '%s\n' "$row" ;;
            esac
        done
}

java_version() {
    java -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9][0-9]*\).*/\2/p' | head -n 1
}

texlive_year() {
    lualatex --version 2>/dev/null | sed -n 's/.*TeX Live \([0-9][0-9]*\).*/\1/p' | head -n 1
}

at_least() {
    [ -n "$1" ] && [ "$1" -ge "$2" ]
}

# Whether one probe, as `kind:value`, finds what it looks for.
present() {
    value=${1#*:}
    case $1 in
    command:*) have "$value" ;;
    texlive:*) have lualatex && at_least "$(texlive_year)" "$value" ;;
    java:*) have java && at_least "$(java_version)" "$value" ;;
    tex:*) have kpsewhich && [ -n "$(kpsewhich "$value")" ] ;;
    font:*) have fc-list && [ -n "$(fc-list "$value")" ] ;;
    *) stop "$TABLE has a probe that the set-up does not know: $1" ;;
    esac
}

any_present() {
    untried="$1,"
    while [ -n "$untried" ]; do
        probe=${untried%%,*}
        untried=${untried#*,}
        probe=${probe#"${probe%%[! ]*}"}
        present "$probe" && return 0
    done
    return 1
}

# The rows of the scopes given that are not installed.
missing() {
    rows "$@" | while IFS='|' read -r name scope probes rest; do
        any_present "$probes" </dev/null || printf '%s\n' "$name|$scope|$probes|$rest"
    done
}

# Who installs packages here: apt, dnf, brew, or nobody that the set-up knows.
manager() {
    if have apt-get; then
        echo apt
    elif have dnf; then
        echo dnf
    elif have brew; then
        echo brew
    else
        echo none
    fi
}

# Whether TeX Live came from its own installer, and is therefore tlmgr's to extend.
own_texlive() {
    case $(command -v tlmgr) in
    '' | /usr/bin/tlmgr) return 1 ;;
    esac
}

# Each word of standard input but `-`, once, in one line.
words() {
    tr ' ' '\n' | awk '$0 != "" && $0 != "-" && !seen[$0]++ { printf "%s%s", gap, $0; gap = " " }'
}

# From rows: the packages that MANAGER installs, in one line.
packages_of() {
    while IFS='|' read -r _ _ _ apt dnf brew tlmgr _; do
        if [ "$tlmgr" != - ] && [ "$1" != tlmgr ] && own_texlive; then
            continue
        fi
        case $1 in
        apt) echo "$apt" ;;
        dnf) echo "$dnf" ;;
        brew) echo "$brew" ;;
        tlmgr) own_texlive || [ "$brew" = - ] && echo "$tlmgr" ;;
        esac
    done | words
}

# The word before a command for root: none where you are root already.
sudo_word() {
    [ "$(id -u)" -eq 0 ] || echo "sudo "
}

# dnf's `tex(x.sty)` must be quoted in a shell.
quoted() {
    sed "s/[^ ]*([^ ]*)/'&'/g"
}

# The one line that installs the rows of standard input (and more packages, if named) here.
install_line() {
    needed=$(cat)
    packages=$(printf '%s\n' "$needed" | packages_of "$(manager)")
    packages=$(printf '%s\n' "$* $packages" | words)
    tex=
    if own_texlive || [ "$(manager)" = brew ]; then
        tex=$(printf '%s\n' "$needed" | packages_of tlmgr)
    fi
    line=
    if [ -n "$packages" ]; then
        case $(manager) in
        apt) line="$(sudo_word)apt-get install --no-install-recommends $packages" ;;
        dnf) line="$(sudo_word)dnf install $(printf '%s' "$packages" | quoted)" ;;
        brew) line="brew install $packages" ;;
        esac
    fi
    case " $packages " in
    *' basictex '*) line="$line && eval \"\$(/usr/libexec/path_helper)\"" ;;
    esac
    if [ -n "$tex" ]; then
        line="${line:+$line && }$(sudo_word)tlmgr install $tex"
    fi
    printf '%s\n' "$line"
}

# How to become root without a question: nothing for root, `sudo -n`, or not at all.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    [ "${GEPPETTO_NO_INSTALL:-0}" != 1 ] && [ "$(manager)" = apt ] || return 1
    [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >&2
}

apt_install() {
    apt install --no-install-recommends "$@"
}

apt_update_and_install() {
    apt update && apt_install "$@"
}

# Install through apt; the lists of packages are fetched only where apt lacks them.
install_through_apt() {
    say "Installing through apt: $*"
    if apt-get -s install "$@" >/dev/null 2>&1 && apt_install "$@"; then
        return 0
    fi
    say "Fetching apt's lists of packages."
    twice apt_update_and_install "$@" ||
        stop "apt could not install what the book needs; its own words stand above." \
            "Is the network up, and the mirror in /etc/apt? Then run make again, or by hand:" \
            "$(sudo_word)apt-get update && $(sudo_word)apt-get install --no-install-recommends $*"
}

# Install the rows that are only offered, where apt has all their packages.
offered_through_apt() {
    offer=$(missing offered | packages_of apt)
    [ -n "$offer" ] && may_install || return 0
    # shellcheck disable=SC2086
    apt-get -s install $offer >/dev/null 2>&1 || apt update || return 0
    # shellcheck disable=SC2086
    apt-get -s install $offer >/dev/null 2>&1 || return 0
    say "Installing through apt: $offer"
    # shellcheck disable=SC2086
    apt_install $offer || say "That failed; the tests that need it will be skipped."
}

# The names of the rows of standard input, for a sentence.
names() {
    cut -d '|' -f 1 | paste -s -d , - | sed 's/,/, /g'
}

# See to the scopes given (with what is wanted, where packages are installed anyway), and to the packages named in $EXTRA (Python's own).
system_packages() {
    needed=$(missing "$@")
    [ -n "$needed$EXTRA" ] || return 0
    names=$(printf '%s\n' "$needed" | names)
    # shellcheck disable=SC2086
    line=$(printf '%s\n' "$needed" | install_line $EXTRA)
    say "Missing on this system: ${EXTRA:+$EXTRA${names:+, }}$names."
    packages=$(printf '%s\n' "$needed" | packages_of apt)
    if may_install && [ "${line#*tlmgr}" = "$line" ]; then
        wanted=$(missing wanted | packages_of apt)
        # shellcheck disable=SC2086
        install_through_apt $EXTRA $packages $wanted
        needed=$(missing "$@")
        [ -z "$needed" ] ||
            stop "Installed, and still not found: $(printf '%s\n' "$needed" | names)." \
                "Is another TeX Live first on the PATH, or this system's too old?"
    elif [ -n "$line" ]; then
        stop "Install it with this line, then run make again:" "$line"
    else
        stop "Install it with your system's packages, then run make again." \
            "On Debian the packages are: $EXTRA $packages"
    fi
}
