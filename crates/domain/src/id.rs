//! Ids: 64-bit, time-ordered, one type per noun, a prefixed string outside.
//!
//! JavaScript cannot hold 64-bit integers, so the outside form is the prefix,
//! an underscore and 13 lower-case Crockford base-32 digits. The form is
//! canonical: one id has exactly one spelling.

/// Milliseconds between 1970-01-01 and 2020-01-01, the zero of all ids.
pub const EPOCH_2020_MS: u64 = 1_577_836_800_000;

const SEQUENCE_BITS: u32 = 22;
const DIGITS: usize = 13;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is not an id of the wanted noun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The prefix belongs to another noun or is missing.
    #[error("an id beginning with {expected}_ was expected")]
    Prefix {
        /// The prefix of the wanted noun.
        expected: &'static str,
    },
    /// The part after the prefix is not 13 base-32 digits.
    #[error("the id is damaged: 13 digits must follow the prefix")]
    Digits,
}

/// Packs milliseconds since 2020 and a sequence number into one id.
///
/// Only the low 22 bits of the sequence are kept; four million ids fit into
/// one millisecond.
pub const fn compose(ms_since_2020: u64, sequence: u32) -> i64 {
    let low = (sequence & ((1 << SEQUENCE_BITS) - 1)) as u64;
    // 41 bits of milliseconds last until 2089; the mask keeps the sign clear.
    let high = (ms_since_2020 & ((1 << 41) - 1)) << SEQUENCE_BITS;
    (high | low) as i64
}

/// Milliseconds since 2020 at which an id was made.
pub const fn milliseconds(id: i64) -> u64 {
    (id as u64) >> SEQUENCE_BITS
}

fn encode(prefix: &str, value: i64) -> String {
    let mut text = String::with_capacity(prefix.len() + 1 + DIGITS);
    text.push_str(prefix);
    text.push('_');
    let bits = value as u64;
    for place in (0..DIGITS).rev() {
        let digit = (bits >> (place * 5)) & 31;
        text.push(char::from(ALPHABET[digit as usize]));
    }
    text
}

fn decode(prefix: &'static str, text: &str) -> Result<i64, IdError> {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(IdError::Prefix { expected: prefix })?;
    if digits.len() != DIGITS {
        return Err(IdError::Digits);
    }
    let mut bits: u64 = 0;
    for (place, byte) in digits.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&known| known == byte);
        let digit = digit.ok_or(IdError::Digits)? as u64;
        // 13 digits hold 65 bits; the first one may only fill 4 of its 5.
        if place == 0 && digit > 15 {
            return Err(IdError::Digits);
        }
        bits = (bits << 5) | digit;
    }
    Ok(bits as i64)
}

/// Declares the id type of one noun.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// The prefix of the outside form.
            pub const PREFIX: &'static str = $prefix;
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&encode($prefix, self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                decode($prefix, text).map(Self)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")))
                    .build()
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(input)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A customer record.
    CustomerId, "cus"
);
id!(
    /// An order, refund or adjustment.
    OrderId, "ord"
);
id!(
    /// A store or other place of sale.
    StoreId, "sto"
);
id!(
    /// A product, one per SKU.
    ProductId, "prd"
);
id!(
    /// An import of one file.
    ImportId, "imp"
);
id!(
    /// A piece of long work.
    JobId, "job"
);
id!(
    /// A person who may sign in.
    UserId, "usr"
);
id!(
    /// A merge of two customers.
    MergeId, "mrg"
);
id!(
    /// A pair of customers who may be one person.
    PairId, "dup"
);
id!(
    /// A grading run.
    RunId, "run"
);
id!(
    /// An API token.
    TokenId, "tok"
);
id!(
    /// A signed-in browser.
    SessionId, "ses"
);
id!(
    /// An uploaded file.
    UploadId, "upl"
);
id!(
    /// A saved view of a list.
    ViewId, "viw"
);
id!(
    /// A copy of the book that was put aside.
    BackupId, "bak"
);
id!(
    /// A key by which a customer can be found.
    IdentifierId, "idn"
);
id!(
    /// A region, country or area of the chain.
    UnitId, "unt"
);
id!(
    /// People who work together.
    TeamId, "tea"
);
id!(
    /// A role of the chain's own.
    RoleId, "rol"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn outside_form_is_fixed() {
        assert_eq!(CustomerId(0).to_string(), "cus_0000000000000");
        assert_eq!(CustomerId(1).to_string(), "cus_0000000000001");
        assert_eq!(OrderId(i64::MAX).to_string(), "ord_7zzzzzzzzzzzz");
        assert_eq!(OrderId(-1).to_string(), "ord_fzzzzzzzzzzzz");
    }

    #[test]
    fn refuses_other_nouns_and_damaged_text() {
        let check = |text: &str, wanted: IdError| {
            assert_eq!(text.parse::<CustomerId>(), Err(wanted), "{text}");
        };
        let prefix = IdError::Prefix { expected: "cus" };
        check("ord_0000000000001", prefix.clone());
        check("0000000000001", prefix.clone());
        check("", prefix);
        check("cus_", IdError::Digits);
        check("cus_000000000000", IdError::Digits);
        check("cus_00000000000001", IdError::Digits);
        check("cus_000000000000L", IdError::Digits);
        check("cus_000000000000A", IdError::Digits);
        check("cus_g000000000000", IdError::Digits);
        check("cus_000000000000é", IdError::Digits);
    }

    #[test]
    fn json_is_the_outside_form() {
        let id = StoreId(77);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"sto_000000000002d\"");
        assert_eq!(serde_json::from_str::<StoreId>(&json).unwrap(), id);
        let owned = serde_json::Value::String(id.to_string());
        assert_eq!(serde_json::from_value::<StoreId>(owned).unwrap(), id);
        assert!(serde_json::from_str::<StoreId>("77").is_err());
    }

    #[test]
    fn composed_ids_sort_by_time_then_sequence() {
        assert!(compose(1, 0) > compose(0, u32::MAX));
        assert!(compose(5, 2) > compose(5, 1));
        assert!(compose(u64::MAX, u32::MAX) > 0);
        assert_eq!(milliseconds(compose(123_456, 9)), 123_456);
    }

    proptest! {
        #[test]
        fn round_trip(value: i64) {
            let id = CustomerId(value);
            prop_assert_eq!(id.to_string().parse::<CustomerId>(), Ok(id));
        }

        #[test]
        fn texts_sort_like_numbers(a in 0..i64::MAX, b in 0..i64::MAX) {
            prop_assert_eq!(
                a.cmp(&b),
                CustomerId(a).to_string().cmp(&CustomerId(b).to_string())
            );
        }
    }
}
