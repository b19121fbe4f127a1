//! Money: integer minor units with an ISO 4217 currency.
//!
//! Decimals appear only at the edge (parsing) and as exchange rates. Every
//! rounding is half away from zero and happens in one named place.

mod currency;
mod parse;
mod signs;

pub use currency::{Currency, CurrencyError};
pub use parse::{DecimalMark, guess_decimal_mark, parse_amount};
pub use signs::currencies_named;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Why a text or a calculation gives no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// There is nothing to read.
    #[error("the amount is empty")]
    Empty,
    /// The text is not a number.
    #[error("the amount is not a number")]
    NotANumber,
    /// Digit groups are placed so that the decimal mark cannot be told.
    #[error("the amount can be read in two ways; choose the decimal mark")]
    Ambiguous,
    /// The amount does not fit.
    #[error("the amount is too large")]
    TooLarge,
}

/// An amount in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: cents for USD, yen for JPY, fils for KWD.
    pub amount: i64,
    /// The currency they are counted in.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The amount in major units.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.amount, self.currency.exponent())
    }
}

/// Shows the amount in major units followed by the currency, `12.50 USD`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

/// Rounds a major-unit decimal to minor units, half away from zero, and keeps
/// what was lost as millionths of a minor unit.
///
/// `rounded + residue / 1_000_000` is the exact amount for inputs with up to
/// six digits beyond the currency's own.
pub fn exact_to_minor(amount: Decimal, currency: Currency) -> Result<(i64, i64), MoneyError> {
    let scale = Decimal::from(10_i64.pow(currency.exponent()));
    let exact = amount.checked_mul(scale).ok_or(MoneyError::TooLarge)?;
    let minor = round_half_away(exact)?;
    let lost = exact - Decimal::from(minor);
    let residue = round_half_away(lost * Decimal::from(1_000_000))?;
    Ok((minor, residue))
}

/// Splits a total over weights so that the parts add up to it exactly.
///
/// Largest remainder; equal remainders go to the earlier part. Weights count
/// by their size, so the lines of a refund work as those of a sale. If all
/// weights are zero the total is split evenly; no weights give no parts.
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let sizes: Vec<i128> = if weights.iter().all(|&weight| weight == 0) {
        vec![1; weights.len()]
    } else {
        weights.iter().map(|&w| i128::from(w).abs()).collect()
    };
    let sum: i128 = sizes.iter().sum();
    let size = i128::from(total).abs();
    let mut parts: Vec<i128> = sizes.iter().map(|w| size * w / sum).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(size * sizes[at] % sum), at));
    let left = size - parts.iter().sum::<i128>();
    for &at in order
        .iter()
        .take(usize::try_from(left).unwrap_or(usize::MAX))
    {
        parts[at] += 1;
    }
    let sign = i128::from(total.signum());
    parts
        .into_iter()
        .map(|part| i64::try_from(sign * part).expect("a part is no larger than the total"))
        .collect()
}

/// Converts minor units into another currency, half away from zero.
///
/// The rate is in major units: how many `to` one `from` costs. The sign is
/// kept symmetrical, so a full refund at the order's rate gives exactly zero.
pub fn convert(minor: i64, from: Currency, rate: Decimal, to: Currency) -> Result<i64, MoneyError> {
    let major = Decimal::from(minor)
        .checked_mul(rate)
        .ok_or(MoneyError::TooLarge)?;
    let up = Decimal::from(10_i64.pow(to.exponent()));
    let down = Decimal::from(10_i64.pow(from.exponent()));
    let exact = major.checked_mul(up).ok_or(MoneyError::TooLarge)? / down;
    round_half_away(exact)
}

