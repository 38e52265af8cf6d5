//! What is done to the process before anything else.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use rustix::process::DumpableBehavior;
use rustix::process::Resource;
use rustix::process::Rlimit;

/// Switches off core dumps and reading of this process by others of the same user, and makes new files private.
///
/// A system that refuses one of these still runs the program: they are a second line.
pub fn harden() {
    let cores = rustix::process::getrlimit(Resource::Core);
    let none = Rlimit {
        current: Some(0),
        ..cores
    };
    let _ = rustix::process::setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let umask = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let _ = BEFORE.set(Before { umask, cores });
    std::panic::set_hook(Box::new(|panic| {
        // The payload may hold a value: only the place is shown.
        let (file, line) = panic
            .location()
            .map_or(("", 0), |location| (location.file(), location.line()));
        let text = if is_random_source(file) {
            RANDOM_SOURCE_FAILED.store(true, Ordering::Relaxed);
            "error: the operating system's random source gives no bytes\n  state: nothing was made\n"
                .to_owned()
        } else {
            let place = file.rsplit_once("/src/").map_or(file, |(_, tail)| tail);
            format!(
                "internal error: mintage stopped at {place}:{line}\n  nothing that was acknowledged is lost; please report this place\n"
            )
        };
        let _ = rustix::io::write(rustix::stdio::stderr(), text.as_bytes());
    }));
}

/// Gives back what a program inherits, just before this process becomes one: the umask and the limit of core dumps
/// that it was started with.
///
/// This process itself still dumps no core: that it does not is forgotten only when the other program begins.
pub fn hand_over() {
    if let Some(before) = BEFORE.get() {
        rustix::process::umask(before.umask);
        let _ = rustix::process::setrlimit(Resource::Core, before.cores);
    }
}

/// Returns the umask and the limit of core dumps that the program was started with; `u64::MAX` is no limit.
pub fn started_with() -> Option<(u64, u64)> {
    let before = BEFORE.get()?;
    let umask = u64::from(before.umask.as_raw_mode());
    Some((umask, before.cores.current.unwrap_or(u64::MAX)))
}

/// Overwrites the stack below the caller, as far down as the program has been: hash functions of other crates leave the
/// last block that they read there. Where the stack may not grow that far, nothing is done.
#[inline(never)]
pub fn wipe_stack() {
    let limit = rustix::process::getrlimit(Resource::Stack).current;
    if limit.is_none_or(|bytes| bytes >= 8 * DEEPEST as u64) {
        std::hint::black_box(&mut [0_u8; DEEPEST]);
    }
}

/// Returns whether a panic was for want of random bytes, which crates can only tell in this way.
pub fn random_source_failed() -> bool {
    RANDOM_SOURCE_FAILED.load(Ordering::Relaxed)
}

fn is_random_source(file: &str) -> bool {
    [
        "/rand_core-",
        "/getrandom-",
        "adapters/random.rs",
        "std/src/sys/random",
    ]
    .iter()
    .any(|part| file.contains(part))
}

/// Bytes of the stack that no command goes beyond.
const DEEPEST: usize = 512 * 1_024;

/// What the process was started with.
struct Before {
    umask: rustix::fs::Mode,
    cores: Rlimit,
}

static BEFORE: OnceLock<Before> = OnceLock::new();

static RANDOM_SOURCE_FAILED: AtomicBool = AtomicBool::new(false);
