//! What every customer is worth to the chain: figures, RFM scores and group,
//! ABC class, lifecycle stage and tier, with the reasons. Tables: `grades`,
//! `grade_history`, `grade_runs`; reads `tier_schemes` and `tier_overrides`.
//!
//! Figures come from the warehouse, rules from the domain; a run writes back
//! what it changed. Choices where the reference leaves one:
//!
//! * The as-of date is the one asked for, else the chain's business date today,
//!   also for a book whose data ended years ago; the output names the date of
//!   the last order. Publishing a scheme keeps an as-of date that was asked for.
//! * R, F and M are scored among customers with at least one order that counts.
//!   Every run takes fresh score limits, but the nightly one keeps the limits of
//!   the run before it for a month, so that nobody's score moves because others
//!   did.
//! * ABC classes divide net spend in the RFM window among the same customers.
//! * Frequency and monetary value look back `rfm_window_days`; the tier looks
//!   back over the window of its scheme.
//!
//! Invariants: grading twice as of one date changes nothing the second time; a
//! tier changes together with its row in the history; a merged record keeps the
//! row it had, so that undoing the merge restores it.

pub mod api;
mod as_of;
pub mod cli;
mod draft_api;
pub mod entity;
mod history;
mod kept;
mod overrides;
mod plan;
mod run;
mod schedule;
mod seen;
mod shape;
mod simulation;
mod store;
mod write;

pub use self::{
    api::routes,
    as_of::{data_until, today},
    kept::days_since,
    run::{GradeInput, Reason, run},
    schedule::{enqueue_after_undo, enqueue_if_due, enqueue_if_idle, keep_schedule},
    shape::{Grade, GradeTier},
    simulation::{LevelShare, share},
    store::{Summary, blank, graded_as_of, last_run},
};
