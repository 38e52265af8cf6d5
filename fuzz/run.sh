#!/bin/sh
# Fuzzes a target on stable Rust, guided by coverage: fuzz/run.sh [SECONDS [TARGET]]
# libFuzzer comes with the crate libfuzzer-sys and needs a C++ compiler; cargo-fuzz and nightly work as well.
set -eu
cd "$(dirname "$0")"
seconds=${1:-600}
target=${2:-env_file}
host=$(rustc -vV | sed -n 's/^host: //p')

# What `cargo fuzz` passes, without the sanitizers, which stable lacks. There is no unsafe code to watch.
export RUSTFLAGS="--cfg fuzzing -C passes=sancov-module \
    -C llvm-args=-sanitizer-coverage-level=4 \
    -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
    -C llvm-args=-sanitizer-coverage-pc-table \
    -C llvm-args=-sanitizer-coverage-trace-compares"
cargo build --release --locked --target "$host" --bin "$target"

mkdir -p "corpus/$target" "artifacts/$target"
exec "target/$host/release/$target" -max_total_time="$seconds" -max_len=512 -timeout=10 \
    -dict="$target.dict" -artifact_prefix="artifacts/$target/" -print_final_stats=1 \
    "corpus/$target" "seeds/$target"
