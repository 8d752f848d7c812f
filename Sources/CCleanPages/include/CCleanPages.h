// Keeps what was erased from staying behind in the pages of a database file.
//
// SQLite's secure_delete overwrites a cell that is deleted. It does not overwrite the copies of cells that it leaves behind
// where it moves them between pages to balance a tree: they stand in the gap between a page's cell pointers and its cells,
// which no cell uses (<https://www.sqlite.org/fileformat2.html#b_tree_pages>), and go when that gap is used next, or never.
// Here every b-tree page is given to the file with zeros in its gap. To SQLite nothing changes: it never reads a gap.
//
// The write-ahead log is not touched, as its checksums cover whole pages: it is clean only when it is empty.
#pragma once

#include <sqlite3.h>

/// Lets the connection's main database file be written with clean pages, from now on and until it is closed.
///
/// To be called once, right after opening. Cost: a copy of each page that a checkpoint writes.
/// Returns SQLITE_OK, SQLITE_NOMEM, or what SQLITE_FCNTL_FILE_POINTER says.
int clean_pages_install(sqlite3 *database);
