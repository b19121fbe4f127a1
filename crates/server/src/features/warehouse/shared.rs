//! What all users of the copy share within the process: turns at writing it,
//! and answers that stay right until the copy moves.

use std::{collections::HashMap, sync::Arc};

use clientele_warehouse::metrics::{Metrics, MetricsQuery};
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

use crate::{app::App, error::Result};

/// Answers kept at most; a screen asks for about five.
const ANSWERS: usize = 64;
/// Figures of more customers than this are not worth their memory.
const FIGURES: usize = 300_000;

/// One per process.
#[derive(Default)]
pub struct Shared {
    turn: Mutex<()>,
    figures: Mutex<Option<Figures>>,
    answers: Mutex<Answers>,
}

struct Figures {
    position: i64,
    query: MetricsQuery,
    metrics: Arc<Metrics>,
}

/// Answers of one position, by question.
#[derive(Default)]
struct Answers {
    position: i64,
    by_question: HashMap<String, Arc<Value>>,
}

impl Shared {
    /// Waits until nobody else in this process writes the copy.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The figures of every customer; the last answer is kept until the copy
    /// moves, because a tier simulation asks again at every try.
    ///
    /// # Errors
    /// When the warehouse fails.
    pub async fn figures(&self, app: &App, query: MetricsQuery) -> Result<Arc<Metrics>> {
        let mut kept = self.figures.lock().await;
        let position = app.warehouse.position();
        if let Some(known) = &*kept
            && known.position == position
            && known.query == query
        {
            return Ok(known.metrics.clone());
        }
        *kept = None;
        let metrics = Arc::new(app.warehouse.metrics(query).await?);
        if metrics.customers.len() <= FIGURES {
            *kept = Some(Figures {
                position,
                query,
                metrics: metrics.clone(),
            });
        }
        Ok(metrics)
    }

    /// The answer to a question, worked out once for each position.
    ///
    /// # Errors
    /// What working it out answers.
    pub async fn answer(
        &self,
        position: i64,
        question: String,
        work_out: impl Future<Output = Result<Value>>,
    ) -> Result<Arc<Value>> {
        {
            let kept = self.answers.lock().await;
            if kept.position == position
                && let Some(answer) = kept.by_question.get(&question)
            {
                return Ok(answer.clone());
            }
        }
        let answer = Arc::new(work_out.await?);
        let mut kept = self.answers.lock().await;
        if kept.position != position || kept.by_question.len() >= ANSWERS {
            *kept = Answers {
                position,
                ..Answers::default()
            };
        }
        kept.by_question.insert(question, answer.clone());
        Ok(answer)
    }
}
