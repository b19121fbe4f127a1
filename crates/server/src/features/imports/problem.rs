//! What is wrong with a row, as a code people's languages translate.

use serde_json::{Map, Value};

/// Why a row cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub struct RowProblem {
    /// The field at fault, empty for the row as a whole.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// Values for the message.
    pub params: Map<String, Value>,
}

impl RowProblem {
    /// A problem of a field.
    pub fn new(field: &'static str, code: &'static str) -> Self {
        Self {
            field,
            code,
            params: Map::new(),
        }
    }

    /// Names the text that was not understood.
    pub fn value(self, text: &str) -> Self {
        let shown: String = text.chars().take(80).collect();
        self.with("value", shown)
    }

    /// Adds a value for the message.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }
}
