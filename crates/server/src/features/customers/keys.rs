//! Keys as received become keys that can be compared, or are refused with a
//! reason. Imports use the same door.

use clientele_domain::{
    email::{self, EmailOutcome},
    identity::KeyKind,
    phone::{self, PhoneOutcome},
    text,
};

use super::insert::NewIdentifier;

/// Why a value is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    /// It stands for "nothing".
    Placeholder,
    /// Part of it is hidden.
    Masked,
    /// It is not a value of its kind.
    Invalid,
    /// A marketplace's relay address; it identifies nobody.
    Relay,
}

impl KeyProblem {
    /// The stable word of the API and of rejected rows.
    pub fn code(self) -> &'static str {
        match self {
            KeyProblem::Placeholder => "placeholder",
            KeyProblem::Masked => "masked",
            KeyProblem::Invalid => "invalid",
            KeyProblem::Relay => "relay",
        }
    }
}

/// Normalises a key. `country` completes phone numbers without a country code.
/// An external key is given as source, a colon and the source's own number.
///
/// # Errors
/// Why it must not be used as a key.
pub fn normalize_key(
    kind: KeyKind,
    raw: &str,
    country: &str,
    verified: bool,
) -> Result<NewIdentifier, KeyProblem> {
    let value = match kind {
        KeyKind::Phone => match phone::normalize(raw, country) {
            PhoneOutcome::Valid(number) => number,
            PhoneOutcome::Masked => return Err(KeyProblem::Masked),
            PhoneOutcome::Placeholder => return Err(KeyProblem::Placeholder),
            PhoneOutcome::Invalid => return Err(KeyProblem::Invalid),
        },
        KeyKind::Email => match email::normalize(raw) {
            EmailOutcome::Valid(address) => address,
            EmailOutcome::Relay(_) => return Err(KeyProblem::Relay),
            EmailOutcome::Masked => return Err(KeyProblem::Masked),
            EmailOutcome::Placeholder => return Err(KeyProblem::Placeholder),
            EmailOutcome::Invalid => return Err(KeyProblem::Invalid),
        },
        KeyKind::Card | KeyKind::NationalId => code(raw)?,
        KeyKind::External => external(raw)?,
    };
    Ok(NewIdentifier {
        kind,
        value,
        raw: raw.trim().to_owned(),
        verified,
    })
}

/// Card and identity numbers: no blanks or dashes, upper case.
fn code(raw: &str) -> Result<String, KeyProblem> {
    let plain = text::narrow(&text::unquote_cell(raw));
    if text::is_placeholder(&plain) {
        return Err(KeyProblem::Placeholder);
    }
    if phone::is_masked(&plain) && plain.contains(['*', '•', '●', '█', '?', '…']) {
        return Err(KeyProblem::Masked);
    }
    let value: String = plain
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_uppercase)
        .collect();
    let fits = (2..=64).contains(&value.len()) && value.chars().all(char::is_alphanumeric);
    if fits {
        Ok(value)
    } else {
        Err(KeyProblem::Invalid)
    }
}

fn external(raw: &str) -> Result<String, KeyProblem> {
    let value = text::nfc(raw.trim());
    match value.split_once(':') {
        Some((source, id)) if !source.is_empty() && !id.is_empty() => {
            if text::is_placeholder(id) {
                Err(KeyProblem::Placeholder)
            } else {
                Ok(value)
            }
        }
        _ => Err(KeyProblem::Invalid),
    }
}

/// What somebody may have typed of a card number.
pub(super) fn typed_code(query: &str) -> Option<String> {
    code(query).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: KeyKind, raw: &str, wanted: Result<&str, KeyProblem>) {
        let found = normalize_key(kind, raw, "SG", false).map(|key| key.value);
        assert_eq!(found, wanted.map(str::to_owned), "{raw}");
    }

    #[test]
    fn one_form_for_one_key() {
        check(KeyKind::Phone, "9123 4567", Ok("+6591234567"));
        check(
            KeyKind::Email,
            " Li.Lei@Example.CN",
            Ok("li.lei@example.cn"),
        );
        check(KeyKind::Card, "vip-00 17", Ok("VIP0017"));
        check(KeyKind::Card, "ＶＩＰ００１７", Ok("VIP0017"));
        check(KeyKind::External, "tmall:2871", Ok("tmall:2871"));
    }

    #[test]
    fn what_identifies_nobody_is_refused() {
        check(KeyKind::Phone, "138****8000", Err(KeyProblem::Masked));
        check(KeyKind::Phone, "0000", Err(KeyProblem::Placeholder));
        check(KeyKind::Phone, "12", Err(KeyProblem::Invalid));
        check(
            KeyKind::Email,
            "a1@members.ebay.com",
            Err(KeyProblem::Relay),
        );
        check(KeyKind::Card, "0000", Err(KeyProblem::Placeholder));
        check(KeyKind::Card, "62****1234", Err(KeyProblem::Masked));
        check(KeyKind::Card, "a/b", Err(KeyProblem::Invalid));
        check(KeyKind::External, "tmall:", Err(KeyProblem::Invalid));
        check(
            KeyKind::External,
            "tmall:null",
            Err(KeyProblem::Placeholder),
        );
    }
}
