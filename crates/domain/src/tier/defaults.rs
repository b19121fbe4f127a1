//! The scheme a new chain starts with.

use super::{Criterion, Level, Names, Rule, Scheme};
use crate::money::Currency;
use std::collections::BTreeMap;

/// Four levels by yearly spend or number of purchases, reviewed every year.
///
/// The amounts are round figures that suit the currency's size, meant to be
/// looked at in the simulation and changed.
pub fn default_scheme(currency: Currency) -> Scheme {
    let unit = 10_i64.pow(currency.exponent()) * size(currency.code());
    let level = |code: &str, en: &str, zh: &str, color: &str, asks: Option<(i64, i64)>| Level {
        code: code.to_owned(),
        name: names(en, zh),
        color: color.to_owned(),
        benefits: benefits(code),
        thresholds: asks.map_or_else(BTreeMap::new, |(spend, frequency)| {
            BTreeMap::from([
                (Criterion::Spend, spend * unit),
                (Criterion::Frequency, frequency),
            ])
        }),
    };
    Scheme {
        window_days: 365,
        currency,
        rule: Rule::AnyOf {},
        levels: vec![
            level("member", "Member", "普通会员", "#64748b", None),
            level("silver", "Silver", "银卡会员", "#8a9099", Some((300, 4))),
            level("gold", "Gold", "金卡会员", "#b7862f", Some((1_000, 10))),
            level(
                "platinum",
                "Platinum",
                "铂金会员",
                "#5b5bd6",
                Some((3_000, 24)),
            ),
        ],
        review_months: 12,
        grace_days: 30,
        refunds_may_demote: false,
    }
}

fn names(en: &str, zh: &str) -> Names {
    Names {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}

fn benefits(code: &str) -> Vec<Names> {
    let birthday = || names("Birthday gift", "生日礼");
    let delivery = || names("Free delivery", "免运费");
    match code {
        "silver" => vec![birthday()],
        "gold" => vec![birthday(), delivery()],
        "platinum" => vec![
            birthday(),
            delivery(),
            names("Personal service", "专属客服"),
        ],
        _ => Vec::new(),
    }
}

/// How many units of the currency buy about what one dollar does, in round
/// figures.
fn size(code: &str) -> i64 {
    match code {
        "CNY" | "HKD" | "MOP" | "NOK" | "SEK" | "DKK" | "TRY" | "MYR" | "PLN" | "BRL" => 5,
        "MXN" | "ZAR" | "CZK" | "TWD" | "THB" | "PHP" => 20,
        "INR" | "RUB" | "JPY" | "ISK" | "KES" => 100,
        "HUF" | "CLP" | "KZT" => 300,
        "KRW" | "NGN" | "MMK" => 1_000,
        "COP" | "KHR" | "MNT" => 3_000,
        "IDR" | "LAK" => 10_000,
        "VND" => 20_000,
        _ => 1,
    }
}
