# shellcheck shell=bash
# How the tools speak: one line per step on stdout, trouble on stderr with what to do about it.

# One line per step.
say() { printf '• %s\n' "$*"; }

# Something the reader should know, but that stops nothing.
warn() { printf '! %s\n' "$*" >&2; }

# The last words of a tool that cannot go on. Further arguments are further lines of it.
die() {
  printf '✗ %s\n' "$1" >&2
  shift
  (($# == 0)) || printf '%s\n' "$@" | sed 's/^/  /' >&2
  exit 1
}

# Runs a command under a name and says how long it took; its status is the command's.
timed() {
  local name=$1 begin=$SECONDS status=0
  shift
  say "$name"
  "$@" || status=$?
  if ((status == 0)); then
    say "$name: done in $((SECONDS - begin)) s"
  else
    warn "$name: failed (status $status) after $((SECONDS - begin)) s"
  fi
  return "$status"
}
