#define _GNU_SOURCE  // memmem
// A disk's life, and what stands in for taking it out of the machine and looking at it.
#include "disk.h"

#include <stdlib.h>
#include <string.h>

simulated_disk *simulated_disk_create(const char *name, uint64_t seed, bool powersafe_overwrite) {
    if (sqlite3_vfs_find(name)) return NULL;
    simulated_disk *disk = calloc(1, sizeof *disk);
    if (!disk) return NULL;
    disk->name = strdup(name);
    disk->references = 1;
    disk->random = seed;
    disk->powersafe_overwrite = powersafe_overwrite;
    disk->limit = UINT64_MAX;
    pthread_mutex_init(&disk->mutex, NULL);
    vfs_fill(disk);
    if (!disk->name || sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
        disk_unreference(disk);
        return NULL;
    }
    return disk;
}

/// Nodes that two names share, or a name's current and durable side, are shared in the clone as well.
static bool clone_entries(simulated_disk *clone, const simulated_disk *disk) {
    for (size_t i = 0; i < disk->entry_count; i++) {
        const entry *from = &disk->entries[i];
        if (!from->current && !from->durable) continue;
        entry *to = directory_make(clone, from->name);
        if (!to) return false;
        if (from->current) {
            node *current = node_clone(from->current);
            if (!current) return false;
            directory_set(&to->current, current);
        }
        if (from->durable == from->current) {
            directory_set(&to->durable, to->current);
        } else if (from->durable) {
            node *durable = node_clone(from->durable);
            if (!durable) return false;
            directory_set(&to->durable, durable);
        }
    }
    return true;
}

simulated_disk *simulated_disk_clone(simulated_disk *disk, const char *name) {
    pthread_mutex_lock(&disk->mutex);
    simulated_disk *clone = simulated_disk_create(name, disk->random, disk->powersafe_overwrite);
    bool isWhole = clone && clone_entries(clone, disk);
    if (clone) {
        clone->lies = disk->lies;
        clone->limit = disk->limit;
        clone->milliseconds = disk->milliseconds;
    }
    pthread_mutex_unlock(&disk->mutex);
    if (clone && !isWhole) {
        simulated_disk_release(clone);
        return NULL;
    }
    return clone;
}

void simulated_disk_release(simulated_disk *disk) {
    sqlite3_vfs_unregister(&disk->vfs);
    disk_unreference(disk);
}

void disk_unreference(simulated_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    bool isLast = --disk->references == 0;
    pthread_mutex_unlock(&disk->mutex);
    if (!isLast) return;
    for (size_t i = 0; i < disk->entry_count; i++) {
        node_release(disk->entries[i].current);
        node_release(disk->entries[i].durable);
        free(disk->entries[i].name);
    }
    free(disk->entries);
    pthread_mutex_destroy(&disk->mutex);
    free(disk->name);
    free(disk);
}

// MARK: Power, faults, settings

void simulated_disk_cut_power(simulated_disk *disk, uint64_t seed) {
    pthread_mutex_lock(&disk->mutex);
    power_cut(disk, seed);
    pthread_mutex_unlock(&disk->mutex);
}

void simulated_disk_flush(simulated_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    directory_sync(disk, NULL);
    for (size_t i = 0; i < disk->entry_count; i++) {
        if (disk->entries[i].current) node_sync(disk->entries[i].current);
    }
    pthread_mutex_unlock(&disk->mutex);
}

void simulated_disk_inject(
    simulated_disk *disk, simulated_fault fault, uint32_t kinds, uint64_t nth, bool lasting, uint64_t seed) {
    pthread_mutex_lock(&disk->mutex);
    disk->fault = fault;
    disk->fault_kinds = kinds;
    disk->fault_nth = nth;
    disk->fault_lasts = lasting;
    disk->fault_seed = seed;
    disk->fault_count = 0;
    pthread_mutex_unlock(&disk->mutex);
}

uint64_t simulated_disk_fault_count(simulated_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    uint64_t count = disk->fault_count;
    pthread_mutex_unlock(&disk->mutex);
    return count;
}

