//! The web app inside the program: built files with Brotli twins, a page for
//! every screen's address, and a strict Content-Security-Policy.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use include_dir::{Dir, include_dir};

use crate::ctx::hex;

/// Filled by `build.rs`: the built web app, or nothing when it was not built.
static WEB: Dir<'_> = include_dir!("$OUT_DIR/web");

/// Served until the web app is built.
const NOT_BUILT: &str = include_str!("not_built.html");

/// The nonce of one answer, shared by its header and its page.
#[derive(Clone)]
struct Nonce(String);

/// Adds the headers every answer carries.
pub(super) async fn security_headers(mut request: Request, next: Next) -> Response {
    let mut bytes = [0_u8; 16];
    #[expect(
        clippy::disallowed_methods,
        reason = "a nonce must not be guessable, not even in tests"
    )]
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    let nonce = hex(&bytes);
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.run(request).await;
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    let policy = HeaderValue::from_str(&policy).expect("the nonce is hexadecimal");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// A built file, or the page that runs the web app for every other address.
pub(super) async fn web_app(uri: Uri, headers: HeaderMap, request: Request) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path != "index.html"
        && let Some(file) = WEB.get_file(path)
    {
        return file_response(path, file.contents(), &headers);
    }
    let looks_like_file = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if looks_like_file && path != "index.html" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let nonce = request
        .extensions()
        .get::<Nonce>()
        .map_or("", |nonce| nonce.0.as_str());
    let page = WEB
        .get_file("index.html")
        .and_then(|file| file.contents_utf8())
        .map_or_else(
            || NOT_BUILT.to_owned(),
            |page| page.replace("__CSP_NONCE__", nonce),
        );
    ([(header::CACHE_CONTROL, "no-cache")], Html(page)).into_response()
}

fn file_response(path: &str, plain: &'static [u8], headers: &HeaderMap) -> Response {
    let brotli = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|part| part.trim().starts_with("br")))
        .then(|| WEB.get_file(format!("{path}.br")))
        .flatten();
    let cache = match path.starts_with("assets/") {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut response = Response::new(Body::from(brotli.map_or(plain, |file| file.contents())));
    let answer = response.headers_mut();
    answer.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(path)),
    );
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if brotli.is_some() {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// The readable page of the API, drawn by a small script from the document.
pub(super) async fn api_docs(request: Request) -> Response {
    let nonce = request
        .extensions()
        .get::<Nonce>()
        .map_or("", |nonce| nonce.0.as_str());
    Html(include_str!("api_docs.html").replace("__CSP_NONCE__", nonce)).into_response()
}
