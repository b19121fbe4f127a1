//! Traces for an OpenTelemetry collector, where one was named: a span for each request
//! and each job, by route and kind, with nothing personal in it.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, anyhow};
use axum::{
    body::Bytes,
    http::{HeaderMap, Request, Response, Uri},
};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use jiff::Timestamp;
use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator,
    trace::{Span, SpanKind, Status, Tracer, TracerProvider},
};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};

use super::Route;
use crate::error::Result;

/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends spans in the background, some at a time. A collector that is away loses them;
/// nobody waits for it.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Telemetry {
    /// For a collector that takes OTLP over HTTP, by its address without a path, such as
    /// `http://127.0.0.1:4318`.
    ///
    /// # Errors
    /// When that is no address.
    pub fn to(collector: &str) -> Result<Self> {
        let uri: Uri = collector
            .trim_end_matches('/')
            .parse()
            .with_context(|| format!("{collector} is no address of a collector"))?;
        if uri.scheme_str() != Some("http") {
            let wanted = "such as http://127.0.0.1:4318; a collector beside the program \
                          passes traces on over https";
            return Err(anyhow!("{collector}: give an http address, {wanted}").into());
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender {
                runtime: tokio::runtime::Handle::current(),
                client: Client::builder(TokioExecutor::new()).build_http(),
            })
            .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .context("traces cannot be sent")?;
        let about = Resource::builder()
            .with_service_name("clientele")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(about)
            .build();
        Ok(Telemetry {
            tracer: provider.tracer("clientele"),
            provider,
        })
    }

    /// Tells of a request. Who called may have said which trace it belongs to.
    pub fn request(
        &self,
        headers: &HeaderMap,
        route: &Route,
        status: u16,
        (begun, ended): (Timestamp, Timestamp),
    ) {
        let caller = TraceContextPropagator::new()
            .extract_with_context(&Context::new(), &HeaderExtractor(headers));
        let name = format!("{} {}", route.method, route.path);
        let span = self
            .tracer
            .span_builder(name)
            .with_kind(SpanKind::Server)
            .with_start_time(SystemTime::from(begun))
            .with_attributes([
                KeyValue::new("http.request.method", route.method.clone()),
                KeyValue::new("http.route", route.path.clone()),
                KeyValue::new("http.response.status_code", i64::from(status)),
            ]);
        let mut span = self.tracer.build_with_context(span, &caller);
        if status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(ended.into());
    }

    /// Tells of a job: its kind, and how it ended, `failed` for one that did not.
    pub fn job(&self, kind: &str, state: &'static str, (begun, ended): (Timestamp, Timestamp)) {
        let span = self
            .tracer
            .span_builder(["job ", kind].concat())
            .with_kind(SpanKind::Internal)
            .with_start_time(SystemTime::from(begun))
            .with_attributes([
                KeyValue::new("clientele.job.kind", kind.to_owned()),
                KeyValue::new("clientele.job.state", state),
            ]);
        let mut span = self.tracer.build_with_context(span, &Context::new());
        if state == "failed" {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(ended.into());
    }

    /// Sends what has not been sent yet and ends. Blocks for some seconds at most.
    pub fn finish(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Sends from the exporter's own thread, on the runtime of the program.
#[derive(Debug)]
struct Sender {
    runtime: tokio::runtime::Handle,
    client: Client<HttpConnector, Full<Bytes>>,
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.client.request(request.map(Full::new));
        let answer = async move {
            let (head, body) = sent.await?.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        };
        let patient = async move { tokio::time::timeout(PATIENCE, answer).await };
        self.runtime.spawn(patient).await??
    }
}
