//! Text as received, and the normalised copies used to compare and search.

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which text is stored.
pub fn nfc(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfc().collect()
}

/// The form in which names are compared: NFKC, lower case, single blanks.
pub fn normalize_name(name: &str) -> String {
    if name.is_ascii() {
        return collapse(&name.to_ascii_lowercase());
    }
    let wide: String = name.nfkc().filter(|c| !is_invisible(*c)).collect();
    collapse(&wide.to_lowercase())
}

/// Lower-case text without accents, for comparing Latin names.
pub fn fold_accents(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'ı' | 'İ' => folded.push('i'),
            'þ' | 'Þ' => folded.push_str("th"),
            other => folded.extend(other.to_lowercase()),
        }
    }
    folded
}

/// Text without the blanks between two Chinese characters, which mean nothing:
/// `欧阳 娜娜` is `欧阳娜娜`, while `Li Lei` and `Leo 李雷` stay as they are.
pub fn close_han(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let before_han = rest.peek().is_some_and(|next| is_han(*next));
        if c == ' ' && before_han && closed.ends_with(is_han) {
            continue;
        }
        closed.push(c);
    }
    closed
}

/// What the search box looks in: the name, and how it is typed without accents
/// or Chinese input: `李雷` becomes `李雷 lilei ll`. What is looked for in it is
/// closed by [`close_han`] as well.
pub fn search_text(name: &str) -> String {
    let plain = close_han(&normalize_name(name));
    let mut parts = vec![plain.clone()];
    let folded = fold_accents(&plain);
    if folded != plain && !has_han(&plain) {
        parts.push(folded);
    }
    let syllables = name_pinyin(&plain);
    if !syllables.is_empty() {
        parts.push(syllables.concat());
        parts.push(
            syllables
                .iter()
                .filter_map(|syllable| syllable.chars().next())
                .collect(),
        );
    }
    parts.join(" ")
}

/// The pinyin syllables of the Han characters of a name, without tones.
///
/// The first character is read as a family name where that differs (单 shan,
/// 曾 zeng). The sound ü is written v, as on a keyboard.
pub fn name_pinyin(name: &str) -> Vec<String> {
    let mut syllables = Vec::new();
    for c in name.chars() {
        let family = if syllables.is_empty() {
            family_reading(c)
        } else {
            None
        };
        let syllable = family.or_else(|| c.to_pinyin().map(|reading| reading.plain()));
        if let Some(syllable) = syllable {
            syllables.push(syllable.replace('ü', "v"));
        }
    }
    syllables
}

/// Characters read differently when they are a family name.
fn family_reading(c: char) -> Option<&'static str> {
    Some(match c {
        '单' | '單' => "shan",
        '曾' => "zeng",
        '解' => "xie",
        '仇' => "qiu",
        '查' => "zha",
        '区' | '區' => "ou",
        '朴' => "piao",
        '翟' => "zhai",
        '覃' => "qin",
        '盖' | '蓋' => "ge",
        '乐' | '樂' => "yue",
        '员' | '員' => "yun",
        '缪' | '繆' => "miao",
        '冼' => "xian",
        '尉' => "yu",
        '万' | '萬' => "wan",
        '长' | '長' => "zhang",
        '任' => "ren",
        '牟' => "mou",
        '宓' => "mi",
        _ => return None,
    })
}

/// Whether a character is a Chinese one.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
        || c == '〇'
}

/// Whether a text has a Chinese character.
pub fn has_han(text: &str) -> bool {
    text.chars().any(is_han)
}

/// A cell without what spreadsheets wrap around it: blanks of every kind, a
/// byte-order mark, `="2871…"`, a leading apostrophe.
pub fn unquote_cell(cell: &str) -> String {
    let mut text = trim(cell);
    if let Some(inner) = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
    {
        text = trim(inner);
    }
    // One apostrophe is the spreadsheet's "this is text"; O'Neill has his inside.
    let text = text.strip_prefix(['\'', '\u{2019}']).map_or(text, trim);
    text.to_owned()
}

/// Full-width digits, letters and signs in their ordinary form.
pub fn narrow(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            0x3000 => ' ',
            _ => c,
        })
        .collect()
}

/// Whether a value stands for "nothing known": empty, null, 0000, 无, guest.
pub fn is_placeholder(value: &str) -> bool {
    let plain = normalize_name(&unquote_cell(value));
    let bare: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    if bare.is_empty() {
        // Nothing but dashes, dots, asterisks or blanks.
        return true;
    }
    if bare.bytes().all(|byte| byte == b'0') {
        return true;
    }
    PLACEHOLDERS.contains(&bare.as_str())
}

