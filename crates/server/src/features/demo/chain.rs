//! What the sample chain is: its stores, its goods, its prices.

/// A place of sale.
pub(super) struct StoreSeed {
    pub code: &'static str,
    pub name: &'static str,
    pub country: &'static str,
    pub region: &'static str,
    pub currency: &'static str,
    pub time_zone: &'static str,
    pub channel: &'static str,
    pub phone: &'static str,
}

const fn store(
    code: &'static str,
    name: &'static str,
    country: &'static str,
    region: &'static str,
    currency: &'static str,
    time_zone: &'static str,
    phone: &'static str,
) -> StoreSeed {
    StoreSeed {
        code,
        name,
        country,
        region,
        currency,
        time_zone,
        channel: "store",
        phone,
    }
}

/// Twelve shops in five countries, then the web shop and the mini-program.
pub(super) const STORES: [StoreSeed; 14] = [
    store(
        "SG1",
        "Orchard",
        "SG",
        "Singapore",
        "SGD",
        "Asia/Singapore",
        "+6567000001",
    ),
    store(
        "SG2",
        "Bugis",
        "SG",
        "Singapore",
        "SGD",
        "Asia/Singapore",
        "+6567000002",
    ),
    store(
        "SG3",
        "Jewel Changi",
        "SG",
        "Singapore",
        "SGD",
        "Asia/Singapore",
        "+6567000003",
    ),
    store(
        "MY1",
        "Pavilion Kuala Lumpur",
        "MY",
        "Malaysia",
        "MYR",
        "Asia/Kuala_Lumpur",
        "+60321000001",
    ),
    store(
        "MY2",
        "Mid Valley",
        "MY",
        "Malaysia",
        "MYR",
        "Asia/Kuala_Lumpur",
        "+60321000002",
    ),
    store(
        "MY3",
        "Gurney Penang",
        "MY",
        "Malaysia",
        "MYR",
        "Asia/Kuala_Lumpur",
        "+6042100003",
    ),
    store(
        "CN1",
        "上海南京西路店",
        "CN",
        "华东",
        "CNY",
        "Asia/Shanghai",
        "+862162000001",
    ),
    store(
        "CN2",
        "深圳万象城店",
        "CN",
        "华南",
        "CNY",
        "Asia/Shanghai",
        "+8675582000002",
    ),
    store(
        "CN3",
        "成都太古里店",
        "CN",
        "西南",
        "CNY",
        "Asia/Shanghai",
        "+862886000003",
    ),
    store(
        "JP1",
        "渋谷店",
        "JP",
        "Japan",
        "JPY",
        "Asia/Tokyo",
        "+81357000001",
    ),
    store(
        "JP2",
        "心斎橋店",
        "JP",
        "Japan",
        "JPY",
        "Asia/Tokyo",
        "+81662000002",
    ),
    store(
        "AE1",
        "Dubai Mall",
        "AE",
        "Gulf",
        "AED",
        "Asia/Dubai",
        "+97143000001",
    ),
    StoreSeed {
        code: "WEB",
        name: "Web shop",
        country: "SG",
        region: "Online",
        currency: "SGD",
        time_zone: "Asia/Singapore",
        channel: "web",
        phone: "",
    },
    StoreSeed {
        code: "MINI",
        name: "微信小程序",
        country: "CN",
        region: "Online",
        currency: "CNY",
        time_zone: "Asia/Shanghai",
        channel: "mini_program",
        phone: "",
    },
];

/// The regions of the chain with their countries; what sells to everywhere lies in none.
pub(super) const REGIONS: [(&str, &[(&str, &str)]); 2] = [
    (
        "Asia Pacific 亚太",
        &[
            ("SG", "Singapore 新加坡"),
            ("MY", "Malaysia 马来西亚"),
            ("CN", "China 中国"),
            ("JP", "Japan 日本"),
        ],
    ),
    ("Middle East 中东", &[("AE", "United Arab Emirates 阿联酋")]),
];

/// The web shop's place in [`STORES`].
pub(super) const WEB: usize = 12;
/// The mini-program's place in [`STORES`].
pub(super) const MINI: usize = 13;

/// Units of each currency for one US dollar, in hundredths, when the story begins.
pub(super) const PER_DOLLAR: [(&str, i64); 12] = [
    ("USD", 100),
    ("SGD", 135),
    ("MYR", 450),
    ("CNY", 710),
    ("JPY", 14_800),
    ("AED", 367),
    ("EUR", 92),
    ("GBP", 79),
    ("HKD", 782),
    ("TWD", 3_180),
    ("AUD", 152),
    ("CHF", 88),
];

/// A kind of goods: prices in Singapore cents.
pub(super) struct Category {
    pub name: &'static str,
    pub brands: &'static [&'static str],
    pub models: &'static [(&'static str, i64)],
    pub sizes: &'static [&'static str],
    /// How often it is picked, relative to the others.
    pub weight: u64,
}

