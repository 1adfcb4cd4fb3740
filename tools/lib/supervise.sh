# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables shared with tools/run and postgres.sh
# The children of tools/run: database, server, projector, and a Stripe to test against where one is wanted. Started, watched, started again when they die, stopped in order.
# Needs say.sh, process.sh, postgres.sh, RECOUNT_DATA and port.
#
# `pid_of` says what runs now; `role_of` what a pid that ended was. A restart that is due later is a child too, a sleep:
# then one wait serves for all.

declare -A pid_of=() role_of=() started_at=() delay_of=()
step=''
stripe_port=0
state=starting

# in_step COMMAND…: runs it in the foreground but leaves us free to act on a signal, which bash does only between commands.
in_step() {
  local status=0
  shielded "$@" 8>&- 9>&- &
  step=$!
  wait "$step" || status=$?
  step=''
  return "$status"
}

start_child() {
  local role=$1
  case $role in
    database) start_postgres && pid_of[database]=$postgres_pid ;;
    server) start_verb server serve --port "$port" ;;
    projector) start_verb projector projector ;;
    stripe) start_stripe_process ;;
  esac
  role_of[${pid_of[$role]}]=$role
  started_at[$role]=$SECONDS
}

start_verb() {
  local role=$1 own=DATABASE_URL_${1^^} without=()
  shift
  # Who has a login of its own must not know the owner's.
  [[ -z ${!own:-} ]] || without=(--unset=DATABASE_URL)
  # Swift's backtracer holds a crashed process for seconds, in which nobody serves: the signal is noted here, and what crashed is
  # found by running it once more with SWIFT_BACKTRACE=enable=yes.
  shielded env "${without[@]}" SWIFT_BACKTRACE="${SWIFT_BACKTRACE:-enable=no}" .build/release/recount "$@" \
    >>"$RECOUNT_DATA/log/$role.log" 2>&1 </dev/null 8>&- 9>&- &
  pid_of[$role]=$!
  remember "$role" "${pid_of[$role]}"
}

# Its first line, which says where and with which key, is for us alone: the folder is closed to others.
start_stripe_process() {
  : >"$RECOUNT_DATA/run/stripe"
  shielded tools/fake-stripe --port "$stripe_port" --state "$RECOUNT_DATA/stripe.json" --deliver auto \
    >"$RECOUNT_DATA/run/stripe" 2>>"$RECOUNT_DATA/log/stripe.log" </dev/null 8>&- 9>&- &
  pid_of[stripe]=$!
  remember stripe "${pid_of[stripe]}"
}

# A child died that should not have. Again at once would burn the machine if it dies at once: wait 1, 2, 4 … 30 s. One that had
# run for a minute does not: it is started again at once, for meanwhile nobody is served.
restart_later() {
  local role=$1 status=$2 ran=$((SECONDS - started_at[$1]))
  local delay=${delay_of[$role]:-1}
  ((ran < 60)) || delay=0
  delay_of[$role]=$((delay == 0 ? 1 : delay * 2 < 30 ? delay * 2 : 30))
  forget "$(file_of "$role")"
  unset "pid_of[$role]"
  warn "$role ended ($(ending "$status")): starting it again in $delay s; its log is $(log_of "$role")"
  sleep "$delay" 8>&- 9>&- &
  role_of[$!]=restart:$role
}

ending() { if (($1 > 128)); then printf 'SIG%s' "$(kill -l "$1")"; else printf 'status %s' "$1"; fi; }
file_of() { printf '%s' "${1/database/postgres}"; }
log_of() { printf '%s' "$RECOUNT_DATA/log/$(file_of "$1").log"; }

supervise() {
  local ended status
  tick
  while true; do
    status=0
    ended=''
    # What bash itself has to say of a killed child is dropped: restart_later says it better.
    wait -n -p ended 2>/dev/null || status=$?
    if [[ -n ${ended:-} ]]; then act_on_end "$ended" "$status"; fi
    sweep
  done
}

# bash tells of an end once, and not at all when it came before we waited: every 2 s at the latest we look for ourselves.
tick() {
  sleep 2 8>&- 9>&- &
  role_of[$!]=tick
}

sweep() {
  local pid status
  for pid in "${!role_of[@]}"; do
    [[ -z $(start_time "$pid") ]] || continue
    status=0
    wait "$pid" 2>/dev/null || status=$?
    act_on_end "$pid" "$status"
  done
}

# act_on_end PID STATUS
act_on_end() {
  local role=${role_of[$1]:-}
  unset "role_of[$1]"
  case $role in
    '') ;;
    tick) tick ;;
    restart:*) start_again "${role#restart:}" ;;
    *) restart_later "$role" "$2" ;;
  esac
}

start_again() {
  if [[ $1 == database ]]; then clear_leftover_postgres; fi
  start_child "$1"
  say "$1: started again"
}

# Errors are worth a look at once; the rest waits in the logs.
show_errors() {
  # shellcheck disable=SC2094 # the logs are only read here
  tail --quiet --lines 0 --follow=name --retry --pid=$$ "$(log_of server)" "$(log_of projector)" 2>/dev/null 8>&- 9>&- \
    > >(exec env --ignore-signal=INT grep --line-buffered -E ' (error|critical) ' 8>&- 9>&-) &
  errors=$!
}

# stop_child ROLE SIGNAL SECONDS LAST_SIGNAL
stop_child() {
  [[ -n ${pid_of[$1]:-} ]] || return 0
  # As remembered with its start time: it may have ended a moment ago and its pid be somebody else's.
  local pid
  pid=$(remembered "$(file_of "$1")")
  [[ -z $pid ]] || stop_process "$1" "$pid" "${@:2}"
  forget "$(file_of "$1")"
}
