//! The OpenAPI document: what the routes say of themselves, and what holds for all.

use serde_json::{Value, json};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

use super::{SESSION_COOKIE, idempotency::KEY_LIMIT};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clientele",
        description = "The CRM of retail chains. Everything the web app does goes through this API.\n\n\
            Sign in with a session cookie (browsers; unsafe requests also send `X-Clientele: 1`) or \
            with `Authorization: Bearer` and an API token. Money is integer minor units with an ISO \
            4217 currency. Lists are paged by `cursor`. A POST that changes something takes an \
            `Idempotency-Key`. Edits need `If-Match` with the `ETag` that was read. Errors are \
            `application/problem+json` with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&SecuritySchemes),
    security(("session" = []), ("token" = []))
)]
pub(super) struct Document;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))),
        );
        components.add_security_scheme(
            "token",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
    }
}

/// The document as JSON.
pub(super) fn text(document: &utoipa::openapi::OpenApi) -> String {
    let mut document = serde_json::to_value(document).expect("the document is plain data");
    tell_problems(&mut document);
    tell_headers(&mut document);
    open_parts(&mut document);
    let mut text = serde_json::to_string_pretty(&document).expect("the document is plain data");
    text.push('\n');
    text
}

/// Every refusal is a problem, also those that no route speaks of: a body that is
/// no JSON, a right that is missing, a failure of ours.
fn tell_problems(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    let operations = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in operations.flat_map(|item| item.values_mut()) {
        let Some(responses) = operation["responses"].as_object_mut() else {
            continue;
        };
        for (status, response) in responses.iter_mut() {
            let content = response["content"].take();
            response["content"] = match status.starts_with(['4', '5']) {
                true => problem(),
                false => content,
            };
            if response["content"].is_null()
                && let Some(response) = response.as_object_mut()
            {
                response.shift_remove("content");
            }
        }
        let any = json!({ "description": "Refused, or failed", "content": problem() });
        responses.insert("default".to_owned(), any);
    }
}

fn problem() -> Value {
    json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
}

/// Posts for which a key is nothing to remember: they change nothing, nobody is signed in
/// yet whose key it could be, or their answer is a secret that is kept nowhere.
const UNKEYED: [&str; 12] = [
    "begin_second_factor",
    "change_password",
    "confirm_second_factor",
    "create_session",
    "create_setup",
    "invite_user",
    "join",
    "look_at_invitation",
    "make_recovery_codes",
    "preview_import",
    "simulate_draft",
    "turn_off_second_factor",
];

/// The headers that many requests share: a key where a POST happens once, a version
/// where an edit answers 428 without it.
fn tell_headers(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    let items = paths.values_mut().filter_map(Value::as_object_mut);
    for (method, operation) in items.flatten() {
        let name = operation["operationId"].as_str().unwrap_or_default();
        let is_keyed = method == "post" && !UNKEYED.contains(&name);
        let is_versioned = operation["responses"].get("428").is_some();
        let headers = is_keyed.then(idempotency_key).into_iter();
        for header in headers.chain(is_versioned.then(if_match)) {
            match operation["parameters"].as_array_mut() {
                Some(parameters) => parameters.push(header),
                None => operation["parameters"] = json!([header]),
            }
        }
    }
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The request happens at most once for each key. Repeated with the same \
            body it is answered as before; the same key with another body is refused with 422.",
        "required": false,
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": KEY_LIMIT,
            "pattern": "^[!-~]+$",
        },
    })
}

fn if_match() -> Value {
    json!({
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` that was read. Without it the answer is 428; when somebody \
            was faster, 412.",
        "required": true,
        "schema": { "type": "string", "pattern": "^\"v[0-9]+\"$" },
    })
}

/// A schema that others are made of must leave room for what they add.
fn open_parts(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return;
    };
    let parts: Vec<String> = schemas
        .values()
        .filter_map(|schema| schema["allOf"].as_array())
        .flatten()
        .filter_map(|part| part["$ref"].as_str())
        .filter_map(|path| path.rsplit('/').next())
        .map(str::to_owned)
        .collect();
    for part in parts {
        if let Some(schema) = schemas.get_mut(&part).and_then(Value::as_object_mut) {
            schema.shift_remove("additionalProperties");
        }
    }
}
