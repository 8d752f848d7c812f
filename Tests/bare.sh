#!/usr/bin/env bash
# A machine that has nothing: a fresh minimal Debian 12 in a folder, with the toolchain and a clean clone of what is
# committed. There the quickstart and the tests have to install what they need by themselves.
#   Tests/bare.sh                  Examples/quickstart.sh, then Tests/run.sh
#   Tests/bare.sh COMMAND...       another command, such as: Tests/bare.sh Tests/run.sh smoke
# Needs root, and the network for Debian's packages. LUGN_MIRROR is where these come from; otherwise where this machine has
# its own from. LUGN_BARE_KEEP=FOLDER keeps the system there, for a look at it.
set -euo pipefail
cd "$(dirname "$0")/.."
. Tests/support/libraries.sh
[ "$(id -u)" = 0 ] || { echo "Tests/bare.sh needs root: debootstrap and chroot do" >&2; exit 1; }

# In namespaces of its own, so that whatever ends it, no mount and no process is left.
if [ -z "${LUGN_BARE_INSIDE:-}" ]; then
    install_packages debootstrap git
    LUGN_BARE_INSIDE=${LUGN_BARE_KEEP:-$(mktemp -d)}
    export LUGN_BARE_INSIDE
    mkdir -p "$LUGN_BARE_INSIDE"
    code=0
    unshare --mount --propagation private --pid --fork --kill-child "$0" "$@" || code=$?
    [ -n "${LUGN_BARE_KEEP:-}" ] || rm -rf --one-file-system "$LUGN_BARE_INSIDE"
    exit "$code"
fi
root=$LUGN_BARE_INSIDE
step() { printf '\n=== %s\n' "$*"; }

swift=$(readlink -f "$(command -v swift)")
toolchain=${swift%/usr/bin/*}
[ -n "$toolchain" ] || { echo "the toolchain has to be in a folder of its own, such as /opt/swift" >&2; exit 1; }

mirror=${LUGN_MIRROR:-$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
    sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' | sed 1q)} || true
if [ ! -x "$root/usr/bin/apt-get" ]; then
    step "a minimal Debian 12"
    debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"} >"$root/debootstrap.out" 2>&1 ||
        { tail -n 5 "$root/debootstrap.out" >&2; exit 1; }
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root$toolchain" "$root/lugn"
mount --bind "$toolchain" "$root$toolchain"
mount -o remount,bind,ro "$root$toolchain"
cp /etc/resolv.conf "$root/etc/resolv.conf"
rm -rf "$root/lugn"
git -c safe.directory='*' clone --quiet --no-hardlinks . "$root/lugn"

# Nothing of this machine's environment but the way to the network.
inside() {
    env -i PATH="$toolchain/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root LANG=C.UTF-8 \
        ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
        chroot "$root" sh -c 'cd /lugn && exec "$@"' sh "$@"
}

if ! inside swift build --version >/dev/null 2>&1; then
    step "a toolchain that cannot start: the line that installs what it needs"
    if inside Examples/quickstart.sh >"$root/first.out" 2>&1; then
        echo "FAILED: the quickstart ran with a toolchain that cannot start" >&2
        exit 1
    fi
    line=$(sed -n 's/^ *\(apt-get update && apt-get install .*\)$/\1/p' "$root/first.out")
    [ -n "$line" ] || { echo "FAILED: nothing says how to install it:" >&2; cat "$root/first.out" >&2; exit 1; }
    echo "$line"
    inside env DEBIAN_FRONTEND=noninteractive sh -c "$line" >"$root/prerequisites.out" 2>&1 ||
        { tail -n 5 "$root/prerequisites.out" >&2; exit 1; }
fi

if [ $# -gt 0 ]; then
    step "$*"
    inside "$@"
else
    for command in Examples/quickstart.sh Tests/run.sh; do
        step "$command"
        inside "$command"
    done
fi
step "it works on a bare machine"
