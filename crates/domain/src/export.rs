//! Cells that leave for a spreadsheet.

use std::borrow::Cow;

/// Makes a cell harmless in spreadsheets that read formulas.
///
/// A text that begins like a formula gets an apostrophe in front, which
/// spreadsheets show as text; plain numbers stay numbers.
pub fn defuse(cell: &str) -> Cow<'_, str> {
    let first = cell
        .trim_start_matches([' ', '\u{a0}', '\u{3000}', '\u{feff}'])
        .chars()
        .next();
    let risky = first.is_some_and(|c| "=+-@\t\r\n＝＋－＠|%".contains(c));
    if risky && !is_plain_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for cell in [
            "=1+1",
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "=HYPERLINK(\"http://x\")",
            " =1",
            "＝1",
            "-",
            "+",
            "-1-2",
            "+86 138",
            "-cmd|' /C calc'!A0",
            "\n=1",
            "--1",
            "-1.",
            "|calc",
        ] {
            assert_eq!(defuse(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in [
            "",
            "12",
            "-12.50",
            "+8613800138000",
            "李雷",
            "a=b",
            "O'Neill",
            "2026-11-21",
            "'=1",
        ] {
            assert_eq!(defuse(cell), cell);
        }
    }
}
