//! Phone numbers: one form for one number, and nothing for what is none.

use crate::text::{is_placeholder, narrow, unquote_cell};
use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

/// What a text is as a phone number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneOutcome {
    /// A valid number in E.164, `+8613800138000`.
    Valid(String),
    /// Part of it is hidden; it must never be a key.
    Masked,
    /// It stands for "no number".
    Placeholder,
    /// It is no valid number.
    Invalid,
}

impl PhoneOutcome {
    /// The number in E.164, if it is valid.
    pub fn valid(self) -> Option<String> {
        match self {
            PhoneOutcome::Valid(number) => Some(number),
            _ => None,
        }
    }
}

/// Normalises a phone number as received.
///
/// `default_country` (ISO 3166 alpha-2) reads numbers without a country code;
/// an empty or unknown one leaves only numbers written with `+`.
pub fn normalize(raw: &str, default_country: &str) -> PhoneOutcome {
    let text = narrow(&unquote_cell(raw));
    let text = unquote_cell(&text);
    if is_masked(&text) {
        return PhoneOutcome::Masked;
    }
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if is_placeholder(text) || is_filler(text) {
        return PhoneOutcome::Placeholder;
    }
    // 1.38001E+10 has lost its digits; other letters are no part of a number,
    // except those that announce an extension.
    let letters = text.to_lowercase();
    let letters = ["ext", "tel", "mobile", "phone", "x"]
        .iter()
        .fold(letters, |rest, word| rest.replace(word, ""));
    if letters.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return PhoneOutcome::Invalid;
    }
    let region = Region::from_code(&default_country.trim().to_ascii_uppercase()).ok();
    let parts = text.split(['/', ',', ';', '、', '|', '\n']).map(str::trim);
    let number = parts
        .filter(|part| !part.is_empty())
        .find_map(|part| parse(part, region));
    match number {
        // What is dialled before a number can hide that nobody has it.
        Some(number) if is_filler(&number) => PhoneOutcome::Placeholder,
        Some(number) => PhoneOutcome::Valid(number),
        None => PhoneOutcome::Invalid,
    }
}

/// Hides all but the first three and last two digits: `+86*********00`.
pub fn mask(e164: &str) -> String {
    let digits = e164.chars().count();
    e164.chars()
        .enumerate()
        .map(|(at, c)| if at < 3 || at + 2 >= digits { c } else { '*' })
        .collect()
}

fn parse(text: &str, region: Option<Region>) -> Option<String> {
    // 转 announces an extension; a switchboard's number is the same without it.
    let main = text.split(['转', '轉']).next().unwrap_or(text);
    let number = PHONE_NUMBER_UTIL.parse(main, region).ok()?;
    if !number.is_valid() {
        return None;
    }
    let mut plain = number;
    plain.extension = None;
    Some(plain.format_as(PhoneNumberFormat::E164).into_owned())
}

/// Whether characters stand where digits were: `138****8000`, `138xxxx8000`.
pub fn is_masked(text: &str) -> bool {
    let text = text.to_lowercase();
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let hidden = text.contains(['*', '•', '●', '＊', '█', '×', '#', '?', '…']);
    digits && (hidden || text.contains("xx"))
}

/// Digits nobody has: all the same, counting up or down, or a long tail of 0.
fn is_filler(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    if digits.len() < 4 {
        return false;
    }
    let steps = |step: i16| {
        digits
            .windows(2)
            .all(|pair| (i16::from(pair[1]) - i16::from(pair[0])).rem_euclid(10) == step)
    };
    let zeros = digits
        .iter()
        .rev()
        .take_while(|&&digit| digit == b'0')
        .count();
    steps(0) || steps(1) || steps(9) || zeros >= 7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, country: &str, wanted: PhoneOutcome) {
        assert_eq!(normalize(raw, country), wanted, "{raw} in {country}");
    }

    #[test]
    fn one_form_for_one_number() {
        for (raw, country, wanted) in [
            ("13800138000", "CN", "+8613800138000"),
            ("'13800138000", "CN", "+8613800138000"),
            ("+86-139 0013 9000", "CN", "+8613900139000"),
            ("+86 137 0013 7000", "", "+8613700137000"),
            ("８６１３７００１３７０００", "CN", "+8613700137000"),
            ("0086 13800138000", "CN", "+8613800138000"),
            ("＋８６ １３８００１３８０００", "SG", "+8613800138000"),
            ("=\"13800138000\"", "CN", "+8613800138000"),
            ("13800138000.0", "CN", "+8613800138000"),
            ("138-0013-8000", "CN", "+8613800138000"),
            ("(138) 0013 8000", "CN", "+8613800138000"),
            ("021-62881234", "CN", "+862162881234"),
            ("(021) 6288 1234", "CN", "+862162881234"),
            ("021-62881234转801", "CN", "+862162881234"),
            ("020 7183 8750", "GB", "+442071838750"),
            ("+44 (0)20 7183 8750", "CN", "+442071838750"),
            ("9123 4567", "SG", "+6591234567"),
            ("(65) 9123 4567", "SG", "+6591234567"),
            ("090-1234-5678", "JP", "+819012345678"),
            ("(202) 555-0173", "US", "+12025550173"),
            ("202-555-0173 ext. 89", "US", "+12025550173"),
            ("13800138000/13900139000", "CN", "+8613800138000"),
            ("无、13900139000", "CN", "+8613900139000"),
            ("\u{a0}13800138000\t", "cn", "+8613800138000"),
        ] {
            check(raw, country, PhoneOutcome::Valid(wanted.to_owned()));
        }
    }

    #[test]
    fn masked_numbers_are_never_numbers() {
        for raw in [
            "138****8000",
            "138xxxx8000",
            "138XXXX8000",
            "+86 138••••8000",
            "138＊＊＊＊8000",
            "****8000",
        ] {
            check(raw, "CN", PhoneOutcome::Masked);
        }
    }

    #[test]
    fn placeholders() {
        for raw in [
            "",
            "0",
            "0000",
            "null",
            "-",
            "无",
            "1111111",
            "12345678",
            "00000000000",
            "13800000000",
            "987654321",
            "  ",
        ] {
            check(raw, "CN", PhoneOutcome::Placeholder);
        }
        // Found by fuzzing: Mauritania's 22222222, with more dialled before it.
        for country in ["CN", "HK", "SG", "US"] {
            let again = normalize("0-1222222222222", country).valid();
            assert_eq!(again, None, "in {country}");
        }
    }

    #[test]
    fn invalid_numbers() {
        for raw in [
            "123",
            "1380013800",
            "138001380001",
            "1.38001E+10",
            "hello",
            "wechat: lilei",
        ] {
            check(raw, "CN", PhoneOutcome::Invalid);
        }
        check("13800138000", "", PhoneOutcome::Invalid);
        check("13800138000", "SG", PhoneOutcome::Invalid);
    }

    #[test]
    fn a_mask_hides_the_middle() {
        assert_eq!(mask("+8613800138000"), "+86*********00");
        assert_eq!(mask("+65"), "+65");
        assert_eq!(mask(""), "");
    }
}
