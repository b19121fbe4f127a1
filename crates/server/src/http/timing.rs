//! Counts every request by its route, and tells of it.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use crate::{app::App, observe::Route};

pub(super) async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>() else {
        return next.run(request).await;
    };
    let route = Route {
        method: request.method().to_string(),
        path: path.as_str().to_owned(),
    };
    let headers = app.telemetry.get().map(|_| request.headers().clone());
    let begun = app.env.now();
    let response = next.run(request).await;
    let ended = app.env.now();
    let micros = (ended.as_microsecond() - begun.as_microsecond()).max(0);
    let status = response.status();
    if let Some((telemetry, headers)) = app.telemetry.get().zip(headers) {
        telemetry.request(&headers, &route, status.as_u16(), (begun, ended));
    }
    let failed = status.is_server_error();
    app.requests.add(route, micros.cast_unsigned(), failed);
    response
}
