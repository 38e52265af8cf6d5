#!/usr/bin/env bash
# The main job on a project of its own: minted from a preset, its ages and scores shown. Touches nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked
mintage="$PWD/target/release/mintage"
project="${1:-$(mktemp -d)/lumiku}"
mkdir -p "$project"
# An identity of the example's own, so that yours stays out of it.
export HOME="$project/home" XDG_CONFIG_HOME="$project/home/.config" XDG_STATE_HOME="$project/home/.local/state"
cd "$project"

show() { printf '\n$ %s\n' "$*"; "$@"; }
PATH="$(dirname "$mintage"):$PATH"
show mintage init --policy lumiku
show mintage create --all -e production
show mintage status -e production
show mintage score -e production
show mintage verify --deep
printf '\nThe project is in %s\n' "$project"
