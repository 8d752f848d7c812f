#!/usr/bin/env bash
# The Debian packages: without errors for lintian, and in a clean tree of Debian 12 they install, start and upgrade.
#   Tests/programs/packages.sh [PROGRAMS]   PROGRAMS: where release builds with the static runtime are; built otherwise
# Wants root, debootstrap, lintian, dpkg-dev, and a mirror of Debian. A part of Tests/run.sh full.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "packages.sh wants root, for a tree of its own" >&2; exit 1; }
scratch=$(mktemp -d)
tree=$scratch/tree
cleanup() {
    [ ! -s "$tree/var/lib/lugn/server.lock" ] || kill "$(cat "$tree/var/lib/lugn/server.lock")" 2>/dev/null || true
    umount "$tree/proc" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
within() { chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root "$@"; }

Examples/packaging/build-deb.sh "$scratch/packages" ${1:+--programs "$1"}
lintian --fail-on error "$scratch"/packages/*.deb || fail "lintian found errors"

# A clean tree: what the packages need they must name themselves.
debootstrap --variant=minbase bookworm "$tree" "${LUGN_DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$scratch/debootstrap.log" 2>&1 ||
    fail "debootstrap: $(tail -n 3 "$scratch/debootstrap.log")"
[ ! -d /etc/apt/apt.conf.d ] || cp -r /etc/apt/apt.conf.d/. "$tree/etc/apt/apt.conf.d/"
cp /etc/resolv.conf "$tree/etc/resolv.conf" 2>/dev/null || true
mount -t proc proc "$tree/proc"
cp "$scratch"/packages/*.deb "$tree/root/"
install() { within sh -c "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --reinstall --allow-downgrades $*" >"$scratch/apt.log" 2>&1 || fail "installing: $(tail -n 5 "$scratch/apt.log")"; }
within apt-get update -qq >"$scratch/apt.log" 2>&1 || fail "apt-get update: $(tail -n 3 "$scratch/apt.log")"
install /root/lugn-server_*.deb
[ "$(within stat -c '%U %a' /var/lib/lugn)" = "lugn 700" ] || fail "the store's folder is not the server's own"

# Settings as they are shipped, but for the certificate, which is this test's.
sed -i 's/^tls-.*//; s/^listen = .*/listen = 127.0.0.1:7481/' "$tree/etc/lugn/server.conf"
as_lugn() { within setpriv --reuid lugn --regid lugn --clear-groups "$@"; }
# The operator's key is made by the operator; the server learns its public half.
key=$(within lugn-admin key new /root/operator.key --json | sed 's/.*"key":"\([^"]*\)".*/\1/')
as_lugn lugn-server init --operator "$key" --label Drift >"$scratch/init.log" 2>&1 || fail "no store is made: $(cat "$scratch/init.log")"
start() {
    as_lugn lugn-server run 2>"$scratch/server.log" &
    disown
    for _ in $(seq 200); do
        grep -q '^listening on' "$scratch/server.log" && return 0
        sleep 0.05
    done
    fail "the server does not listen: $(cat "$scratch/server.log")"
}
stop() {
    # Its number stands in the lock; the shell knows that of chroot.
    local server tries
    server=$(cat "$tree/var/lib/lugn/server.lock")
    kill "$server"
    for tries in $(seq 400); do
        kill -0 "$server" 2>/dev/null || return 0
        sleep 0.05
    done
    fail "the server does not end"
}
asks() { within env LUGN_OPERATOR_KEY=/root/operator.key lugn-admin --server http://127.0.0.1:7481 "$@"; }
works_at() { within env LUGN_DATA=/root/desk LUGN_BY=S1 lugn "$@"; }
start
# A line is founded by its first workstation, which is of the other package.
install /root/lugn_*.deb
invitation=$(asks line create Paket 2>/dev/null | head -n 1)
works_at join "$invitation" --name Paketdisk >"$scratch/join.log" 2>&1 || fail "the workstation does not join: $(cat "$scratch/join.log")"
number=$(works_at case new --caller relative)
works_at case list | grep -qF "${number:0:4}" || fail "the workstation does not work"
works_at sync | grep -q "proven so" || fail "the workstation does not sync"
asks status | grep -q Paket || fail "the server does not answer"
for _ in $(seq 200); do ls "$tree"/var/backups/lugn/*.db >/dev/null 2>&1 && break; sleep 0.05; done
ls "$tree"/var/backups/lugn/*.db >/dev/null || fail "it makes no backups"
within test -s /usr/share/man/man1/lugn-server.1.gz || fail "it has no manual page"

# A newer package: settings that somebody changed stay, the store is read.
mkdir "$scratch/newer"
dpkg-deb -R "$scratch"/packages/lugn-server_*.deb "$scratch/newer"
sed -i 's/^Version: .*/&+1/' "$scratch/newer/DEBIAN/control"
dpkg-deb --root-owner-group --build "$scratch/newer" "$tree/root/newer.deb" >/dev/null
install /root/newer.deb
grep -q 7481 "$tree/etc/lugn/server.conf" || fail "an upgrade has changed the settings"
stop
start
asks status | grep -q Paket || fail "after an upgrade it does not answer"
works_at sync | grep -q "proven so" || fail "after an upgrade the workstation does not sync"
stop
within dpkg --purge lugn-server >"$scratch/apt.log" 2>&1 || fail "removing: $(cat "$scratch/apt.log")"
[ -s "$tree/var/lib/lugn/log.db" ] || fail "removing the package has removed the store"

works_at case list | grep -qF "${number:0:4}" || fail "without the server the workstation does not work"
echo "packages: built, clean, installed, started, upgraded and removed in a clean tree"
