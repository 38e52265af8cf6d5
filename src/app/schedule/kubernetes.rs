//! CronJobs of Kubernetes.

use chrono::Timelike;

use crate::app::schedule::Job;
use crate::app::schedule::Schedule;
use crate::app::schedule::ScheduledFile;
use crate::app::schedule::Scheduler;
use crate::app::schedule::yaml_string;

pub(super) const SCHEDULER: Scheduler = Scheduler {
    name: "kubernetes",
    keeps_changes: true,
    write,
};

fn write(schedule: &Schedule) -> Vec<ScheduledFile> {
    let claim = format!("mintage-{}", schedule.slug());
    let mut content = HEAD
        .replace("{title}", &schedule.title())
        .replace("{claim}", &claim);
    if schedule.rotates {
        content = format!(
            "{content}# The identity:\n#   kubectl create secret generic {claim}-identity --from-file=identity=FILE\n"
        );
    }
    content.push_str(&CLAIM.replace("{claim}", &claim));
    for job in schedule.jobs() {
        content.push_str(&cron_job(schedule, &job, &claim));
    }
    vec![ScheduledFile {
        path: format!("{claim}.yaml"),
        content,
    }]
}

fn cron_job(schedule: &Schedule, job: &Job<'_>, claim: &str) -> String {
    let rotates = matches!(job, Job::Rotate(_));
    let (at, zone) = match &schedule.time_zone {
        Some(zone) => (schedule.at, zone.as_str()),
        None => (schedule.at_utc, "Etc/UTC"),
    };
    let arguments = ["-C", "/project"].map(str::to_owned);
    let arguments: Vec<String> = arguments
        .iter()
        .chain(&job.arguments())
        .map(|word| yaml_string(word))
        .collect();
    let [variable, mount, volume] = if rotates { IDENTITY } else { [""; 3] };
    CRON_JOB
        .replace("{identity_variable}", variable)
        .replace("{identity_mount}", mount)
        .replace("{identity_volume}", volume)
        .replace("{name}", &schedule.job_name(job))
        .replace("{claim}", claim)
        .replace("{at}", &format!("{} {} * * *", at.minute(), at.hour()))
        .replace("{zone}", zone)
        .replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace("{arguments}", &arguments.join(", "))
        // What is due stays due; a rotation that found a sink closed goes on with the same value.
        .replace("{retries}", if rotates { "2" } else { "0" })
        .replace("{read_only}", if rotates { "false" } else { "true" })
}

const HEAD: &str = "# Reminders of {title}, written by `mintage schedule kubernetes`.
# A failed Job asks for somebody: exit code 3 is something to do, others are failures.
# The image has to hold mintage; the claim holds the project directory under `project`. To fill it, run a pod that mounts it
# and: kubectl cp . POD:/volume/project
";

const CLAIM: &str = "apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {claim}
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
";

const CRON_JOB: &str = r#"---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
spec:
  schedule: "{at}"
  timeZone: {zone}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: {retries}
      activeDeadlineSeconds: 3600
      template:
        spec:
          restartPolicy: Never
          automountServiceAccountToken: false
          enableServiceLinks: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            fsGroup: 65532
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: mintage
              image: mintage:{version} # your image, best by its digest
              command: [mintage]
              args: [{arguments}]
              env:
                - name: XDG_STATE_HOME
                  value: /state
{identity_variable}              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
              resources:
                requests:
                  cpu: 100m
                  memory: 64Mi
                limits:
                  memory: 512Mi
              volumeMounts:
                - name: volume
                  mountPath: /project
                  subPath: project
                  readOnly: {read_only}
                - name: volume
                  mountPath: /state
                  subPath: state
{identity_mount}          volumes:
            - name: volume
              persistentVolumeClaim:
                claimName: {claim}
{identity_volume}"#;

/// What only a rotation has: the variable, the mount and the volume of the identity. 288 is mode 0440.
const IDENTITY: [&str; 3] = [
    "                - name: MINTAGE_IDENTITY
                  value: /identity/identity
",
    "                - name: identity
                  mountPath: /identity
                  readOnly: true
",
    "            - name: identity
              secret:
                secretName: {claim}-identity
                defaultMode: 288
",
];
