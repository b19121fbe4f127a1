//! The statements of the book that took longer than a second, as the driver
//! reports them.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Layer};

/// How many are remembered.
const KEPT: usize = 50;
/// How much of a statement's text is.
const TEXT: usize = 400;

/// A slow statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlowStatement {
    /// How long it took.
    pub seconds: f64,
    /// The beginning of its text, with placeholders for the values.
    pub text: String,
}

static RECENT: Mutex<VecDeque<SlowStatement>> = Mutex::new(VecDeque::new());

/// The latest slow statements, the newest first.
pub fn slow_statements() -> Vec<SlowStatement> {
    let recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
    recent.iter().cloned().collect()
}

/// Listens to what the driver logs.
pub struct SlowStatements;

impl<S: Subscriber> Layer<S> for SlowStatements {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let about = event.metadata();
        if about.target() != "sqlx::query" || *about.level() > Level::WARN {
            return;
        }
        let mut found = SlowStatement::default();
        event.record(&mut found);
        let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push_front(found);
        recent.truncate(KEPT);
    }
}

impl Visit for SlowStatement {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // The summary is there always, the whole text where it is longer.
        let wanted = field.name() == "db.statement" || field.name() == "summary";
        if wanted && value.len() > self.text.len() {
            let words: Vec<&str> = value.split_whitespace().collect();
            self.text = words.join(" ").chars().take(TEXT).collect();
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::layer::SubscriberExt;

    #[test]
    fn a_slow_statement_is_remembered_with_its_text() {
        let subscriber = tracing_subscriber::registry().with(SlowStatements);
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(
                target: "sqlx::query",
                summary = "SELECT id FROM …",
                db.statement = "\nSELECT id\n  FROM customers\n  WHERE name = $1",
                elapsed_secs = 1.5,
                "slow statement"
            );
            tracing::info!(target: "sqlx::query", summary = "SELECT 1");
            tracing::warn!(target: "elsewhere", summary = "no statement");
        });
        let text = "SELECT id FROM customers WHERE name = $1".to_owned();
        assert_eq!(slow_statements(), [SlowStatement { seconds: 1.5, text }]);
    }
}
