# shellcheck shell=bash
# Processes: start them so that they outlive a Ctrl-C but not us, know them again, end them. Needs say.sh and RECOUNT_DATA.

# start_time PID: when it was started, in clock ticks since boot; nothing when it is gone. A pid alone
# may by now be somebody else's.
start_time() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # The second field is a name in parentheses that may hold spaces; what we want is the 20th after it.
  read -r -a stat <<<"${stat##*) }"
  # A zombie has ended, whoever has yet to collect it.
  # shellcheck disable=SC2128
  [[ ${stat[0]} == Z ]] || printf '%s' "${stat[19]}"
}

# shielded COMMAND…: to be run in the background (it replaces the subshell). In a session of its own, so that Ctrl-C reaches us
# alone and we end things in order; with the signals bash makes background jobs ignore; ended with TERM should we be killed.
shielded() {
  exec env --default-signal=INT,QUIT setsid setpriv --pdeathsig TERM -- "$@"
}

# remember NAME PID: in a file, for a later run to find what this one may leave when it is killed.
remember() {
  # A full disk must not end what runs: the file only helps a later run to clean up.
  printf '%s %s\n' "$2" "$(start_time "$2")" >"$RECOUNT_DATA/run/$1.pid" || warn "could not note the pid of $1"
}
forget() { rm -f -- "$RECOUNT_DATA/run/$1.pid"; }

# remembered NAME: the pid, if that very process still runs.
remembered() {
  local pid='' started=''
  { read -r pid started <"$RECOUNT_DATA/run/$1.pid"; } 2>/dev/null || return 0
  if [[ $pid =~ ^[0-9]+$ && -n $started && $(start_time "$pid") == "$started" ]]; then printf '%s' "$pid"; fi
}

# stop_process NAME PID SIGNAL SECONDS LAST_SIGNAL: asks, waits, insists. A second wait bounds even that.
stop_process() {
  local name=$1 pid=$2 signal=$3 seconds=$4 last=$5 started
  started=$(start_time "$pid")
  [[ -n $started ]] || return 0
  kill -s "$signal" "$pid" 2>/dev/null || true
  ended_within "$seconds" "$pid" "$started" && return
  warn "$name (pid $pid) did not stop within $seconds s of SIG$signal: sending SIG$last"
  kill -s "$last" "$pid" 2>/dev/null || true
  ended_within 10 "$pid" "$started" || warn "$name (pid $pid) still runs: end it yourself"
}

# ended_within SECONDS PID START_TIME
ended_within() {
  local deadline=$((SECONDS + $1))
  while [[ $(start_time "$2") == "$3" ]]; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}
