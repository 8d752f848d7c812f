// Locks between the connections of one process, and the memory they share.
#include "disk.h"

#include <stdlib.h>
#include <string.h>

// MARK: The five levels

/// Takes the level if nobody is in the way. Source: <https://www.sqlite.org/lockingv3.html>.
static int take(open_file *file, int level) {
    node *node = file->node;
    if (file->lock_level >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (node->pending) return SQLITE_BUSY;
        node->shared_lock_count++;
        file->lock_level = SQLITE_LOCK_SHARED;
        return SQLITE_OK;
    }
    if (node->reserved && node->reserved != file) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_RESERVED) {
        node->reserved = file;
        file->lock_level = SQLITE_LOCK_RESERVED;
        return SQLITE_OK;
    }
    if (node->pending && node->pending != file) return SQLITE_BUSY;
    // Keeps new readers out while the last ones leave.
    node->pending = file;
    file->lock_level = SQLITE_LOCK_PENDING;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (node->shared_lock_count > 1) return SQLITE_BUSY;
        file->lock_level = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

void file_drop_locks(open_file *file, int level) {
    node *node = file->node;
    if (file->lock_level <= level) return;
    if (node->reserved == file) node->reserved = NULL;
    if (node->pending == file) node->pending = NULL;
    if (level == SQLITE_LOCK_NONE && file->lock_level > SQLITE_LOCK_NONE) node->shared_lock_count--;
    file->lock_level = level;
}

int file_lock(sqlite3_file *base, int level) {
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_LOCK);
    int result = fault == SIMULATED_FAILURE ? SQLITE_OK : take(file, level);
    return call_end(file->disk, fault, result, SQLITE_IOERR_LOCK);
}

int file_unlock(sqlite3_file *base, int level) {
    open_file *file = (open_file *)base;
    pthread_mutex_lock(&file->disk->mutex);
    file_drop_locks(file, level);
    int result = file->generation == file->disk->generation ? SQLITE_OK : SQLITE_IOERR_UNLOCK;
    pthread_mutex_unlock(&file->disk->mutex);
    return result;
}

int file_check_reserved_lock(sqlite3_file *base, int *result) {
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_LOCK);
    *result = file->node->reserved != NULL;
    return call_end(file->disk, fault, SQLITE_OK, SQLITE_IOERR_CHECKRESERVEDLOCK);
}

// MARK: Shared memory

static shared_memory *attach(open_file *file) {
    if (!file->memory) {
        if (!file->node->memory) file->node->memory = calloc(1, sizeof(shared_memory));
        file->memory = file->node->memory;
        if (file->memory) file->memory->references++;
    }
    return file->memory;
}

static int map(open_file *file, int region, int size, int extend, void volatile **result) {
    shared_memory *memory = attach(file);
    if (!memory) return SQLITE_NOMEM;
    if (region >= memory->region_count) {
        if (!extend) return SQLITE_OK;
        unsigned char **regions = realloc(memory->regions, (size_t)(region + 1) * sizeof *regions);
        if (!regions) return SQLITE_NOMEM;
        memory->regions = regions;
        while (memory->region_count <= region) {
            unsigned char *bytes = calloc(1, (size_t)size);
            if (!bytes) return SQLITE_NOMEM;
            regions[memory->region_count++] = bytes;
        }
    }
    *result = memory->regions[region];
    return SQLITE_OK;
}

int file_map_memory(sqlite3_file *base, int region, int size, int extend, void volatile **result) {
    open_file *file = (open_file *)base;
    *result = NULL;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_SHARED_MEMORY_MAP);
    int code = fault == SIMULATED_FAILURE ? SQLITE_OK : map(file, region, size, extend, result);
    return call_end(file->disk, fault, code, SQLITE_IOERR_SHMMAP);
}

static void unlock_memory(open_file *file, unsigned mask) {
    for (int i = 0; i < SHARED_MEMORY_LOCKS; i++) {
        if (!(mask & (1u << i))) continue;
        if (file->shared_mask & (1u << i)) file->memory->readers[i]--;
        if (file->exclusive_mask & (1u << i)) file->memory->writer[i] = NULL;
    }
    file->shared_mask &= ~mask;
    file->exclusive_mask &= ~mask;
}

static int lock_memory(open_file *file, unsigned mask, bool isExclusive) {
    shared_memory *memory = file->memory;
    for (int i = 0; i < SHARED_MEMORY_LOCKS; i++) {
        if (!(mask & (1u << i))) continue;
        int others = memory->readers[i] - ((file->shared_mask >> i) & 1);
        if (memory->writer[i] && memory->writer[i] != file) return SQLITE_BUSY;
        if (isExclusive && others > 0) return SQLITE_BUSY;
    }
    for (int i = 0; i < SHARED_MEMORY_LOCKS; i++) {
        if (!(mask & (1u << i))) continue;
        if (isExclusive) {
            memory->writer[i] = file;
        } else if (!(file->shared_mask & (1u << i))) {
            memory->readers[i]++;
        }
    }
    if (isExclusive) file->exclusive_mask |= mask;
    else file->shared_mask |= mask;
    return SQLITE_OK;
}

int file_lock_memory(sqlite3_file *base, int offset, int count, int flags) {
    open_file *file = (open_file *)base;
    unsigned mask = ((1u << count) - 1) << offset;
    if (flags & SQLITE_SHM_UNLOCK) {
        pthread_mutex_lock(&file->disk->mutex);
        if (file->memory) unlock_memory(file, mask);
        pthread_mutex_unlock(&file->disk->mutex);
        return SQLITE_OK;
    }
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_SHARED_MEMORY_LOCK);
    int result = SQLITE_OK;
    if (fault != SIMULATED_FAILURE) {
        result = file->memory ? lock_memory(file, mask, flags & SQLITE_SHM_EXCLUSIVE) : SQLITE_IOERR_SHMLOCK;
    }
    return call_end(file->disk, fault, result, SQLITE_IOERR_SHMLOCK);
}

void file_memory_barrier(sqlite3_file *base) {
    (void)base;
    __sync_synchronize();
}

int file_unmap_memory(sqlite3_file *base, int delete_flag) {
    (void)delete_flag;  // The memory is no file here: it goes with the last who uses it.
    open_file *file = (open_file *)base;
    pthread_mutex_lock(&file->disk->mutex);
    shared_memory *memory = file->memory;
    if (memory) {
        unlock_memory(file, ~0u);
        file->memory = NULL;
        if (--memory->references == 0) {
            for (int i = 0; i < memory->region_count; i++) free(memory->regions[i]);
            free(memory->regions);
            free(memory);
            if (file->node->memory == memory) file->node->memory = NULL;
        }
    }
    pthread_mutex_unlock(&file->disk->mutex);
    return SQLITE_OK;
}
