//! Whether two names can belong to one person.

use super::Facts;
use crate::text::{fold_accents, has_han, is_han, name_pinyin, normalize_name};
use serde::{Deserialize, Serialize};

/// How two names compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMatch {
    /// The same name, perhaps in another order or script.
    Same,
    /// One may be a shorter or mistyped form of the other.
    Compatible,
    /// At least one is not known.
    Missing,
    /// Neither clearly the same nor clearly another.
    Uncertain,
    /// Clearly two names.
    Different,
}

/// Typing errors beyond this likeness (Jaro-Winkler) may be two names.
const TYPO: f64 = 0.93;
/// Below this likeness two given names are clearly different.
const ALIKE: f64 = 0.82;

/// Compares the names in two sets of facts.
pub fn compare_names(a: &Facts, b: &Facts) -> NameMatch {
    match (read(a), read(b)) {
        (Name::Unknown, _) | (_, Name::Unknown) => NameMatch::Missing,
        (Name::Han(a), Name::Han(b)) => compare_han(&a, &b),
        (Name::Latin(a), Name::Latin(b)) => compare_latin(&a, &b),
        (Name::Han(han), Name::Latin(latin)) | (Name::Latin(latin), Name::Han(han)) => {
            compare_scripts(&han, &latin)
        }
    }
}

/// Splits a whole name into given name and family name.
///
/// Chinese names begin with the family name, of two characters where it is one
/// of the known double ones; in others the last part is taken for it.
pub fn split_name(name: &str) -> (String, String) {
    let whole = normalize_name(name);
    if has_han(&whole) {
        return match read_han(&whole, "", "") {
            Name::Han(han) => (han.given, han.family),
            _ => (String::new(), String::new()),
        };
    }
    if let Some((family, given)) = whole.split_once(',') {
        return (given.trim().to_owned(), family.trim().to_owned());
    }
    match whole.rsplit_once(' ') {
        Some((given, family)) => (given.to_owned(), family.to_owned()),
        None => (whole, String::new()),
    }
}

enum Name {
    Unknown,
    Han(Han),
    Latin(Vec<String>),
}

/// A Chinese name; the given name is empty where only a title or stars follow
/// the family name (王先生, 王*).
struct Han {
    family: String,
    given: String,
}

const TITLES: [&str; 12] = [
    "先生", "女士", "小姐", "太太", "老师", "阿姨", "叔叔", "师傅", "经理", "老板", "总", "同学",
];

/// Family names of two characters.
const DOUBLE: [&str; 20] = [
    "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "司空",
    "东方", "独孤", "南宫", "长孙", "宇文", "端木", "歐陽", "諸葛",
];

fn read(facts: &Facts) -> Name {
    let whole = normalize_name(&facts.name);
    let given = normalize_name(&facts.given_name);
    let family = normalize_name(&facts.family_name);
    if has_han(&whole) || has_han(&given) || has_han(&family) {
        return read_han(&whole, &given, &family);
    }
    let parts = if given.is_empty() && family.is_empty() {
        whole
    } else {
        format!("{given} {family}")
    };
    let tokens: Vec<String> = fold_accents(&parts)
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|token| token.replace('\'', ""))
        .filter(|token| !token.is_empty() && !is_latin_title(token))
        .collect();
    // Stars stand for hidden letters: what is left says too little.
    if tokens.is_empty() || parts.contains('*') {
        Name::Unknown
    } else {
        Name::Latin(tokens)
    }
}

fn is_latin_title(token: &str) -> bool {
    matches!(
        token,
        "mr" | "mrs" | "ms" | "miss" | "dr" | "prof" | "sir" | "madam" | "jr" | "sr"
    )
}

fn read_han(whole: &str, given: &str, family: &str) -> Name {
    let han = |text: &str| {
        text.chars()
            .filter(|c| is_han(*c) || *c == '*')
            .collect::<String>()
    };
    let joined = if has_han(given) && has_han(family) {
        return Name::Han(Han {
            family: han(family),
            given: known(&han(given)),
        });
    } else if has_han(whole) {
        han(whole)
    } else {
        han(&format!("{family}{given}"))
    };
    let bare = TITLES
        .iter()
        .find_map(|title| joined.strip_suffix(title))
        .unwrap_or(&joined);
    if bare.is_empty() || bare.starts_with('*') {
        return Name::Unknown;
    }
    let length = if DOUBLE.iter().any(|double| bare.starts_with(double)) {
        2
    } else {
        1
    };
    let family: String = bare.chars().take(length).collect();
    let given: String = bare.chars().skip(length).collect();
    Name::Han(Han {
        family,
        given: known(&given),
    })
}

