// Names. Directories need not be made: a path's directory is what stands before its last slash.
#include "disk.h"

#include <stdlib.h>
#include <string.h>

entry *directory_find(simulated_disk *disk, const char *name) {
    for (size_t i = 0; i < disk->entry_count; i++) {
        if (strcmp(disk->entries[i].name, name) == 0) return &disk->entries[i];
    }
    return NULL;
}

entry *directory_make(simulated_disk *disk, const char *name) {
    entry *found = directory_find(disk, name);
    if (found) return found;
    if (disk->entry_count == disk->entry_capacity) {
        size_t capacity = disk->entry_capacity ? disk->entry_capacity * 2 : 8;
        entry *entries = realloc(disk->entries, capacity * sizeof *entries);
        if (!entries) return NULL;
        disk->entries = entries;
        disk->entry_capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy) return NULL;
    disk->entries[disk->entry_count] = (entry){.name = copy};
    return &disk->entries[disk->entry_count++];
}

void directory_set(node **place, node *node) {
    if (node) node->references++;
    node_release(*place);
    *place = node;
}

static bool shares_directory(const char *a, const char *b) {
    const char *aEnd = strrchr(a, '/'), *bEnd = strrchr(b, '/');
    size_t aSize = aEnd ? (size_t)(aEnd - a) : 0, bSize = bEnd ? (size_t)(bEnd - b) : 0;
    return aSize == bSize && memcmp(a, b, aSize) == 0;
}

void directory_sync(simulated_disk *disk, const char *name) {
    for (size_t i = 0; i < disk->entry_count; i++) {
        entry *entry = &disk->entries[i];
        if (!name || shares_directory(entry->name, name)) directory_set(&entry->durable, entry->current);
    }
}

uint64_t directory_total_bytes(const simulated_disk *disk) {
    uint64_t total = 0;
    for (size_t i = 0; i < disk->entry_count; i++) {
        if (disk->entries[i].current) total += disk->entries[i].current->current.size;
    }
    return total;
}
