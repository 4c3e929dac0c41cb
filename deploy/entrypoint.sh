#!/bin/sh
# Read before node starts: one thread for each password being hashed, and two for files and names.
export UV_THREADPOOL_SIZE="${UV_THREADPOOL_SIZE:-$(($(nproc) + 2))}"
exec node /app/dist/cli.js "$@"
