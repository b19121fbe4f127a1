//! The search box: one text that may be a phone tail, an e-mail address, a card,
//! a number or part of a name in either script.

use clientele_domain::{identity::KeyKind, text};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{
    entity::{customer, identifier},
    keys::typed_code,
};
use crate::error::Result;

/// What somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Query {
    /// At least four digits: the end of a phone or card number, or a whole number.
    Digits(String),
    /// An e-mail address or its beginning, or `@` and a domain.
    Email(String),
    /// Words of a name, or a code with letters.
    Words(String),
}

impl Query {
    /// Reads the text; nothing for blanks.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = text::normalize_name(text);
        if plain.is_empty() {
            return None;
        }
        let mark = |c: char| " +-().".contains(c);
        let digits: String = plain.chars().filter(|c| !mark(*c)).collect();
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        Some(if all_digits && digits.len() >= 4 {
            Query::Digits(digits)
        } else if plain.contains('@') {
            Query::Email(plain)
        } else {
            Query::Words(plain)
        })
    }

    /// Customers with a key or number that may be meant, by ascending ids.
    ///
    /// # Errors
    /// When the book fails.
    pub(super) async fn keyed(&self, connection: &impl ConnectionTrait) -> Result<Vec<i64>> {
        let by_key = self.by_key();
        if by_key.is_empty() {
            return Ok(Vec::new());
        }
        let mut ids: Vec<i64> = customer::Entity::find()
            .select_only()
            .column(customer::Column::Id)
            .filter(by_key)
            .into_tuple()
            .all(connection)
            .await?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// What must occur somewhere in a name, its pinyin or its initials, all of it;
    /// none where names are not meant.
    pub(super) fn parts_of_names(&self) -> Option<Vec<String>> {
        match self {
            Query::Digits(_) | Query::Email(_) => None,
            Query::Words(words) => {
                let words = text::close_han(words);
                Some(words.split(' ').map(str::to_owned).collect())
            }
        }
    }

    /// Rows of `customers` that an index finds: by key, number, or the beginning
    /// of the name.
    pub(super) fn indexed(&self) -> Condition {
        match self {
            Query::Digits(_) | Query::Email(_) => self.by_key(),
            Query::Words(words) => self.by_key().add(starts_with(
                customer::Column::SearchText,
                &text::close_han(words),
            )),
        }
    }

    /// Any of the keys that may be meant.
    fn by_key(&self) -> Condition {
        let any = Condition::any();
        match self {
            Query::Digits(digits) => {
                // National numbers are written with a zero that E.164 drops.
                let tail = match digits.len() {
                    8.. => digits.trim_start_matches('0'),
                    _ => digits,
                };
                any.add(owner_of(
                    KeyKind::Phone,
                    starts_with(REVERSED, &backwards(tail)),
                ))
                .add(owner_of(
                    KeyKind::Card,
                    starts_with(REVERSED, &backwards(digits)),
                ))
                .add(owner_of(KeyKind::External, own_number(digits)))
                .add_option(
                    digits
                        .parse::<i64>()
                        .ok()
                        .map(|n| customer::Column::Number.eq(n)),
                )
            }
            Query::Email(text) => match text.strip_prefix('@') {
                Some(_) => any.add(owner_of(
                    KeyKind::Email,
                    starts_with(REVERSED, &backwards(text)),
                )),
                None => any.add(owner_of(KeyKind::Email, starts_with(VALUE, text))),
            },
            Query::Words(words) => {
                let number = words.parse::<i64>().ok();
                let coded = words.bytes().any(|byte| byte.is_ascii_digit());
                let code = typed_code(words).filter(|_| coded);
                any.add_option(number.map(|n| customer::Column::Number.eq(n)))
                    .add_option(code.map(|code| owner_of(KeyKind::Card, VALUE.eq(code))))
                    .add_option(coded.then(|| owner_of(KeyKind::External, own_number(words))))
            }
        }
    }
}

const VALUE: identifier::Column = identifier::Column::Value;
const REVERSED: identifier::Column = identifier::Column::Reversed;

/// Customers with a key of a kind.
fn owner_of(kind: KeyKind, matches: Expr) -> Expr {
    let owners = identifier::Entity::find()
        .select_only()
        .column(identifier::Column::CustomerId)
        .filter(identifier::Column::Kind.eq(kind.key()))
        .filter(matches)
        .into_query();
    customer::Column::Id.in_subquery(owners)
}

/// A source's own number of a customer, whatever the source.
fn own_number(text: &str) -> Expr {
    let mut end = backwards(text);
    end.push(':');
    starts_with(REVERSED, &end)
}

/// Texts with a beginning, as a range an index can walk.
pub(super) fn starts_with(column: impl ColumnTrait, beginning: &str) -> Expr {
    let mut end = beginning.to_owned();
    end.push(char::MAX);
    column.gte(beginning).and(column.lt(end))
}

fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_told_apart() {
        let check =
            |text: &str, wanted: Option<Query>| assert_eq!(Query::parse(text), wanted, "{text}");
        check("  ", None);
        check("8000", Some(Query::Digits("8000".to_owned())));
        check(
            "+65 9123-4567",
            Some(Query::Digits("6591234567".to_owned())),
        );
        check(
            "９１２３ ４５６７",
            Some(Query::Digits("91234567".to_owned())),
        );
        check("123", Some(Query::Words("123".to_owned())));
        check(
            "Li@Example.cn",
            Some(Query::Email("li@example.cn".to_owned())),
        );
        check("Li  Lei", Some(Query::Words("li lei".to_owned())));
        check("李雷", Some(Query::Words("李雷".to_owned())));
    }
}
