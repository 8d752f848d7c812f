#include "disk.h"

#include <stdlib.h>
#include <string.h>

/// Bytes that come into being are zero.
bool image_resize(image *image, size_t size) {
    if (size > image->capacity) {
        size_t capacity = image->capacity < 4096 ? 4096 : image->capacity;
        while (capacity < size) capacity *= 2;
        unsigned char *bytes = realloc(image->bytes, capacity);
        if (!bytes) return false;
        image->bytes = bytes;
        image->capacity = capacity;
    }
    if (size > image->size) memset(image->bytes + image->size, 0, size - image->size);
    image->size = size;
    return true;
}

bool image_write(image *image, size_t offset, const unsigned char *bytes, size_t size) {
    if (offset + size > image->size && !image_resize(image, offset + size)) return false;
    if (size > 0) memcpy(image->bytes + offset, bytes, size);
    return true;
}

bool image_copy(image *to, const image *from) {
    to->size = 0;
    return image_write(to, 0, from->bytes, from->size);
}

void image_free(image *image) {
    free(image->bytes);
    memset(image, 0, sizeof *image);
}
