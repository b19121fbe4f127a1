//! Argon2id, a few at a time and off the async threads.

use anyhow::anyhow;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::{
    app::App,
    error::{Error, Result},
};

/// The shortest password accepted.
const SHORTEST: usize = 10;
/// The longest; more would only serve to keep the processor busy.
const LONGEST: usize = 256;

/// Hashes a new password.
///
/// # Errors
/// `password_too_short` or `password_too_long`.
pub async fn hash_password(app: &App, password: &str) -> Result<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        let detail = format!("A password needs at least {SHORTEST} characters.");
        return Err(
            Error::invalid("password", "password_too_short", detail).with("least", SHORTEST)
        );
    }
    if length > LONGEST {
        let detail = format!("A password has at most {LONGEST} characters.");
        return Err(Error::invalid("password", "password_too_long", detail).with("most", LONGEST));
    }
    let password = password.to_owned();
    off_thread(app, move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| anyhow!("hashing failed: {error}").into())
    })
    .await
}

/// Whether a password fits a stored hash; `None` takes as long and says no, so
/// that nobody can tell which accounts exist.
///
/// # Errors
/// When the stored hash is unreadable.
pub async fn verify_password(app: &App, password: &str, hash: Option<String>) -> Result<bool> {
    if password.chars().count() > LONGEST {
        return Ok(false);
    }
    // Somebody who has not chosen one yet is like nobody.
    let hash = hash.filter(|hash| !hash.is_empty());
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| DUMMY.to_owned());
    let password = password.to_owned();
    off_thread(app, move || {
        let parsed = PasswordHash::new(&hash)
            .map_err(|error| anyhow!("a stored password hash is unreadable: {error}"))?;
        Ok(known
            && Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok())
    })
    .await
}

/// A hash with today's parameters that no password fits.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn off_thread<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _place = app
        .hashing
        .acquire()
        .await
        .expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| anyhow!("hashing ended: {error}"))?
}
