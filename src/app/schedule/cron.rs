//! Lines of a crontab.

use std::fmt::Write as _;

use chrono::Timelike;

use crate::app::schedule::Schedule;
use crate::app::schedule::ScheduledFile;
use crate::app::schedule::Scheduler;
use crate::app::schedule::shell_word;

pub(super) const SCHEDULER: Scheduler = Scheduler {
    name: "cron",
    keeps_changes: true,
    write,
};

fn write(schedule: &Schedule) -> Vec<ScheduledFile> {
    let file = format!("mintage-{}.cron", schedule.slug());
    let title = schedule.title();
    let mut content = format!(
        "# Reminders of {title}, written by `mintage schedule cron`. Add them to your crontab:\n\
         #   (crontab -l; cat {file}) | crontab -\n\
         # Each line prints only what somebody should act on; cron mails that to the user, or to whom MAILTO names.\n\
         # Times when the machine is off are not caught up; a timer of systemd does that.\n\
         #MAILTO=you@example.com\n"
    );
    let at = format!("{} {} * * *", schedule.at.minute(), schedule.at.hour());
    for job in schedule.jobs() {
        let mut words = vec![
            "env".to_owned(),
            format!("XDG_STATE_HOME={}", schedule.state_home),
        ];
        if matches!(job, super::Job::Rotate(_)) {
            words.push(format!("MINTAGE_IDENTITY={}", schedule.identity));
        }
        // One after the other: jobs of the same minute wait for each other.
        words.extend(["flock", "-w", "3600"].map(str::to_owned));
        words.extend([schedule.project.clone(), schedule.program.clone()]);
        words.extend(["-C".to_owned(), schedule.project.clone(), "--quiet".to_owned()]);
        words.extend(job.arguments());
        let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
        // cron takes a bare percent sign for a line end.
        let _ = writeln!(content, "{at} {}", words.join(" ").replace('%', "\\%"));
    }
    vec![ScheduledFile { path: file, content }]
}
