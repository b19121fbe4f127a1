//! Reading amounts as people and tills write them.

use super::MoneyError;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Which sign separates the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

/// Reads an amount: `1,234.50`, `¥1 234`, `(12.00)`, `12.00-`, `１２元`, `1.2E+3`.
///
/// Digit groups are checked: with the decimal mark `.`, the text `1,23` is an
/// error and not 123, because it was probably written with a decimal comma.
pub fn parse_amount(text: &str, mark: DecimalMark) -> Result<Decimal, MoneyError> {
    let (negative, body) = strip_sign_and_currency(text)?;
    let (decimal, groups) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (body, power) = split_exponent(&body)?;
    let (whole, fraction) = body.split_once(decimal).unwrap_or((body, ""));
    let whole = ungroup(whole, groups)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(MoneyError::NotANumber);
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MoneyError::NotANumber);
    }
    let plain = if fraction.is_empty() {
        whole
    } else {
        format!("{whole}.{fraction}")
    };
    let value = match power {
        Some(power) => Decimal::from_scientific(&format!("{plain}e{power}")),
        None => plain.parse::<Decimal>(),
    };
    let value = value.map_err(|_| MoneyError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// Finds the decimal mark of a column from samples; a tie means the point.
pub fn guess_decimal_mark<'a>(samples: impl IntoIterator<Item = &'a str>) -> DecimalMark {
    let (mut point, mut comma) = (0_usize, 0_usize);
    for sample in samples {
        let as_point = parse_amount(sample, DecimalMark::Point).is_ok();
        let as_comma = parse_amount(sample, DecimalMark::Comma).is_ok();
        match (as_point, as_comma) {
            (true, false) => point += 1,
            (false, true) => comma += 1,
            _ => {}
        }
    }
    if comma > point {
        DecimalMark::Comma
    } else {
        DecimalMark::Point
    }
}

/// Brings the text to digits and marks: full-width forms narrowed, blanks,
/// currency signs and codes gone, and every way to write a minus noted.
fn strip_sign_and_currency(text: &str) -> Result<(bool, String), MoneyError> {
    let narrow: String = text.nfkc().collect();
    let narrow = narrow.trim().trim_start_matches('\'').trim();
    if narrow.is_empty() {
        return Err(MoneyError::Empty);
    }
    let mut negative = false;
    let mut body = narrow;
    if let Some(inner) = body
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        negative = true;
        body = inner.trim();
    }
    let mut signs = 0;
    loop {
        let before = body;
        body = strip_currency(body);
        for minus in ['-', '\u{2212}', '\u{2010}', '\u{2013}'] {
            let rest = body
                .strip_prefix(minus)
                .or_else(|| body.strip_suffix(minus));
            if let Some(rest) = rest {
                signs += 1;
                negative = true;
                body = rest.trim();
            }
        }
        if let Some(rest) = body.strip_prefix('+') {
            signs += 1;
            body = rest.trim();
        }
        if body == before {
            break;
        }
    }
    if signs > 1 || (signs == 1 && narrow.starts_with('(')) {
        return Err(MoneyError::NotANumber);
    }
    Ok((negative, body.to_owned()))
}

fn strip_currency(body: &str) -> &str {
    let sign = |c: char| "¥$€£₩₹₫฿₱₽₺₪元円원圆块￥".contains(c);
    let body = body.trim_matches(|c: char| c.is_whitespace() || sign(c));
    let letters = |part: &str| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_alphabetic());
    // Codes and prefixes such as USD, RMB, HK (of HK$) or Rs on either side.
    let start = body.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(0);
    let body = if start > 0 && letters(&body[..start]) {
        &body[start..]
    } else {
        body
    };
    let end = body.rfind(|c: char| !c.is_ascii_alphabetic());
    let end = end.map_or(body.len(), |at| {
        at + body[at..].chars().next().map_or(0, char::len_utf8)
    });
    let tail = &body[end..];
    let body = if !tail.is_empty() && letters(tail) {
        &body[..end]
    } else {
        body
    };
    body.trim()
}

