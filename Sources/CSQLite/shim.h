// libsqlite3 for Swift. SQLITE_STATIC and SQLITE_TRANSIENT are casts of integers to function
// pointers, which Swift's importer leaves out; these two functions give the same values names.
#ifndef LUGN_CSQLITE_SHIM_H
#define LUGN_CSQLITE_SHIM_H

// Debian's library has the session extension, which lugn-bench measures beside Lugn; the header declares it only where
// these are defined. They change nothing else.
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

// The bytes outlive the statement's next step or reset: SQLite need not copy them.
static inline sqlite3_destructor_type lugn_sqlite_static(void) { return SQLITE_STATIC; }

// SQLite takes its own copy of the bytes before the bind call returns.
static inline sqlite3_destructor_type lugn_sqlite_transient(void) { return SQLITE_TRANSIENT; }

// The empty text: a null pointer would bind NULL instead.
static inline const char *lugn_sqlite_empty_text(void) { return ""; }

#endif
