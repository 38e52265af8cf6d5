//! The whole estate at once: every secret and certificate of every environment, and everything that is wrong with them.

mod report;

pub use report::AuditReport;
pub use report::AuditedEnvironment;
pub use report::AuditedSecret;
pub use report::AuditedVersion;
pub use report::Integrity;
pub use report::WaivedFinding;
