// A file's content: what is durable, what is current, and the changes that lead from the one to the other.
#include "disk.h"

#include <stdlib.h>
#include <string.h>

node *node_create(void) {
    return calloc(1, sizeof(node));
}

static void clear_operations(node *node) {
    for (size_t i = 0; i < node->operation_count; i++) free(node->operations[i].bytes);
    node->operation_count = 0;
}

void node_release(node *node) {
    if (!node || --node->references > 0) return;
    clear_operations(node);
    free(node->operations);
    image_free(&node->current);
    image_free(&node->durable);
    free(node);
}

static bool append(node *node, size_t offset, const unsigned char *bytes, size_t size) {
    if (node->operation_count == node->operation_capacity) {
        size_t capacity = node->operation_capacity ? node->operation_capacity * 2 : 16;
        operation *operations = realloc(node->operations, capacity * sizeof *operations);
        if (!operations) return false;
        node->operations = operations;
        node->operation_capacity = capacity;
    }
    unsigned char *copy = NULL;
    if (bytes) {
        copy = malloc(size ? size : 1);
        if (!copy) return false;
        memcpy(copy, bytes, size);
    }
    node->operations[node->operation_count++] = (operation){.offset = offset, .size = size, .bytes = copy};
    return true;
}

node *node_clone(const node *from) {
    node *clone = node_create();
    if (!clone) return NULL;
    clone->references = 1;
    bool isWhole = image_copy(&clone->current, &from->current) && image_copy(&clone->durable, &from->durable);
    for (size_t i = 0; isWhole && i < from->operation_count; i++) {
        isWhole = append(clone, from->operations[i].offset, from->operations[i].bytes, from->operations[i].size);
    }
    if (!isWhole) {
        node_release(clone);
        return NULL;
    }
    clone->references = 0;
    return clone;
}

bool node_write(node *node, size_t offset, const unsigned char *bytes, size_t size) {
    return append(node, offset, bytes, size) && image_write(&node->current, offset, bytes, size);
}

bool node_truncate(node *node, size_t size) {
    return append(node, size, NULL, 0) && image_resize(&node->current, size);
}

bool node_sync(node *node) {
    for (size_t i = 0; i < node->operation_count; i++) {
        const operation *operation = &node->operations[i];
        bool isDone = operation->bytes
            ? image_write(&node->durable, operation->offset, operation->bytes, operation->size)
            : image_resize(&node->durable, operation->offset);
        if (!isDone) return false;
    }
    clear_operations(node);
    return true;
}

void node_forget(node *node) {
    clear_operations(node);
}
