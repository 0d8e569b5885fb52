#!/usr/bin/env bash
# Installs what is missing, builds, runs every test, and prints the minutes of
# each part beside those of docs/testing.md. On a fresh Debian 12 this is all there is to do.
#   tools/test.sh [--sanitize] [--quick]
#     --sanitize  build and test with AddressSanitizer and UBSan, in
#                 build-sanitize/; models are linked with the runtime that
#                 holds them
#     --quick     without the model tests
set -euo pipefail
cd "$(dirname "$0")/.."
build=build
quick=0
budget=25 # Minutes for the models; a longer run says what was not reached.
for argument in "$@"; do
  case "$argument" in
  --sanitize)
    build=build-sanitize
    export DYCC_BUILD=$build DYCC_SANITIZE=address,undefined
    export DYCC_VENV=${DYCC_VENV:-build/venv}
    # LLVM's headers poison memory in our code that its library, built without
    # sanitizers, takes back into use. Tests ask for more memory than there is.
    export ASAN_OPTIONS=allow_user_poisoning=0:allocator_may_return_null=1
    # A report ends the program, or tests would pass beside it.
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export DYCC_TEST_PATIENCE=4
    budget=100
    ;;
  --quick) quick=1 ;;
  *)
    echo "test.sh: unknown argument '$argument', expected --sanitize or --quick" >&2
    exit 2
    ;;
  esac
done
results="$build/results"
mkdir -p "$results"

parts=()
failed=0
failures=
# minutes_of <name>: what the table of docs/testing.md gives a part.
minutes_of() {
  awk -F' *[|] *' -v name="$1" '$2 == name { print $3 }' docs/testing.md
}
# what_failed <name> <log>: the lines of a failed part that tell why, for the end of
# the output, which is all that some keep of a long run.
what_failed() {
  echo "== of $1, which failed"
  grep -E '^red|^FAIL|^ERROR|error:|Error:|, [1-9][0-9]* red' "$2" | cut -c 1-400 |
    head -n 20 || tail -n 20 "$2"
}
# part <name> <command>...: runs a part, remembers its minutes and outcome.
part() {
  local name=$1 start=$SECONDS outcome=passed log
  log="$results/${1// /-}.log"
  shift
  echo "== $name"
  # No pipe: what a part leaves running by mistake would hold it open.
  "$@" > >(tee "$log") 2>&1 || {
    outcome=FAILED failed=$((failed + 1)) failures+=$(what_failed "$name" "$log")$'\n'
  }
  parts+=("$(printf '%-28s %6.1f of %2s min  %s' "$name" \
    "$(echo "($SECONDS - $start) / 60" | bc -l)" "$(minutes_of "$name")" "$outcome")")
}
build_all() {
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
  ninja -C "$build" >"$build/build.log" 2>&1 || { tail -n 60 "$build/build.log"; return 1; }
}
# sanitized <command>...: runs a command that loads models, with sanitizers in
# it, and a compiler that links them in. Python frees not all that it has.
sanitized() {
  local dycc="$PWD/$build/bin/dycc-sanitize"
  printf '#!/bin/sh\nexec env -u LD_PRELOAD ASAN_OPTIONS=%s "%s" --sanitize "$@"\n' \
    "$ASAN_OPTIONS" "$PWD/$build/bin/dycc" >"$dycc"
  chmod +x "$dycc"
  ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
    LD_PRELOAD=$(clang-22 -print-file-name=libclang_rt.asan-x86_64.so) \
    "$@" --dycc "$dycc"
}
python="${DYCC_VENV:-$build/venv}/bin/python"
ctest="${DYCC_VENV:-$build/venv}/bin/ctest"

part "set-up" tools/scripts/setup
part "build" build_all
if [ $failed = 0 ]; then
  part "lit and gtest" "$ctest" --test-dir "$build" --output-on-failure -j2 \
    --output-junit "$PWD/$results/ctest.xml"
  with=
  [ "$build" = build ] || with=sanitized
  if [ $quick = 0 ]; then
    part "self-test of the checker" "$python" test/models/self_test.py
    part "models" $with "$python" test/models/run.py \
      --json "$results/models.json" --budget "$budget"
    part "exported graphs" $with "$python" test/models/run.py --table exported \
      --json "$results/exported.json" --budget "$budget"
    part "operators" $with "$python" test/models/operators.py \
      --json "$results/operators.json"
    part "operator types" $with "$python" test/models/operator_types.py \
      --json "$results/types.json"
    part "random graphs" $with "$python" test/models/random_graphs.py --count 20 --verify-shapes \
      --json "$results/random.json"
    part "random operators" $with "$python" test/models/random_operators.py \
      --json "$results/random-operators.json"
    part "random numbers" "$python" test/models/random_numbers.py
    part "empty tensors" $with "$python" test/models/empty_runs.py \
      --json "$results/empty.json"
    part "hostile models" $with "$python" test/fuzz/hostile.py \
      --json "$results/hostile.json"
    if [ -n "$with" ]; then
      part "importer fuzzer" test/fuzz/run-import-fuzzer "$build"
    fi
    part "bad input" $with "$python" test/models/bad_inputs.py \
      --json "$results/bad-input.json"
  fi
  if [ $quick = 0 ] && [ -z "$with" ]; then
    part "demo" "$python" tools/dydca/demo.py --json "$results/demo.json"
    # Figures for docs/status.md; only wrong results fail it, since how fast a
    # machine is that runs other things too says nothing about a change.
    part "benchmark" "$python" tools/bench/bench.py --pairs 5 \
      --json "$results/bench.json"
  fi
  # A cross compiled model has no sanitizers that qemu could load.
  if [ $quick = 0 ] && [ -z "$with" ]; then
    part "aarch64 under qemu" "$python" test/models/aarch64.py \
      --json "$results/aarch64.json"
    part "package" "$python" test/package/run.py --json "$results/package.json"
    part "wheel" tools/scripts/wheel
    wheel=$(echo "$build"/wheels/*.whl)
    part "examples" "$python" test/docs/run.py --wheel "$wheel" \
      --json "$results/examples.json"
    part "Python package" "$python" test/python/run.py --wheel "$wheel" \
      --json "$results/python.json"
    part "dydca" "$python" test/dydca/run.py --json "$results/dydca.json"
    part "batches" "$python" test/python/batch.py --wheel "$wheel" \
      --json "$results/batch.json"
    part "report" "$python" test/report/run.py --json "$results/report.json"
    part "opencl" "$python" test/models/opencl.py --json "$results/opencl.json"
    part "several machines" "$python" test/models/dispatch.py \
      --json "$results/dispatch.json"
  fi
fi

echo
printf '%s' "$failures"
printf '%s\n' "${parts[@]}"
du -sh "$build" | awk '{ print "disk: " $1 " in " $2 }'
passed=$((${#parts[@]} - failed))
echo "$passed passed, $failed failed"
[ $failed = 0 ]
