// The file system as SQLite calls it, and the counting of its calls.
#include "file.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

// MARK: Calls and faults

/// Whether the fault applies to a call of this kind; others go on as if nothing were.
static bool concerns(simulated_fault fault, uint32_t kind) {
    if (fault == SIMULATED_SHORT_READ) return kind == SIMULATED_READ;
    if (fault == SIMULATED_FULL) return kind == SIMULATED_WRITE;
    return fault != SIMULATED_NO_FAULT;
}

static simulated_fault drawn_fault(simulated_disk *disk, uint32_t kind) {
    if (!(disk->fault_kinds & kind) || disk->fault == SIMULATED_NO_FAULT) return SIMULATED_NO_FAULT;
    if (disk->fault_nth > 1) {
        disk->fault_nth--;
        return SIMULATED_NO_FAULT;
    }
    if (disk->fault_nth == 0) return SIMULATED_NO_FAULT;
    if (!disk->fault_lasts) disk->fault_nth = 0;
    if (!concerns(disk->fault, kind)) return SIMULATED_NO_FAULT;
    disk->fault_count++;
    if (disk->fault == SIMULATED_FAILURE_FORGETTING && kind != SIMULATED_SYNC) return SIMULATED_FAILURE;
    return disk->fault;
}

simulated_fault call_begin(simulated_disk *disk, const open_file *file, uint32_t kind) {
    pthread_mutex_lock(&disk->mutex);
    if (file && file->generation != disk->generation) return SIMULATED_FAILURE;
    for (int i = 0; i < SIMULATED_KIND_COUNT; i++) disk->calls[i] += (kind >> i) & 1;
    return drawn_fault(disk, kind);
}

int call_end(simulated_disk *disk, simulated_fault fault, int result, int failure) {
    if (fault == SIMULATED_POWER_CUT) {
        disk->fault_nth = 0;
        power_cut(disk, disk->fault_seed);
    }
    pthread_mutex_unlock(&disk->mutex);
    bool isFailure =
        fault == SIMULATED_POWER_CUT || fault == SIMULATED_FAILURE || fault == SIMULATED_FAILURE_FORGETTING;
    return isFailure ? failure : result;
}

// MARK: Files by name

static int open_node(simulated_disk *disk, const char *name, open_file *file, int flags) {
    if (!name) {
        // A temporary file without a name: nobody else can find it, and no power cut keeps it.
        file->node = node_create();
        if (!file->node) return SQLITE_NOMEM;
        file->node->references++;
        return SQLITE_OK;
    }
    entry *entry = directory_find(disk, name);
    bool exists = entry && entry->current;
    if (exists && (flags & SQLITE_OPEN_EXCLUSIVE)) return SQLITE_CANTOPEN;
    if (!exists) {
        if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
        entry = directory_make(disk, name);
        node *made = node_create();
        if (!entry || !made) {
            free(made);
            return SQLITE_NOMEM;
        }
        directory_set(&entry->current, made);
    }
    file->name = strdup(name);
    if (!file->name) return SQLITE_NOMEM;
    file->node = entry->current;
    file->node->references++;
    return SQLITE_OK;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *outFlags) {
    simulated_disk *disk = vfs->pAppData;
    open_file *file = (open_file *)base;
    memset(file, 0, sizeof *file);
    simulated_fault fault = call_begin(disk, NULL, SIMULATED_OPEN);
    int result = fault == SIMULATED_FAILURE ? SQLITE_OK : open_node(disk, name, file, flags);
    if (result == SQLITE_OK && fault == SIMULATED_POWER_CUT) {
        // What it made stands in the directory; the handle never was.
        node_release(file->node);
        free(file->name);
    } else if (fault != SIMULATED_FAILURE && result == SQLITE_OK) {
        const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
        file->disk = disk;
        file->generation = disk->generation;
        file->deletes_on_close = flags & SQLITE_OPEN_DELETEONCLOSE;
        file->syncs_directory = (flags & SQLITE_OPEN_CREATE) && (flags & journals);
        // Methods only where opening succeeded: SQLite takes a file that has them for open.
        file->base.pMethods = &file_methods;
        disk->references++;
    }
    if (outFlags) *outFlags = flags;
    return call_end(disk, fault, result, SQLITE_CANTOPEN);
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int syncsDirectory) {
    simulated_disk *disk = vfs->pAppData;
    simulated_fault fault = call_begin(disk, NULL, SIMULATED_DELETE);
    int result = SQLITE_OK;
    if (fault != SIMULATED_FAILURE) {
        entry *entry = directory_find(disk, name);
        if (!entry || !entry->current) {
            result = SQLITE_IOERR_DELETE_NOENT;
        } else {
            directory_set(&entry->current, NULL);
            if (syncsDirectory && fault == SIMULATED_NO_FAULT && !disk->lies) directory_sync(disk, name);
        }
    }
    return call_end(disk, fault, result, SQLITE_IOERR_DELETE);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *exists) {
    (void)flags;
    simulated_disk *disk = vfs->pAppData;
    simulated_fault fault = call_begin(disk, NULL, SIMULATED_ACCESS);
    entry *entry = directory_find(disk, name);
    *exists = entry && entry->current;
    return call_end(disk, fault, SQLITE_OK, SQLITE_IOERR_ACCESS);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *result) {
    (void)vfs;
    sqlite3_snprintf(size, result, name[0] == '/' ? "%s" : "/%s", name);
    return SQLITE_OK;
}

// MARK: Time and chance

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *result) {
    simulated_disk *disk = vfs->pAppData;
    pthread_mutex_lock(&disk->mutex);
    for (int i = 0; i < size; i++) result[i] = (char)random_next(&disk->random);
    pthread_mutex_unlock(&disk->mutex);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    simulated_disk *disk = vfs->pAppData;
    pthread_mutex_lock(&disk->mutex);
    disk->milliseconds += (microseconds + 999) / 1000;
    pthread_mutex_unlock(&disk->mutex);
    // Whoever is waited for may be another thread.
    sched_yield();
    return microseconds;
}

/// Milliseconds from noon of 24 November 4714 BC, where SQLite's days begin, to 1970.
static const sqlite3_int64 EPOCH_MILLISECONDS = 24405875 * (sqlite3_int64)8640000;

static int vfs_current_time_milliseconds(sqlite3_vfs *vfs, sqlite3_int64 *result) {
    *result = EPOCH_MILLISECONDS + simulated_disk_time(vfs->pAppData);
    return SQLITE_OK;
}

static int vfs_current_time(sqlite3_vfs *vfs, double *result) {
    *result = (double)(EPOCH_MILLISECONDS + simulated_disk_time(vfs->pAppData)) / 86400000.0;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs;
    (void)size;
    (void)text;
    return 0;
}

void vfs_fill(simulated_disk *disk) {
    disk->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(open_file),
        .mxPathname = 1024,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_pathname,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_current_time,
        .xGetLastError = vfs_last_error,
        .xCurrentTimeInt64 = vfs_current_time_milliseconds,
    };
}
