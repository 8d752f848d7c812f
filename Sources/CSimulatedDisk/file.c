// Reading, writing and syncing an open file.
#include "file.h"

#include <stdlib.h>
#include <string.h>

static int file_close(sqlite3_file *base) {
    open_file *file = (open_file *)base;
    simulated_disk *disk = file->disk;
    file_unmap_memory(base, 0);
    pthread_mutex_lock(&disk->mutex);
    file_drop_locks(file, SQLITE_LOCK_NONE);
    if (file->deletes_on_close && file->name && file->generation == disk->generation) {
        entry *entry = directory_find(disk, file->name);
        if (entry && entry->current == file->node) directory_set(&entry->current, NULL);
    }
    node_release(file->node);
    free(file->name);
    pthread_mutex_unlock(&disk->mutex);
    disk_unreference(disk);
    base->pMethods = NULL;
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *buffer, int size, sqlite3_int64 offset) {
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_READ);
    const image *image = &file->node->current;
    size_t available = (size_t)offset < image->size ? image->size - (size_t)offset : 0;
    size_t wanted = (size_t)size, taken = available < wanted ? available : wanted;
    if (fault == SIMULATED_SHORT_READ && taken > wanted / 2) taken = wanted / 2;
    if (taken > 0) memcpy(buffer, image->bytes + offset, taken);
    memset((unsigned char *)buffer + taken, 0, wanted - taken);
    return call_end(file->disk, fault, taken < wanted ? SQLITE_IOERR_SHORT_READ : SQLITE_OK, SQLITE_IOERR_READ);
}

static bool has_room(open_file *file, size_t end) {
    simulated_disk *disk = file->disk;
    size_t size = file->node->current.size;
    if (end <= size || disk->limit == UINT64_MAX) return true;
    return directory_total_bytes(disk) + (end - size) <= disk->limit;
}

static int file_write(sqlite3_file *base, const void *buffer, int size, sqlite3_int64 offset) {
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_WRITE);
    int result = SQLITE_OK;
    if (fault == SIMULATED_FULL || !has_room(file, (size_t)offset + (size_t)size)) {
        result = SQLITE_FULL;
    } else if (fault != SIMULATED_FAILURE && !node_write(file->node, (size_t)offset, buffer, (size_t)size)) {
        result = SQLITE_NOMEM;
    }
    return call_end(file->disk, fault, result, SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_TRUNCATE);
    int result = SQLITE_OK;
    if (fault != SIMULATED_FAILURE && !node_truncate(file->node, (size_t)size)) result = SQLITE_NOMEM;
    return call_end(file->disk, fault, result, SQLITE_IOERR_TRUNCATE);
}

static int file_sync(sqlite3_file *base, int flags) {
    (void)flags;
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_SYNC);
    int result = SQLITE_OK;
    if (fault == SIMULATED_FAILURE_FORGETTING) {
        node_forget(file->node);
    } else if (fault == SIMULATED_NO_FAULT && !file->disk->lies) {
        if (!node_sync(file->node)) result = SQLITE_NOMEM;
        if (file->syncs_directory) {
            directory_sync(file->disk, file->name);
            file->syncs_directory = false;
        }
    }
    return call_end(file->disk, fault, result, SQLITE_IOERR_FSYNC);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    open_file *file = (open_file *)base;
    simulated_fault fault = call_begin(file->disk, file, SIMULATED_SIZE);
    *size = (sqlite3_int64)file->node->current.size;
    return call_end(file->disk, fault, SQLITE_OK, SQLITE_IOERR_FSTAT);
}

static int file_control(sqlite3_file *base, int what, void *argument) {
    open_file *file = (open_file *)base;
    switch (what) {
    case SQLITE_FCNTL_LOCKSTATE:
        *(int *)argument = file->lock_level;
        return SQLITE_OK;
    case SQLITE_FCNTL_VFSNAME:
        *(char **)argument = sqlite3_mprintf("%s", file->disk->name);
        return SQLITE_OK;
    case SQLITE_FCNTL_HAS_MOVED: {
        pthread_mutex_lock(&file->disk->mutex);
        entry *entry = file->name ? directory_find(file->disk, file->name) : NULL;
        *(int *)argument = !entry || entry->current != file->node;
        pthread_mutex_unlock(&file->disk->mutex);
        return SQLITE_OK;
    }
    default: return SQLITE_NOTFOUND;
    }
}

static int file_sector_size(sqlite3_file *base) {
    (void)base;
    return SECTOR_BYTES;
}

static int file_characteristics(sqlite3_file *base) {
    return ((open_file *)base)->disk->powersafe_overwrite ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

/// Version 2: with shared memory, without memory-mapped files.
const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_map_memory,
    .xShmLock = file_lock_memory,
    .xShmBarrier = file_memory_barrier,
    .xShmUnmap = file_unmap_memory,
};
