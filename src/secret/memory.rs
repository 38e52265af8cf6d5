//! Keeping values out of swap.

use std::mem;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// Locks the pages of `place` into memory, as far as the system lets this user.
///
/// Pages stay locked until the process ends: several values share one, so that giving one back would let go of
/// another's. An ordinary user may lock 8 MiB on most systems, which is some ten thousand values at a time; what is
/// beyond that stays swappable, and [`everything_is_locked`] says so.
pub(super) fn lock<T>(place: &[T]) {
    let bytes = size_of_val(place);
    if bytes == 0 {
        return;
    }
    let first = place.as_ptr() as usize / SMALLEST_PAGE;
    let last = (place.as_ptr() as usize + bytes - 1) / SMALLEST_PAGE;
    // The heap hands the same page out again and again.
    if first == last && LAST_LOCKED.load(Ordering::Relaxed) == first {
        return;
    }
    match region::lock(place.as_ptr(), bytes) {
        Ok(guard) => {
            mem::forget(guard);
            LAST_LOCKED.store(last, Ordering::Relaxed);
        }
        Err(_) => REFUSED.store(true, Ordering::Relaxed),
    }
}

/// Returns whether no value of this process can be written to swap.
///
/// Not meant are copies that this program does not own: those of the kernel and on the stack.
pub fn everything_is_locked() -> bool {
    !REFUSED.load(Ordering::Relaxed)
}

/// Bytes of the smallest page of any system.
const SMALLEST_PAGE: usize = 4_096;

static LAST_LOCKED: AtomicUsize = AtomicUsize::new(0);

static REFUSED: AtomicBool = AtomicBool::new(false);

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_page_of_a_value_is_locked() {
        let bytes = vec![b'x'; 3 * SMALLEST_PAGE];

        lock(&bytes);

        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let address = bytes.as_ptr() as usize + SMALLEST_PAGE;
        let mut in_mapping = false;
        let locked = maps.lines().find_map(|line| {
            if let Some((from, rest)) = line.split_once('-')
                && let (Ok(from), Ok(to)) = (
                    usize::from_str_radix(from, 16),
                    usize::from_str_radix(rest.split(' ').next().unwrap_or_default(), 16),
                )
            {
                in_mapping = (from..to).contains(&address);
            }
            (in_mapping && line.starts_with("VmFlags:")).then(|| line.split(' ').any(|flag| flag == "lo"))
        });
        assert_eq!(locked, Some(true), "this user may lock no memory");
    }
}
