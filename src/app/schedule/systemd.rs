//! Services and timers of systemd, for the system's manager.

use std::fmt::Write as _;

use crate::app::schedule::Job;
use crate::app::schedule::Schedule;
use crate::app::schedule::ScheduledFile;
use crate::app::schedule::Scheduler;

pub(super) const SCHEDULER: Scheduler = Scheduler {
    name: "systemd",
    keeps_changes: true,
    write,
};

fn write(schedule: &Schedule) -> Vec<ScheduledFile> {
    let jobs = schedule.jobs();
    let files = jobs.iter().flat_map(|job| {
        let name = schedule.job_name(job);
        [
            ScheduledFile {
                content: service(schedule, job),
                path: format!("{name}.service"),
            },
            ScheduledFile {
                content: timer(schedule, job),
                path: format!("{name}.timer"),
            },
        ]
    });
    files.collect()
}

fn service(schedule: &Schedule, job: &Job<'_>) -> String {
    let name = schedule.job_name(job);
    let mut text = format!(
        "# Written by `mintage schedule systemd`. Install it as root:\n\
         #   cp {name}.service {name}.timer /etc/systemd/system/\n\
         #   systemctl daemon-reload && systemctl enable --now {name}.timer\n\
         # A failed unit asks for somebody: exit code 3 is something to do, others are failures.\n\
         #   systemctl --failed; journalctl -u {name}\n\
         [Unit]\n\
         Description={}\n\n\
         [Service]\n\
         Type=oneshot\n\
         User={}\n",
        schedule.purpose_of_unit(job),
        schedule.user
    );
    let state = format!("XDG_STATE_HOME={}", schedule.state_home);
    let _ = writeln!(text, "Environment={}", quoted(&specifiers(&state)));
    let mut writable = vec![format!("-{}/mintage", schedule.state_home)];
    if let Job::Rotate(_) = job {
        let _ = writeln!(
            text,
            "# systemd reads the identity as root and shows it to this service alone.\n\
             LoadCredential=identity:{}\n\
             Environment=MINTAGE_IDENTITY=%d/identity",
            specifiers(&schedule.identity)
        );
        writable.insert(0, schedule.project.clone());
    }
    let words = [&schedule.program, "-C", &schedule.project].map(str::to_owned);
    let words: Vec<String> = words
        .iter()
        .chain(&job.arguments())
        .map(|word| quoted(&specifiers(&word.replace('$', "$$"))))
        .collect();
    let writable: Vec<String> = writable.iter().map(|path| quoted(&specifiers(path))).collect();
    let _ = writeln!(text, "ExecStart={}\n", words.join(" "));
    let _ = writeln!(text, "ReadWritePaths={}", writable.join(" "));
    text.push_str(SANDBOX);
    if matches!(job, Job::Rotate(_)) && schedule.runs_programs {
        text.push_str(
            "# Sinks of this policy run programs, in this sandbox too. Those that compile as they run, as node does, need\n\
             # memory that can be written and executed; where they need more, loosen it here.\n",
        );
    } else {
        text.push_str("MemoryDenyWriteExecute=true\n");
    }
    text
}

fn timer(schedule: &Schedule, job: &Job<'_>) -> String {
    format!(
        "[Unit]\n\
         Description={}, every day\n\n\
         [Timer]\n\
         OnCalendar=*-*-* {}\n\
         # What was missed while the machine was off is caught up.\n\
         Persistent=true\n\
         # Not all machines at once, and each at a time of its own.\n\
         RandomizedDelaySec=15min\n\
         FixedRandomDelay=true\n\n\
         [Install]\n\
         WantedBy=timers.target\n",
        schedule.purpose_of_unit(job),
        schedule.at.format("%H:%M:%S")
    )
}

impl Schedule {
    fn purpose_of_unit(&self, job: &Job<'_>) -> String {
        specifiers(&job.purpose(self))
    }
}

/// Keeps systemd from reading a percent sign as a specifier.
fn specifiers(text: &str) -> String {
    text.replace('%', "%%")
}

/// Quotes a word as systemd.syntax(7) says, where that is needed.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:@+,%$".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What no job needs is taken away.
const SANDBOX: &str = "ProtectSystem=strict
ProtectHome=read-only
UMask=0077
LimitCORE=0
NoNewPrivileges=true
PrivateTmp=true
PrivateDevices=true
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
";
