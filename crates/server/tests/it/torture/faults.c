// Lets writes and syncs of files below a folder fail with EIO, loaded before libc.
//
// FAULTS_FOLDER names the folder. The file FAULTS_RATE holds, in two bytes each, how
// many of a thousand writes fail and how many syncs, and may be changed at any time.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

static const volatile uint8_t *rate;
static const char *folder;
static atomic_uint_fast64_t dice = 88172645463325252u;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULTS_RATE");
  folder = getenv("FAULTS_FOLDER");
  if (!path || !folder) return;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  void *page = mmap(NULL, 4, PROT_READ, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) abort();
  rate = page;
}

enum { WRITE = 0, SYNC = 2 };

// Whether this call is to fail; the dice fall the same in every run.
static int fails(int fd, int call) {
  if (!rate) return 0;
  unsigned of_thousand = rate[call] | rate[call + 1] << 8;
  if (of_thousand == 0) return 0;
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, folder, strlen(folder)) != 0) return 0;
  uint64_t x = atomic_fetch_add(&dice, 0x9e3779b97f4a7c15u);
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  if ((x ^ x >> 31) % 1000 >= of_thousand) return 0;
  errno = EIO;
  return 1;
}

#define REAL(name, result, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

int fsync(int fd) {
  REAL(fsync, int, int);
  return fails(fd, SYNC) ? -1 : real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync, int, int);
  return fails(fd, SYNC) ? -1 : real(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write, ssize_t, int, const void *, size_t);
  return fails(fd, WRITE) ? -1 : real(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev, ssize_t, int, const struct iovec *, int);
  return fails(fd, WRITE) ? -1 : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  REAL(pwrite, ssize_t, int, const void *, size_t, off_t);
  return fails(fd, WRITE) ? -1 : real(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  REAL(pwrite64, ssize_t, int, const void *, size_t, off64_t);
  return fails(fd, WRITE) ? -1 : real(fd, bytes, count, at);
}