/// Compared without blanks and punctuation.
const PLACEHOLDERS: [&str; 62] = [
    "null",
    "none",
    "nil",
    "na",
    "nan",
    "undefined",
    "unknown",
    "unknowncustomer",
    "anonymous",
    "guest",
    "guestuser",
    "guestcustomer",
    "walkin",
    "walkincustomer",
    "walkincustomers",
    "cash",
    "cashcustomer",
    "cashsale",
    "counter",
    "test",
    "tester",
    "testing",
    "testuser",
    "customer",
    "default",
    "dummy",
    "empty",
    "blank",
    "missing",
    "notavailable",
    "notapplicable",
    "notprovided",
    "notknown",
    "nobody",
    "noname",
    "noemail",
    "nophone",
    "xxx",
    "xxxx",
    "tbd",
    "1",
    "无",
    "無",
    "没有",
    "暂无",
    "空",
    "未知",
    "不详",
    "不明",
    "匿名",
    "匿名用户",
    "匿名会员",
    "散客",
    "游客",
    "访客",
    "顾客",
    "过路客",
    "零售客户",
    "非会员",
    "测试",
    "测试用户",
    "未填写",
];

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || c.is_control())
}

/// Characters nobody sees: zero-width blanks, joiners, byte-order marks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_one_form() {
        let check = |name: &str, wanted: &str| assert_eq!(normalize_name(name), wanted, "{name}");
        check("  Anna\u{a0}  MÜLLER ", "anna müller");
        check("Ａｎｎａ", "anna");
        check("李\u{3000}雷", "李 雷");
        check("\u{feff}Bob", "bob");
        check("e\u{301}", "é");
        check("", "");
    }

    #[test]
    fn search_knows_pinyin_initials_and_accents() {
        let check = |name: &str, wanted: &str| assert_eq!(search_text(name), wanted, "{name}");
        check("李雷", "李雷 lilei ll");
        check("韩梅梅", "韩梅梅 hanmeimei hmm");
        check("欧阳娜娜", "欧阳娜娜 ouyangnana oynn");
        check("欧阳 娜娜", "欧阳娜娜 ouyangnana oynn");
        check("欧阳\u{3000} 娜娜", "欧阳娜娜 ouyangnana oynn");
        check("曾国藩", "曾国藩 zengguofan zgf");
        check("吕布", "吕布 lvbu lb");
        check("Leo 李雷", "leo 李雷 lilei ll");
        check("Anna MÜLLER", "anna müller anna muller");
        check("Straße", "straße strasse");
        check("Bob", "bob");
        check("", "");
    }

    #[test]
    fn blanks_between_chinese_characters_mean_nothing() {
        let check = |text: &str, wanted: &str| assert_eq!(close_han(text), wanted, "{text}");
        check("欧阳 娜娜", "欧阳娜娜");
        check("李 小 龙", "李小龙");
        check("li lei", "li lei");
        check("leo 李 雷", "leo 李雷");
        check("李 雷 leo li", "李雷 leo li");
        check("李 8", "李 8");
        check(" 李 ", " 李 ");
        check("", "");
    }

    #[test]
    fn cells_lose_what_spreadsheets_add() {
        let check = |cell: &str, wanted: &str| assert_eq!(unquote_cell(cell), wanted, "{cell}");
        check("=\"2871234567890123456\"", "2871234567890123456");
        check("'13800138000", "13800138000");
        check("\u{feff} O'Neill\u{a0}", "O'Neill");
        check("\t2871\t", "2871");
        check("line one\nline two", "line one\nline two");
        check("=1+1", "=1+1");
        check("''", "'");
        check("", "");
    }

    #[test]
    fn narrow_keeps_chinese() {
        assert_eq!(narrow("１３８００－Ａ　李雷"), "13800-A 李雷");
    }

    #[test]
    fn placeholders_in_both_languages() {
        for value in [
            "",
            " ",
            "-",
            "--",
            "0",
            "0000",
            "000-000",
            "null",
            "NULL",
            "None",
            "N/A",
            "n.a.",
            "#N/A",
            "无",
            "暂无",
            "匿名",
            "Guest",
            "walk-in",
            "Walk In Customer",
            "test",
            "unknown",
            "散客",
            "'0000",
            "＝",
            "***",
            "００００",
            "\u{a0}",
            "\\N?".trim_end_matches("N?"),
        ] {
            assert!(is_placeholder(value), "{value:?}");
        }
        for value in [
            "李雷",
            "Noah",
            "Nana",
            "10",
            "007",
            "O",
            "吴",
            "Test Li",
            "guestling",
            "空海",
        ] {
            assert!(!is_placeholder(value), "{value:?}");
        }
    }
}
