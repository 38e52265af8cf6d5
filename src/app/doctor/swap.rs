//! Swap: memory that is written to a disk is written encrypted.

use std::path::Path;

use crate::app::doctor::Checkup;
use crate::app::doctor::Condition;
use crate::app::doctor::Remark;
use crate::app::doctor::Scene;

/// Looks at the list of swap areas that Linux shows.
pub(super) const CHECKUP: Checkup = Checkup { name: NAME, examine };

const NAME: &str = "swap";

fn examine(scene: &Scene<'_>) -> Vec<Remark> {
    if cfg!(target_os = "macos") {
        return vec![Remark::new(NAME, Condition::Ok, "macOS encrypts it")];
    }
    let Ok(Some(table)) = scene.machine.read(Path::new("/proc/swaps")) else {
        return vec![Remark::new(
            NAME,
            Condition::Note,
            "the system does not tell what is swapped to",
        )];
    };
    let table = String::from_utf8_lossy(table.expose()).into_owned();
    let areas = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next());
    let plain: Vec<&str> = areas.clone().filter(|area| !is_safe(scene, area)).collect();
    if plain.is_empty() {
        let message = match areas.count() {
            0 => "off",
            _ => "in memory or encrypted",
        };
        return vec![Remark::new(NAME, Condition::Ok, message)];
    }
    let told = plain.iter().map(|area| {
        Remark::new(
            NAME,
            Condition::Warning,
            format!("{area} is not known to be encrypted: values of running programs may be written to it"),
        )
        .about(*area)
        .fix(format!("sudo swapoff {area}"))
        .fix("for good: encrypt it in /etc/crypttab (options swap,cipher=aes-xts-plain64), or use zram")
    });
    told.collect()
}

/// Returns whether a swap area never leaves memory or is encrypted by the device mapper.
fn is_safe(scene: &Scene<'_>, area: &str) -> bool {
    let device = scene.machine.state(Path::new(area)).map(|state| state.place);
    let device = device.as_deref().unwrap_or(Path::new(area));
    let Some(name) = device.strip_prefix("/dev").ok().and_then(Path::to_str) else {
        return false;
    };
    if name.starts_with("zram") {
        return true;
    }
    let uuid = Path::new("/sys/block").join(name).join("dm/uuid");
    let uuid = scene.machine.read(&uuid).ok().flatten();
    uuid.is_some_and(|uuid| uuid.expose().starts_with(b"CRYPT-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::testing::Files;
    use crate::app::doctor::testing::scene;
    use crate::app::doctor::testing::worst;

    const HEADER: &str = "Filename Type Size Used Priority\n";

    fn look(files: Files) -> Vec<Remark> {
        examine(&scene(&files))
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn none_and_encrypted_and_in_memory_are_right() {
        let none = Files::default().with("/proc/swaps", HEADER);
        let crypt = Files::default()
            .with("/proc/swaps", format!("{HEADER}/dev/dm-1 partition 8 0 -2\n"))
            .with("/sys/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n");
        let zram = Files::default().with("/proc/swaps", format!("{HEADER}/dev/zram0 partition 8 0 100\n"));

        for files in [none, crypt, zram] {
            assert_eq!(worst(&look(files)), Condition::Ok);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_plain_partition_a_file_and_a_plain_volume_are_wrong() {
        for area in ["/dev/sda2", "/swapfile", "/dev/dm-0"] {
            let files = Files::default()
                .with("/proc/swaps", format!("{HEADER}{area} partition 8 0 -2\n"))
                .with("/sys/block/dm-0/dm/uuid", "LVM-abc\n");

            let remarks = look(files);

            assert_eq!(worst(&remarks), Condition::Warning, "{area}");
            assert_eq!(remarks[0].fix[0], format!("sudo swapoff {area}"));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_system_does_not_tell_is_told() {
        assert_eq!(worst(&look(Files::default())), Condition::Note);
    }
}
