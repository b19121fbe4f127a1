use super::*;

fn check(kind: Kind, header: &str, wanted: &[(&str, &str)]) {
    let columns: Vec<String> = header.split(',').map(str::to_owned).collect();
    let guesses = guess(kind, &columns, &[]);
    let found: BTreeMap<&str, &str> = columns
        .iter()
        .zip(&guesses)
        .filter_map(|(column, guess)| guess.field.map(|field| (field, column.trim())))
        .collect();
    assert_eq!(found, wanted.iter().copied().collect(), "{header}");
}

#[test]
fn english_order_files() {
    check(
        Kind::Orders,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        &[
            ("order_number", "InvoiceNo"),
            ("sku", "StockCode"),
            ("product", "Description"),
            ("quantity", "Quantity"),
            ("ordered_at", "InvoiceDate"),
            ("unit_price", "UnitPrice"),
            ("customer_id", "CustomerID"),
            ("country", "Country"),
        ],
    );
    check(
        Kind::Orders,
        "Invoice,StockCode,Price,Customer ID",
        &[
            ("order_number", "Invoice"),
            ("sku", "StockCode"),
            ("unit_price", "Price"),
            ("customer_id", "Customer ID"),
        ],
    );
    check(
        Kind::Orders,
        "master_id,sample_id,date,cds,amount",
        &[
            ("customer_id", "master_id"),
            ("ordered_at", "date"),
            ("quantity", "cds"),
            ("line_amount", "amount"),
        ],
    );
    check(
        Kind::Orders,
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,\
         Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Phone,Refunded Amount",
        &[
            ("order_number", "Name"),
            ("email", "Email"),
            ("status", "Financial Status"),
            ("paid_at", "Paid at"),
            ("currency", "Currency"),
            ("order_subtotal", "Subtotal"),
            ("shipping", "Shipping"),
            ("tax", "Taxes"),
            ("order_paid", "Total"),
            ("order_discount", "Discount Amount"),
            ("ordered_at", "Created at"),
            ("quantity", "Lineitem quantity"),
            ("product", "Lineitem name"),
            ("unit_price", "Lineitem price"),
            ("sku", "Lineitem sku"),
            ("customer_name", "Billing Name"),
            ("phone", "Billing Phone"),
            ("refunded", "Refunded Amount"),
        ],
    );
}

#[test]
fn traditional_headers_are_simplified_ones() {
    check(
        Kind::Orders,
        "訂單編號,訂購日期,會員卡號,手機號,商品編碼,單價,數量,實付金額(元),幣別",
        &[
            ("order_number", "訂單編號"),
            ("ordered_at", "訂購日期"),
            ("card", "會員卡號"),
            ("phone", "手機號"),
            ("sku", "商品編碼"),
            ("unit_price", "單價"),
            ("quantity", "數量"),
            ("order_paid", "實付金額(元)"),
            ("currency", "幣別"),
        ],
    );
    assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
}

#[test]
fn chinese_order_files() {
    check(
        Kind::Orders,
        "\u{feff}订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,\
         联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝总数量,店铺Id,店铺名称",
        &[
            ("order_number", "\u{feff}订单编号"),
            ("customer_id", "买家会员名"),
            ("contact", "买家支付宝账号"),
            ("order_gross", "买家应付货款"),
            ("shipping", "买家应付邮费"),
            ("order_paid", "买家实际支付金额"),
            ("status", "订单状态"),
            ("recipient_name", "收货人姓名"),
            ("recipient_phone", "联系手机"),
            ("ordered_at", "订单创建时间"),
            ("paid_at", "订单付款时间"),
            ("product", "宝贝标题"),
            ("quantity", "宝贝总数量"),
            ("store_id", "店铺Id"),
            ("store", "店铺名称"),
        ],
    );
    check(
        Kind::Orders,
        "小票号,销售日期,门店,会员卡号,手机号,商品编码,商品名称,数量,单价,金额(元)",
        &[
            ("order_number", "小票号"),
            ("ordered_at", "销售日期"),
            ("store", "门店"),
            ("card", "会员卡号"),
            ("phone", "手机号"),
            ("sku", "商品编码"),
            ("product", "商品名称"),
            ("quantity", "数量"),
            ("unit_price", "单价"),
            ("line_amount", "金额(元)"),
        ],
    );
}

