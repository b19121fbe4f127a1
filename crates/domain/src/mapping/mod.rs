//! Which column of a file holds what: header names in English and Chinese,
//! contents where names say nothing, and what a kind of file must have.

mod content;
mod country;
mod customers;
mod orders;
mod places;
mod zones;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

pub use country::{Country, country, country_by_code};
pub use zones::country_of_zone;

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Orders, one row each or one row per line.
    Orders,
    /// People.
    Customers,
    /// Articles.
    Products,
    /// Shops.
    Stores,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Orders, Self::Customers, Self::Products, Self::Stores];

    /// The word in the book and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Customers => "customers",
            Self::Products => "products",
            Self::Stores => "stores",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What a row of this kind can hold.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Orders => orders::FIELDS,
            Self::Customers => customers::FIELDS,
            Self::Products => places::PRODUCT_FIELDS,
            Self::Stores => places::STORE_FIELDS,
        }
    }
}

/// The type a field's cells are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// Words and ids.
    Text,
    /// A count or measure.
    Number,
    /// Money.
    Amount,
    /// A day or an instant.
    Date,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
}

/// One thing a row can hold.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its stable name.
    pub key: &'static str,
    /// English label.
    pub en: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// What its cells are read as.
    pub kind: Type,
    /// Header names, normalised, separated by blanks, surest first.
    names: &'static str,
}

const fn field(
    key: &'static str,
    en: &'static str,
    zh: &'static str,
    kind: Type,
    names: &'static str,
) -> Field {
    Field {
        key,
        en,
        zh,
        kind,
        names,
    }
}

/// How a column came to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuessBy {
    /// The header is a known name.
    Name,
    /// The cells look like it.
    Content,
    /// The source was read this way before.
    Remembered,
    /// Nobody knows.
    None,
}

/// What a column probably holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    /// The field, if any.
    pub field: Option<&'static str>,
    /// Why.
    pub by: GuessBy,
}

/// Something a mapping lacks, as a code to translate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code.
    pub code: String,
    /// Values for the message.
    pub params: BTreeMap<String, String>,
}

type Names = HashMap<&'static str, (usize, usize)>;

/// Per kind: normalised name → field index and rank within the field.
static NAMES: LazyLock<HashMap<Kind, Names>> = LazyLock::new(|| {
    let names_of = |kind: Kind| {
        let mut names = Names::new();
        for (at, field) in kind.fields().iter().enumerate() {
            for (rank, name) in field.names.split_whitespace().enumerate() {
                names.entry(name).or_insert((at, rank));
            }
        }
        names
    };
    Kind::ALL
        .into_iter()
        .map(|kind| (kind, names_of(kind)))
        .collect()
});

/// A header reduced to its letters and digits: `Customer ID`, `customer_id`
/// and `ＣｕｓｔｏｍｅｒID ` are one.
pub fn normalize_header(header: &str) -> String {
    header
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn look_up(kind: Kind, header: &str) -> Option<(usize, usize)> {
    let names = &NAMES[&kind];
    let find = |header: &str| {
        let name = normalize_header(header);
        let known = names.get(name.as_str());
        known.or_else(|| names.get(simplified(&name).as_str()))
    };
    find(header).copied().or_else(|| {
        // Units in brackets: 金额（元）, Price (GBP).
        let cut = header.find(['(', '（', '[', '【'])?;
        find(&header[..cut]).map(|(field, rank)| (*field, rank + 100))
    })
}

/// Characters of table headers in traditional and, place by place, simplified writing.
const TRADITIONAL: &str = "訂單編號購買賣時間機電話額實價數鋪門員會級積點幣別國區運費稅優貨狀態類備註郵聯絡絕產條碼規總計應結給賬帳戶紅據發憑證開張樓鄉鎮縣東廣灣專櫃業務導顧長師標題紙評達書籤顏項劃億萬歲齡來稱贈還訊";
const SIMPLIFIED: &str = "订单编号购买卖时间机电话额实价数铺门员会级积点币别国区运费税优货状态类备注邮联络绝产条码规总计应结给账账户红据发凭证开张楼乡镇县东广湾专柜业务导顾长师标题纸评达书签颜项划亿万岁龄来称赠还讯";

/// The writing of a text that tells where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// Chinese as in the mainland and Singapore.
    Simplified,
    /// Chinese as in Taiwan and Hong Kong.
    Traditional,
    /// Kana, or words only Japanese has.
    Japanese,
    /// Hangul.
    Korean,
}

