/* Stands between a process and its disk (LD_PRELOAD): makes the n-th change fail, or records every one.

   Only files below the watched folder count. What is recorded goes to a descriptor as a header, the
   path and the bytes; `disk.py` reads it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(type, name, ...)                                  \
  static type (*real)(__VA_ARGS__);                            \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

struct header {
  int64_t offset;
  int32_t path, data;
  char kind, pad[7];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[4096];
static long count, fail_at;
static int fail_with, lasting, log_fd = -1;

void disk_watch(const char *path) { snprintf(folder, sizeof folder, "%s", path); }
void disk_fail(long at, int error, int always) {
  count = 0, fail_at = at, fail_with = error, lasting = always;
}
long disk_count(void) { return count; }
void disk_record(int fd) { log_fd = fd; }

static int watched(const char *path) {
  return folder[0] && !strncmp(path, folder, strlen(folder)) && !strstr(path, "-shm") &&
         !strstr(path, ".lock") && !strstr(path, " (deleted)");
}

static int path_of(int fd, char *path) {
  char link[40];
  int saved = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = fd == log_fd ? -1 : readlink(link, path, 4095);
  errno = saved;
  if (length <= 0) return 0;
  path[length] = 0;
  return watched(path);
}

/* Whether this change is to fail. Without room nothing can be added, but what is there can be
   flushed and renamed. */
static int fails(int needs_room) {
  pthread_mutex_lock(&lock);
  count++;
  int now = fail_at > 0 && (count == fail_at || (lasting && count > fail_at));
  if (lasting && fail_with == ENOSPC && !needs_room) now = 0;
  pthread_mutex_unlock(&lock);
  if (now) errno = fail_with;
  return now;
}

static void put(const void *data, size_t size) {
  REAL(ssize_t, write, int, const void *, size_t);
  while (size > 0) {
    ssize_t done = real(log_fd, data, size);
    if (done <= 0) _exit(97);
    data = (const char *)data + done, size -= done;
  }
}

static void note(char kind, const char *path, int64_t offset, const void *data, size_t size) {
  if (log_fd < 0) return;
  struct header head = {offset, (int32_t)strlen(path), (int32_t)size, kind, {0}};
  int saved = errno;
  pthread_mutex_lock(&lock);
  put(&head, sizeof head), put(path, head.path), put(data, size);
  pthread_mutex_unlock(&lock);
  errno = saved;
}

void disk_mark(const char *text) { note('M', "", 0, text, strlen(text)); }

static ssize_t pwrite_all(ssize_t (*real)(int, const void *, size_t, off64_t), int fd,
                          const void *data, size_t size, off64_t at) {
  char path[4096];
  if (!path_of(fd, path)) return real(fd, data, size, at);
  if (fails(1)) {
    /* A disk that fills up takes the part it has room for. */
    if (lasting && fail_with == ENOSPC && count == fail_at && size > 1) size /= 2;
    else return -1;
  }
  ssize_t done = real(fd, data, size, at);
  if (done > 0) note('W', path, at, data, done);
  return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  return pwrite_all(real, fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  return pwrite_all(real, fd, data, size, at);
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, write, int, const void *, size_t);
  char path[4096];
  if (!path_of(fd, path)) return real(fd, data, size);
  off_t at = lseek(fd, 0, SEEK_CUR);
  if (fails(1)) {
    if (lasting && fail_with == ENOSPC && count == fail_at && size > 1) size /= 2;
    else return -1;
  }
  ssize_t done = real(fd, data, size);
  if (done > 0) note('W', path, at, data, done);
  return done;
}

static int truncate_to(int (*real)(int, off64_t), int fd, off64_t size) {
  char path[4096];
  if (!path_of(fd, path)) return real(fd, size);
  if (fails(0)) return -1;
  int done = real(fd, size);
  if (!done) note('T', path, size, "", 0);
  return done;
}

int ftruncate64(int fd, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  return truncate_to(real, fd, size);
}

int ftruncate(int fd, off_t size) {
  REAL(int, ftruncate64, int, off64_t);
  return truncate_to(real, fd, size);
}

static int flush(int (*real)(int), int fd) {
  char path[4096];
  if (!path_of(fd, path)) return real(fd);
  if (fails(0)) return -1;
  int done = real(fd);
  if (!done) note('S', path, 0, "", 0);
  return done;
}

int fsync(int fd) {
  REAL(int, fsync, int);
  return flush(real, fd);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return flush(real, fd);
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  if (!watched(to)) return real(from, to);
  if (fails(0)) return -1;
  int done = real(from, to);
  if (!done) note('R', from, 0, to, strlen(to));
  return done;
}

int unlink(const char *path) {
  REAL(int, unlink, const char *);
  int done = real(path);
  if (!done && watched(path)) note('U', path, 0, "", 0);
  return done;
}

/* A file that is made or emptied is a change; one that is opened is none. */
static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  int makes = (flags & O_CREAT) && watched(path) && access(path, F_OK);
  int empties = (flags & O_TRUNC) && watched(path) && !makes;
  if (makes && fails(1)) return -1;
  int fd = real(path, flags, mode);
  if (fd >= 0 && makes) note('C', path, 0, "", 0);
  if (fd >= 0 && empties) note('T', path, 0, "", 0);
  return fd;
}

#define OPEN(name)                                  \
  int name(const char *path, int flags, ...) {      \
    REAL(int, name, const char *, int, ...);        \
    va_list rest;                                   \
    va_start(rest, flags);                          \
    mode_t mode = va_arg(rest, mode_t);             \
    va_end(rest);                                   \
    return opened(real, path, flags, mode);         \
  }

OPEN(open)
OPEN(open64)
