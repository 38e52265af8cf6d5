//! The tables of a policy file, field by field, as they are written.

use regex_lite::Regex;

use crate::policy::Alphabet;
use crate::policy::CharacterClass;
use crate::policy::Checksum;
use crate::policy::Embed;
use crate::policy::Encoding;
use crate::policy::ListItem;
use crate::policy::Period;
use crate::policy::StoreKind;
use crate::policy::Tier;
use crate::policy::VariableType;
use crate::policy::document::fields::Cadence;
use crate::policy::document::fields::FromNode;
use crate::policy::document::fields::Scalar;
use crate::policy::document::node::At;
use crate::policy::document::node::Problems;
use crate::policy::document::node::Table;
use crate::policy::document::table::FieldReference;
use crate::policy::document::table::TableReference;
use crate::policy::document::table::wire;
use crate::policy::document::wire_contract::CertificateWire;
use crate::policy::document::wire_contract::FileWire;
use crate::policy::document::wire_contract::FreezeWire;
use crate::policy::document::wire_contract::GroupWire;
use crate::policy::document::wire_contract::ImplicationWire;
use crate::policy::document::wire_contract::NotifierWire;
use crate::policy::document::wire_contract::PublicWire;
use crate::policy::document::wire_contract::SignoffWire;
use crate::policy::document::wire_contract::SinkWire;
use crate::policy::document::wire_contract::TargetWire;
use crate::policy::document::wire_contract::WaiverWire;
use crate::policy::kinds::Hazard;
use crate::policy::kinds::issuers::IssuedShape;
use crate::secret::SecretName;

/// Lists every table that a policy file can have.
pub fn reference() -> impl Iterator<Item = &'static TableReference> {
    REFERENCE.iter().copied()
}

const REFERENCE: &[&TableReference] = &[
    &PolicyWire::REFERENCE,
    &DefaultsWire::REFERENCE,
    &EnvironmentWire::REFERENCE,
    &SecretWire::REFERENCE,
    &VariableWire::REFERENCE,
    &KindWire::REFERENCE,
    &GroupWire::REFERENCE,
    &ImplicationWire::REFERENCE,
    &FileWire::REFERENCE,
    &CertificateWire::REFERENCE,
    &TargetWire::REFERENCE,
    &SinkWire::REFERENCE,
    &NotifierWire::REFERENCE,
    &FreezeWire::REFERENCE,
    &PublicWire::REFERENCE,
    &WaiverWire::REFERENCE,
    &SignoffWire::REFERENCE,
];

wire! {
    /// The document.
    PolicyWire "the policy" {
        /// The version of this format: 1.
        schema "schema": i64,
        /// What the policy is called.
        name "name": String,
        /// A preset that this file is put on top of.
        extends "extends": String,
        /// What holds for every secret that says nothing else.
        defaults "defaults": Table,
        /// Where the secrets live.
        environments "environments": Table,
        /// What has to be kept secret.
        secrets "secrets": Table,
        /// What is configured and no secret.
        variables "variables": Table,
        /// Kinds of one's own.
        kinds "kinds": Table,
        /// Names that belong together.
        groups "groups": Vec<At<Table>>,
        /// Names that need others.
        implies "implies": Vec<At<Table>>,
        /// Files and how they must be kept.
        files "files": Table,
        /// Certificates that run out.
        certificates "certificates": Table,
        /// Env files beside those of the environments.
        targets "targets": Table,
        /// Systems that use the secrets.
        sinks "sinks": Table,
        /// Who is told what is due.
        notifiers "notifiers": Vec<At<Table>>,
        /// Times in which nothing is changed on a timer.
        freezes "freezes": Vec<At<Table>>,
        /// Names that are public by their prefix.
        public "public": Table,
        /// Other names of the same thing.
        aliases "aliases": Table,
        /// Findings that are accepted for a time.
        waivers "waivers": Vec<At<Table>>,
        /// Who has to agree.
        signoff "signoff": Table,
    }
}