#[test]
fn a_discount_beside_prices_is_the_lines() {
    check(
        Kind::Orders,
        "Receipt,Date,Qty,Unit price,Discount",
        &[
            ("order_number", "Receipt"),
            ("ordered_at", "Date"),
            ("quantity", "Qty"),
            ("unit_price", "Unit price"),
            ("line_discount", "Discount"),
        ],
    );
}

#[test]
fn people() {
    check(
        Kind::Customers,
        "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id",
        &[
            ("customer_id", "rec_id"),
            ("given_name", "given_name"),
            ("family_name", "surname"),
            ("street_number", "street_number"),
            ("address", "address_1"),
            ("address2", "address_2"),
            ("city", "suburb"),
            ("postcode", "postcode"),
            ("region", "state"),
            ("birth_date", "date_of_birth"),
            ("national_id", "soc_sec_id"),
        ],
    );
    check(
        Kind::Customers,
        "unique_id,first_name,surname,dob,city,email,cluster",
        &[
            ("customer_id", "unique_id"),
            ("given_name", "first_name"),
            ("family_name", "surname"),
            ("birth_date", "dob"),
            ("city", "city"),
            ("email", "email"),
        ],
    );
    check(
        Kind::Customers,
        "会员卡号,姓名,手机号,生日,性别,门店,积分,等级",
        &[
            ("card", "会员卡号"),
            ("name", "姓名"),
            ("phone", "手机号"),
            ("birth_date", "生日"),
            ("gender", "性别"),
            ("store", "门店"),
        ],
    );
}

#[test]
fn cells_speak_where_headers_do_not() {
    let columns: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).to_vec();
    let samples = vec![
        vec![
            "ann@example.org",
            "13800138000",
            "2026-01-02 10:00",
            "12.50",
        ],
        vec!["bob@example.org", "13900139000", "2026/1/3", "7.05"],
    ];
    let fields: Vec<_> = guess(Kind::Orders, &columns, &samples)
        .iter()
        .map(|guess| guess.field)
        .collect();
    assert_eq!(
        fields,
        [
            Some("email"),
            Some("phone"),
            Some("ordered_at"),
            Some("line_amount")
        ]
    );
}

#[test]
fn what_is_missing_is_said() {
    let missing = |kind, fields: &[&str]| -> Vec<String> {
        problems(kind, &|key| fields.contains(&key))
            .into_iter()
            .map(|p| p.params["field"].clone())
            .collect()
    };
    assert!(missing(Kind::Orders, &["customer_id", "ordered_at", "line_amount"]).is_empty());
    assert!(missing(Kind::Orders, &["order_number", "ordered_at", "order_paid"]).is_empty());
    assert_eq!(
        missing(Kind::Orders, &["product"]),
        ["ordered_at", "order_number", "order_paid"]
    );
    assert_eq!(missing(Kind::Customers, &["city"]), ["customer_id"]);
}

#[test]
fn countries_have_codes_and_currencies() {
    let check = |name, code: &'static str, currency: &'static str| {
        assert_eq!(country(name), Some(Country { code, currency }), "{name}");
    };
    check("United Kingdom", "GB", "GBP");
    check("EIRE", "IE", "EUR");
    check("RSA", "ZA", "ZAR");
    check("中国", "CN", "CNY");
    check("sg", "SG", "SGD");
    assert_eq!(country("Unspecified"), None);
}

#[test]
fn no_name_means_two_fields() {
    for kind in Kind::ALL {
        let mut seen = HashMap::new();
        for field in kind.fields() {
            for name in field.names.split_whitespace() {
                assert_eq!(normalize_header(name), name, "{name} is written normalised");
                assert_eq!(seen.insert(name, field.key), None, "{name} in {kind:?}");
            }
        }
    }
}
