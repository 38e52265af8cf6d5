//! The files that make a scheduler run reminders and due rotations.
//!
//! Writers are pure: what they need to know of the machine comes in with [`Schedule`].

mod cron;
mod github_actions;
mod kubernetes;
mod systemd;

use chrono::NaiveTime;
use ring::digest;
use serde::Serialize;

use crate::secret::EnvironmentName;

/// What is to run, when, and where things are. Times are times of day.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The name of the policy.
    pub policy: String,
    /// The program, by its absolute path.
    pub program: String,
    /// The project directory, by its absolute path.
    pub project: String,
    /// What `XDG_STATE_HOME` is for the program.
    pub state_home: String,
    /// The file of the identity that opens the store.
    pub identity: String,
    /// The number of the user whose project it is.
    pub user: u32,
    /// The environments; all when there is none.
    pub environments: Vec<EnvironmentName>,
    /// Whether due secrets of the environments are rotated too.
    pub rotates: bool,
    /// Whether a rotation runs programs that the policy names.
    pub runs_programs: bool,
    /// When, as the clock of the machine shows it.
    pub at: NaiveTime,
    /// The same in UTC, as it is today.
    pub at_utc: NaiveTime,
    /// The name of the machine's time zone; `None` where it has none of the IANA's.
    pub time_zone: Option<String>,
}

/// A program that starts others at a time of day.
#[derive(Debug)]
pub struct Scheduler {
    /// Its name on the command line.
    pub name: &'static str,
    /// Whether what a rotation changes is still there when the next one starts.
    pub keeps_changes: bool,
    write: fn(&Schedule) -> Vec<ScheduledFile>,
}

/// A file of a scheduler.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ScheduledFile {
    /// Where it belongs, below the directory that is chosen for all of them.
    pub path: String,
    /// What it holds.
    pub content: String,
}

/// The schedulers that files can be written for.
pub const SCHEDULERS: &[Scheduler] = &[
    cron::SCHEDULER,
    github_actions::SCHEDULER,
    kubernetes::SCHEDULER,
    systemd::SCHEDULER,
];

impl Scheduler {
    /// Writes its files.
    pub fn write(&self, schedule: &Schedule) -> Vec<ScheduledFile> {
        (self.write)(schedule)
    }
}

/// One call of the program.
enum Job<'a> {
    /// Tells what is due.
    Remind(&'a [EnvironmentName]),
    /// Rotates what is due in an environment.
    Rotate(&'a EnvironmentName),
}

impl Schedule {
    /// Returns the jobs, those that change something first.
    fn jobs(&self) -> Vec<Job<'_>> {
        let rotations = self.environments.iter().filter(|_| self.rotates);
        rotations
            .map(Job::Rotate)
            .chain([Job::Remind(&self.environments)])
            .collect()
    }

    /// Returns a name for a job that files, units and objects of a cluster can have.
    fn job_name(&self, job: &Job<'_>) -> String {
        match job {
            Job::Remind(_) => format!("mintage-{}-remind", self.slug()),
            Job::Rotate(environment) => {
                format!("mintage-{}-rotate-{}", self.slug(), slug(environment.as_str()))
            }
        }
    }

    fn slug(&self) -> String {
        slug(&self.policy)
    }

    /// Returns the policy's name for comments and titles: one line of plain characters.
    fn title(&self) -> String {
        let plain = |character: &char| character.is_alphanumeric() || " ._-".contains(*character);
        self.policy.chars().filter(plain).take(MAX_TITLE).collect()
    }
}

impl Job<'_> {
    /// Says what it does, in the imperative.
    fn purpose(&self, schedule: &Schedule) -> String {
        match self {
            Self::Remind(_) => format!("Tell what is due in {}", schedule.title()),
            Self::Rotate(environment) => {
                format!("Rotate what is due in {} {environment}", schedule.title())
            }
        }
    }

    /// Returns the arguments of the program after those that name the project.
    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--no-input".to_owned()];
        let environments = match self {
            Self::Remind(environments) => {
                arguments.push("remind".to_owned());
                *environments
            }
            Self::Rotate(environment) => {
                arguments.extend(["rotate".to_owned(), "--due".to_owned()]);
                std::slice::from_ref(*environment)
            }
        };
        for environment in environments {
            arguments.extend(["-e".to_owned(), environment.to_string()]);
        }
        arguments
    }
}

/// Writes a name with lower-case letters, digits and single hyphens alone; what is cut off a long one is told by the
/// beginning of a digest.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        match character.to_ascii_lowercase() {
            plain if plain.is_ascii_alphanumeric() => slug.push(plain),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    let mut slug = slug.trim_end_matches('-').to_owned();
    if slug.is_empty() {
        slug.push_str("project");
    }
    if slug.len() > MAX_SLUG {
        let digest = digest::digest(&digest::SHA256, name.as_bytes());
        slug.truncate(MAX_SLUG - 5);
        slug = format!(
            "{}-{}",
            slug.trim_end_matches('-'),
            hex::encode(&digest.as_ref()[..2])
        );
    }
    slug
}

/// Writes a word so that a POSIX shell reads it as it is.
fn shell_word(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:@+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Writes a string so that every YAML reads it as it is: as JSON does.
fn yaml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The 52 characters of a CronJob's name have to hold two of them and the job.
const MAX_SLUG: usize = 18;

const MAX_TITLE: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names_of_units() {
        assert_eq!(slug("Shop; API (EU)"), "shop-api-eu");
        assert_eq!(slug("日本"), "project");
        let [east, west] = ["production-of-the-east", "production-of-the-west"].map(slug);
        assert!(east.len() <= MAX_SLUG && east != west, "{east} {west}");
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(shell_word("/opt/a-b_c/mintage"), "/opt/a-b_c/mintage");
        assert_eq!(shell_word("/a b"), "'/a b'");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