wire! {
    /// What holds for every secret that says nothing else.
    DefaultsWire "[defaults]" {
        /// How often secrets are rotated.
        rotate_every "rotate_every": Cadence,
        /// How long before that they are announced.
        remind_before "remind_before": Period,
        /// How many former versions are kept.
        keep_previous "keep_previous": u32,
        /// Least number of characters of the secrets that are generated.
        min_length "min_length": u32,
        /// Who answers for a secret.
        owner "owner": String,
        /// Whether two environments must never share a value.
        distinct_across_environments "distinct_across_environments": bool,
    }
}

wire! {
    /// Where the secrets live.
    EnvironmentWire "[environments.NAME]" {
        /// How strict it is: `production` unless said otherwise.
        tier "tier": Tier,
        /// What keeps its secrets: `age` unless said otherwise.
        store "store": StoreKind,
        /// The env file that the application reads.
        env_file "env_file": String,
        /// The committed example of that file.
        example_file "example_file": String,
    }
}

wire! {
    /// A secret; `when.X` overrides any field in environment or tier X.
    SecretWire "[secrets.NAME]" {
        /// What it is.
        kind "kind": String,
        /// How its bytes become text.
        encoding "encoding": Encoding,
        /// Number of random bytes.
        bytes "bytes": u32,
        /// Number of characters.
        length "length": u32,
        /// Number of words.
        words "words": u32,
        /// The characters to draw from.
        charset "charset": Alphabet,
        /// How many characters of each class: the least number, or `{ min = 1, max = 4 }`.
        classes "classes": Vec<CharacterClass>,
        /// Characters never to draw.
        exclude "exclude": String,
        /// Whether `0 O 1 I l |` are never drawn, since people mistake them for one another.
        avoid_ambiguous "avoid_ambiguous": bool,
        /// What the first character behind the prefix can be.
        first "first": Alphabet,
        /// What the last character before the checksum can be.
        last "last": Alphabet,
        /// Most of the same character in a row.
        max_consecutive "max_consecutive": u32,
        /// Fixed text in front.
        prefix "prefix": String,
        /// Check characters at the end.
        checksum "checksum": Checksum,
        /// Number of bytes that a value decodes to.
        decoded_bytes "decoded_bytes": u32,
        /// The secret that it has the value of.
        same_as "same_as": SecretName,
        /// The text that it is made of: `{NAME}` or `{NAME|url}`, `|base64`, `|json` stand for values.
        template "template": String,
        /// The secret that it is computed from.
        from "from": SecretName,
        /// What the token says, beside when it was made and when it ends; of an issued one, what it must say.
        claims "claims": Table,
        /// How long the token is valid.
        lifetime "lifetime": Period,
        /// Least number of characters.
        min_length "min_length": u32,
        /// Least strength in bits.
        min_bits "min_bits": u32,
        /// Least measured entropy in bits per character.
        min_entropy "min_entropy": f64,
        /// How often it is rotated.
        rotate_every "rotate_every": Cadence,
        /// How long before that it is announced.
        remind_before "remind_before": Period,
        /// How many former versions are kept.
        keep_previous "keep_previous": u32,
        /// How long the former version stays valid.
        overlap "overlap": Period,
        /// The format that its issuer gives it, which says issuer, console and pattern too.
        shape "shape": &'static IssuedShape,
        /// How long the new version is accepted before it is used, where verifiers are not told all at once.
        usage_delay "usage_delay": Period,
        /// Who makes it, where we do not.
        issuer "issuer": String,
        /// Where the issuer makes it.
        console_url "console_url": String,
        /// What every value looks like.
        pattern "pattern": Regex,
        /// What no value looks like.
        forbid_pattern "forbid_pattern": Regex,
        /// Values that are refused.
        forbid_values "forbid_values": Vec<At<Scalar>>,
        /// What it is for.
        description "description": String,
        /// Who answers for it.
        owner "owner": String,
        /// The sinks that use it.
        sinks "sinks": Vec<At<String>>,
        /// Consumers that it must survive in unescaped: values hold what all of them take, and become longer for it.
        embed "embed": Vec<At<Embed>>,
        /// Whether two environments must never share a value.
        distinct_across_environments "distinct_across_environments": bool,
        /// Names whose values must be others.
        distinct_from "distinct_from": Vec<At<SecretName>>,
        /// The variable that carries the former value.
        previous_var "previous_var": SecretName,
        /// The secret of another identity for the same access, with which it takes turns.
        alternates_with "alternates_with": SecretName,
        /// Why replacing a value needs more than a new value, where neither kind nor name says so.
        hazard "hazard": Hazard,
        /// Whether it must be there everywhere.
        required "required": bool,
        /// Tiers and environments in which it must be there.
        required_in "required_in": Vec<At<String>>,
        /// Rules as of a variable that are warned about when they are broken.
        warn "warn": Table,
        /// Overrides by tier or environment.
        when "when": Table,
    }
}

