# shellcheck shell=bash
# A private PostgreSQL under $RECOUNT_DATA: reachable through a socket that only its owner (and root) may enter, by nobody
# else. Needs say.sh, postgres-settings.sh, data.sh, process.sh and RECOUNT_DATA.
#
#   prepare_postgres     chooses user and folders, makes the data folder once, writes the settings
#   start_postgres       starts the server and sets postgres_pid; it is a child of the caller, who supervises it
#   await_postgres       returns once it answers
#   prepare_database     makes the owner and the database once, and publishes the URL
#   prepare_logins       after the migration: makes the processes' logins once, and publishes their URLs
#   stop_postgres        stops it, cleanly

# The oldest release with all that the log uses (wal_compression = lz4, to begin with).
POSTGRES_OLDEST=15

prepare_postgres() {
  # PGHOST, PGPORT, PGOPTIONS… of the caller mean some other server.
  unset "${!PG@}"
  choose_postgres_folder
  choose_postgres_user
  choose_socket_folder
  choose_postgres_programs
  make_postgres_folder
  write_postgres_settings
}

# --- who and where ---------------------------------------------------------------------------------------------------

# PostgreSQL refuses to run as root. Then it runs as the owner of the data or, at first, as Debian's `postgres`.
choose_postgres_user() {
  postgres_user=$(id -un)
  if [[ -d $postgres_folder ]]; then
    local owner
    owner=$(stat -c %U -- "$postgres_folder")
    if ((EUID == 0)) && [[ $owner != root ]]; then postgres_user=$owner; fi
    [[ $owner == "$postgres_user" || $EUID -eq 0 ]] ||
      die "the database in $postgres_folder belongs to $owner" \
        "run as $owner or root, or choose another folder: RECOUNT_DATA=DIR tools/run"
  fi
  if [[ $postgres_user == root ]]; then postgres_user=postgres; fi
}

# As PostgreSQL's user, from a folder that it can enter. Replaces the (sub)shell.
exec_as_postgres() {
  cd /
  if ((EUID == 0)); then
    # Not runuser: it stays in between as the parent, and the pid we know would not be PostgreSQL's.
    exec setpriv --reuid "$postgres_user" --regid "$(id -g "$postgres_user")" --init-groups -- "$@"
  fi
  exec "$@"
}

as_postgres() { (exec_as_postgres "$@"); }

# Below RECOUNT_DATA; but a clone in /root is closed to PostgreSQL's user, and its data must live where it can go.
choose_postgres_folder() {
  postgres_folder=$RECOUNT_DATA/postgres
  if [[ -L $postgres_folder ]]; then postgres_folder=$(readlink -f -- "$postgres_folder"); fi
  if [[ -d $postgres_folder ]] || ((EUID != 0)); then return; fi
  local postgres_user=postgres
  if as_postgres test -x "$RECOUNT_DATA"; then return; fi
  local elsewhere
  elsewhere=/var/lib/recount/$(data_hash)
  make_folders_elsewhere
  ln -s -n -f -- "$elsewhere/postgres" "$RECOUNT_DATA/postgres"
  postgres_folder=$elsewhere/postgres
  say "user postgres cannot enter $RECOUNT_DATA: the database lives in $postgres_folder, linked from there"
  [[ ! -d $postgres_folder ]] ||
    warn "a database is there from before: it is used; to begin anew, stop this and remove $elsewhere"
}

make_folders_elsewhere() {
  local elsewhere
  elsewhere=/var/lib/recount/$(data_hash)
  mkdir -p -- "$elsewhere"
  chmod 711 -- /var/lib/recount "$elsewhere"
}