/// The writing of a file's header, which its encoding may tell too; none for Latin.
pub fn writing(header: &str, encoding: &str) -> Option<Writing> {
    match encoding {
        "Big5" => return Some(Writing::Traditional),
        "Shift_JIS" | "EUC-JP" | "ISO-2022-JP" => return Some(Writing::Japanese),
        "EUC-KR" => return Some(Writing::Korean),
        _ => {}
    }
    let has = |from: char, to: char| header.chars().any(|c| (from..=to).contains(&c));
    if has('\u{3041}', '\u{30ff}') || header.contains("注文") || header.contains("番号") {
        Some(Writing::Japanese)
    } else if has('\u{ac00}', '\u{d7a3}') {
        Some(Writing::Korean)
    } else if !has('\u{4e00}', '\u{9fff}') {
        None
    } else if header.chars().any(|c| TRADITIONAL.contains(c)) {
        Some(Writing::Traditional)
    } else {
        Some(Writing::Simplified)
    }
}

/// A header in simplified characters, which most names are written in.
fn simplified(name: &str) -> String {
    name.chars()
        .map(|c| {
            let at = TRADITIONAL.chars().position(|known| known == c);
            at.and_then(|at| SIMPLIFIED.chars().nth(at)).unwrap_or(c)
        })
        .collect()
}

/// How many of some cells are header names of any kind of file.
pub fn known_headers(cells: &[&str]) -> usize {
    let known = |cell: &&&str| Kind::ALL.iter().any(|kind| look_up(*kind, cell).is_some());
    cells.iter().filter(known).count()
}

/// Guesses what each column holds from its name, then from sample cells.
pub fn guess(kind: Kind, columns: &[String], samples: &[Vec<&str>]) -> Vec<Guess> {
    let mut best: HashMap<usize, (usize, usize)> = HashMap::new();
    for (column, name) in columns.iter().enumerate() {
        if let Some((field, rank)) = look_up(kind, name)
            && best.get(&field).is_none_or(|(known, _)| rank < *known)
        {
            best.insert(field, (rank, column));
        }
    }
    let mut guesses = vec![
        Guess {
            field: None,
            by: GuessBy::None
        };
        columns.len()
    ];
    for (field, (_, column)) in best {
        guesses[column] = Guess {
            field: Some(kind.fields()[field].key),
            by: GuessBy::Name,
        };
    }
    if kind == Kind::Orders {
        orders::settle(columns, &mut guesses);
    }
    content::fill(kind, samples, &mut guesses);
    guesses
}

/// What a mapping still lacks before rows of a kind can be read.
pub fn problems(kind: Kind, has: &dyn Fn(&str) -> bool) -> Vec<Problem> {
    let any = |keys: &[&str]| keys.iter().any(|key| has(key));
    let mut missing: Vec<&str> = Vec::new();
    match kind {
        Kind::Orders => {
            if !any(&["ordered_at", "paid_at"]) {
                missing.push("ordered_at");
            }
            // Without a number, customer and day identify an order.
            if !has("order_number") && !any(&["customer_id", "card", "phone", "email", "contact"]) {
                missing.push("order_number");
            }
            let by_line = has("line_amount") || has("unit_price");
            if !by_line && !any(&["order_paid", "order_subtotal", "order_gross"]) {
                missing.push("order_paid");
            }
        }
        Kind::Customers => {
            let identity = [
                "customer_id",
                "card",
                "phone",
                "email",
                "contact",
                "national_id",
            ];
            if !any(&identity) && !any(&["name", "given_name", "family_name"]) {
                missing.push("customer_id");
            }
        }
        Kind::Products => {
            if !has("sku") {
                missing.push("sku");
            }
        }
        Kind::Stores => {
            if !any(&["store_id", "name"]) {
                missing.push("store_id");
            }
        }
    }
    let problem = |key: &str| Problem {
        code: "field_missing".to_owned(),
        params: BTreeMap::from([("field".to_owned(), key.to_owned())]),
    };
    missing.into_iter().map(problem).collect()
}

/// Whether a kind of file cannot be read without this field or a substitute.
pub fn required(kind: Kind, key: &str) -> bool {
    matches!(
        (kind, key),
        (Kind::Orders, "order_number" | "ordered_at" | "order_paid")
            | (Kind::Customers, "customer_id")
            | (Kind::Products, "sku")
            | (Kind::Stores, "store_id")
    )
}

#[cfg(test)]
mod tests;
