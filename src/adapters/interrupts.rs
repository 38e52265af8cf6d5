//! Signals that end the program, held back while the terminal is not as it was.

use std::fs;
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use rustix::fd::AsFd;
use rustix::fd::BorrowedFd;
use signal_hook::consts::SIGHUP;
use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGQUIT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;
use signal_hook::low_level;

/// Holds signals back until it is dropped; one that came meanwhile takes effect then.
///
/// A signal that this process was started to ignore, as by `nohup`, is left alone.
pub(super) struct HeldBack(&'static Watch);

impl HeldBack {
    /// Begins to hold back.
    ///
    /// # Errors
    ///
    /// When the system does not let signals be caught.
    pub(super) fn begin() -> io::Result<Self> {
        static WATCH: OnceLock<io::Result<Watch>> = OnceLock::new();
        match WATCH.get_or_init(Watch::new) {
            Ok(watch) => {
                watch.takes_effect.store(false, Ordering::SeqCst);
                Ok(Self(watch))
            }
            Err(error) => Err(error.kind().into()),
        }
    }

    /// Returns whether a signal came, and takes it as answered: it has no other effect any more.
    pub(super) fn is_answered(&self) -> bool {
        self.0.came.swap(0, Ordering::SeqCst) != 0
    }

    /// Returns what becomes readable when a signal came.
    pub(super) fn arrival(&self) -> BorrowedFd<'_> {
        self.0.arrival.as_fd()
    }
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        self.0.takes_effect.store(true, Ordering::SeqCst);
        let signal = self.0.came.swap(0, Ordering::SeqCst);
        if let Ok(signal @ 1..) = i32::try_from(signal) {
            let _ = low_level::emulate_default_handler(signal);
        }
    }
}

/// What the handlers write to; they stay for the life of the process.
struct Watch {
    arrival: UnixStream,
    came: Arc<AtomicUsize>,
    takes_effect: Arc<AtomicBool>,
}

impl Watch {
    fn new() -> io::Result<Self> {
        let (arrival, writer) = UnixStream::pair()?;
        let came = Arc::new(AtomicUsize::new(0));
        let takes_effect = Arc::new(AtomicBool::new(false));
        let ignored = ignored();
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            if ignored & (1 << (signal - 1)) != 0 {
                continue;
            }
            flag::register_conditional_default(signal, Arc::clone(&takes_effect))?;
            flag::register_usize(signal, Arc::clone(&came), signal.unsigned_abs() as usize)?;
            low_level::pipe::register(signal, writer.try_clone()?)?;
        }
        Ok(Self {
            arrival,
            came,
            takes_effect,
        })
    }
}

/// Returns the signals that this process ignores, one bit each, as Linux tells it; none elsewhere.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}
