//! What a column holds, told from its cells alone.

use super::{Guess, GuessBy, Kind};

/// Fills fields no header named. Only shapes that hardly anything else has are guessed.
pub fn fill(kind: Kind, samples: &[Vec<&str>], guesses: &mut [Guess]) {
    for column in 0..guesses.len() {
        if guesses[column].field.is_some() {
            continue;
        }
        let cells: Vec<&str> = samples
            .iter()
            .filter_map(|row| row.get(column).map(|cell| cell.trim()))
            .filter(|cell| !cell.is_empty())
            .collect();
        let Some(key) = shape(kind, &cells) else {
            continue;
        };
        if key == "ordered_at" && guesses.iter().any(|guess| guess.field == Some("paid_at")) {
            continue;
        }
        if guesses.iter().all(|guess| guess.field != Some(key)) {
            guesses[column] = Guess {
                field: Some(key),
                by: GuessBy::Content,
            };
        }
    }
}

fn shape(kind: Kind, cells: &[&str]) -> Option<&'static str> {
    let most = |test: fn(&str) -> bool| {
        cells.len() >= 2 && cells.iter().filter(|cell| test(cell)).count() * 10 >= cells.len() * 8
    };
    let people = matches!(kind, Kind::Orders | Kind::Customers);
    if people && most(is_email) {
        Some("email")
    } else if people && most(is_phone) {
        Some("phone")
    } else if kind == Kind::Orders && most(is_date) {
        Some("ordered_at")
    } else if kind == Kind::Orders && most(is_price) {
        Some("line_amount")
    } else {
        None
    }
}

fn is_email(cell: &str) -> bool {
    let Some((user, host)) = cell.split_once('@') else {
        return false;
    };
    !user.is_empty() && host.contains('.') && !cell.contains(' ')
}

/// Chinese mobile numbers, and numbers in international form.
fn is_phone(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let digits: Vec<u8> = cell.bytes().filter(u8::is_ascii_digit).collect();
    let plain = cell
        .bytes()
        .all(|b| b.is_ascii_digit() || b" -+()".contains(&b));
    let mobile = digits.len() == 11 && digits[0] == b'1' && (b'3'..=b'9').contains(&digits[1]);
    plain && (mobile || (cell.starts_with('+') && (8..=15).contains(&digits.len())))
}

fn is_date(cell: &str) -> bool {
    let day = cell.split([' ', 'T']).next().unwrap_or(cell);
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
        && parts.iter().any(|part| part.len() == 4)
}

fn is_price(cell: &str) -> bool {
    let body = cell.trim_start_matches(['¥', '￥', '$', '£', '€', '-', ' ']);
    let Some((whole, cents)) = body.rsplit_once(['.', ',']) else {
        return false;
    };
    (1..=2).contains(&cents.len())
        && cents.bytes().all(|b| b.is_ascii_digit())
        && !whole.is_empty()
        && whole
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
}