wire! {
    /// A variable that is no secret; `when.X` overrides any field in environment or tier X.
    VariableWire "[variables.NAME]" {
        /// What its text means.
        of_type "type": VariableType,
        /// Whether it must be there everywhere.
        required "required": bool,
        /// Tiers and environments in which it must be there.
        required_in "required_in": Vec<At<String>>,
        /// The only value.
        equals "equals": Scalar,
        /// The values of an enum.
        values "values": Vec<At<Scalar>>,
        /// Least and greatest number, both inclusive.
        range "range": Vec<At<f64>>,
        /// Least duration, inclusive.
        min "min": Period,
        /// Greatest duration, inclusive.
        max "max": Period,
        /// What a list holds.
        of "of": ListItem,
        /// Schemes of a URL.
        scheme "scheme": Vec<At<String>>,
        /// Hosts of a URL; `*.example.com` stands for every host below it.
        hosts "hosts": Vec<At<String>>,
        /// Hosts that a URL must not have.
        forbid_hosts "forbid_hosts": Vec<At<String>>,
        /// The path of a URL.
        path "path": String,
        /// Whether a URL carries user and password.
        credentials "credentials": bool,
        /// The secret that is the password of a URL.
        password_from "password_from": SecretName,
        /// What a token must say.
        claims "claims": Table,
        /// How it is made of other values.
        template "template": String,
        /// Least number of characters.
        min_length "min_length": u32,
        /// What every value looks like.
        pattern "pattern": Regex,
        /// What no value looks like.
        forbid_pattern "forbid_pattern": Regex,
        /// Values that are refused.
        forbid_values "forbid_values": Vec<At<Scalar>>,
        /// Names whose values must be others.
        distinct_from "distinct_from": Vec<At<SecretName>>,
        /// What it is for.
        description "description": String,
        /// Who answers for it.
        owner "owner": String,
        /// Rules that are warned about when they are broken.
        warn "warn": Table,
        /// Overrides by tier or environment.
        when "when": Table,
    }
}

wire! {
    /// A kind of one's own.
    KindWire "[kinds.NAME]" {
        /// What it is for.
        description "description": String,
        /// How its bytes become text.
        encoding "encoding": Encoding,
        /// Number of random bytes.
        bytes "bytes": u32,
        /// Number of characters, prefix and checksum included.
        length "length": u32,
        /// The characters to draw from.
        charset "charset": Alphabet,
        /// How many characters of each class: the least number, or `{ min = 1, max = 4 }`.
        classes "classes": Vec<CharacterClass>,
        /// Characters never to draw.
        exclude "exclude": String,
        /// Whether `0 O 1 I l |` are never drawn, since people mistake them for one another.
        avoid_ambiguous "avoid_ambiguous": bool,
        /// What the first character behind the prefix can be.
        first "first": Alphabet,
        /// What the last character before the checksum can be.
        last "last": Alphabet,
        /// Most of the same character in a row.
        max_consecutive "max_consecutive": u32,
        /// Fixed text in front.
        prefix "prefix": String,
        /// Check characters at the end.
        checksum "checksum": Checksum,
        /// What every value looks like.
        pattern "pattern": Regex,
    }
}
