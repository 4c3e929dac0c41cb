/* Troubles the disk of one process, which preloads this. FAULT names a file with the order of the day; without it all goes well.
 *
 *   fail NAME N   from the Nth on, fsync of files of this name fails with EIO
 *   hold NAME     fsync waits until there is no such order any more
 *   full NAME     writing fails with ENOSPC
 *
 * The file FAULT.struck appears when the order strikes for the first time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int seen;

/* Whether there is an order of this kind for the file, by now. */
static int ordered(int fd, const char *kind) {
  const char *fault = getenv("FAULT");
  FILE *order = fault ? fopen(fault, "r") : NULL;
  if (!order) {
    seen = 0;
    return 0;
  }
  char what[16] = "", name[256] = "", link[64], path[4096];
  int from = 1;
  int words = fscanf(order, "%15s %255s %d", what, name, &from);
  fclose(order);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (words < 2 || length < 0 || strcmp(what, kind)) return 0;
  path[length] = 0;
  if (strcmp(strrchr(path, '/') ? strrchr(path, '/') + 1 : path, name) || ++seen < from) return 0;
  snprintf(path, sizeof path, "%s.struck", fault);
  close(open(path, O_CREAT | O_WRONLY, 0600));
  return 1;
}

static int troubled(int fd) {
  while (ordered(fd, "hold")) usleep(5000);
  if (!ordered(fd, "fail")) return 0;
  errno = EIO;
  return 1;
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  return troubled(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  return troubled(fd) ? -1 : real(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  if (!ordered(fd, "full")) return real(fd, bytes, count, at);
  errno = ENOSPC;
  return -1;
}