uint64_t simulated_disk_call_count(simulated_disk *disk, uint32_t kinds) {
    pthread_mutex_lock(&disk->mutex);
    uint64_t count = 0;
    for (int i = 0; i < SIMULATED_KIND_COUNT; i++) {
        if (kinds & (1u << i)) count += disk->calls[i];
    }
    pthread_mutex_unlock(&disk->mutex);
    return count;
}

void simulated_disk_set_limit(simulated_disk *disk, uint64_t bytes) {
    pthread_mutex_lock(&disk->mutex);
    disk->limit = bytes;
    pthread_mutex_unlock(&disk->mutex);
}

void simulated_disk_set_lying(simulated_disk *disk, bool lies) {
    pthread_mutex_lock(&disk->mutex);
    disk->lies = lies;
    pthread_mutex_unlock(&disk->mutex);
}

void simulated_disk_set_time(simulated_disk *disk, int64_t milliseconds) {
    pthread_mutex_lock(&disk->mutex);
    disk->milliseconds = milliseconds;
    pthread_mutex_unlock(&disk->mutex);
}

int64_t simulated_disk_time(simulated_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    int64_t milliseconds = disk->milliseconds;
    pthread_mutex_unlock(&disk->mutex);
    return milliseconds;
}

// MARK: Contents

char *simulated_disk_file_name(simulated_disk *disk, size_t index) {
    pthread_mutex_lock(&disk->mutex);
    char *name = NULL;
    for (size_t i = 0; i < disk->entry_count; i++) {
        if (!disk->entries[i].current || index-- > 0) continue;
        name = strdup(disk->entries[i].name);
        break;
    }
    pthread_mutex_unlock(&disk->mutex);
    return name;
}

unsigned char *simulated_disk_file_bytes(simulated_disk *disk, const char *name, bool durable, size_t *size) {
    pthread_mutex_lock(&disk->mutex);
    entry *entry = directory_find(disk, name);
    node *node = entry ? (durable ? entry->durable : entry->current) : NULL;
    unsigned char *bytes = NULL;
    if (node) {
        const image *image = durable ? &node->durable : &node->current;
        bytes = malloc(image->size ? image->size : 1);
        if (bytes && image->size > 0) memcpy(bytes, image->bytes, image->size);
        *size = image->size;
    }
    pthread_mutex_unlock(&disk->mutex);
    return bytes;
}

uint64_t simulated_disk_unsynced_bytes(simulated_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    uint64_t total = 0;
    for (size_t i = 0; i < disk->entry_count; i++) {
        const node *node = disk->entries[i].current;
        for (size_t j = 0; node && j < node->operation_count; j++) total += node->operations[j].size;
    }
    pthread_mutex_unlock(&disk->mutex);
    return total;
}

bool simulated_disk_put_file(simulated_disk *disk, const char *name, const unsigned char *bytes, size_t size) {
    pthread_mutex_lock(&disk->mutex);
    entry *entry = directory_make(disk, name);
    node *node = entry ? node_create() : NULL;
    if (node) {
        directory_set(&entry->current, node);
        directory_set(&entry->durable, node);
    }
    bool isWhole = node && node_write(node, 0, bytes, size) && node_sync(node);
    pthread_mutex_unlock(&disk->mutex);
    return isWhole;
}

static bool holds(const unsigned char *bytes, size_t size, const unsigned char *wanted, size_t wantedSize) {
    return bytes && memmem(bytes, size, wanted, wantedSize) != NULL;
}

static bool node_holds(const node *node, const unsigned char *bytes, size_t size) {
    if (!node) return false;
    if (holds(node->current.bytes, node->current.size, bytes, size)) return true;
    if (holds(node->durable.bytes, node->durable.size, bytes, size)) return true;
    for (size_t i = 0; i < node->operation_count; i++) {
        if (holds(node->operations[i].bytes, node->operations[i].size, bytes, size)) return true;
    }
    return false;
}

bool simulated_disk_contains(simulated_disk *disk, const unsigned char *bytes, size_t size) {
    pthread_mutex_lock(&disk->mutex);
    bool isFound = false;
    for (size_t i = 0; !isFound && i < disk->entry_count; i++) {
        isFound = node_holds(disk->entries[i].current, bytes, size) || node_holds(disk->entries[i].durable, bytes, size);
    }
    pthread_mutex_unlock(&disk->mutex);
    return isFound;
}

void simulated_disk_free(void *pointer) { free(pointer); }
