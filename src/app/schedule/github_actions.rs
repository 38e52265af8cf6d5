//! A workflow of GitHub Actions that keeps one issue while something is due.

use chrono::Timelike;

use crate::app::schedule::Job;
use crate::app::schedule::Schedule;
use crate::app::schedule::ScheduledFile;
use crate::app::schedule::Scheduler;
use crate::app::schedule::shell_word;
use crate::app::schedule::yaml_string;

pub(super) const SCHEDULER: Scheduler = Scheduler {
    name: "github-actions",
    // What a job changes in its checkout ends with the job.
    keeps_changes: false,
    write,
};

fn write(schedule: &Schedule) -> Vec<ScheduledFile> {
    let name = schedule.job_name(&Job::Remind(&[]));
    let at = format!("{} {} * * *", schedule.at_utc.minute(), schedule.at_utc.hour());
    let content = TEMPLATE
        .replace("{title}", &schedule.title())
        .replace("{name}", &name)
        .replace("{at}", &at)
        .replace("{label}", &format!("mintage-{}", schedule.slug()))
        .replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace(
            "{run_name}",
            &yaml_string(&format!("mintage: {}", schedule.title())),
        )
        .replace("{script}", &indented(&script(schedule)));
    vec![ScheduledFile {
        path: format!(".github/workflows/{name}.yml"),
        content,
    }]
}

/// Writes the script: a body that is empty says that nothing is due.
fn script(schedule: &Schedule) -> String {
    let words = Job::Remind(&schedule.environments).arguments();
    let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    SCRIPT
        .replace("{words}", &words.join(" "))
        .replace(
            "{issue}",
            &shell_word(&format!("Secrets of {} are due", schedule.title())),
        )
        .replace("{label}", &format!("mintage-{}", schedule.slug()))
}

fn indented(script: &str) -> String {
    let lines = script.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("          {line}\n"),
    });
    lines.collect()
}

const TEMPLATE: &str = r#"# One issue while secrets of {title} are due, closed after. Written by `mintage schedule github-actions`.
# It needs no key and shows no value, but an issue names secrets: keep the repository private.
name: {run_name}

on:
  schedule:
    # UTC, and later under load. GitHub stops schedules of a repository without activity for 60 days: let something
    # else notice that, see the last step.
    - cron: "{at}"
  workflow_dispatch:

permissions:
  contents: read
  issues: write

concurrency:
  group: {name}

jobs:
  remind:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    env:
      # The directory of mintage.toml, from that of the repository.
      MINTAGE_DIR: .
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - name: Install mintage
        run: cargo install --locked --version {version} mintage
      - name: Keep one issue while something is due
        env:
          GH_TOKEN: ${{ github.token }}
          GH_REPO: ${{ github.repository }}
        run: |
{script}      # A heartbeat: a service that expects this call every day tells you when it does not come.
      # - name: Heartbeat
      #   run: curl -fsS -m 10 --retry 5 -o /dev/null "$HEARTBEAT_URL"
      #   env:
      #     HEARTBEAT_URL: ${{ secrets.HEARTBEAT_URL }}
"#;

const SCRIPT: &str = r#"set -eu
code=0
mintage --quiet {words} > due.txt || code=$?
case "$code" in
  0 | 3) ;;
  *) exit "$code" ;;
esac
issue=$(gh issue list --state open --label {label} --limit 1 --json number --jq '.[0].number // empty')
if [ ! -s due.txt ]; then
  if [ -n "$issue" ]; then
    gh issue close "$issue" --comment 'Nothing is due any more.'
  fi
  exit 0
fi
# An issue holds 65,536 characters.
{ echo '```text'; head -c 60000 due.txt; echo '```'; } > due.md
if [ -n "$issue" ]; then
  gh issue edit "$issue" --body-file due.md
else
  gh label create {label} --force --description 'Kept by mintage'
  gh issue create --title {issue} --label {label} --body-file due.md
fi"#;
