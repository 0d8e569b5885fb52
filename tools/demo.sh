#!/usr/bin/env bash
# Installs what is missing, builds the compiler and runs the main job on real
# input: upscales a clip with a dynamic network, finds speech, names file types,
# reads text in pictures. Results and pictures are in build/demo. Arguments go to
# tools/dydca/demo.py.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${DYCC_BUILD:-build}
venv=${DYCC_VENV:-$build/venv}
tools/scripts/setup
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
ninja -C "$build" dycc DyccPython >"$build/build.log" 2>&1 ||
  { tail -n 60 "$build/build.log" >&2; exit 1; }
exec "$venv/bin/python" tools/dydca/demo.py --dycc "$build/bin/dycc" \
  --out "$build/demo" "$@"
