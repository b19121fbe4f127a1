//! The three numbers of a date and the clock time behind them.

use super::{DateError, DateOrder, clock_time};
use jiff::civil::Time;
use jiff::tz::Offset;

/// The parts of a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// The text itself says what is year, month and day.
    Known([i16; 3]),
    /// Three numbers whose order must be given; the last is a year.
    Open([i16; 3]),
    /// Three small numbers: even the year's place must be given.
    Short([i16; 3]),
}

impl Day {
    /// Year, month and day under an order.
    pub(super) fn in_order(self, order: DateOrder) -> Result<[i16; 3], DateError> {
        match (self, order) {
            (Day::Known(day), _) => Ok(day),
            (Day::Open([a, b, year]), DateOrder::Dmy) => Ok([year, b, a]),
            (Day::Open([a, b, year]), DateOrder::Mdy) => Ok([year, a, b]),
            // A year at the end contradicts year-first; only a reading that
            // the numbers force is safe.
            (Day::Open([a, b, year]), DateOrder::Ymd) if a > 12 => Ok([year, b, a]),
            (Day::Open([a, b, year]), DateOrder::Ymd) if b > 12 => Ok([year, a, b]),
            (Day::Open(_), DateOrder::Ymd) => Err(DateError::NotADate),
            (Day::Short([y, m, d]), DateOrder::Ymd) => Ok([full_year(y), m, d]),
            (Day::Short([d, m, y]), DateOrder::Dmy) => Ok([full_year(y), m, d]),
            (Day::Short([m, d, y]), DateOrder::Mdy) => Ok([full_year(y), m, d]),
        }
    }
}

/// Two-digit years: 69 to 99 are 1969 to 1999, the others are 20xx.
fn full_year(year: i16) -> i16 {
    if year >= 69 { 1900 + year } else { 2000 + year }
}

/// Reads the date in front and returns what follows it.
pub(super) fn day(text: &str) -> Result<(Day, &str), DateError> {
    let text = skip_weekday(text);
    if let Some(found) = day_with_month_name(text) {
        return Ok(found);
    }
    let (a, a_len, rest) = number(text).ok_or(DateError::NotADate)?;
    let rest = separator(rest, "年")?;
    let (b, _, rest) = number(rest).ok_or(DateError::NotADate)?;
    let rest = separator(rest, "月")?;
    let (c, c_len, rest) = number(rest).ok_or(DateError::NotADate)?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(['日', '号', '號']).unwrap_or(rest);
    let day = match (a_len, c_len) {
        (4, 1 | 2) => Day::Known([a, b, c]),
        (1 | 2, 4) => Day::Open([a, b, c]),
        (1 | 2, 1 | 2) => Day::Short([a, b, c]),
        _ => return Err(DateError::NotADate),
    };
    Ok((day, rest))
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// `21 Nov 2026`, `21-Nov-26`, `November 21, 2026`.
fn day_with_month_name(text: &str) -> Option<(Day, &str)> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | ',' | '.');
    let (first, rest) = match number(text) {
        Some((day, len, rest)) if len <= 2 => (Some(day), rest),
        Some(_) => return None,
        None => (None, text),
    };
    let rest = rest.trim_start_matches(blank);
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let word = rest[..end].to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| word.starts_with(month))?;
    let month = i16::try_from(month + 1).ok()?;
    let rest = rest[end..].trim_start_matches(blank);
    let (day, rest) = match first {
        Some(day) => (day, rest),
        None => {
            let (day, _, rest) = number(rest)?;
            let rest = ["st", "nd", "rd", "th"]
                .iter()
                .find_map(|suffix| rest.strip_prefix(suffix))
                .unwrap_or(rest);
            (day, rest.trim_start_matches(blank))
        }
    };
    let (year, len, rest) = number(rest)?;
    let year = match len {
        4 => year,
        2 => full_year(year),
        _ => return None,
    };
    Some((Day::Known([year, month, day]), rest))
}

/// `Sat, 21 Nov 2026`; the Chinese weekday stands behind and is skipped there.
fn skip_weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(0);
    let word = text[..end].to_ascii_lowercase();
    if DAYS.iter().any(|day| word.starts_with(day)) {
        text[end..].trim_start_matches([',', ' ', '.'])
    } else {
        text
    }
}

fn number(text: &str) -> Option<(i16, usize, &str)> {
    let text = text.trim_start();
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&len) {
        return None;
    }
    Some((text[..len].parse().ok()?, len, &text[len..]))
}

fn separator<'a>(text: &'a str, chinese: &str) -> Result<&'a str, DateError> {
    let text = text.trim_start();
    text.strip_prefix(chinese)
        .or_else(|| text.strip_prefix(['-', '/', '.', '\u{2010}', '\u{2013}']))
        .ok_or(DateError::NotADate)
}