/// A given name with hidden characters is not known.
fn known(given: &str) -> String {
    if given.contains('*') {
        String::new()
    } else {
        given.to_owned()
    }
}

fn compare_han(a: &Han, b: &Han) -> NameMatch {
    let swapped = a.family == b.given && a.given == b.family;
    if a.given.is_empty() || b.given.is_empty() {
        let same = a.family == b.family;
        return if same {
            NameMatch::Compatible
        } else {
            NameMatch::Different
        };
    }
    let (left, right) = (
        format!("{}{}", a.family, a.given),
        format!("{}{}", b.family, b.given),
    );
    if left == right || swapped {
        return NameMatch::Same;
    }
    // 李静 and 李晶 sound alike, 張偉 and 张伟 are one name: not for a machine.
    if a.given == b.given || name_pinyin(&left) == name_pinyin(&right) {
        return NameMatch::Uncertain;
    }
    NameMatch::Different
}

fn compare_scripts(han: &Han, latin: &[String]) -> NameMatch {
    let sound = |text: &str| {
        let whole = format!("{}{text}", han.family);
        let skip = name_pinyin(&han.family).len();
        name_pinyin(&whole)
            .into_iter()
            .skip(skip)
            .collect::<String>()
    };
    let family = name_pinyin(&han.family).concat();
    let given = sound(&han.given);
    let written = latin.concat();
    let spellings = |text: String| {
        let plain = text.replace("lv", "lu").replace("nv", "nu");
        plain.replace("lyu", "lu").replace("nyu", "nu")
    };
    let written = spellings(written);
    let same = [format!("{family}{given}"), format!("{given}{family}")]
        .into_iter()
        .any(|order| spellings(order) == written);
    if same && !han.given.is_empty() {
        NameMatch::Same
    } else if same {
        NameMatch::Compatible
    } else {
        // Western names beside Chinese ones, and other romanisations, are common.
        NameMatch::Uncertain
    }
}

fn compare_latin(a: &[String], b: &[String]) -> NameMatch {
    let (mut left, mut right) = (a.to_vec(), b.to_vec());
    left.sort();
    right.sort();
    if left == right || a.concat() == b.concat() {
        return NameMatch::Same;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if is_short_form(short, long) {
        return NameMatch::Compatible;
    }
    if short.len() == 1 {
        let best = long
            .iter()
            .map(|token| likeness(&short[0], token))
            .fold(0.0, f64::max);
        return if best >= ALIKE {
            NameMatch::Uncertain
        } else {
            NameMatch::Different
        };
    }
    let (given_a, family_a) = ends(a);
    let (given_b, family_b) = ends(b);
    let given = likeness(given_a, given_b)
        .max(likeness(given_a, family_b).min(likeness(family_a, given_b)));
    if given >= ALIKE {
        NameMatch::Uncertain
    } else {
        NameMatch::Different
    }
}

/// Every part of the shorter name stands in the longer one, at least one of
/// them in full.
fn is_short_form(short: &[String], long: &[String]) -> bool {
    let mut free: Vec<&String> = long.iter().collect();
    let mut in_full = false;
    for token in short {
        let full = free
            .iter()
            .position(|other| token == *other || is_typo(token, other));
        let initial = || free.iter().position(|other| is_initial(token, other));
        let Some(at) = full.or_else(initial) else {
            return false;
        };
        in_full |= full.is_some();
        free.remove(at);
    }
    in_full
}

fn is_initial(a: &str, b: &str) -> bool {
    (a.chars().count() == 1 || b.chars().count() == 1) && a.chars().next() == b.chars().next()
}

fn is_typo(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= 5 && likeness(a, b) >= TYPO
}

/// Jaro-Winkler, the same in both directions.
fn likeness(a: &str, b: &str) -> f64 {
    if a <= b {
        strsim::jaro_winkler(a, b)
    } else {
        strsim::jaro_winkler(b, a)
    }
}

/// The first and the last part: usually given name and family name.
fn ends(tokens: &[String]) -> (&str, &str) {
    let first = tokens.first().map_or("", String::as_str);
    let last = tokens.last().map_or("", String::as_str);
    (first, last)
}
