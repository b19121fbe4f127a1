//! Any text as a cell: amounts, dates, birthdays, phones, addresses and names. What is
//! understood is understood in the same way when it comes again as it was kept.
#![no_main]

use clientele_domain::dates::{DateOrder, parse_birth, parse_date_time};
use clientele_domain::money::{DecimalMark, parse_amount};
use clientele_domain::{email, export, identity, phone, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|cell: &str| {
    for mark in [DecimalMark::Point, DecimalMark::Comma] {
        let _ = parse_amount(cell, mark);
    }
    for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
        let _ = parse_date_time(cell, order);
        let _ = parse_birth(cell, order);
    }
    for country in ["SG", "CN", "HK", "US", "", "??"] {
        if let Some(number) = phone::normalize(cell, country).valid() {
            assert_eq!(phone::normalize(&number, country).valid(), Some(number.clone()));
            let _ = phone::mask(&number);
        }
    }
    if let Some(address) = email::normalize(cell).valid() {
        assert_eq!(email::normalize(&address).valid(), Some(address.clone()));
        let _ = email::mask(&address);
    }
    let name = text::normalize_name(cell);
    assert_eq!(text::normalize_name(&name), name);
    let _ = (text::search_text(&name), text::name_pinyin(&name), text::unquote_cell(cell));
    let _ = identity::split_name(&name);
    // No spreadsheet runs what was made harmless; plain numbers stay numbers.
    let harmless = export::defuse(cell);
    let is_number = harmless.parse::<f64>().is_ok();
    assert!(is_number || !harmless.starts_with(['=', '+', '-', '@', '\t', '\r']));
});