fn round_half_away(value: Decimal) -> Result<i64, MoneyError> {
    value
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        .to_i64()
        .ok_or(MoneyError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn exact_amounts_round_half_away_and_keep_the_rest() {
        let check = |text: &str, code: &str, wanted: (i64, i64)| {
            let amount = text.parse::<Decimal>().unwrap();
            assert_eq!(exact_to_minor(amount, currency(code)), Ok(wanted), "{text}");
        };
        check("12.34", "USD", (1234, 0));
        check("12.345", "USD", (1235, -500_000));
        check("-12.345", "USD", (-1235, 500_000));
        check("12.344", "USD", (1234, 400_000));
        check("1980", "JPY", (1980, 0));
        check("1980.5", "JPY", (1981, -500_000));
        check("1.2345", "KWD", (1235, -500_000));
        check("0.00000001", "USD", (0, 1));
        let huge = Decimal::MAX;
        assert_eq!(
            exact_to_minor(huge, currency("USD")),
            Err(MoneyError::TooLarge)
        );
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(allocate(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(allocate(5, &[0, 0]), [3, 2]);
        assert_eq!(allocate(7, &[3, 0, 4]), [3, 0, 4]);
        assert_eq!(allocate(-10, &[-1000, -3000]), [-3, -7]);
        assert!(allocate(5, &[]).is_empty());
        assert_eq!(allocate(i64::MIN, &[i64::MIN]), [i64::MIN]);
    }

    #[test]
    fn conversion_knows_exponents() {
        let check = |minor, from: &str, rate: &str, to: &str, wanted| {
            let rate = rate.parse().unwrap();
            assert_eq!(
                convert(minor, currency(from), rate, currency(to)),
                Ok(wanted)
            );
        };
        check(1980, "JPY", "0.0089", "SGD", 1762);
        check(10_000, "USD", "149.5", "JPY", 14_950);
        check(1_000, "KWD", "3.25", "USD", 325);
        check(5, "USD", "0.5", "EUR", 3);
        check(-5, "USD", "0.5", "EUR", -3);
    }

    #[test]
    fn shown_in_major_units() {
        assert_eq!(Money::new(1250, currency("USD")).to_string(), "12.50 USD");
        assert_eq!(Money::new(-5, currency("KWD")).to_string(), "-0.005 KWD");
        assert_eq!(Money::new(980, currency("JPY")).to_string(), "980 JPY");
        let json = serde_json::to_string(&Money::new(1, currency("SGD"))).unwrap();
        assert_eq!(json, r#"{"amount":1,"currency":"SGD"}"#);
    }

    proptest! {
        #[test]
        fn allocation_is_exact_fair_and_signed(
            total in -1_000_000_000_000_i64..1_000_000_000_000,
            weights in prop::collection::vec(0_i64..1_000_000_000, 1..40),
        ) {
            let parts = allocate(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let sum: i128 = weights.iter().map(|&w| i128::from(w)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!(part.signum() * total.signum() >= 0);
                if sum > 0 {
                    let off = i128::from(*part) * sum - i128::from(total) * i128::from(*weight);
                    prop_assert!(off.abs() < sum, "within one unit of its share");
                }
            }
        }

        #[test]
        fn conversion_is_odd_and_exact_at_one(minor in -1_000_000_000_000_i64..1_000_000_000_000, cents in 1_i64..10_000_000) {
            let (usd, jpy) = (currency("USD"), currency("JPY"));
            let rate = Decimal::new(cents, 4);
            let there = convert(minor, usd, rate, jpy).unwrap();
            prop_assert_eq!(convert(-minor, usd, rate, jpy).unwrap(), -there);
            prop_assert_eq!(convert(minor, usd, Decimal::ONE, usd).unwrap(), minor);
        }

        #[test]
        fn minor_and_residue_are_the_exact_amount(units in -10_i64.pow(15)..10_i64.pow(15)) {
            let usd = currency("USD");
            let amount = Decimal::new(units, 8);
            let (minor, residue) = exact_to_minor(amount, usd).unwrap();
            let exact = Decimal::new(minor, 2) + Decimal::new(residue, 8);
            prop_assert_eq!(exact, amount);
            prop_assert!(residue.abs() <= 500_000);
        }
    }
}
