#ifndef LUGN_CFILEPLACE_H
#define LUGN_CFILEPLACE_H
#include <stdint.h>

// Where a file lies: its number in its file system, and when it was made there, as far as the system tells (0 where not).
// Returns 0, or -1 where there is no such file. In C, since Swift's importer leaves statx out.
int lugn_file_place(const char *path, uint64_t *number, int64_t *seconds, uint32_t *nanoseconds);

#endif
