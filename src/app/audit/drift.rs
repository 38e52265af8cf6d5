//! What sinks hold, beside what the store says.

use crate::app::Agreement;
use crate::app::PushRow;
use crate::contract::Rule;
use crate::contract::life;
use crate::policy::Finding;
use crate::policy::Tier;

/// Returns which sinks do not hold what they are to hold.
pub fn drift(rows: &[PushRow]) -> Vec<Finding> {
    rows.iter().filter_map(finding).collect()
}

fn finding(row: &PushRow) -> Option<Finding> {
    let (rule, what): (Rule, &str) = match row.state {
        Agreement::Absent => (life::SINK_DIFFERS, "does not have it"),
        Agreement::Drifted => (life::SINK_DIFFERS, "holds another version of it"),
        Agreement::UnknownValue => (life::SINK_DIFFERS, "holds a value that the store does not have"),
        Agreement::Unreachable => (life::SINK_UNREACHABLE, "cannot be asked"),
        Agreement::Hidden | Agreement::InStep | Agreement::Rotating => return None,
    };
    Some(Finding {
        rule: rule.id,
        severity: rule.severity(Tier::Production),
        environment: Some(row.environment.clone()),
        name: Some(row.name.to_string()),
        location: None,
        message: format!("the sink `{}` {what}", row.sink),
        fix: format!(
            "mintage push {} -e {} --sink {}",
            row.name, row.environment, row.sink
        ),
    })
}
