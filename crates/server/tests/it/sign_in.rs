//! Second factors, one's own password, and how often somebody may guess.

use std::time::Duration;

use axum::{body::Body, http::Method};
use clientele::app::Config;
use futures::future::join_all;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::support::{Answer, TestApp};

const PASSWORD: &str = "correct horse battery";

/// What the app shows at the moment.
fn code_of(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    let now = app.app.env.now().as_second();
    totp.generate(now as u64).to_string()
}

/// So that the app shows another code.
fn next_step(app: &TestApp) {
    app.app.env.advance(Duration::from_secs(30));
}

async fn sign_in(app: &TestApp, password: &str, code: Option<&str>) -> Answer {
    let body = json!({ "email": "wei@example.com", "password": password, "code": code });
    app.post("/api/session", body).await
}

/// Turns the second factor on; answers the app's secret and the recovery codes.
async fn turn_on(app: &TestApp) -> (String, Vec<String>) {
    let own = json!({ "password": PASSWORD });
    let begun = app.post("/api/session/second-factor", own).await.ok();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let code = json!({ "code": code_of(app, &secret) });
    let confirm = "/api/session/second-factor/confirm";
    let codes = app.post(confirm, code).await.ok()["codes"].clone();
    (secret, serde_json::from_value(codes).unwrap())
}

async fn state(app: &TestApp) -> Value {
    app.get("/api/session/second-factor").await.ok()
}

both!(signing_in_takes_a_code_once_the_app_has_shown_one);
async fn signing_in_takes_a_code_once_the_app_has_shown_one(app: TestApp) {
    let mut app = app.signed_in().await;
    let (begin, confirm) = (
        "/api/session/second-factor",
        "/api/session/second-factor/confirm",
    );
    assert_eq!(
        state(&app).await,
        json!({ "since": null, "recovery_codes": 0 })
    );
    app.post(confirm, json!({ "code": "123456" }))
        .await
        .refused(409, "second_factor_off");
    app.post(begin, json!({ "password": "wrong" }))
        .await
        .refused(422, "password_wrong");
    let begun = app.post(begin, json!({ "password": PASSWORD })).await.ok();
    let url = begun["url"].as_str().unwrap();
    assert!(
        url.starts_with("otpauth://totp/Harbour%20%26%20Hill:wei%40example%2Ecom?secret="),
        "{url}"
    );
    // What was only begun asks nobody for anything.
    sign_in(&app, PASSWORD, None).await.ok();
    app.post(confirm, json!({ "code": "12345x" }))
        .await
        .refused(401, "code_wrong");
    let (secret, codes) = turn_on(&app).await;
    assert_ne!(begun["secret"], json!(secret));
    assert_eq!(
        state(&app).await,
        json!({ "since": "2026-03-15T08:30:00Z", "recovery_codes": 10 })
    );
    assert_eq!(
        app.get("/api/users").await.ok()["items"][0]["second_factor"],
        true
    );
    app.post(begin, json!({ "password": PASSWORD }))
        .await
        .refused(409, "second_factor_on");

    app.cookie = None;
    sign_in(&app, PASSWORD, None)
        .await
        .refused(401, "code_needed");
    sign_in(&app, PASSWORD, Some(""))
        .await
        .refused(401, "code_needed");
    // A wrong password is told of before a right code.
    let shown = code_of(&app, &secret);
    sign_in(&app, "wrong", Some(&shown))
        .await
        .refused(401, "sign_in_failed");
    // The code that turned it on was taken already.
    sign_in(&app, PASSWORD, Some(&shown))
        .await
        .refused(401, "code_wrong");
    next_step(&app);
    let shown = code_of(&app, &secret);
    // In two parts and in full-width digits, as a Chinese keyboard writes them.
    let wide = |digit: char| char::from_u32(u32::from(digit) + 0xFEE0).unwrap();
    let wide: String = shown.chars().map(wide).collect();
    let spaced = format!(" {} {} ", &wide[..9], &wide[9..]);
    sign_in(&app, PASSWORD, Some(&spaced)).await.ok();
    sign_in(&app, PASSWORD, Some(&shown))
        .await
        .refused(401, "code_wrong");
    // A clock that is half a minute slow is borne, one of a minute is not.
    next_step(&app);
    let slow = code_of(&app, &secret);
    next_step(&app);
    sign_in(&app, PASSWORD, Some(&slow)).await.ok();
    next_step(&app);
    let slower = code_of(&app, &secret);
    next_step(&app);
    next_step(&app);
    sign_in(&app, PASSWORD, Some(&slower))
        .await
        .refused(401, "code_wrong");

    // Each recovery code lets in once, however it is written.
    let loud = codes[0].to_uppercase().replace('-', " ");
    let answer = sign_in(&app, PASSWORD, Some(&loud)).await;
    answer.ok();
    app.keep_cookie(&answer);
    assert_eq!(state(&app).await["recovery_codes"], 9);
    sign_in(&app, PASSWORD, Some(&codes[0]))
        .await
        .refused(401, "code_wrong");
    let own = json!({ "password": PASSWORD });
    let made = app
        .post("/api/session/recovery-codes", own.clone())
        .await
        .ok();
    assert_eq!(state(&app).await["recovery_codes"], 10);
    sign_in(&app, PASSWORD, Some(&codes[1]))
        .await
        .refused(401, "code_wrong");
    sign_in(&app, PASSWORD, made["codes"][0].as_str())
        .await
        .ok();

    let off = "/api/session/second-factor/off";
    app.post(off, json!({ "password": "wrong" }))
        .await
        .refused(422, "password_wrong");
    app.post(off, own).await.ok();
    assert_eq!(
        state(&app).await,
        json!({ "since": null, "recovery_codes": 0 })
    );
    sign_in(&app, PASSWORD, None).await.ok();
}

