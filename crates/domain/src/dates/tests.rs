use super::*;
use proptest::prelude::*;

fn check(text: &str, order: DateOrder, wanted: &str) {
    let parsed = parse_date_time(text, order).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut shown = parsed.local.to_string();
    if let Some(offset) = parsed.offset {
        shown.push_str(&offset.to_string());
    }
    assert_eq!(shown, wanted, "{text}");
}

#[test]
fn unmistakable_forms_ignore_the_order() {
    for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
        check("20261121", order, "2026-11-21T00:00:00");
        check("20261121093001", order, "2026-11-21T09:30:01");
        check("202611210930", order, "2026-11-21T09:30:00");
        check("2026-11-21", order, "2026-11-21T00:00:00");
        check("2026-11-21 09:30", order, "2026-11-21T09:30:00");
        check("2026-11-21T09:30:01", order, "2026-11-21T09:30:01");
        check(
            "2026-11-21T09:30:01.25Z",
            order,
            "2026-11-21T09:30:01.25+00",
        );
        check(
            "2026-11-21T09:30:01.123456+08:00",
            order,
            "2026-11-21T09:30:01.123456+08",
        );
        check(
            "2026-11-21 09:30:01 +0530",
            order,
            "2026-11-21T09:30:01+05:30",
        );
        check("2026-11-21 09:30:01 UTC", order, "2026-11-21T09:30:01+00");
        check("2026-11-21 09:30:01 GMT-5", order, "2026-11-21T09:30:01-05");
        check("2026/1/5 8:05", order, "2026-01-05T08:05:00");
        check("2026.1.5", order, "2026-01-05T00:00:00");
        check("2026年1月5日", order, "2026-01-05T00:00:00");
        check("2026年11月21日 14时05分06秒", order, "2026-11-21T14:05:06");
        check(
            "2026年11月21日 星期六 下午2:05",
            order,
            "2026-11-21T14:05:00",
        );
        check("２０２６－１１－２１", order, "2026-11-21T00:00:00");
        check("21-Nov-2026", order, "2026-11-21T00:00:00");
        check("21 November 2026 14:05", order, "2026-11-21T14:05:00");
        check("Nov 21, 2026 2:05 PM", order, "2026-11-21T14:05:00");
        check(
            "Sat, 21 Nov 2026 09:30:01 +0000",
            order,
            "2026-11-21T09:30:01+00",
        );
        check("'2026-11-21", order, "2026-11-21T00:00:00");
        check("46347", order, "2026-11-21T00:00:00");
        check("46347.5", order, "2026-11-21T12:00:00");
        check("46347.39584490741", order, "2026-11-21T09:30:01");
    }
}

#[test]
fn the_order_decides_the_others() {
    check("05/06/2026", DateOrder::Dmy, "2026-06-05T00:00:00");
    check("05/06/2026", DateOrder::Mdy, "2026-05-06T00:00:00");
    check("12/1/2010 8:26", DateOrder::Mdy, "2010-12-01T08:26:00");
    check("5.6.2026", DateOrder::Dmy, "2026-06-05T00:00:00");
    check("26-11-21", DateOrder::Ymd, "2026-11-21T00:00:00");
    check("21/11/26", DateOrder::Dmy, "2026-11-21T00:00:00");
    check("11/21/99", DateOrder::Mdy, "1999-11-21T00:00:00");
    check("11/21/2026 12:05 AM", DateOrder::Mdy, "2026-11-21T00:05:00");
    check("11/21/2026 12:05 pm", DateOrder::Mdy, "2026-11-21T12:05:00");
    check("21/11/2026", DateOrder::Ymd, "2026-11-21T00:00:00");
}

#[test]
fn refusals() {
    let check = |text: &str, order, wanted| {
        assert_eq!(
            parse_date_time(text, order).map(|parsed| parsed.local),
            Err(wanted),
            "{text}"
        );
    };
    let ymd = DateOrder::Ymd;
    check("", ymd, DateError::Empty);
    check("  ", ymd, DateError::Empty);
    check("null", ymd, DateError::NotADate);
    check("2026", ymd, DateError::NotADate);
    check("13800138000", ymd, DateError::NotADate);
    check("12.50", ymd, DateError::NotADate);
    check("2026-02-29", ymd, DateError::NoSuchDay);
    check("20260230", ymd, DateError::NoSuchDay);
    check("2026-13-01", ymd, DateError::NoSuchDay);
    check("05/06/2026", ymd, DateError::NotADate);
    check("31/12/2026", DateOrder::Mdy, DateError::NoSuchDay);
    check("2026-11-21 25:00", ymd, DateError::NoSuchTime);
    check("2026-11-21 10:61", ymd, DateError::NoSuchTime);
    check("2026-11-21 nonsense", ymd, DateError::NotADate);
    check("2026-11-21 9:3", ymd, DateError::NotADate);
    check("2026-11-21 09:30 +99:00", ymd, DateError::NoSuchTime);
    check("1/2/3/4", ymd, DateError::NotADate);
}

