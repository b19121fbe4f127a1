//! Counts every request by its route.

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
    let begun = app.env.now();
    let response = next.run(request).await;
    let micros = (app.env.now().as_microsecond() - begun.as_microsecond()).max(0);
    let failed = response.status().is_server_error();
    app.requests.add(route, micros.cast_unsigned(), failed);
    response
}
