// What a power cut leaves behind.
#include "disk.h"

#include <stdlib.h>
#include <string.h>

/// How a file's unsynced changes fare. Each file draws its own.
typedef enum {
    LOSE_ALL,
    KEEP_ALL,
    /// The first ones are kept, the next one is torn.
    KEEP_BEGINNING,
    /// Each is kept or lost as a whole, in order.
    KEEP_SOME,
    /// Each sector of each is kept or lost, in order.
    KEEP_SOME_SECTORS,
    /// The same, in any order.
    KEEP_SOME_SECTORS_REORDERED,
    FATE_COUNT,
} fate;

static void fill_with_garbage(unsigned char *bytes, size_t size, uint64_t *random) {
    for (size_t i = 0; i < size; i++) bytes[i] = (unsigned char)random_next(random);
}

/// Bytes that come into being without having been written: zeros, or what stood on the disk before.
static bool grow(image *image, size_t size, bool withGarbage, uint64_t *random) {
    size_t before = image->size;
    if (size <= before) return true;
    if (!image_resize(image, size)) return false;
    if (withGarbage) fill_with_garbage(image->bytes + before, size - before, random);
    return true;
}

typedef struct {
    image *image;
    uint64_t *random;
    bool leavesGarbage;
    bool isPowersafe;
} outcome;

/// A write of which each sector arrives or not, as `arrives` draws.
static bool apply_sectors(outcome *outcome, const operation *operation) {
    size_t offset = operation->offset, end = operation->offset + operation->size;
    while (offset < end) {
        size_t sector = offset / SECTOR_BYTES * SECTOR_BYTES;
        size_t stop = sector + SECTOR_BYTES < end ? sector + SECTOR_BYTES : end;
        uint64_t draw = random_next(outcome->random);
        if (draw & 1) {
            if (!grow(outcome->image, offset, outcome->leavesGarbage, outcome->random)) return false;
            if (!image_write(outcome->image, offset, operation->bytes + (offset - operation->offset), stop - offset)) {
                return false;
            }
        }
        if (!outcome->isPowersafe && (draw >> 8) % 16 == 0) {
            // The sector was being written: all of it may be spoilt, also what stood beside the write.
            size_t last = sector + SECTOR_BYTES < outcome->image->size ? sector + SECTOR_BYTES : outcome->image->size;
            if (last > sector) {
                fill_with_garbage(outcome->image->bytes + sector, last - sector, outcome->random);
            }
        }
        offset = stop;
    }
    return true;
}

static bool apply_whole(outcome *outcome, const operation *operation) {
    if (!operation->bytes) return image_resize(outcome->image, operation->offset);
    if (!grow(outcome->image, operation->offset, outcome->leavesGarbage, outcome->random)) return false;
    return image_write(outcome->image, operation->offset, operation->bytes, operation->size);
}

static bool apply_torn(outcome *outcome, const operation *operation) {
    if (operation->bytes) return apply_sectors(outcome, operation);
    return random_next(outcome->random) & 1 ? apply_whole(outcome, operation) : true;
}

static void shuffle(operation *operations, size_t count, uint64_t *random) {
    for (size_t i = count; i > 1; i--) {
        size_t j = random_next(random) % i;
        operation other = operations[i - 1];
        operations[i - 1] = operations[j];
        operations[j] = other;
    }
}

/// What is left of a file, as a new node; NULL without memory.
static node *survivor(const node *from, bool isPowersafe, uint64_t *random) {
    node *result = node_create();
    if (!result || !image_copy(&result->durable, &from->durable)) return result;
    fate fate = random_next(random) % FATE_COUNT;
    outcome outcome = {
        .image = &result->durable, .random = random, .leavesGarbage = random_next(random) & 1, .isPowersafe = isPowersafe
    };
    size_t count = from->operation_count;
    size_t beginning = count ? random_next(random) % (count + 1) : 0;
    operation *operations = from->operations;
    if (fate == KEEP_SOME_SECTORS_REORDERED) shuffle(operations, count, random);
    bool isDone = true;
    for (size_t i = 0; isDone && i < count; i++) {
        switch (fate) {
        case LOSE_ALL: break;
        case KEEP_ALL: isDone = apply_whole(&outcome, &operations[i]); break;
        case KEEP_BEGINNING:
            if (i < beginning) isDone = apply_whole(&outcome, &operations[i]);
            if (i == beginning) isDone = apply_torn(&outcome, &operations[i]);
            break;
        case KEEP_SOME:
            if (random_next(random) & 1) isDone = apply_whole(&outcome, &operations[i]);
            break;
        default: isDone = apply_torn(&outcome, &operations[i]);
        }
    }
    // The new size may arrive without the bytes: SAFE_APPEND is not claimed.
    if (isDone && fate > KEEP_ALL && count > 0 && random_next(random) % 4 == 0) {
        isDone = grow(&result->durable, from->current.size, outcome.leavesGarbage, random);
    }
    if (!isDone || !image_copy(&result->current, &result->durable)) {
        result->references = 1;
        node_release(result);
        return NULL;
    }
    return result;
}

void power_cut(simulated_disk *disk, uint64_t seed) {
    uint64_t random = seed;
    disk->generation++;
    // Names: all as before, all as now, or each by itself.
    uint64_t names = random_next(&random) % 3;
    for (size_t i = 0; i < disk->entry_count; i++) {
        entry *entry = &disk->entries[i];
        bool isKept = names == 1 || (names == 2 && (random_next(&random) & 1));
        node *chosen = isKept ? entry->current : entry->durable;
        node *left = chosen ? survivor(chosen, disk->powersafe_overwrite, &random) : NULL;
        directory_set(&entry->current, left);
        directory_set(&entry->durable, left);
    }
}
