//! The promises of the command line, kept from outside: the built program, real files, a real git repository.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod age_interop;
mod ageing;
mod approval;
mod apps;
mod arguments;
mod audit;
#[path = "../support/authority.rs"]
mod authority;
mod calendar;
mod certificates;
mod check;
mod checklist_errors;
mod clipboard;
mod consumer;
mod derived;
mod diffing;
mod doctor;
mod due;
mod embedding;
mod errors;
mod estate;
mod evidence;
mod examples;
mod frameworks;
mod handed_out;
mod help;
mod importing;
mod issued;
mod issued_rotation;
mod main_job;
mod metrics;
mod narrowing;
#[path = "../support/node.rs"]
mod node;
mod notifying;
mod notifying_mail;
mod overlap_classes;
mod page;
mod policy;
mod push;
#[path = "../support/python.rs"]
mod python;
mod readers;
mod receiver;
mod recipes;
mod rendering;
mod restore;
mod rotation;
mod rotation_sinks;
mod running;
mod running_checked;
mod running_refused;
mod sandbox;
mod sarif;
mod scheduling;
mod schemas;
mod scoring;
mod setup;
mod signoff;
mod terminal;
