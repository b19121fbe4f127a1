//! Traces for a collector, as one on loopback receives them.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, routing::post};
use clientele::observe::Telemetry;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Any,
    trace::v1::Span,
};
use prost::Message;
use serde_json::json;

use crate::support::TestApp;

type Received = Arc<Mutex<Vec<Bytes>>>;

async fn receive(State(received): State<Received>, body: Bytes) {
    received.lock().unwrap().push(body);
}

fn spans(received: &Received) -> Vec<Span> {
    let bodies = received.lock().unwrap();
    bodies
        .iter()
        .map(|body| ExportTraceServiceRequest::decode(body.clone()).unwrap())
        .flat_map(|request| request.resource_spans)
        .flat_map(|resource| resource.scope_spans)
        .flat_map(|scope| scope.spans)
        .collect()
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|one| one.key == key);
    match found.and_then(|one| one.value.clone()?.value) {
        Some(Any::StringValue(text)) => text,
        Some(Any::IntValue(number)) => number.to_string(),
        other => panic!("{key}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_told_of_requests_and_jobs() {
    let received = Received::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let collector = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", post(receive));
    let serving = axum::serve(listener, router.with_state(received.clone()));
    let server = tokio::spawn(serving.into_future());

    let app = TestApp::sqlite().await.signed_in().await;
    let telemetry = Telemetry::to(&collector).unwrap();
    app.app.telemetry.set(telemetry).unwrap();
    let mei = json!({ "name": "Mei Lin", "identifiers": [] });
    let mei = app.post("/api/customers", mei).await.ok();
    let path = format!("/api/customers/{}", mei["id"].as_str().unwrap());
    app.get(&path).await.ok();
    app.get("/api/customers/cus_0000000000001")
        .await
        .refused(404, "not_found");
    app.post("/api/grades/run", json!({})).await.ok();
    app.settle().await;
    let program = app.app.clone();
    let ended = tokio::task::spawn_blocking(move || program.telemetry.get().unwrap().finish());
    ended.await.unwrap();
    server.abort();

    let spans = spans(&received);
    let named = |name: &str| {
        spans
            .iter()
            .filter(|span| span.name == name)
            .collect::<Vec<_>>()
    };
    let shown = named("GET /api/customers/{id}");
    let statuses: Vec<_> = shown
        .iter()
        .map(|span| attribute(span, "http.response.status_code"))
        .collect();
    assert_eq!(statuses, ["200", "404"]);
    assert_eq!(named("POST /api/customers").len(), 1);
    let job = named("job grade");
    assert_eq!(attribute(job[0], "clientele.job.state"), "done");
    assert!(job[0].end_time_unix_nano >= job[0].start_time_unix_nano);
    let text = format!("{spans:?}");
    for personal in ["Mei", mei["id"].as_str().unwrap()] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_what_to_give() {
    for wrong in ["", "collector", "https://collector.example:4318", "ftp://x"] {
        let error = Telemetry::to(wrong).unwrap_err();
        assert!(error.to_string().contains(wrong), "{error}");
    }
}
