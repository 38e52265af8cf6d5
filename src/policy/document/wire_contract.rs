//! The tables of a policy file beyond single names, as they are written.

use chrono::NaiveDate;
use chrono::Weekday;
use chrono_tz::Tz;

use crate::policy::NotifierFormat;
use crate::policy::NotifierType;
use crate::policy::Period;
use crate::policy::Severity;
use crate::policy::SinkType;
use crate::policy::StdinForm;
use crate::policy::document::fields::FromNode;
use crate::policy::document::node::At;
use crate::policy::document::node::Problems;
use crate::policy::document::node::Table;
use crate::policy::document::table::FieldReference;
use crate::policy::document::table::TableReference;
use crate::policy::document::table::wire;
use crate::policy::freeze::Hours;
use crate::secret::SecretName;

wire! {
    /// Names that belong together.
    GroupWire "[[groups]]" {
        /// Sets of names, one of which must be complete.
        one_of "one_of": Vec<At<Vec<At<SecretName>>>>,
        /// Names of which all are there or none.
        all_or_none "all_or_none": Vec<At<SecretName>>,
        /// Tiers and environments in which there must be one set, or all.
        required_in "required_in": Vec<At<String>>,
        /// What it is for.
        description "description": String,
    }
}

wire! {
    /// Names that need others.
    ImplicationWire "[[implies]]" {
        /// The name that needs the others as soon as it has a value.
        if_set "if_set": SecretName,
        /// Names and the values with which they need the others.
        if_equals "if_equals": Table,
        /// Names that must have a value then.
        require "require": Vec<At<SecretName>>,
        /// Rules that hold for other names then.
        then "then": Table,
        /// Tiers and environments in which it holds; everywhere unless said otherwise.
        required_in "required_in": Vec<At<String>>,
        /// What it is for.
        description "description": String,
    }
}

wire! {
    /// A file and how it must be kept.
    FileWire "[files.PATH]" {
        /// Whether git must ignore it, and not track it.
        git_ignored "git_ignored": bool,
        /// The greatest permission bits, in octal.
        mode "mode": String,
        /// Whether it must exist.
        required "required": bool,
        /// What it is for.
        description "description": String,
    }
}

wire! {
    /// A certificate that runs out.
    CertificateWire "[certificates.NAME]" {
        /// The PEM file that holds it.
        file "file": String,
        /// The host that serves it, with its port unless that is 443; asked with `--network` only.
        host "host": String,
        /// The name that it must be for: that of the table or the host unless said otherwise.
        server_name "server_name": String,
        /// How long before its end it is announced: 30 days, or the last third of a shorter life, unless said otherwise.
        remind_before "remind_before": Period,
        /// What it is for.
        description "description": String,
    }
}

wire! {
    /// An env file beside that of an environment.
    TargetWire "[targets.NAME]" {
        /// The file; `{environment}` stands for the name of the environment.
        env_file "env_file": String,
        /// The names that stand there, and not in the environment's env file.
        names "names": Vec<At<SecretName>>,
        /// What it is for.
        description "description": String,
    }
}

wire! {
    /// A system that uses secrets.
    SinkWire "[sinks.NAME]" {
        /// What sort of system it is.
        of_type "type": SinkType,
        /// The file or directory; `{environment}` is filled in, and `{name}` where it holds one value.
        path "path": String,
        /// The permission bits of a file of one value, in octal.
        mode "mode": String,
        /// Whether the former value is kept beside the current one, in a file named `NAME.previous`.
        previous "previous": bool,
        /// The age recipients that a file is encrypted to.
        recipients "recipients": Vec<At<String>>,
        /// The name of the Kubernetes Secret, where the manifest has several or is not there yet.
        secret "secret": String,
        /// The service of an entry of the keychain; `{name}` and `{environment}` are filled in.
        service "service": String,
        /// The user of an entry of the keychain, as the service; `{name}` unless said otherwise.
        user "user": String,
        /// Ready commands for a tool, by its name.
        recipe "recipe": String,
        /// What the recipe asks for.
        with "with": Table,
        /// The program and its arguments; the value goes to its standard input.
        set "set": Vec<At<String>>,
        /// The program that proves that the value on its standard input works.
        test "test": Vec<At<String>>,
        /// The program that prints the SHA-256 of what the system holds, in hexadecimal.
        read_fingerprint "read_fingerprint": Vec<At<String>>,
        /// The program that prints the value that the system holds, which nobody is shown.
        read_value "read_value": Vec<At<String>>,
        /// The program that has the system drop the value on its standard input.
        retire "retire": Vec<At<String>>,
        /// What stands on standard input: the value unless said otherwise.
        stdin "stdin": StdinForm,
        /// All that the programs see of the environment beside PATH.
        env "env": Vec<At<SecretName>>,
        /// How long a program may run.
        timeout "timeout": Period,
        /// What it is for.
        description "description": String,
    }
}

