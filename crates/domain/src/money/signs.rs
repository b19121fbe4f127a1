//! Which currency a written amount names, if it names one.

use super::Currency;

/// Signs and the currencies they may stand for, by ISO code.
const SIGNS: [(&str, &str); 28] = [
    (
        "$",
        "USD SGD HKD AUD CAD NZD TWD MXN BRL ARS CLP COP BND FJD JMD",
    ),
    ("US$", "USD"),
    ("HK$", "HKD"),
    ("S$", "SGD"),
    ("NT$", "TWD"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("C$", "CAD"),
    ("CA$", "CAD"),
    ("NZ$", "NZD"),
    ("MX$", "MXN"),
    ("R$", "BRL"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "CNY JPY"),
    ("￥", "CNY JPY"),
    ("円", "JPY"),
    ("₩", "KRW"),
    ("₹", "INR"),
    ("฿", "THB"),
    ("₫", "VND"),
    ("₱", "PHP"),
    ("RM", "MYR"),
    ("Rp", "IDR"),
    ("zł", "PLN"),
    ("kr", "SEK NOK DKK ISK"),
    ("₺", "TRY"),
    ("RMB", "CNY"),
];

/// The currencies that the sign or code in an amount may stand for: `€ 1.200,50` is in
/// one, `$5` in any dollar, `12.50` names none.
pub fn currencies_named(amount: &str) -> Vec<Currency> {
    if amount.bytes().all(is_figure) {
        return Vec::new();
    }
    let sign: String = amount
        .chars()
        .filter(|c| !(c.is_numeric() || c.is_whitespace() || ".,'’-−+()".contains(*c)))
        .collect();
    if let Ok(currency) = Currency::parse(&sign) {
        return vec![currency];
    }
    let codes = SIGNS.iter().find(|(known, _)| *known == sign);
    codes.map_or_else(Vec::new, |(_, codes)| {
        codes
            .split(' ')
            .filter_map(|code| Currency::parse(code).ok())
            .collect()
    })
}

fn is_figure(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_name_their_currency() {
        let named = |amount: &str| -> String {
            let codes: Vec<_> = currencies_named(amount)
                .iter()
                .map(|currency| currency.code().to_owned())
                .collect();
            codes.join(" ")
        };
        for (amount, wanted) in [
            ("12.50", ""),
            ("-1,200.50", ""),
            ("(12.50)", ""),
            ("12 pieces", ""),
            ("€1.200,50", "EUR"),
            ("100 usd", "USD"),
            ("HK$ 100", "HKD"),
            ("￥88", "CNY JPY"),
            ("1 200,50 zł", "PLN"),
            // A yuan, a dollar and much else, by where it is written.
            ("100元", ""),
            ("KWD -1.250", "KWD"),
        ] {
            assert_eq!(named(amount), wanted, "{amount}");
        }
        assert!(named("$5").contains("SGD"));
    }
}
