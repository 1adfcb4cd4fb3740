# shellcheck shell=bash
# Where Recount keeps its private data. Needs say.sh and REPOSITORY.

# Sets RECOUNT_DATA to an absolute path. A relative one is meant from where the caller stands, as with any command.
resolve_data() {
  # shellcheck disable=SC2034 # for those who source this
  DEFAULT_DATA=$REPOSITORY/.recount
  RECOUNT_DATA=${RECOUNT_DATA:-$DEFAULT_DATA}
  [[ $RECOUNT_DATA != *$'\n'* ]] || die "RECOUNT_DATA holds a line break" "choose another folder"
  [[ $RECOUNT_DATA = /* ]] || RECOUNT_DATA=$PWD/$RECOUNT_DATA
  RECOUNT_DATA=$(realpath --canonicalize-missing -- "$RECOUNT_DATA")
  export RECOUNT_DATA
}

# Makes the folders. Root's can be passed through, though not listed, by others: PostgreSQL, which refuses to be root, lives
# below it.
make_data_folders() {
  local mode=700
  ((EUID == 0)) && mode=711
  if [[ ! -d $RECOUNT_DATA ]]; then
    # -m concerns the last folder only, and that is the one meant.
    # shellcheck disable=SC2174
    mkdir -p -m "$mode" -- "$RECOUNT_DATA" ||
      die "could not make the folder $RECOUNT_DATA" "choose another: RECOUNT_DATA=DIR tools/run"
  fi
  [[ -w $RECOUNT_DATA ]] ||
    die "$RECOUNT_DATA belongs to $(stat -c %U -- "$RECOUNT_DATA") and cannot be written" \
      "run as that user, or choose another folder: RECOUNT_DATA=DIR tools/run"
  mkdir -p -- "$RECOUNT_DATA/run" "$RECOUNT_DATA/log"
  chmod 700 -- "$RECOUNT_DATA/run" "$RECOUNT_DATA/log"
}

# A short name that is always the same for one data folder: for places that must not hold its whole path.
data_hash() { printf '%s' "$RECOUNT_DATA" | sha256sum | cut -c 1-12; }

# rotate_log FILE: once at start, so that a log neither grows for ever nor moves under its writer.
rotate_log() {
  local limit=$((10 * 1024 * 1024))
  if [[ -f $1 ]] && (($(stat -c %s -- "$1") > limit)); then mv -f -- "$1" "$1.1"; fi
}