/// Reads the clock time behind a date; nothing there is midnight.
pub(super) fn time(text: &str) -> Result<(Time, Option<Offset>), DateError> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == ',');
    let text = skip_chinese_weekday(text);
    let text = text.strip_prefix(['T', 't']).unwrap_or(text).trim_start();
    if text.is_empty() {
        return Ok((Time::midnight(), None));
    }
    let (text, before) = strip_half(text, str::strip_prefix::<&str>);
    let (hour, len, rest) = number(text).ok_or(DateError::NotADate)?;
    let (rest, _) = clock_mark(rest, ":时時点").ok_or(DateError::NotADate)?;
    let (minute, minute_len, rest) = number(rest).unwrap_or((0, 2, rest));
    if len > 2 || minute_len != 2 {
        return Err(DateError::NotADate);
    }
    let (second, nanosecond, rest) = seconds(rest)?;
    let (rest, after) = strip_half(rest.trim(), str::strip_suffix::<&str>);
    let hour = match before.or(after) {
        None => hour,
        Some(_) if !(0..=12).contains(&hour) && after.is_some() => {
            return Err(DateError::NoSuchTime);
        }
        Some(Half::Morning) => {
            if hour == 12 {
                0
            } else {
                hour
            }
        }
        Some(Half::Afternoon) => {
            if hour < 12 {
                hour + 12
            } else {
                hour
            }
        }
    };
    let offset = offset(rest.trim())?;
    Ok((clock_time([hour, minute, second], nanosecond)?, offset))
}

fn seconds(rest: &str) -> Result<(i16, i32, &str), DateError> {
    let Some((rest, _)) = clock_mark(rest, ":分") else {
        return Ok((0, 0, rest));
    };
    let Some((second, len, rest)) = number(rest) else {
        return Ok((0, 0, rest));
    };
    if len != 2 {
        return Err(DateError::NotADate);
    }
    let rest = rest.strip_prefix('秒').unwrap_or(rest);
    let Some(fraction) = rest.strip_prefix(['.', ',']) else {
        return Ok((second, 0, rest));
    };
    let len = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if len == 0 {
        return Err(DateError::NotADate);
    }
    let padded = format!("{:0<9}", &fraction[..len.min(9)]);
    let nanosecond = padded.parse().map_err(|_| DateError::NotADate)?;
    Ok((second, nanosecond, &fraction[len..]))
}

fn clock_mark<'a>(text: &'a str, marks: &str) -> Option<(&'a str, char)> {
    let first = text.chars().next().filter(|c| marks.contains(*c))?;
    Some((&text[first.len_utf8()..], first))
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn strip_half<'a>(
    text: &'a str,
    strip: impl Fn(&'a str, &'static str) -> Option<&'a str>,
) -> (&'a str, Option<Half>) {
    const WORDS: [(&str, Half); 14] = [
        ("上午", Half::Morning),
        ("凌晨", Half::Morning),
        ("早上", Half::Morning),
        ("中午", Half::Afternoon),
        ("下午", Half::Afternoon),
        ("晚上", Half::Afternoon),
        ("AM", Half::Morning),
        ("PM", Half::Afternoon),
        ("am", Half::Morning),
        ("pm", Half::Afternoon),
        ("a.m.", Half::Morning),
        ("p.m.", Half::Afternoon),
        ("A.M.", Half::Morning),
        ("P.M.", Half::Afternoon),
    ];
    WORDS
        .iter()
        .find_map(|(word, half)| strip(text, word).map(|rest| (rest.trim(), Some(*half))))
        .unwrap_or((text, None))
}

fn skip_chinese_weekday(text: &str) -> &str {
    let text = text.trim_start_matches(['(', ' ']);
    let rest = ["星期", "周", "礼拜"]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    match rest.and_then(|rest| rest.strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天']))
    {
        Some(rest) => rest.trim_start_matches([')', ' ']),
        None => text,
    }
}

fn offset(text: &str) -> Result<Option<Offset>, DateError> {
    let text = ["UTC", "GMT"]
        .iter()
        .find_map(|zone| {
            text.strip_prefix(zone)
                .map(|rest| if rest.is_empty() { "Z" } else { rest })
        })
        .unwrap_or(text);
    if text.is_empty() {
        return Ok(None);
    }
    if matches!(text, "Z" | "z") {
        return Ok(Some(Offset::UTC));
    }
    let sign = match text.chars().next() {
        Some('+') => 1,
        Some('-' | '\u{2212}') => -1,
        _ => return Err(DateError::NotADate),
    };
    let digits: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.is_empty() {
        return Err(DateError::NotADate);
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse(), Ok(0)),
        4 => (digits[..2].parse::<i32>(), digits[2..].parse::<i32>()),
        _ => return Err(DateError::NotADate),
    };
    match (hours, minutes) {
        (Ok(hours @ 0..=14), Ok(minutes @ 0..=59)) => {
            let seconds = sign * (hours * 3600 + minutes * 60);
            Offset::from_seconds(seconds)
                .map(Some)
                .map_err(|_| DateError::NoSuchTime)
        }
        _ => Err(DateError::NoSuchTime),
    }
}
