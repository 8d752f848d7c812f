// Disks in memory that lose power, fill up and fail on command: for tests and simulation, never for work.
//
// Each disk is a sqlite3_vfs of its own (<https://www.sqlite.org/vfs.html>), registered under the disk's name. It keeps
// for every file what is durable apart from what has only been written, as a drive with a volatile cache does:
// a write is durable once xSync of its file has returned, a new or deleted name once its directory was synced.
//
// What the disks claim, and why (xDeviceCharacteristics, xSectorSize):
// - sectors of 512 bytes: the unit in which a write may be torn here;
// - SQLITE_IOCAP_POWERSAFE_OVERWRITE only if the disk was made so: then a power cut changes no byte outside of the ranges
//   that were being written. Linux's own VFS claims it, so that this is what the product meets. Without it, a power cut
//   may fill whole sectors with garbage, durable bytes beside an unsynced write included;
// - nothing else. No SAFE_APPEND: a file may grow without its bytes. No SEQUENTIAL: writes between two syncs reach the
//   disk in any order. No ATOMIC: any write may be torn. No UNDELETABLE_WHEN_OPEN: an open file can lose its name.
//
// Thread-safe: one lock per disk. A disk's memory lives until it is released and its last open file is closed.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct simulated_disk simulated_disk;

/// Kinds of calls, as bits. Closing and unlocking are not counted, and cannot fail but by a power cut.
enum {
    SIMULATED_OPEN = 1 << 0,
    SIMULATED_DELETE = 1 << 1,
    SIMULATED_ACCESS = 1 << 2,
    SIMULATED_READ = 1 << 3,
    SIMULATED_WRITE = 1 << 4,
    SIMULATED_TRUNCATE = 1 << 5,
    SIMULATED_SYNC = 1 << 6,
    SIMULATED_SIZE = 1 << 7,
    SIMULATED_LOCK = 1 << 8,
    SIMULATED_SHARED_MEMORY_MAP = 1 << 9,
    SIMULATED_SHARED_MEMORY_LOCK = 1 << 10,
    SIMULATED_KIND_COUNT = 11,
};

/// What happens at the chosen call.
typedef enum {
    SIMULATED_NO_FAULT = 0,
    /// The power fails during the call: what it did is unsynced.
    SIMULATED_POWER_CUT,
    /// The call does nothing and fails with the SQLITE_IOERR_ code of its kind (SQLITE_CANTOPEN for open).
    SIMULATED_FAILURE,
    /// A sync fails, and what was unsynced is taken for clean by later syncs and lost at the next power cut, as Linux does
    /// (<https://wiki.postgresql.org/wiki/Fsync_Errors>); other kinds fail as with SIMULATED_FAILURE.
    SIMULATED_FAILURE_FORGETTING,
    /// A read returns the first half of what was asked, zeros, and SQLITE_IOERR_SHORT_READ; no other kind is affected.
    SIMULATED_SHORT_READ,
    /// A write returns SQLITE_FULL; no other kind is affected.
    SIMULATED_FULL,
} simulated_fault;

/// Makes an empty disk and registers its VFS. NULL without memory, or if the name is taken.
simulated_disk *simulated_disk_create(const char *name, uint64_t seed, bool powersafe_overwrite);

/// Makes another disk with the same files, synced and unsynced content and settings, but no open files and no faults.
simulated_disk *simulated_disk_clone(simulated_disk *disk, const char *name);

/// Unregisters the VFS. What is still open stays usable.
void simulated_disk_release(simulated_disk *disk);

/// Every open file goes dead, and what was not synced is lost, kept, torn or reordered, as the seed says.
void simulated_disk_cut_power(simulated_disk *disk, uint64_t seed);

/// All that was written becomes durable, names too: the machine was shut down in order. Open files stay open.
void simulated_disk_flush(simulated_disk *disk);

/// Chooses the call for a fault: the nth (from 1) of the given kinds from now on; `lasting`: all later ones too.
/// Replaces the fault that was chosen before; SIMULATED_NO_FAULT takes it away.
void simulated_disk_inject(
    simulated_disk *disk, simulated_fault fault, uint32_t kinds, uint64_t nth, bool lasting, uint64_t seed);
/// How often the chosen fault has come up.
uint64_t simulated_disk_fault_count(simulated_disk *disk);

/// Calls of the given kinds since the disk was made.
uint64_t simulated_disk_call_count(simulated_disk *disk, uint32_t kinds);

/// The sum of all files' sizes above which writes fail with SQLITE_FULL; UINT64_MAX: none.
void simulated_disk_set_limit(simulated_disk *disk, uint64_t bytes);
/// A disk that lies says that it has synced, and has not.
void simulated_disk_set_lying(simulated_disk *disk, bool lies);
/// What SQLite is told of the time: milliseconds since 1970. Sleeping moves it on, and takes no time.
void simulated_disk_set_time(simulated_disk *disk, int64_t milliseconds);
int64_t simulated_disk_time(simulated_disk *disk);

/// The name of the file at an index, in no order; NULL beyond the last. Free with simulated_disk_free.
char *simulated_disk_file_name(simulated_disk *disk, size_t index);
/// A file's content as written, or as it is sure to survive; NULL if there is no such file. Free with simulated_disk_free.
unsigned char *simulated_disk_file_bytes(simulated_disk *disk, const char *name, bool durable, size_t *size);
/// Bytes of the unsynced writes of all files.
uint64_t simulated_disk_unsynced_bytes(simulated_disk *disk);
/// Writes a file, durably. False without memory.
bool simulated_disk_put_file(simulated_disk *disk, const char *name, const unsigned char *bytes, size_t size);
/// Whether any content that is or was written and may come back holds the bytes: durable, current and unsynced.
bool simulated_disk_contains(simulated_disk *disk, const unsigned char *bytes, size_t size);
void simulated_disk_free(void *pointer);
