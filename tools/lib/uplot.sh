# shellcheck shell=bash
# uPlot, which draws charts where scripts run. Pages do without it: their charts are SVG then. Needs say.sh and REPOSITORY.

# Its release as the package youplot carries it, byte for byte that of https://github.com/leeoniya/uPlot (MIT).
UPLOT_PACKAGE=youplot==1.0.0
UPLOT_FILES=(
  'uplot.iife.min.js uplot.js 2d27e8ad3d228164525ce213f9dc716f39b4e3aee0cc773fb3491c96cf4921a2'
  'uplot.min.css uplot.css df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04'
)

# uplot_is_whole FOLDER: whether both files are there, and are what they should be.
uplot_is_whole() {
  local line from name sum
  for line in "${UPLOT_FILES[@]}"; do
    read -r from name sum <<<"$line"
    printf '%s  %s\n' "$sum" "$1/$name" | sha256sum --check --status 2>/dev/null || return
  done
}

# Prints the first Python that has pip: that of the tests, or the machine's.
python_with_pip() {
  local python
  for python in "$REPOSITORY/.build/venv/bin/python" python3; do
    "$python" -m pip --version >/dev/null 2>&1 && printf '%s\n' "$python" && return
  done
  return 1
}

# download_uplot PYTHON FOLDER
download_uplot() {
  local line from name sum
  "$1" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --retries 1 --timeout 15 \
    --dest "$2" "$UPLOT_PACKAGE" || return
  "$1" -m zipfile --extract "$2"/youplot-*.whl "$2" || return
  for line in "${UPLOT_FILES[@]}"; do
    read -r from name sum <<<"$line"
    mv -- "$2/youplot/vendor/$from" "$2/$name" || return
  done
}

# Puts uPlot into .build/uplot, where servers find it. Offline and in no time where it is there; where it can't be had, says so and goes on.
fetch_uplot() {
  local folder=$REPOSITORY/.build/uplot python staging line from name sum
  ! uplot_is_whole "$folder" || return 0
  if ! python=$(python_with_pip); then
    warn "uPlot was not fetched, for there is no pip (python3-pip): charts are drawn as SVG"
    return 0
  fi
  say "fetching uPlot 1.6.31 for charts ($UPLOT_PACKAGE from PyPI)"
  mkdir -p -- "$REPOSITORY/.build"
  staging=$(mktemp -d "$REPOSITORY/.build/uplot.XXXXXX")
  if ! download_uplot "$python" "$staging"; then
    warn "uPlot could not be fetched: charts are drawn as SVG until the next start"
  elif ! uplot_is_whole "$staging"; then
    warn "what came as uPlot is not what it should be, and was thrown away: charts are drawn as SVG"
  else
    mkdir -p -- "$folder"
    for line in "${UPLOT_FILES[@]}"; do
      read -r from name sum <<<"$line"
      mv -- "$staging/$name" "$folder/$name"
    done
  fi
  rm -rf -- "$staging"
}
