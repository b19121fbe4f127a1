//! E-mail addresses: one form for one mailbox, and nothing for what is none.

use crate::text::{is_placeholder, unquote_cell};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// What a text is as an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailOutcome {
    /// An address in lower case.
    Valid(String),
    /// A marketplace's relay address: it reaches somebody, but identifies nobody.
    Relay(String),
    /// Part of it is hidden.
    Masked,
    /// It stands for "no address", or belongs to a role and not to a person.
    Placeholder,
    /// It is no address.
    Invalid,
}

impl EmailOutcome {
    /// The address, if it identifies a person.
    pub fn valid(self) -> Option<String> {
        match self {
            EmailOutcome::Valid(address) => Some(address),
            _ => None,
        }
    }
}

/// Normalises an e-mail address as received: `Li Lei <LiLei@Example.CN>`.
pub fn normalize(raw: &str) -> EmailOutcome {
    let text: String = unquote_cell(raw).nfkc().collect::<String>().to_lowercase();
    let text = text.trim();
    let text = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(at), Some(inner)) => inner.get(at + 1..).unwrap_or(""),
        _ => text,
    };
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    // A spreadsheet's "this is text", perhaps twice; nobody's mailbox begins so.
    let text = text.trim_start_matches('\'').trim();
    if is_placeholder(text) {
        return EmailOutcome::Placeholder;
    }
    if text.contains(['*', '•']) {
        return EmailOutcome::Masked;
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return EmailOutcome::Invalid;
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if !is_local(local) || !is_domain(domain) {
        return EmailOutcome::Invalid;
    }
    let address = format!("{local}@{domain}");
    let is_nobody = is_placeholder(local) && !local.starts_with("test");
    // a@a.com and test@test.com are typed to get past a field.
    let is_echo = domain.split('.').next() == Some(local)
        && (local.chars().count() <= 3 || is_placeholder(local));
    if is_nobody || is_echo || ROLES.contains(&local) || domain.ends_with(".invalid") {
        EmailOutcome::Placeholder
    } else if is_relay(domain) {
        EmailOutcome::Relay(address)
    } else {
        EmailOutcome::Valid(address)
    }
}

/// Hides all but the first letter of the mailbox: `l***@example.cn`.
pub fn mask(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        None => "***".to_owned(),
    }
}

/// Mailboxes that staff type in when the customer has none.
const ROLES: [&str; 11] = [
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "no_reply",
    "no.email",
    "no-email",
    "none",
    "nomail",
    "postmaster",
    "mailer-daemon",
];

/// Domains through which marketplaces hide their buyers; a new address may be
/// given for every order.
const RELAYS: [&str; 13] = [
    "members.ebay.com",
    "members.ebay.co.uk",
    "members.ebay.de",
    "marketplace.walmart.com",
    "relay.walmart.com",
    "etsy-mail.com",
    "reply.shopee.com",
    "mail.lazada.com",
    "scs.tiktokw.us",
    "scs.tiktok.com",
    "guest.booking.com",
    "wish-relay.com",
    "buyer.alibaba.com",
];

fn is_relay(domain: &str) -> bool {
    domain.starts_with("marketplace.amazon.")
        || RELAYS
            .iter()
            .any(|relay| domain == *relay || domain.ends_with(&format!(".{relay}")))
}

fn is_local(local: &str) -> bool {
    let fine = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    (1..=64).contains(&local.len())
        && local.chars().all(fine)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or("");
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
        && last.chars().count() >= 2
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes() {
        let valid = |address: &str| EmailOutcome::Valid(address.to_owned());
        let check = |raw: &str, wanted: EmailOutcome| assert_eq!(normalize(raw), wanted, "{raw}");
        check("Li.Lei@Example.CN", valid("li.lei@example.cn"));
        check("  lilei＠example．cn ", valid("lilei@example.cn"));
        check("Li Lei <LiLei@example.cn>", valid("lilei@example.cn"));
        check("mailto:a.b+c@example.co.uk", valid("a.b+c@example.co.uk"));
        check("o'neill@example.ie", valid("o'neill@example.ie"));
        check("''ann@example.ie", valid("ann@example.ie"));
        check("用户@例子.中国", valid("用户@例子.中国"));
        check("a1@example.com.", valid("a1@example.com"));
        for raw in [
            "",
            "null",
            "无",
            "-",
            "none@shop.com",
            "noreply@shop.com",
            "test@test.com",
            "n/a",
        ] {
            check(raw, EmailOutcome::Placeholder);
        }
        check("l***i@example.cn", EmailOutcome::Masked);
        check(
            "abc1@marketplace.amazon.co.uk",
            EmailOutcome::Relay("abc1@marketplace.amazon.co.uk".to_owned()),
        );
        check(
            "abc1@members.ebay.com",
            EmailOutcome::Relay("abc1@members.ebay.com".to_owned()),
        );
        for raw in [
            "lilei",
            "lilei@",
            "@example.cn",
            "a b@example.cn",
            "a@b",
            "a@b.c",
            "a..b@example.cn",
            ".ab@example.cn",
            "ab@-x.cn",
            "ab@1.2.3.4",
            "ab@exa_mple.cn",
            "a@b@",
            "<>",
        ] {
            let outcome = normalize(raw);
            assert!(
                matches!(outcome, EmailOutcome::Invalid | EmailOutcome::Placeholder),
                "{raw} {outcome:?}"
            );
        }
    }

    #[test]
    fn a_mask_keeps_the_first_letter() {
        assert_eq!(mask("lilei@example.cn"), "l***@example.cn");
        assert_eq!(mask("nonsense"), "***");
    }
}
