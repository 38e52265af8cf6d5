//! A program that does not defend itself: what it reads stays in its memory for a while.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd;

fn main() {
    let mut buffer = [0; 4_096];
    let mut stdin = File::from(std::io::stdin().as_fd().try_clone_to_owned().unwrap());
    let _ = stdin.read(&mut buffer).unwrap();
    std::hint::black_box(&mut buffer);
    std::thread::sleep(std::time::Duration::from_secs(60));
}
