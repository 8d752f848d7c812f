// The operator's page's files, embedded when the program is built: nothing is looked for on the disk when it runs.
#ifndef LUGN_CSTATUSASSETS_H
#define LUGN_CSTATUSASSETS_H

#include <stddef.h>

struct status_asset {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

size_t status_asset_count(void);

// Null where there is none.
const struct status_asset *status_asset_at(size_t index);

#endif