both!(codes_count_as_tries_and_tries_at_once_do_too);
async fn codes_count_as_tries_and_tries_at_once_do_too(app: TestApp) {
    let app = app.signed_in().await;
    turn_on(&app).await;
    next_step(&app);
    // To be asked for a code is no failed try, however often.
    for _ in 0..12 {
        sign_in(&app, PASSWORD, None)
            .await
            .refused(401, "code_needed");
    }
    let guesses = (0..30).map(|number| {
        let (app, guess) = (&app, format!("{number:06}"));
        async move { sign_in(app, PASSWORD, Some(&guess)).await.status.as_u16() }
    });
    let mut answers = join_all(guesses).await;
    answers.sort_unstable();
    assert_eq!(answers, [vec![401; 10], vec![429; 20]].concat());
    // Whoever is signed in does not get around it either.
    app.post(
        "/api/session/second-factor/off",
        json!({ "password": PASSWORD }),
    )
    .await
    .refused(429, "too_many_tries");
}

both!(a_link_does_not_lead_around_the_second_factor);
async fn a_link_does_not_lead_around_the_second_factor(app: TestApp) {
    let app = app.signed_in().await;
    let (secret, _) = turn_on(&app).await;
    next_step(&app);
    let own = app.get("/api/session").await.ok()["user"]["id"].clone();
    let path = format!("/api/users/{}/invitation", own.as_str().unwrap());
    let link = app.post(&path, json!({})).await.ok()["secret"].clone();
    let join = async |code: Option<&str>| {
        let body = json!({ "secret": link, "password": "another long one", "code": code });
        app.post("/api/join", body).await
    };
    join(None).await.refused(401, "code_needed");
    join(Some("000000")).await.refused(401, "code_wrong");
    sign_in(&app, "another long one", None)
        .await
        .refused(401, "sign_in_failed");
    join(Some(&code_of(&app, &secret))).await.ok();
}

