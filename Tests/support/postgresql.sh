#!/usr/bin/env bash
# Runs a PostgreSQL server of its own in a folder, until its input ends: whoever started it is gone then, however that ended.
#   Tests/support/postgresql.sh FOLDER [SETTING=VALUE]...
# Makes the cluster if there is none. Reached by FOLDER/.s.PGSQL.5432 only, unless the settings say otherwise; everybody who
# reaches it is let in. Prints "ready" once it takes connections. As root it runs as another user, as PostgreSQL wants it.
set -euo pipefail
folder=$1
shift
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || { echo "PostgreSQL's server is not installed" >&2; exit 1; }
run=()
if [ "$(id -u)" -eq 0 ]; then
    user=nobody
    ! id postgres >/dev/null 2>&1 || user=postgres
    run=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
    mkdir -p "$folder"
    chown "$user" "$folder"
fi
mkdir -p "$folder"
if [ ! -e "$folder/data/PG_VERSION" ]; then
    (cd "$folder" && "${run[@]}" "$programs/initdb" -D "$folder/data" -U lugn -A trust -E UTF8 --locale=C --no-sync \
        >"$folder/initdb.log" 2>&1) || { cat "$folder/initdb.log" >&2; exit 1; }
    printf 'host replication all 127.0.0.1/32 trust\n' >>"$folder/data/pg_hba.conf"
fi
settings=()
for setting in "$@"; do settings+=(-c "$setting"); done
cd "$folder"
exec 3<&0
"${run[@]}" "$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=800 \
    -c log_min_messages=fatal "${settings[@]}" >>"$folder/server.log" 2>&1 </dev/null &
server=$!
input=
trap 'kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; [ -z "$input" ] || kill "$input" 2>/dev/null || true' EXIT
tries=0
until "$programs/pg_isready" -q -h "$folder" -U lugn -d postgres; do
    tries=$((tries + 1))
    if ! kill -0 "$server" 2>/dev/null || [ "$tries" -gt 600 ]; then
        tail -n 5 "$folder/server.log" >&2
        exit 1
    fi
    sleep 0.05
done
echo ready
cat <&3 >/dev/null &
input=$!
# Or until somebody has ended it by its own process.
wait -n "$server" "$input" || true
