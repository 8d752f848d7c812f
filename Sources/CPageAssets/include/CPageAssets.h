// The page's files, embedded when the program is built: nothing is looked for on the disk when it runs.
#ifndef LUGN_CPAGEASSETS_H
#define LUGN_CPAGEASSETS_H

#include <stddef.h>

struct page_asset {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

size_t page_asset_count(void);

// Null where there is none.
const struct page_asset *page_asset_at(size_t index);

#endif
