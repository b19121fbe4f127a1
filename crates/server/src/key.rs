//! The key of the installation. It seals what the book keeps but does not tell to somebody
//! who has only the book, or a backup of it: the key lies in a file of its own.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::Mutex,
};

use anyhow::{Context, anyhow};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use crate::{
    ctx::{Env, from_hex, hex},
    error::Result,
};

const KEY: usize = 32;
const NONCE: usize = 24;

/// Seals and opens with XChaCha20-Poly1305. The file is made when something is sealed for
/// the first time.
pub struct Key {
    file: PathBuf,
    known: Mutex<Option<XChaCha20Poly1305>>,
}

impl Key {
    /// The key in a file, or the one that will be made there.
    pub fn in_file(file: &Path) -> Self {
        Key {
            file: file.to_owned(),
            known: Mutex::default(),
        }
    }

    /// Seals a secret for one place; nobody opens it as that of another.
    ///
    /// # Errors
    /// When the key can be neither read nor made.
    pub fn seal(&self, env: &Env, place: &str, secret: &[u8]) -> Result<String> {
        let cipher = match self.read()? {
            Some(cipher) => cipher,
            None => self.make(env)?,
        };
        let nonce: [u8; NONCE] = env.random();
        let payload = Payload {
            msg: secret,
            aad: place.as_bytes(),
        };
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| anyhow!("sealing a secret failed"))?;
        Ok(hex(&nonce) + &hex(&sealed))
    }

    /// What was sealed for a place; nothing where the key is not here, or is another.
    ///
    /// # Errors
    /// When the file of the key cannot be read.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Option<Vec<u8>>> {
        let Some(cipher) = self.read()? else {
            return Ok(None);
        };
        let Some((nonce, sealed)) = from_hex(sealed).and_then(|bytes| {
            let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
            Some((*XNonce::from_slice(nonce), sealed.to_vec()))
        }) else {
            return Ok(None);
        };
        let payload = Payload {
            msg: sealed.as_slice(),
            aad: place.as_bytes(),
        };
        Ok(cipher.decrypt(&nonce, payload).ok())
    }

    fn read(&self) -> Result<Option<XChaCha20Poly1305>> {
        let mut known = self.known.lock().expect("nobody panics with the key");
        if known.is_none() {
            let text = match fs::read_to_string(&self.file) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(self.failed(error)),
            };
            let bytes = from_hex(text.trim()).filter(|bytes| bytes.len() == KEY);
            let bytes = bytes.with_context(|| {
                let file = self.file.display();
                format!("{file} is no key: it must hold 64 hexadecimal digits")
            })?;
            *known = Some(XChaCha20Poly1305::new(bytes.as_slice().into()));
        }
        Ok(known.clone())
    }

    /// Two programs that begin at once end with the same key.
    fn make(&self, env: &Env) -> Result<XChaCha20Poly1305> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let bytes: [u8; KEY] = env.random();
        let written = || {
            // Readable by its owner alone.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            writeln!(file, "{}", hex(&bytes))?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(&self.file) {
                Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error.error);
                }
                _ => {}
            }
            fs::File::open(folder)?.sync_all()
        };
        written().map_err(|error| self.failed(error))?;
        let cipher = self.read()?;
        Ok(cipher.context("the key that was just made is gone")?)
    }

    fn failed(&self, error: io::Error) -> crate::error::Error {
        let file = self.file.display();
        anyhow!(error)
            .context(format!("the key cannot be kept in {file}"))
            .into()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn only_the_same_key_opens_and_only_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::pinned(Timestamp::UNIX_EPOCH, 1);
        let file = folder.path().join("secret.key");
        assert_eq!(Key::in_file(&file).open("a", "00").unwrap(), None);
        assert!(!file.exists());

        let sealed = Key::in_file(&file).seal(&env, "a", b"secret").unwrap();
        let again = Key::in_file(&file);
        assert_ne!(again.seal(&env, "a", b"secret").unwrap(), sealed);
        assert_eq!(again.open("a", &sealed).unwrap().unwrap(), b"secret");
        assert_eq!(again.open("b", &sealed).unwrap(), None);
        assert_eq!(again.open("a", &sealed[..20]).unwrap(), None);
        let mut changed = sealed.clone();
        changed.replace_range(60..61, if &sealed[60..61] == "0" { "1" } else { "0" });
        assert_eq!(again.open("a", &changed).unwrap(), None);

        let other = Key::in_file(&folder.path().join("other.key"));
        other.seal(&env, "a", b"x").unwrap();
        assert_eq!(other.open("a", &sealed).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone_and_no_other_file_is_taken_for_a_key() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let env = Env::pinned(Timestamp::UNIX_EPOCH, 1);
        let file = folder.path().join("secret.key");
        Key::in_file(&file).seal(&env, "a", b"x").unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        fs::write(&file, "hello\n").unwrap();
        let error = Key::in_file(&file).seal(&env, "a", b"x").unwrap_err();
        assert!(error.to_string().contains("64 hexadecimal digits"));
    }
}