wire! {
    /// Who is told what is due.
    NotifierWire "[[notifiers]]" {
        /// What it is called; its type and a number unless said otherwise.
        name "name": String,
        /// How it is told.
        of_type "type": NotifierType,
        /// The variable that holds the URL, which is a secret itself; of PagerDuty, where it is not the usual one.
        url_env "url_env": SecretName,
        /// What a webhook sends: `json` unless said otherwise.
        format "format": NotifierFormat,
        /// The variable of the secret that signs what a webhook sends, as Standard Webhooks has it.
        secret_env "secret_env": SecretName,
        /// The variable of the key of an integration of PagerDuty.
        routing_key_env "routing_key_env": SecretName,
        /// The variable of the URL of a mail server: `smtps://user:password@host:465` or `smtp://host:587`.
        smtp_env "smtp_env": SecretName,
        /// Whether mail is handed to the program `sendmail`.
        sendmail "sendmail": bool,
        /// The mailbox that mail is from.
        from "from": String,
        /// The mailboxes that mail goes to.
        to "to": Vec<At<String>>,
        /// Whether what is sent names no secret and no certificate.
        anonymous "anonymous": bool,
        /// How much something has to matter to be told: `note` unless said otherwise.
        min_severity "min_severity": Severity,
        /// How long one attempt may take, 60 seconds at most: `10s` unless said otherwise.
        timeout "timeout": Period,
        /// The variable of a URL that is called after each run in which everything was told.
        heartbeat_url_env "heartbeat_url_env": SecretName,
    }
}

wire! {
    /// A time in which `rotate --due` begins nothing and retires nothing.
    FreezeWire "[[freezes]]" {
        /// The first day.
        from "from": NaiveDate,
        /// The last day.
        until "until": NaiveDate,
        /// The days of the week; every day unless said otherwise.
        weekdays "weekdays": Vec<At<Weekday>>,
        /// The hours, such as `22:00-06:00`; the whole day unless said otherwise.
        hours "hours": Hours,
        /// The time zone of days and hours, such as `Asia/Jakarta`; UTC unless said otherwise.
        zone "zone": Tz,
        /// Tiers and environments in which it holds; everywhere unless said otherwise.
        environments "environments": Vec<At<String>>,
        /// Why.
        reason "reason": String,
    }
}

wire! {
    /// Names that are public by their prefix.
    PublicWire "[public]" {
        /// The prefixes.
        prefixes "prefixes": Vec<At<String>>,
    }
}

wire! {
    /// A finding that is accepted for a time.
    WaiverWire "[[waivers]]" {
        /// The rule of the finding.
        rule "rule": String,
        /// What the finding is about.
        name "name": String,
        /// The environment, if only one is meant.
        environment "environment": String,
        /// The last day.
        until "until": NaiveDate,
        /// Why.
        reason "reason": String,
    }
}

wire! {
    /// Who has to agree.
    SignoffWire "[signoff]" {
        /// The roles.
        roles "roles": Vec<At<String>>,
        /// Whether one person may take one role only.
        distinct_people "distinct_people": bool,
        /// Tiers and environments in which they have to; production unless said otherwise.
        required_in "required_in": Vec<At<String>>,
    }
}
