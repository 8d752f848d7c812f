#!/usr/bin/env bash
# Builds Debian packages: lugn-server (the server and the operator's program) and lugn (a workstation).
#   Examples/packaging/build-deb.sh FOLDER              builds the programs, then lugn-server_VERSION_ARCH.deb and
#                                                       lugn_VERSION_ARCH.deb in FOLDER
#   Examples/packaging/build-deb.sh FOLDER --programs D takes the programs from D, for whoever has built them
# The Swift runtime is linked in: the packages need Debian 12's libraries only.
set -euo pipefail
umask 022
folder=${1:?"usage: build-deb.sh FOLDER [--programs DIR]"}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
programs=
[ "${2:-}" != --programs ] || programs=$(cd "${3:?}" && pwd)
cd "$(dirname "$0")/../.."
if [ -z "$programs" ]; then
    for product in lugn lugn-server lugn-admin; do
        swift build -c release --static-swift-stdlib --scratch-path .build-deb --product "$product"
    done
    programs=$(swift build -c release --static-swift-stdlib --scratch-path .build-deb --show-bin-path)
fi
version=$("$programs/lugn-server" --version | grep -o '[0-9][0-9.]*')
architecture=$(dpkg --print-architecture)
# The same commit gives the same packages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# file MODE SOURCE TARGET: a file of the package that is being made.
file() { install -D -m "$1" "$2" "$root/$3"; }

# program NAME: with its manual page and completions, which it writes itself.
program() {
    install -D -s -m 755 "$programs/$1" "$root/usr/bin/$1"
    mkdir -p "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
        "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d"
    "$programs/$1" manual | gzip -9n >"$root/usr/share/man/man1/$1.1.gz"
    "$programs/$1" completion bash >"$root/usr/share/bash-completion/completions/$1"
    "$programs/$1" completion zsh >"$root/usr/share/zsh/vendor-completions/_$1"
    "$programs/$1" completion fish >"$root/usr/share/fish/vendor_completions.d/$1.fish"
}

# dependencies PROGRAM...: the libraries that they need, with their least versions, as Debian finds them out.
dependencies() {
    mkdir -p "$work/shlibs/debian"
    printf 'Source: lugn\n\nPackage: %s\nArchitecture: any\n' "$name" >"$work/shlibs/debian/control"
    (cd "$work/shlibs" && dpkg-shlibdeps -O "${@/#/-e$root/usr/bin/}" 2>"$work/shlibs.log") | sed 's/^shlibs:Depends=//'
}

# finish DEPENDS SUMMARY DESCRIPTION
finish() {
    local documents=$root/usr/share/doc/$name
    mkdir -p "$documents" "$root/DEBIAN"
    cat >"$documents/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: lugn

Files: *
Copyright: $(date -u -d "@$SOURCE_DATE_EPOCH" +%Y) the authors of Lugn
License: see-the-project
 The terms are those of the project that this package was built from.
END
    printf 'lugn (%s) unstable; urgency=medium\n\n  * Version %s.\n\n -- The authors of Lugn <lugn@example.org>  %s\n' \
        "$version" "$version" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$documents/changelog.gz"
    cat >"$root/DEBIAN/control" <<END
Package: $name
Version: $version
Architecture: $architecture
Maintainer: The authors of Lugn <lugn@example.org>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $1
Section: net
Priority: optional
Description: $2
$3
END
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    dpkg-deb --root-owner-group --build "$root" "$folder/${name}_${version}_$architecture.deb" >/dev/null
    echo "$folder/${name}_${version}_$architecture.deb"
}

name=lugn-server root=$work/lugn-server
program lugn-server
program lugn-admin
file 644 Examples/systemd/lugn-server.service lib/systemd/system/lugn-server.service
file 644 Examples/systemd/server.conf etc/lugn/server.conf
for example in monitoring proxies; do
    for path in Examples/"$example"/*; do file 644 "$path" "usr/share/doc/lugn-server/examples/$example/$(basename "$path")"; done
done
file 644 docs/operations.md usr/share/doc/lugn-server/operations.md
mkdir -p "$root/DEBIAN"
echo /etc/lugn/server.conf >"$root/DEBIAN/conffiles"
install -m 755 Examples/packaging/lugn-server.postinst "$root/DEBIAN/postinst"
install -m 755 Examples/packaging/lugn-server.prerm "$root/DEBIAN/prerm"
install -m 755 Examples/packaging/lugn-server.postrm "$root/DEBIAN/postrm"
finish "$(dependencies lugn-server lugn-admin), libcurl3-gnutls, adduser, ca-certificates" \
    "sync server of helplines, which cannot read what it keeps" " It orders and hands out the changes of a helpline's workstations, sealed
 as they are. With the operator's program, which shows who is in sync and
 what is wrong, and makes invitations."

name=lugn root=$work/lugn
program lugn
file 644 Examples/packaging/lugn.desktop usr/share/applications/lugn.desktop
file 644 Sources/CPageAssets/page/icon.svg usr/share/icons/hicolor/scalable/apps/lugn.svg
finish "$(dependencies lugn), libcurl3-gnutls, ca-certificates" "casework of a helpline, online or not" \
    " A counsellor's workstation: it works without a network, keeps everything
 on this computer, and syncs with the others of the line when it can."
