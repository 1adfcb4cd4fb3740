# shellcheck shell=bash
# Debian packages and the Swift toolchain. Needs say.sh.

# What the build links against: libpq (brings libssl-dev), zlib, LZ4 for archives, Argon2 for passwords, curl for mail, hiredis for
# throttles that servers share, and pkg-config to find them.
# shellcheck disable=SC2034 # for those who source this
BUILD_PACKAGES=(pkg-config libpq-dev zlib1g-dev liblz4-dev libargon2-dev libcurl4-openssl-dev libhiredis-dev)
# A folder that PostgreSQL's packages read before they create a server of their own.
CREATECLUSTER_FOLDER=/etc/postgresql-common/createcluster.d

# Prints those of the named packages that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s\n' "$package"
  done
}

# Installs those of the named packages that are missing. Silent, offline and without rights when none is.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    warn "this is not a Debian: make sure that these packages, or what your system calls them, are there: $*"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die "missing packages: ${missing[*]}" "as root, run: apt-get update && apt-get install --yes ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  install_packages "${root[@]}" -- "${missing[@]}" ||
    die "could not install ${missing[*]}" "try yourself: ${root[*]} apt-get update && ${root[*]} apt-get install ${missing[*]}"
}

# install_packages [sudo] -- package…
install_packages() {
  local root=()
  while [[ $1 != -- ]]; do root+=("$1") && shift; done
  shift
  "${root[@]}" apt-get update --quiet=2 || return
  forbid_default_cluster "${root[@]}"
  local status=0
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "$@" || status=$?
  allow_default_cluster "${root[@]}"
  return "$status"
}

# Debian's server package starts a database of its own when first installed. Nobody asked for that service.
forbid_default_cluster() {
  "$@" mkdir -p "$CREATECLUSTER_FOLDER"
  printf 'create_main_cluster = false\n' | "$@" tee "$CREATECLUSTER_FOLDER/recount.conf" >/dev/null
}

# The wish above was for our own installation alone; the machine's owner may want a cluster later.
allow_default_cluster() {
  "$@" rm -f "$CREATECLUSTER_FOLDER/recount.conf"
  "$@" rmdir "$CREATECLUSTER_FOLDER" 2>/dev/null || true
}

# Puts `swift` on PATH when it is installed where its container images and our CI have it.
need_swift() {
  command -v swift >/dev/null && return
  local folder
  for folder in /opt/swift/usr/bin "${HOME:-}/.local/share/swiftly/bin"; do
    if [[ -x $folder/swift ]]; then
      PATH=$PATH:$folder
      return
    fi
  done
  die "swift was not found on PATH nor in /opt/swift/usr/bin" \
    "install Swift 6.2 or newer from https://www.swift.org/install/linux/ and open a new terminal"
}
