# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of postgres.sh
# The settings of the private PostgreSQL, each with its reason. Needs postgres.sh and its folders.

# Sized for 2 cores and 2 GB or more, shared with the server and the projector.
write_postgres_settings() {
  local memory buffers
  memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  buffers=$((memory / 8))
  ((buffers >= 128)) || buffers=128
  ((buffers <= 2048)) || buffers=2048
  as_postgres tee "$postgres_folder/recount.conf" >/dev/null <<END
# Written by tools/run at each start: change tools/lib/postgres-settings.sh, or use ALTER SYSTEM.

# No network: whoever may enter the socket's folder is the owner.
listen_addresses = ''
unix_socket_directories = '$socket_folder'
unix_socket_permissions = 0700

# A 2xx means that the events are on disk (promise 8). These are the defaults; they are here so that nobody tunes them away.
synchronous_commit = on
fsync = on
full_page_writes = on

# Server and projector hold a few dozen connections at most; the rest is for psql, audits and the bench.
max_connections = 100

# An eighth of memory, 2 GB at most: the hot set is the tail of the log and the counters; the system's own cache serves the rest.
shared_buffers = ${buffers}MB
# What that cache may hold: half of memory. Only the planner reads this.
effective_cache_size = $((memory / 2))MB

# Every checkpoint makes each page's next change log the whole page. Few checkpoints, spread over their interval, written flat.
max_wal_size = 4GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
# Those whole pages compress well, and LZ4 costs less than the writing it saves.
wal_compression = lz4

# The log's tables only grow, so that without these thresholds they would be vacuumed (made readable by index alone, frozen)
# in few and huge steps; counters are updated all the time, and their pages are reused only once vacuumed.
autovacuum_naptime = 20s
autovacuum_vacuum_insert_threshold = 10000
autovacuum_vacuum_insert_scale_factor = 0.05
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.05

# Our queries are short: compiling them takes longer than running them.
jit = off

# Disks of today seek for nearly nothing and like many requests at a time.
random_page_cost = 1.1
effective_io_concurrency = 64

# The log's months are UTC, and so is everything said about them.
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
END
}
