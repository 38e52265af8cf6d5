//! A policy for people and scripts: what holds, without a value.

use serde::Serialize;

use crate::policy::Embed;
use crate::policy::Policy;
use crate::policy::SecretPolicy;
use crate::policy::Tier;
use crate::policy::VariablePolicy;
use crate::policy::VariableType;
use crate::policy::shown_bits;

/// A whole policy as `policy show --json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyView {
    /// What the policy is called.
    pub name: String,
    /// The environments in the order of the file.
    pub environments: Vec<EnvironmentView>,
}

/// An environment and what holds there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EnvironmentView {
    /// The name.
    pub name: String,
    /// How strict it is.
    pub tier: Tier,
    /// The secrets, sorted by name.
    pub secrets: Vec<SecretPolicyView>,
    /// The variables, sorted by name.
    pub variables: Vec<VariablePolicyView>,
}

/// A secret as it holds in one environment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecretPolicyView {
    /// The name.
    pub name: String,
    /// The kind as the policy calls it.
    pub kind: String,
    /// What it is for.
    pub description: Option<String>,
    /// What a value is made of.
    pub recipe: String,
    /// Lower bound on the strength of a value that we make, in bits.
    pub bits: Option<f64>,
    /// What is drawn again and what that costs, in words; the bits count it.
    pub redraws: Vec<String>,
    /// Least number of characters.
    pub min_length: Option<u32>,
    /// How often it is rotated.
    pub rotate_every: Option<String>,
    /// How long before that it is announced.
    pub remind_before: String,
    /// How long the former version stays valid.
    pub overlap: Option<String>,
    /// The short code of the overlap class.
    pub overlap_class: &'static str,
    /// What a rotation does to those who use the old value.
    pub consequence: &'static str,
    /// How many former versions are kept.
    pub keep_previous: u32,
    /// Whether it must be there.
    pub required: bool,
    /// The format that its issuer gives it.
    pub shape: Option<&'static str>,
    /// Who makes it, where we do not.
    pub issuer: Option<String>,
    /// Where the issuer makes it.
    pub console_url: Option<String>,
    /// What every value looks like.
    pub pattern: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The sinks that use it.
    pub sinks: Vec<String>,
    /// The consumers that read a value unescaped.
    pub embed: Vec<Embed>,
    /// What the consumers changed about the recipe, in words.
    pub embed_change: Option<String>,
    /// What secret scanners find leaked values by, where they have a prefix.
    pub scanner_regex: Option<String>,
}

/// A variable as it holds in one environment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariablePolicyView {
    /// The name.
    pub name: String,
    /// What its text means.
    #[serde(rename = "type")]
    pub of_type: VariableType,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it must be there.
    pub required: bool,
    /// The only value.
    pub equals: Option<String>,
    /// The values of an enum.
    pub values: Vec<String>,
}

impl From<&Policy> for PolicyView {
    fn from(policy: &Policy) -> Self {
        let environments = policy.environments().map(|environment| {
            let name = environment.name();
            let secrets = policy
                .secret_names()
                .filter_map(|secret| policy.secret(secret, name));
            let variables = policy
                .variable_names()
                .filter_map(|variable| policy.variable(variable, name));
            EnvironmentView {
                name: name.to_string(),
                tier: environment.tier(),
                secrets: secrets.map(SecretPolicyView::from).collect(),
                variables: variables.map(VariablePolicyView::from).collect(),
            }
        });
        Self {
            name: policy.name().to_owned(),
            environments: environments.collect(),
        }
    }
}

impl From<&SecretPolicy> for SecretPolicyView {
    fn from(secret: &SecretPolicy) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            name: secret.name().to_string(),
            kind: secret.kind_name().to_owned(),
            description: owned(secret.description()),
            recipe: secret.made_of(),
            bits: secret.is_generated().then(|| shown_bits(secret.bits())),
            redraws: secret.redraws().iter().map(ToString::to_string).collect(),
            min_length: secret.min_length(),
            rotate_every: secret.rotate_every().map(|period| period.to_string()),
            remind_before: secret.remind_before().to_string(),
            overlap: secret.overlap().map(|period| period.to_string()),
            overlap_class: secret.overlap_class().code(),
            consequence: secret.overlap_class().consequence(),
            keep_previous: secret.keep_previous(),
            required: secret.required(),
            shape: secret.format().map(|format| format.name),
            issuer: owned(secret.issuer()),
            console_url: owned(secret.console_url()),
            pattern: secret.pattern().map(|pattern| pattern.as_str().to_owned()),
            owner: owned(secret.owner()),
            sinks: secret.sinks().to_vec(),
            embed: secret.embed().to_vec(),
            embed_change: owned(secret.embed_change()),
            scanner_regex: secret.recipe().scanner_regex(),
        }
    }
}

impl From<&VariablePolicy> for VariablePolicyView {
    fn from(variable: &VariablePolicy) -> Self {
        Self {
            name: variable.name().to_string(),
            of_type: variable.of_type(),
            description: variable.description().map(str::to_owned),
            required: variable.required(),
            equals: variable.equals().map(str::to_owned),
            values: variable.values().to_vec(),
        }
    }
}
