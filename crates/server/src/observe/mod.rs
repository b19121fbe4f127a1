//! What the program notices about itself: how long requests take, and which
//! statements of the book were slow; a collector is told of requests and jobs where one
//! was named. Nothing in it is personal: routes are patterns, and statements hold
//! placeholders where the values go.

mod machine;
mod requests;
mod statements;
mod telemetry;

pub use self::{
    machine::{disk, folder_bytes, resident_bytes},
    requests::{BUCKETS_MILLIS, Requests, Route, Timing},
    statements::{SlowStatement, SlowStatements, slow_statements},
    telemetry::Telemetry,
};
