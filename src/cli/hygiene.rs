//! What is done to the process before anything else.

use rustix::process::DumpableBehavior;
use rustix::process::Resource;
use rustix::process::Rlimit;

/// Switches off core dumps and reading of this process by others of the same user, and makes new files private.
///
/// A system that refuses one of these still runs the program: they are a second line.
pub fn harden() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    std::panic::set_hook(Box::new(|panic| {
        // The payload may hold a value: only the place is shown.
        let place = panic
            .location()
            .map(|location| format!("{}:{}", location.file(), location.line()))
            .unwrap_or_default();
        let text = format!(
            "internal error: mintage stopped at {place}\n  nothing that was acknowledged is lost; please report this place\n"
        );
        let _ = rustix::io::write(rustix::stdio::stderr(), text.as_bytes());
    }));
}