fn split_exponent(body: &str) -> Result<(&str, Option<i32>), MoneyError> {
    let Some((mantissa, power)) = body.split_once(['e', 'E']) else {
        return Ok((body, None));
    };
    let power = power.parse::<i32>().map_err(|_| MoneyError::NotANumber)?;
    if power.abs() > 28 {
        return Err(MoneyError::TooLarge);
    }
    Ok((mantissa, Some(power)))
}

/// Removes digit-group marks after checking that they stand where groups end:
/// three digits in the last group, two (India) or three before.
fn ungroup(whole: &str, mark: char) -> Result<String, MoneyError> {
    let is_mark =
        |c: char| c == mark || c == '\'' || c == '\u{2019}' || c == '_' || c.is_whitespace();
    let parts: Vec<&str> = whole.split(is_mark).collect();
    if parts
        .iter()
        .any(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(MoneyError::NotANumber);
    }
    if parts.len() > 1 {
        let last = parts[parts.len() - 1].len();
        let first = parts[0].len();
        let middle = &parts[1..parts.len() - 1];
        let regular = last == 3
            && (1..=3).contains(&first)
            && middle.iter().all(|part| part.len() == 3 || part.len() == 2);
        if !regular {
            return Err(MoneyError::Ambiguous);
        }
    }
    Ok(parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, mark: DecimalMark, wanted: Result<&str, MoneyError>) {
        let wanted = wanted.map(|text| text.parse::<Decimal>().unwrap());
        assert_eq!(parse_amount(text, mark), wanted, "{text}");
    }

    #[test]
    fn with_a_decimal_point() {
        for (text, wanted) in [
            ("12.50", "12.50"),
            ("1,234.56", "1234.56"),
            ("1,00,000.5", "100000.5"),
            ("-3", "-3"),
            ("3-", "-3"),
            ("(12.00)", "-12.00"),
            ("−7.5", "-7.5"),
            ("+7", "7"),
            ("¥1,980", "1980"),
            ("￥１２３．４５", "123.45"),
            ("-$5.00", "-5.00"),
            ("$-5.00", "-5.00"),
            ("HK$ 20", "20"),
            ("S$20.10", "20.10"),
            ("USD 12.5", "12.5"),
            ("12.5 USD", "12.5"),
            ("199元", "199"),
            ("1 234 567.8", "1234567.8"),
            ("1'234.5", "1234.5"),
            ("\u{a0}9.9\u{a0}", "9.9"),
            ("1.2E+3", "1200"),
            ("5e-2", "0.05"),
            (".5", "0.5"),
            ("'12", "12"),
            ("0", "0"),
        ] {
            check(text, DecimalMark::Point, Ok(wanted));
        }
    }

    #[test]
    fn with_a_decimal_comma() {
        for (text, wanted) in [
            ("12,50", "12.50"),
            ("1.234,56 €", "1234.56"),
            ("1 234,56", "1234.56"),
            ("-1.000", "-1000"),
        ] {
            check(text, DecimalMark::Comma, Ok(wanted));
        }
    }

    #[test]
    fn refusals() {
        let point = DecimalMark::Point;
        check("", point, Err(MoneyError::Empty));
        check("   ", point, Err(MoneyError::Empty));
        check("1,23", point, Err(MoneyError::Ambiguous));
        check("1.234.567", point, Err(MoneyError::NotANumber));
        check("abc", point, Err(MoneyError::NotANumber));
        check("--5", point, Err(MoneyError::NotANumber));
        check("(-5)", point, Err(MoneyError::NotANumber));
        check("12:30", point, Err(MoneyError::NotANumber));
        check("-", point, Err(MoneyError::NotANumber));
        check("1e99", point, Err(MoneyError::TooLarge));
        check(&"9".repeat(40), point, Err(MoneyError::TooLarge));
    }

    #[test]
    fn the_mark_is_guessed_from_decisive_samples() {
        let guess = |samples: &[&str]| guess_decimal_mark(samples.iter().copied());
        assert_eq!(guess(&["12", "1.50", "3"]), DecimalMark::Point);
        assert_eq!(guess(&["12,5", "1.234,50"]), DecimalMark::Comma);
        assert_eq!(guess(&["1,234", "5"]), DecimalMark::Point);
        assert_eq!(guess(&[]), DecimalMark::Point);
    }
}
