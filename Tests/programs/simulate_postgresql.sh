#!/usr/bin/env bash
# lugn-sim with the servers' stores in PostgreSQL, on a server of its own.
#   Tests/programs/simulate_postgresql.sh FROM..TO [JOBS]
. "$(dirname "$0")/common.sh"
bin=${LUGN_PROGRAMS:-$bin}
LUGN_STORE=postgresql
start_store
"$bin/lugn-sim" --seeds "$1" --jobs "${2:-2}" --store "postgresql://lugn@/postgres?host=$data"
