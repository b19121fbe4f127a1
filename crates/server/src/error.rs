//! The one error of the server: a problem somebody can act on, or a failure of ours.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Shorthand for results of the server.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How the databases, the system and the engine say that there is no room.
const FULL_DISK: &[&str] = &["disk is full", "No space left", "os error 28"];
/// How they say that the disk refuses.
const FAILING_DISK: &[&str] = &["disk I/O error", "Input/output error", "os error 5)"];

/// Everything that can go wrong on the way to an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A refusal with a stable code, for the caller to act on.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The book failed.
    #[error("the book failed: {0}")]
    Db(#[from] DbErr),
    /// The warehouse failed.
    #[error("the warehouse failed: {0}")]
    Warehouse(#[from] clientele_warehouse::Error),
    /// Anything else that is not the caller's fault.
    #[error("{0:#}")]
    Internal(#[from] anyhow::Error),
}

/// The body of a refused request (RFC 9457).
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable machine-readable code; the web app translates it.
    pub code: String,
    /// The sentence in English: what happened and what to do.
    pub detail: String,
    /// The field at fault, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Values for the translated sentence.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
}

impl Error {
    /// A refusal from status, code and sentence.
    pub fn problem(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Error::Problem(Box::new(Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            field: None,
            params: Map::new(),
        }))
    }

    /// A field that does not fit (422).
    pub fn invalid(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::problem(StatusCode::UNPROCESSABLE_ENTITY, code, detail).at(field)
    }

    /// A request that cannot be read (400).
    pub fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::problem(StatusCode::BAD_REQUEST, code, detail)
    }

    /// No such row, or not one of yours: the two are not told apart (404).
    pub fn not_found(noun: &str) -> Self {
        Self::problem(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no such {noun}."),
        )
        .with("noun", noun)
    }

    /// The state of things forbids it (409).
    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::problem(StatusCode::CONFLICT, code, detail)
    }

    /// Nobody is signed in (401).
    pub fn not_signed_in() -> Self {
        Self::problem(StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in first.")
    }

    /// Signed in, but without the right (403).
    pub fn forbidden(permission: &str) -> Self {
        Self::problem(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Your role does not allow this. Ask an administrator.",
        )
        .with("permission", permission)
    }

    /// An edit without `If-Match` (428).
    pub fn if_match_required() -> Self {
        Self::problem(
            StatusCode::PRECONDITION_REQUIRED,
            "if_match_required",
            "Send If-Match with the ETag you read, so that nobody's edit is lost.",
        )
    }

    /// An edit of something that has changed since (412).
    pub fn stale() -> Self {
        Self::problem(
            StatusCode::PRECONDITION_FAILED,
            "stale",
            "Somebody changed this meanwhile. Read it again and repeat the edit.",
        )
    }

    /// A change that would give or take more than the actor has.
    pub fn beyond_own_rights() -> Self {
        Self::problem(
            StatusCode::FORBIDDEN,
            "beyond_own_rights",
            "This takes rights that you do not have yourself. Ask an administrator.",
        )
    }

    /// Names the field at fault.
    pub fn at(mut self, field: &str) -> Self {
        if let Error::Problem(problem) = &mut self {
            problem.field = Some(field.to_owned());
        }
        self
    }

    /// Adds a value for the translated sentence.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Error::Problem(problem) = &mut self {
            problem.params.insert(key.to_owned(), value.into());
        }
        self
    }

    /// The stable code, `internal` for failures of ours.
    pub fn code(&self) -> &str {
        match self {
            Error::Problem(problem) => &problem.code,
            Error::Db(_) | Error::Warehouse(_) | Error::Internal(_) => "internal",
        }
    }

    /// The problem to show, with internal causes hidden.
    pub fn to_problem(&self) -> Problem {
        match self {
            Error::Problem(problem) => (**problem).clone(),
            failure => {
                let text = failure.to_string();
                let says = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
                let (status, code, detail) = if says(FULL_DISK) {
                    (
                        507,
                        "disk_full",
                        "The disk is full. Free some space; nothing was lost.",
                    )
                } else if says(FAILING_DISK) {
                    (
                        503,
                        "disk_failed",
                        "The disk did not take it. Send it again under the same key; if that \
                         fails too, look at the disk.",
                    )
                } else {
                    (
                        500,
                        "internal",
                        "Something failed on our side. Nothing was changed.",
                    )
                };
                Problem {
                    status,
                    code: code.to_owned(),
                    detail: detail.to_owned(),
                    field: None,
                    params: Map::new(),
                }
            }
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::Internal(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(anyhow::Error::new(error).context("stored JSON does not fit its type"))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = self.to_problem();
        if problem.status >= 500 {
            tracing::error!(error = %self, code = problem.code, "request failed");
        }
        let status = StatusCode::from_u16(problem.status).expect("problems carry valid statuses");
        let mut response = (status, axum::Json(problem)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
