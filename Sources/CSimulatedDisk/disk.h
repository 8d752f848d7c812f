// What the files of this target share. See include/CSimulatedDisk.h for what a disk is.
#pragma once

#include "include/CSimulatedDisk.h"

#include <pthread.h>
#include <sqlite3.h>

enum { SECTOR_BYTES = 512, SHARED_MEMORY_LOCKS = SQLITE_SHM_NLOCK };

/// Bytes that grow.
typedef struct {
    unsigned char *bytes;
    size_t size;
    size_t capacity;
} image;

/// One unsynced change of a file: a write, or with bytes == NULL the truncation to the offset.
typedef struct {
    size_t offset;
    size_t size;
    unsigned char *bytes;
} operation;

typedef struct open_file open_file;

/// The memory that connections to one file share: the index of its write-ahead log. A power cut takes it from the file;
/// it stays allocated for the dead handles that still look at it.
typedef struct {
    int references;
    int region_count;
    unsigned char **regions;
    int readers[SHARED_MEMORY_LOCKS];
    open_file *writer[SHARED_MEMORY_LOCKS];
} shared_memory;

/// A file's content, whatever its names. Lives as long as a name or an open handle refers to it.
typedef struct {
    int references;
    image current;
    image durable;
    operation *operations;
    size_t operation_count;
    size_t operation_capacity;
    /// SQLite's five lock levels: <https://www.sqlite.org/lockingv3.html>.
    int shared_lock_count;
    open_file *reserved;
    open_file *pending;
    shared_memory *memory;
} node;

/// A name, and what it leads to now and after a power cut; either may be NULL.
typedef struct {
    char *name;
    node *current;
    node *durable;
} entry;

struct simulated_disk {
    sqlite3_vfs vfs;
    pthread_mutex_t mutex;
    char *name;
    /// One for the maker, one for each open file.
    int references;
    /// Counts power cuts: a handle of an earlier generation is dead.
    unsigned generation;
    bool powersafe_overwrite;
    bool lies;
    uint64_t limit;
    uint64_t random;
    int64_t milliseconds;
    entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint64_t calls[SIMULATED_KIND_COUNT];
    simulated_fault fault;
    uint32_t fault_kinds;
    uint64_t fault_nth;
    bool fault_lasts;
    uint64_t fault_seed;
    uint64_t fault_count;
};

/// What SQLite holds for each open file; it allocates vfs.szOsFile bytes for it.
struct open_file {
    sqlite3_file base;
    simulated_disk *disk;
    node *node;
    char *name;
    unsigned generation;
    int lock_level;
    bool deletes_on_close;
    /// The first sync of a journal syncs its directory too, as in SQLite's os_unix.c.
    bool syncs_directory;
    shared_memory *memory;
    unsigned shared_mask;
    unsigned exclusive_mask;
};

static inline uint64_t random_next(uint64_t *state) {
    // SplitMix64 (Steele, Lea and Flood, 2014).
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

// image.c
bool image_resize(image *image, size_t size);
bool image_write(image *image, size_t offset, const unsigned char *bytes, size_t size);
bool image_copy(image *to, const image *from);
void image_free(image *image);

// node.c
node *node_create(void);
node *node_clone(const node *from);
void node_release(node *node);
bool node_write(node *node, size_t offset, const unsigned char *bytes, size_t size);
bool node_truncate(node *node, size_t size);
bool node_sync(node *node);
/// Unsynced changes are taken for clean though they are not durable.
void node_forget(node *node);

// directory.c
entry *directory_find(simulated_disk *disk, const char *name);
/// Finds the entry, or makes one that leads nowhere; NULL without memory.
entry *directory_make(simulated_disk *disk, const char *name);
void directory_set(node **place, node *node);
/// Makes the names durable that stand in the same directory as this one; all of them for NULL.
void directory_sync(simulated_disk *disk, const char *name);
uint64_t directory_total_bytes(const simulated_disk *disk);

// power.c: with the lock held.
void power_cut(simulated_disk *disk, uint64_t seed);

// locks.c
int file_lock(sqlite3_file *base, int level);
int file_unlock(sqlite3_file *base, int level);
int file_check_reserved_lock(sqlite3_file *base, int *result);
int file_map_memory(sqlite3_file *base, int region, int size, int extend, void volatile **result);
int file_lock_memory(sqlite3_file *base, int offset, int count, int flags);
void file_memory_barrier(sqlite3_file *base);
int file_unmap_memory(sqlite3_file *base, int delete_flag);
void file_drop_locks(open_file *file, int level);

// vfs.c
void vfs_fill(simulated_disk *disk);
/// Takes the disk's lock, counts the call, and says what it must do: go on (SIMULATED_NO_FAULT), go on and then call
/// call_cut (SIMULATED_POWER_CUT), or fail. A dead handle gets SIMULATED_FAILURE.
simulated_fault call_begin(simulated_disk *disk, const open_file *file, uint32_t kind);
/// Ends a call: cuts the power if that is its fault, releases the lock, and returns the result to hand to SQLite.
int call_end(simulated_disk *disk, simulated_fault fault, int result, int failure);

// disk.c
void disk_unreference(simulated_disk *disk);
