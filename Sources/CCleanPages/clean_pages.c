#include "include/CCleanPages.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/// The methods of one open file: those of its file system, but for writing and closing. Found again by the file's own
/// pointer to its methods.
typedef struct {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *base;
    unsigned char *page;
    int page_capacity;
    /// The largest size that the file is known to have had.
    sqlite3_int64 size;
} clean_file;

enum { SMALLEST_PAGE = 512, LARGEST_PAGE = 65536, FILE_HEADER = 100 };

/// The first byte of a page is its kind if it is one of a b-tree. Of all others it is the highest byte of a page's number,
/// so that the two cannot be told apart in files of more pages than this.
static const sqlite3_int64 MOST_PAGES = 0x02000000;

static unsigned int two_bytes(const unsigned char *bytes) { return (unsigned int)bytes[0] << 8 | bytes[1]; }

/// The gap of a b-tree page, as offset and size; false where there is none.
static bool find_gap(const unsigned char *page, int size, sqlite3_int64 offset, size_t *start, size_t *length) {
    const int header = offset == 0 ? FILE_HEADER : 0;
    const unsigned char kind = page[header];
    const bool isInterior = kind == 2 || kind == 5, isLeaf = kind == 10 || kind == 13;
    if (!isInterior && !isLeaf) return false;
    const unsigned int cells = two_bytes(page + header + 3);
    unsigned int content = two_bytes(page + header + 5);
    if (content == 0) content = 65536;
    *start = (size_t)header + (isInterior ? 12 : 8) + 2 * (size_t)cells;
    if (*start >= content || content > (unsigned int)size) return false;
    *length = content - *start;
    return true;
}

static bool is_page(int size, sqlite3_int64 offset) {
    return size >= SMALLEST_PAGE && size <= LARGEST_PAGE && (size & (size - 1)) == 0 && offset % size == 0;
}

static int clean_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    clean_file *clean = (clean_file *)file->pMethods;
    size_t start, length;
    if (offset + size > clean->size) clean->size = offset + size;
    if (!is_page(size, offset) || clean->size / size >= MOST_PAGES || !find_gap(bytes, size, offset, &start, &length)) {
        return clean->base->xWrite(file, bytes, size, offset);
    }
    if (clean->page_capacity < size) {
        unsigned char *page = realloc(clean->page, (size_t)size);
        if (!page) return SQLITE_IOERR_NOMEM;
        clean->page = page;
        clean->page_capacity = size;
    }
    memcpy(clean->page, bytes, (size_t)size);
    memset(clean->page + start, 0, length);
    return clean->base->xWrite(file, clean->page, size, offset);
}

static int clean_close(sqlite3_file *file) {
    clean_file *clean = (clean_file *)file->pMethods;
    file->pMethods = clean->base;
    free(clean->page);
    free(clean);
    return file->pMethods->xClose(file);
}

int clean_pages_install(sqlite3 *database) {
    sqlite3_file *file = NULL;
    int result = sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (result != SQLITE_OK) return result;
    // In memory: no file that anything could stay behind in.
    if (!file || !file->pMethods) return SQLITE_OK;
    clean_file *clean = calloc(1, sizeof *clean);
    if (!clean) return SQLITE_NOMEM;
    clean->base = file->pMethods;
    const int version = clean->base->iVersion;
    // A table of an older version ends sooner.
    const size_t size = version >= 3 ? sizeof clean->methods
        : version == 2               ? offsetof(sqlite3_io_methods, xFetch)
                                     : offsetof(sqlite3_io_methods, xShmMap);
    memcpy(&clean->methods, clean->base, size);
    clean->methods.iVersion = version > 3 ? 3 : version;
    clean->methods.xWrite = clean_write;
    clean->methods.xClose = clean_close;
    result = clean->base->xFileSize(file, &clean->size);
    if (result != SQLITE_OK) {
        free(clean);
        return result;
    }
    file->pMethods = &clean->methods;
    return SQLITE_OK;
}