both!(ones_own_password_ends_everything_else);
async fn ones_own_password_ends_everything_else(app: TestApp) {
    let mut app = app.signed_in().await;
    let token = app
        .post("/api/tokens", json!({ "name": "till" }))
        .await
        .ok();
    let bearer = format!("Bearer {}", token["secret"].as_str().unwrap());
    let old = app.cookie.clone().unwrap();
    let path = "/api/session/password";
    let change = |password: &str, next: &str| json!({ "password": password, "new_password": next });
    app.post(path, change("wrong", "another long one"))
        .await
        .refused(422, "password_wrong");
    let short = app.post(path, change(PASSWORD, "short")).await;
    short.refused(422, "password_too_short");
    assert_eq!(short.json()["field"], "new_password");
    let changed = app.post(path, change(PASSWORD, "another long one")).await;
    assert_eq!(changed.ok()["user"]["name"], "Wei Chen");
    app.get("/api/session").await.refused(401, "not_signed_in");
    let asked = [("authorization", bearer.as_str())];
    let by_token = app
        .send_bare(Method::GET, "/api/session", &asked, Body::empty())
        .await;
    by_token.refused(401, "not_signed_in");
    app.keep_cookie(&changed);
    assert_ne!(app.cookie.as_deref(), Some(old.as_str()));
    assert_eq!(
        app.get("/api/sessions").await.ok()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    sign_in(&app, PASSWORD, None)
        .await
        .refused(401, "sign_in_failed");
    sign_in(&app, "another long one", None).await.ok();
}

both!(an_administrator_takes_a_lost_second_factor);
async fn an_administrator_takes_a_lost_second_factor(app: TestApp) {
    let mut app = app.signed_in().await;
    turn_on(&app).await;
    let grants = json!({ "people": { "actions": ["see", "edit"], "reach": "all" } });
    let role = json!({ "name": "Personnel", "description": "", "grants": grants });
    let role = app.post("/api/roles", role).await.ok()["id"].clone();
    for (name, role) in [("mei", role), ("ana", json!("administrator"))] {
        let new = json!({
            "email": format!("{name}@example.com"), "name": name, "password": PASSWORD,
            "language": "en", "roles": [role],
        });
        app.post("/api/users", new).await.ok();
    }
    let wei = app.get("/api/session").await.ok()["user"]["id"].clone();
    let theirs = app.cookie.take();
    let path = format!("/api/users/{}/second-factor", wei.as_str().unwrap());
    let as_whom = async |app: &mut TestApp, name: &str| {
        let who = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
        let answer = app.post("/api/session", who).await;
        app.keep_cookie(&answer);
    };
    as_whom(&mut app, "mei").await;
    app.delete(&path).await.refused(403, "beyond_own_rights");
    as_whom(&mut app, "ana").await;
    assert_eq!(app.delete(&path).await.ok()["second_factor"], false);
    app.cookie = theirs;
    app.get("/api/session").await.refused(401, "not_signed_in");
    sign_in(&app, PASSWORD, None).await.ok();
}

#[tokio::test]
async fn without_the_key_codes_are_refused_and_recovery_codes_taken() {
    let mut app = TestApp::sqlite().await.signed_in().await;
    let (secret, codes) = turn_on(&app).await;
    next_step(&app);
    let key = app.app.config.key.clone();
    app = app
        .again(async |config: &Config| {
            std::fs::rename(&config.key, config.key.with_extension("aside")).unwrap()
        })
        .await;
    let shown = code_of(&app, &secret);
    sign_in(&app, PASSWORD, Some(&shown))
        .await
        .refused(401, "code_wrong");
    sign_in(&app, PASSWORD, Some(&codes[0])).await.ok();
    assert!(!key.exists(), "asking makes no key");

    // The book tells nobody the secret.
    let book = std::fs::read(app.app.config.data.join("book.sqlite")).unwrap();
    let log = std::fs::read(app.app.config.data.join("book.sqlite-wal")).unwrap_or_default();
    let bytes = Secret::try_from_base32(&secret).unwrap();
    for kept in [book, log] {
        for form in [
            secret.as_bytes(),
            bytes.as_ref(),
            clientele::ctx::hex(bytes.as_ref()).as_bytes(),
        ] {
            assert!(!kept.windows(form.len()).any(|window| window == form));
        }
    }
}
