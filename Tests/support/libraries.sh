# Installs the system libraries that are missing; sourced by Tests/run.sh and Examples/quickstart.sh.
# Debian and Ubuntu: apt, as root or through sudo. Elsewhere it says what is missing.

# What swift.org's toolchain itself needs on Debian 12. The runtime of libcurl, not its headers: those are ours to choose.
swift_prerequisites="binutils-gold gcc git libc6-dev libcurl4 libedit2 libncurses6 libpython3.11 libsqlite3-0 libstdc++-12-dev libxml2 libz3-4 tzdata zlib1g-dev"

# A toolchain that is there may still lack a library, a linker or the C library's headers: only a program that was
# compiled, linked and run shows that it has all.
require_swift() {
    command -v swift >/dev/null || { echo "missing: a Swift 6.2 toolchain (https://www.swift.org/install/)" >&2; exit 1; }
    local trial
    trial=$(mktemp -d)
    echo 'import Foundation; print(Date().timeIntervalSince1970 > 0)' >"$trial/trial.swift"
    if ! { swift build --version && swiftc -o "$trial/trial" "$trial/trial.swift" && "$trial/trial"; } >"$trial/log" 2>&1; then
        {
            grep -m 3 -i 'error\|cannot\|not found' "$trial/log" || tail -n 3 "$trial/log"
            echo "the Swift toolchain is there and cannot build a program. Nothing was changed. What it needs on Debian 12:"
            echo "    apt-get update && apt-get install -y --no-install-recommends $swift_prerequisites"
        } >&2
        rm -rf "$trial"
        exit 1
    fi
    rm -rf "$trial"
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
    # The headers of either build of libcurl do, and only one of the two packages can be installed.
    local curl=libcurl4-gnutls-dev
    [ "$(dpkg-query -W -f '${db:Status-Status}' libcurl4-openssl-dev 2>/dev/null)" != installed ] || curl=libcurl4-openssl-dev
    install_packages ca-certificates pkg-config libsqlite3-dev libsodium-dev libmicrohttpd-dev libcurl3-gnutls "$curl"
}
