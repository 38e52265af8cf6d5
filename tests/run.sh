#!/usr/bin/env bash
# Runs every check and every test; installs what they need beside a Rust toolchain.
#
#   bash tests/run.sh            all tests; crash points and byte flips as a stated sample
#   bash tests/run.sh --full     every crash point, every byte
set -euo pipefail
cd "$(dirname "$0")/.."

full=0
for argument in "$@"; do
  case "$argument" in
    --full) full=1 ;;
    *) echo "unknown argument: $argument (known: --full)" >&2; exit 2 ;;
  esac
done

say() { printf '\n== %s\n' "$*"; }

# Programs that the tests talk to, and the Debian packages that hold them.
say "programs"
missing=()
for pair in age-keygen:age age:age chromium:chromium crontab:cron dash:dash dbus-daemon:dbus-daemon dbus-send:dbus-bin fish:fish gcore:gdb git:git \
            gnome-keyring-daemon:gnome-keyring gopass:gopass gpg:gnupg htpasswd:apache2-utils jq:jq \
            keyctl:keyutils kubectl:kubernetes-client node:nodejs npm:npm openssl:openssl pass:pass php:php-cli promtool:prometheus python3:python3 \
            redis-server:redis-server secret-tool:libsecret-tools setpriv:util-linux ssh-keygen:openssh-client \
            strace:strace unshare:util-linux wg:wireguard-tools xclip:xclip xsel:xsel Xvfb:xvfb zsh:zsh; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
for program in /usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator /usr/bin/systemd-analyze; do
  [ -x "$program" ] || missing+=(systemd)
done
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ -d /usr/share/fonts/truetype/dejavu ] || missing+=(fonts-dejavu-core)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ "${#missing[@]}" -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  echo "installing: ${missing[*]}"
  if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null; then
    echo "install these packages, then run again: ${missing[*]}" >&2
    exit 1
  fi
fi

# A second implementation of age in Rust, and the licence check. They are built once, below target/.
tools="$PWD/target/tools"
[ -x "$tools/bin/rage" ] || cargo install rage --version 0.12.1 --locked --quiet --root "$tools"
[ -x "$tools/bin/cargo-deny" ] || cargo install cargo-deny --version 0.20.2 --locked --quiet --root "$tools"
export MINTAGE_TEST_TOOLS="$tools"

say "format, lints, documentation, licences"
cargo fmt --all --check
cargo clippy --locked --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null
"$tools/bin/cargo-deny" --locked check bans licenses sources
if git grep -nE 'todo!\(|unimplemented!\(|dbg!\(|FIX[M]E|X{3}' -- src tests benches ':!tests/run.sh' ':!tests/fixtures'; then
  echo "leftovers in the tree" >&2
  exit 1
fi

say "tests"
if [ "$full" -eq 1 ]; then export MINTAGE_TEST_FULL=1; fi
cargo test --locked