#[test]
fn the_order_is_guessed_from_samples() {
    let check = |samples: &[&str], order, ambiguous| {
        let guess = guess_order(samples.iter().copied());
        assert_eq!(guess, OrderGuess { order, ambiguous }, "{samples:?}");
    };
    check(
        &["12/1/2010 8:26", "12/13/2010 9:00"],
        DateOrder::Mdy,
        false,
    );
    check(&["01/12/2010", "13/12/2010"], DateOrder::Dmy, false);
    check(&["2026-11-21", "2026/1/5"], DateOrder::Ymd, false);
    check(&["20261121"], DateOrder::Ymd, false);
    // Month first puts these four within four days, day first within months.
    check(
        &["3/1/2026", "3/2/2026", "3/3/2026", "3/5/2026"],
        DateOrder::Mdy,
        true,
    );
    check(&["5/5/2026"], DateOrder::Dmy, false);
    check(&[], DateOrder::Ymd, false);
}

#[test]
fn birth_dates() {
    let check = |text: &str, order, wanted: Result<&str, DateError>| {
        let birth = parse_birth(text, order).map(|birth| birth.to_string());
        assert_eq!(birth, wanted.map(str::to_owned), "{text}");
    };
    let ymd = DateOrder::Ymd;
    check("1990-02-28", ymd, Ok("1990-02-28"));
    check("1988/8/8", ymd, Ok("1988-08-08"));
    check("19880808", ymd, Ok("1988-08-08"));
    check("1990-02-29", ymd, Err(DateError::NoSuchDay));
    check("08-08", ymd, Ok("--08-08"));
    check("--08-08", ymd, Ok("--08-08"));
    check("0808", ymd, Ok("--08-08"));
    check("8月8日", ymd, Ok("--08-08"));
    check("02-29", ymd, Ok("--02-29"));
    check("02-30", ymd, Err(DateError::NoSuchDay));
    check("21/11", DateOrder::Dmy, Ok("--11-21"));
    check("11/21", DateOrder::Mdy, Ok("--11-21"));
    check("21/11/55", DateOrder::Dmy, Ok("1955-11-21"));
    check("21/11/05", DateOrder::Dmy, Ok("2005-11-21"));
    check("1900-01-01", ymd, Err(DateError::Placeholder));
    check("无", ymd, Err(DateError::Placeholder));
    check("", ymd, Err(DateError::Empty));
    check("1990", ymd, Err(DateError::NoSuchDay));
    check("young", ymd, Err(DateError::NotADate));
}

proptest! {
    #[test]
    fn dates_round_trip(days in 10_000_i32..80_000, seconds in 0_i64..86_400) {
        let start = date(1899, 12, 30).to_datetime(Time::midnight());
        let at = start.checked_add(days.days()).unwrap().checked_add(seconds.seconds()).unwrap();
        for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
            for text in [at.to_string(), at.strftime("%Y%m%d%H%M%S").to_string(), at.strftime("%Y年%-m月%-d日 %H:%M:%S").to_string()] {
                prop_assert_eq!(parse_date_time(&text, order).unwrap().local, at);
            }
            prop_assert_eq!(parse_date(&days.to_string(), order).unwrap(), at.date());
        }
        let dmy = at.strftime("%-d/%-m/%Y %H:%M:%S").to_string();
        prop_assert_eq!(parse_date_time(&dmy, DateOrder::Dmy).unwrap().local, at);
        let mdy = at.strftime("%m/%d/%Y %I:%M:%S %p").to_string();
        prop_assert_eq!(parse_date_time(&mdy, DateOrder::Mdy).unwrap().local, at);
    }

    #[test]
    fn nothing_makes_it_panic(text in "\\PC{0,24}") {
        for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy] {
            let _ = parse_date_time(&text, order);
            let _ = parse_birth(&text, order);
        }
    }

    #[test]
    fn birth_dates_round_trip(days in 10_000_i32..40_000) {
        let day = date(1899, 12, 30).checked_add(days.days()).unwrap();
        for birth in [BirthDate::Full(day), BirthDate::Day { month: day.month(), day: day.day() }] {
            prop_assert_eq!(birth.to_string().parse::<BirthDate>(), Ok(birth));
        }
    }
}