# A socket's whole path may have 107 bytes, of which PostgreSQL needs 14; and the path must survive a URL and a list unquoted.
choose_socket_folder() {
  socket_folder=$RECOUNT_DATA/socket
  if ((${#socket_folder} >= 90)) || [[ $socket_folder == *[^A-Za-z0-9_./-]* ]] || ! as_postgres test -x "$RECOUNT_DATA"; then
    socket_folder=/tmp/recount-$EUID-$(data_hash)
    if ((EUID == 0)); then
      socket_folder=/var/lib/recount/$(data_hash)/socket
      make_folders_elsewhere
    fi
  fi
  mkdir -p -- "$socket_folder"
  # In /tmp somebody else may have made a folder of that name, to listen in.
  [[ ! -L $socket_folder && -O $socket_folder ]] || ((EUID == 0)) ||
    die "$socket_folder is not ours" "remove it, or choose another folder: RECOUNT_DATA=DIR tools/run"
  chmod 700 -- "$socket_folder"
  if ((EUID == 0)); then chown -- "$postgres_user" "$socket_folder"; fi
}

# The release that made the data, else the newest installed.
choose_postgres_programs() {
  local release
  if [[ -f $postgres_folder/PG_VERSION ]]; then
    read -r release <"$postgres_folder/PG_VERSION"
    postgres_programs=/usr/lib/postgresql/$release/bin
    [[ -x $postgres_programs/postgres ]] ||
      die "the database in $postgres_folder was made by PostgreSQL $release, which is not installed" \
        "install it (apt-get install postgresql-$release), or choose another folder: RECOUNT_DATA=DIR tools/run"
    return
  fi
  postgres_programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort | tail -n 1)
  [[ -x $postgres_programs/postgres ]] || die "no PostgreSQL in /usr/lib/postgresql" "install it: apt-get install postgresql"
  release=${postgres_programs#/usr/lib/postgresql/}
  release=${release%%/*}
  ((${release%%.*} >= POSTGRES_OLDEST)) ||
    die "PostgreSQL $release is installed, Recount needs $POSTGRES_OLDEST or newer" "install a newer one, or set DATABASE_URL"
}

# --- once ------------------------------------------------------------------------------------------------------------

# Made aside and then renamed: a first start that was interrupted leaves nothing that looks like a database.
make_postgres_folder() {
  [[ ! -f $postgres_folder/PG_VERSION ]] || return 0
  local partial=$postgres_folder.partial
  say "creating a database in $postgres_folder"
  rm -rf -- "$partial"
  mkdir -m 700 -- "$partial"
  if ((EUID == 0)); then chown -- "$postgres_user" "$partial"; fi
  # trust: who can reach the socket is its owner. C order: the same everywhere, whatever the machine's language.
  # Checksums: a page that the disk changed is reported, not counted.
  as_postgres "$postgres_programs/initdb" --pgdata "$partial" --username postgres --auth-local trust --auth-host reject \
    --encoding UTF8 --locale C.UTF-8 --lc-collate C --data-checksums >"$RECOUNT_DATA/log/initdb.log" 2>&1 ||
    die "initdb failed: $(tail -n 3 "$RECOUNT_DATA/log/initdb.log")" "the whole story is in $RECOUNT_DATA/log/initdb.log"
  printf "\n# Recount's settings, written anew at each start. Your own belong in ALTER SYSTEM, which wins.\ninclude 'recount.conf'\n" |
    as_postgres tee -a "$partial/postgresql.conf" >/dev/null
  rmdir -- "$postgres_folder" 2>/dev/null || true
  mv -T -- "$partial" "$postgres_folder"
}

# --- running ---------------------------------------------------------------------------------------------------------

# The pid of a PostgreSQL that runs on our folder, or nothing. Its own pid file may be from before a reboot and name anybody.
running_postgres() {
  local pid=''
  { read -r pid <"$postgres_folder/postmaster.pid"; } 2>/dev/null || return 0
  [[ $pid =~ ^[0-9]+$ ]] || return 0
  # A server works inside its data folder.
  if [[ $(readlink -- "/proc/$pid/cwd" 2>/dev/null) == "$(readlink -f -- "$postgres_folder")" ]]; then printf '%s' "$pid"; fi
}

# Ends what a run that was killed may have left, and a pid file that would make PostgreSQL refuse to start.
clear_leftover_postgres() {
  local pid
  pid=$(running_postgres)
  if [[ -n $pid ]]; then
    say "a PostgreSQL (pid $pid) is left from a run that was killed: stopping it"
    stop_postgres "$pid"
  else
    # It names nobody's server. (That backends of a killed one may linger, PostgreSQL sees by their shared memory.)
    rm -f -- "$postgres_folder/postmaster.pid"
  fi
}

# Sets postgres_pid. Speaks to log/postgres.log.
start_postgres() {
  exec_postgres >>"$RECOUNT_DATA/log/postgres.log" 2>&1 </dev/null 8>&- 9>&- &
  postgres_pid=$!
  remember postgres "$postgres_pid"
}

# INT is PostgreSQL's fast shutdown. One setpriv does both: dropping root later would cancel the signal.
exec_postgres() {
  cd /
  local user=()
  ((EUID != 0)) || user=(--reuid "$postgres_user" --regid "$(id -g "$postgres_user")" --init-groups)
  exec env --default-signal=INT,QUIT setsid setpriv "${user[@]}" --pdeathsig INT -- \
    "$postgres_programs/postgres" -D "$postgres_folder"
}

# await_postgres SECONDS: fails when the server ends or does not answer in time.
await_postgres() {
  local deadline=$((SECONDS + $1))
  until as_postgres "$postgres_programs/pg_isready" --quiet --host "$socket_folder" --dbname postgres; do
    [[ -n $(start_time "$postgres_pid") ]] && ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

admin_sql() {
  as_postgres "$postgres_programs/psql" --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
    --host "$socket_folder" --username postgres --dbname postgres --command "$1"
}

# The owner may make roles, because the migrations make those that the programs work as; it is no superuser.
prepare_database() {
  [[ $(admin_sql "SELECT count(*) FROM pg_roles WHERE rolname = 'recount'") == 1 ]] ||
    admin_sql "CREATE ROLE recount LOGIN CREATEROLE"
  [[ $(admin_sql "SELECT count(*) FROM pg_database WHERE datname = 'recount'") == 1 ]] ||
    admin_sql "CREATE DATABASE recount OWNER recount"
  publish_database_url database_url recount
}

# Once the migration has made the roles: for each a login that is a member of it alone and owns nothing, so that no process
# but the migration can do what its role may not.
LOGIN_ROLES=(server projector auditor archiver)

prepare_logins() {
  local role
  for role in "${LOGIN_ROLES[@]}"; do
    [[ $(admin_sql "SELECT count(*) FROM pg_roles WHERE rolname = 'recount_${role}_login'") == 1 ]] ||
      admin_sql "CREATE ROLE recount_${role}_login LOGIN IN ROLE recount_$role"
    publish_database_url "database_url.$role" "recount_${role}_login"
  done
}

# publish_database_url FILE USER: for the verbs of `recount`, which find the private database by these files. Renamed into
# place: never read half written.
publish_database_url() {
  local file=$RECOUNT_DATA/$1
  (umask 077 && printf 'postgresql:///recount?host=%s&user=%s\n' "$socket_folder" "$2" >"$file.new")
  mv -f -- "$file.new" "$file"
}

# The database stops: nobody should look for it any more.
withdraw_database_urls() { rm -f -- "$RECOUNT_DATA/database_url" "${LOGIN_ROLES[@]/#/$RECOUNT_DATA/database_url.}"; }

# stop_postgres PID: ends sessions, writes a checkpoint, and is gone. QUIT, after a minute, leaves that to the next start.
stop_postgres() {
  stop_process PostgreSQL "$1" INT 60 QUIT
}