/// The assortment.
pub(super) const CATEGORIES: [Category; 8] = [
    Category {
        name: "Tea",
        brands: &["Harbour", "Longjing House"],
        models: &[
            ("Longjing Green Tea 龙井", 3_800),
            ("Oolong 乌龙", 3_200),
            ("Pu'er Cake 普洱饼", 8_800),
            ("Earl Grey", 2_400),
            ("Jasmine Pearls 茉莉龙珠", 4_600),
        ],
        sizes: &["100 g", "250 g"],
        weight: 22,
    },
    Category {
        name: "Coffee",
        brands: &["Harbour", "Kopi Co"],
        models: &[
            ("House Blend Beans", 2_200),
            ("Single Origin Sumatra", 3_400),
            ("Drip Bags", 1_800),
            ("Cold Brew Bottle", 900),
        ],
        sizes: &["200 g", "1 kg"],
        weight: 18,
    },
    Category {
        name: "Gifts",
        brands: &["Harbour"],
        models: &[
            ("Tea Gift Box 茶礼盒", 12_800),
            ("Festive Hamper", 18_800),
            ("Mooncake Box 月饼礼盒", 8_600),
        ],
        sizes: &["M", "L"],
        weight: 8,
    },
    Category {
        name: "Home",
        brands: &["Hill & Home", "Kiln"],
        models: &[
            ("Porcelain Cup 瓷杯", 2_600),
            ("Teapot 茶壶", 7_200),
            ("Linen Napkins", 1_900),
            ("Scented Candle", 4_200),
            ("Bamboo Tray 竹盘", 3_600),
        ],
        sizes: &["one size"],
        weight: 16,
    },
    Category {
        name: "Apparel",
        brands: &["Hill & Home", "Straits"],
        models: &[
            ("Linen Shirt", 7_900),
            ("Silk Scarf 丝巾", 9_900),
            ("Cotton Tee", 3_900),
            ("Kimono Jacket", 12_900),
        ],
        sizes: &["XS", "S", "M", "L", "XL"],
        weight: 14,
    },
    Category {
        name: "Shoes",
        brands: &["Straits"],
        models: &[
            ("Canvas Sneaker", 8_900),
            ("Leather Loafer", 15_900),
            ("Sandal", 5_900),
        ],
        sizes: &["36", "37", "38", "39", "40", "41", "42", "43"],
        weight: 7,
    },
    Category {
        name: "Bags",
        brands: &["Straits", "Kiln"],
        models: &[
            ("Canvas Tote", 4_900),
            ("Leather Shopper", 21_900),
            ("Travel Pouch", 2_900),
        ],
        sizes: &["one size"],
        weight: 6,
    },
    Category {
        name: "Beauty",
        brands: &["Camellia"],
        models: &[
            ("Camellia Oil 山茶油", 5_400),
            ("Hand Cream", 1_600),
            ("Rice Soap 米皂", 1_200),
        ],
        sizes: &["50 ml", "100 ml"],
        weight: 9,
    },
];

/// One thing on the shelf.
#[derive(Clone, Debug)]
pub(super) struct Product {
    pub sku: String,
    pub name: String,
    pub category: usize,
    pub brand: &'static str,
    pub size: &'static str,
    pub price_sgd_cents: i64,
}

/// Every product, in a fixed order.
pub(super) fn products() -> Vec<Product> {
    let mut all = Vec::new();
    for (index, category) in CATEGORIES.iter().enumerate() {
        for (model_index, &(model, price)) in category.models.iter().enumerate() {
            for (size_index, &size) in category.sizes.iter().enumerate() {
                let brand = category.brands[model_index % category.brands.len()];
                // Food is dearer in the larger size; a shoe costs the same in every one.
                let by_size = matches!(category.name, "Tea" | "Coffee" | "Gifts" | "Beauty");
                let factor = if by_size { 1 + size_index as i64 } else { 1 };
                all.push(Product {
                    sku: format!(
                        "{}{:02}{:02}",
                        &category.name[..2].to_uppercase(),
                        model_index + 1,
                        size_index + 1
                    ),
                    name: model.to_owned(),
                    category: index,
                    brand,
                    size,
                    price_sgd_cents: price * factor,
                });
            }
        }
    }
    all
}

/// A Singapore price as the shelf of another country shows it, in minor units
/// rounded to what people there are used to.
pub(super) fn shelf_price(sgd_cents: i64, currency: &str) -> i64 {
    let round = |value: i64, step: i64| ((value + step / 2) / step * step).max(step);
    match currency {
        "MYR" => round(sgd_cents * 28 / 10, 50),
        "CNY" => round(sgd_cents * 52 / 10, 100),
        // Yen have no cents.
        "JPY" => round(sgd_cents * 108 / 100, 10),
        "AED" => round(sgd_cents * 29 / 10, 100),
        _ => round(sgd_cents, 10),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn skus_are_unique() {
        let products = products();
        let skus: BTreeSet<_> = products.iter().map(|product| &product.sku).collect();
        assert_eq!(skus.len(), products.len());
    }

    #[test]
    fn the_chain_spans_five_countries_and_currencies() {
        let shops = &STORES[..12];
        assert!(shops.iter().all(|store| store.channel == "store"));
        let currencies: BTreeSet<_> = shops.iter().map(|store| store.currency).collect();
        let countries: BTreeSet<_> = shops.iter().map(|store| store.country).collect();
        assert_eq!((currencies.len(), countries.len()), (5, 5));
    }

    #[test]
    fn yen_have_no_cents() {
        assert_eq!(shelf_price(3_800, "JPY"), 4_100);
        assert_eq!(shelf_price(3_800, "SGD"), 3_800);
    }
}
