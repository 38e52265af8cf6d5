//! Being asked to stop.

use std::io;

use crate::adapters::interrupts::HeldBack;

/// Notes that somebody asked this process to stop, so that it can leave things in order first.
pub struct Interrupt(HeldBack);

impl Interrupt {
    /// Notes Ctrl-C, the end of the terminal and `kill` from now on, in place of ending.
    ///
    /// # Errors
    ///
    /// When the system does not allow it.
    pub fn watch() -> io::Result<Self> {
        HeldBack::begin().map(Self)
    }

    /// Returns whether somebody asked since it was asked last; whoever is told has to stop.
    pub fn is_asked(&self) -> bool {
        self.0.is_answered()
    }
}
