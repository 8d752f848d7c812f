# Installs the system libraries that are missing; sourced by Tests/run.sh and Examples/quickstart.sh.
# Debian and Ubuntu: apt, as root or through sudo. Elsewhere it says what is missing.

require_swift() {
    command -v swift >/dev/null || { echo "missing: a Swift 6.2 toolchain (https://www.swift.org/install/)" >&2; exit 1; }
}

# install_packages PACKAGE...: those that are not installed yet.
install_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null; then
        echo "this is no Debian or Ubuntu: make sure that these, or their like, are installed: $*" >&2
        return 0
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local run=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "missing: ${missing[*]} (and no sudo to install them with)" >&2; exit 1; }
        echo "installing through sudo: ${missing[*]}" >&2
        run=(sudo)
    else
        echo "installing: ${missing[*]}" >&2
    fi
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if ! { "${run[@]}" apt-get update -qq && "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        echo "missing: ${missing[*]} (apt could not install them)" >&2
        exit 1
    fi
    rm -f "$log"
}

install_libraries() {
    install_packages pkg-config libsqlite3-dev libsodium-dev libmicrohttpd-dev libcurl4-gnutls-dev
}
