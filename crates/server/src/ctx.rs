//! The surroundings of one piece of work: who acts, what time it is, which ids
//! come next. Nothing else in the program asks a global for these, so tests pin
//! all of them.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use clientele_domain::id::{self, UserId};
use jiff::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

use crate::{
    access::{Access, Permission, Scope},
    error::{Error, Result},
};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The program itself: jobs and the command line.
    System,
    /// A signed-in person or their API token.
    User(UserId),
    /// Nobody yet.
    Anonymous,
}

/// The request key under which a POST happens at most once.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The client's key.
    pub key: String,
    /// Hash of method, path and body; the same key with another hash is refused.
    pub request_hash: String,
}

/// Clock, ids and randomness of the process.
#[derive(Clone)]
pub struct Env {
    clock: Clock,
    ids: Arc<IdSource>,
    rng: Arc<Mutex<ChaCha20Rng>>,
}

#[derive(Clone)]
enum Clock {
    System,
    /// Microseconds since the epoch, moved only by tests.
    Pinned(Arc<AtomicI64>),
}

struct IdSource {
    node: u32,
    last: AtomicI64,
}

impl Env {
    /// The real clock and real randomness.
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place randomness enters")]
        let seed: [u8; 32] = rand::random();
        let mut rng = ChaCha20Rng::from_seed(seed);
        let node = rng.next_u32() & 0xff;
        Env {
            clock: Clock::System,
            ids: Arc::new(IdSource {
                node,
                last: AtomicI64::new(0),
            }),
            rng: Arc::new(Mutex::new(rng)),
        }
    }

    /// A clock that stands still and seeded randomness, for tests.
    pub fn pinned(now: Timestamp, seed: u64) -> Self {
        Env {
            clock: Clock::Pinned(Arc::new(AtomicI64::new(now.as_microsecond()))),
            ids: Arc::new(IdSource {
                node: 0,
                last: AtomicI64::new(0),
            }),
            rng: Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))),
        }
    }

    /// The current instant, to the microsecond.
    pub fn now(&self) -> Timestamp {
        let micros = match &self.clock {
            #[expect(clippy::disallowed_methods, reason = "the one place the clock enters")]
            Clock::System => Timestamp::now().as_microsecond(),
            Clock::Pinned(micros) => micros.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(micros).expect("the clock lies within jiff's range")
    }

    /// Moves a pinned clock; the system clock does not listen.
    pub fn advance(&self, by: std::time::Duration) {
        if let Clock::Pinned(micros) = &self.clock {
            micros.fetch_add(by.as_micros() as i64, Ordering::SeqCst);
        }
    }

    /// Sets a pinned clock, perhaps back; the system clock does not listen.
    pub fn turn_clock_to(&self, now: Timestamp) {
        if let Clock::Pinned(micros) = &self.clock {
            micros.store(now.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// Lets ids go on behind one that another process made, whose clock may have
    /// been ahead of this one.
    pub fn continue_after(&self, id: i64) {
        self.ids.last.fetch_max(id, Ordering::SeqCst);
    }

    /// The next id: later than every id this process made before, even when the
    /// clock steps back.
    pub fn next_id(&self) -> i64 {
        const EPOCH_2020_MS: i64 = 1_577_836_800_000;
        let ms = (self.now().as_millisecond() - EPOCH_2020_MS).max(0) as u64;
        let fresh = id::compose(ms, self.ids.node << 14);
        let previous = self
            .ids
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
                Some(fresh.max(last + 1))
            })
            .expect("the update always gives a value");
        fresh.max(previous + 1)
    }

    /// Random bytes as lower-case hexadecimal, for secrets.
    pub fn secret(&self, bytes: usize) -> String {
        let mut buffer = vec![0_u8; bytes];
        self.fill(&mut buffer);
        hex(&buffer)
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        rng.fill_bytes(bytes);
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string never fails");
            text
        })
}

/// The bytes behind hexadecimal digits; nothing for any other text.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pairs = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
    let byte = |pair: &str| match pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        true => u8::from_str_radix(pair, 16).ok(),
        false => None,
    };
    pairs.map(byte).collect()
}

/// How the secrets of sessions, tokens and links are kept: the SHA-256 of what only their
/// holder has.
pub fn secret_hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// What one request or job carries through every action.
#[derive(Clone)]
pub struct Ctx {
    /// Clock, ids and randomness.
    pub env: Env,
    /// Who acts.
    pub actor: Actor,
    /// What they may do.
    pub access: Arc<Access>,
    /// Where the request came from; empty for the program itself.
    pub address: String,
    /// Set on POST requests that carry an `Idempotency-Key`.
    pub idempotency: Option<IdempotencyKey>,
}

impl Ctx {
    /// Work of the program itself.
    pub fn system(env: &Env) -> Self {
        Ctx {
            env: env.clone(),
            actor: Actor::System,
            access: Arc::new(Access::everything()),
            address: String::new(),
            idempotency: None,
        }
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.env.now()
    }

    /// The current instant as the book stores it.
    pub fn now_micros(&self) -> i64 {
        self.env.now().as_microsecond()
    }

    /// A fresh id.
    pub fn next_id(&self) -> i64 {
        self.env.next_id()
    }

    /// The acting user's id, 0 for the program itself.
    pub fn actor_id(&self) -> i64 {
        match self.actor {
            Actor::User(UserId(id)) => id,
            Actor::System | Actor::Anonymous => 0,
        }
    }

    /// Refuses unless the actor may do all of this themselves: nobody gives or takes
    /// more than they have.
    ///
    /// # Errors
    /// `beyond_own_rights`.
    pub fn refuse_beyond_own(&self, access: &Access) -> Result<()> {
        if self.access.covers(access) {
            return Ok(());
        }
        Err(Error::beyond_own_rights())
    }

    /// The rows for which the actor holds a permission.
    pub fn scope(&self, permission: Permission) -> &Scope {
        self.access.scope(permission)
    }
}
