#define _GNU_SOURCE
#include "CFilePlace.h"
#include <fcntl.h>
#include <sys/stat.h>

int lugn_file_place(const char *path, uint64_t *number, int64_t *seconds, uint32_t *nanoseconds) {
#if defined(__linux__) && defined(STATX_BTIME)
    struct statx status;
    if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &status) != 0) return -1;
    int tells = (status.stx_mask & STATX_BTIME) != 0;
    *number = status.stx_ino;
    *seconds = tells ? status.stx_btime.tv_sec : 0;
    *nanoseconds = tells ? status.stx_btime.tv_nsec : 0;
#else
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    *number = status.st_ino;
#ifdef __APPLE__
    *seconds = status.st_birthtimespec.tv_sec;
    *nanoseconds = (uint32_t)status.st_birthtimespec.tv_nsec;
#else
    *seconds = 0;
    *nanoseconds = 0;
#endif
#endif
    return 0;
}
