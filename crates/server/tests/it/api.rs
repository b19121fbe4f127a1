//! What holds for every address of the API: its refusals, and what its document says.

use axum::http::{Method, header};
use clientele::http::openapi_json;
use clientele_domain::id::{CustomerId, RoleId, StoreId, TeamId, UnitId, UserId};
use serde_json::{Value, json};

use crate::support::TestApp;

both!(a_wrong_address_or_method_is_refused_with_a_problem);
async fn a_wrong_address_or_method_is_refused_with_a_problem(app: TestApp) {
    let unknown = app.get("/api/nothing").await;
    unknown.refused(404, "not_found");
    let documented = app.delete("/api/settings").await;
    let own = app.post("/api/openapi.json", json!({})).await;
    for (answer, allowed) in [(&documented, "PATCH"), (&own, "GET")] {
        answer.refused(405, "method_not_allowed");
        let allow = answer.headers[header::ALLOW].to_str().unwrap();
        assert!(allow.split(',').any(|one| one == allowed), "{allow}");
    }
    for answer in [unknown, documented, own] {
        let kind = answer.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert_eq!(kind, "application/problem+json");
    }
}

both!(edits_that_need_a_version_say_so);
async fn edits_that_need_a_version_say_so(app: TestApp) {
    let app = app.signed_in().await;
    let mut needing = 0;
    for (verb, path, operation) in operations() {
        if !["patch", "put"].contains(&verb.as_str()) {
            continue;
        }
        let id = match path.split('/').nth(2) {
            Some("customers") => CustomerId(1).to_string(),
            Some("roles") => RoleId(1).to_string(),
            Some("stores") => StoreId(1).to_string(),
            Some("teams") => TeamId(1).to_string(),
            Some("units") => UnitId(1).to_string(),
            _ => UserId(1).to_string(),
        };
        let method: Method = verb.to_uppercase().parse().unwrap();
        let headers = [("content-type", "application/json")];
        let answer = app
            .send(method, &path.replace("{id}", &id), &headers, "{}".into())
            .await;
        let needs = answer.status.as_u16() == 428;
        assert_eq!(names(&operation, "If-Match"), needs, "{verb} {path}");
        needing += usize::from(needs);
    }
    assert!(needing > 5, "only {needing} edits need a version");
}

#[test]
fn posts_that_happen_once_take_a_key() {
    let without: Vec<String> = operations()
        .into_iter()
        .filter(|(verb, _, operation)| verb == "post" && !names(operation, "Idempotency-Key"))
        .map(|(_, path, _)| path)
        .collect();
    assert_eq!(
        without,
        [
            "/api/imports/preview",
            "/api/join",
            "/api/join/look",
            "/api/session",
            "/api/session/password",
            "/api/session/recovery-codes",
            "/api/session/second-factor",
            "/api/session/second-factor/confirm",
            "/api/session/second-factor/off",
            "/api/setup",
            "/api/tier-scheme/draft/simulate",
            "/api/users/{id}/invitation",
        ]
    );
}

/// Verb, path and description of everything the document knows.
fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    let mut all = Vec::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        for (verb, operation) in verbs.as_object().unwrap() {
            all.push((verb.clone(), path.clone(), operation.clone()));
        }
    }
    all
}

/// Whether an operation takes a header.
fn names(operation: &Value, header: &str) -> bool {
    operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one["name"] == header))
}
