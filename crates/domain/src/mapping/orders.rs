//! Fields of order files: tills, web shops and the Chinese platforms.

use super::Type::{Amount, Date, Email, Number, Phone, Text};
use super::{Field, Guess, GuessBy, field, normalize_header};

pub const FIELDS: &[Field] = &[
    field(
        "order_number",
        "Order number",
        "订单号",
        Text,
        "ordernumber orderno orderid invoiceno invoice invoicenumber invoiceid 订单编号 订单号 主订单编号 主订单号 \
         父订单号 单据编号 单据号 小票号 流水号 销售单号 交易号 交易单号 平台订单号 原始单号 receipt receiptno \
         receiptnumber receiptid transactionid transactionno transaction saleid salesid salesorder salesorderno \
         ticketno ticket documentno docno order 訂單編號 訂單號 注文番号 票号 交易流水号",
    ),
    field(
        "ordered_at",
        "Order date",
        "下单时间",
        Date,
        "orderdate orderedat ordertime orderdatetime orderpurchasetimestamp invoicedate 订单创建时间 下单时间 \
         下单日期 订单提交时间 订单时间 订单日期 创建时间 交易时间 交易日期 销售日期 销售时间 成交时间 拍下时间 消费时间 消费日期 \
         开单时间 开单日期 日期时间 日期 时间 createdat created datecreated transactiondate transactiontime saledate \
         salesdate purchasedate dateoforder businessdate completedtime datetime timestamp date day 订购日期 订购时间 訂單日期 下單時間 注文日 注文日時",
    ),
    field(
        "ordered_time",
        "Time of day",
        "时刻",
        Text,
        "time timeofday 时刻 交易时刻",
    ),
    field(
        "paid_at",
        "Payment date",
        "付款时间",
        Date,
        "paidat paymentdate paymenttime datepaid 订单付款时间 付款时间 支付时间 支付完成时间 付款日期 支付日期",
    ),
    field(
        "status",
        "Status",
        "订单状态",
        Text,
        "financialstatus orderstatus status state 订单状态 交易状态 状态 支付状态 付款状态 訂單狀態",
    ),
    field(
        "document_type",
        "Document type",
        "单据类型",
        Text,
        "documenttype eventtype transactiontype ordertype saletype type 单据类型 交易类型 业务类型 订单类型 销售类型 类型",
    ),
    field(
        "original_number",
        "Original order number",
        "原订单号",
        Text,
        "originalordernumber originalorder originalinvoice parentorder refundedorder 原订单号 原单号 原订单编号 关联订单号",
    ),
    field(
        "customer_id",
        "Customer id",
        "客户编号",
        Text,
        "customerid customerno customernumber customercode customeruserid custid custno clientid 买家会员名 客户编号 客户id \
         客户号 会员编号 会员id 会员号 用户id 用户编号 买家id 买家账号 下单帐号 下单账号 买家昵称 用户名 会员名 openid unionid \
         buyerid userid memberid memberno membernumber masterid loyaltyid shopperid accountid accountno customeruniqueid \
         會員編號 顧客番号 customer",
    ),
    field(
        "card",
        "Membership card",
        "会员卡号",
        Text,
        "membershipcard loyaltycard cardnumber cardno membercard membercardno 会员卡号 会员卡 卡号 會員卡號",
    ),
    field(
        "customer_name",
        "Customer name",
        "客户姓名",
        Text,
        "customername billingname buyername clientname membername 客户姓名 客户名称 会员姓名 买家姓名 顾客姓名 姓名 客户 顾客 \
         買家姓名 fullname name お名前 氏名",
    ),
    field(
        "given_name",
        "Given name",
        "名",
        Text,
        "firstname givenname customerfirstname billingfirstname firstnamebilling",
    ),
    field(
        "family_name",
        "Family name",
        "姓",
        Text,
        "lastname surname familyname customerlastname billinglastname lastnamebilling",
    ),
    field(
        "phone",
        "Phone",
        "手机号",
        Phone,
        "customerphone phone mobile phonenumber mobilephone mobilenumber billingphone phonebilling 买家手机号 买家手机 \
         客户手机 客户手机号 会员手机 会员手机号 手机号 手机号码 手机 电话 客户电话 telephone tel 手機號碼 手機 電話番号",
    ),
    field(
        "email",
        "E-mail",
        "电子邮箱",
        Email,
        "email customeremail emailaddress billingemail emailbilling buyeremail mail 邮箱 电子邮箱 电子邮件 买家邮箱 メールアドレス",
    ),
    field(
        "contact",
        "E-mail or phone",
        "邮箱或手机",
        Text,
        "买家支付宝账号 支付宝账号 登录账号 contact login",
    ),
    field(
        "recipient_name",
        "Recipient",
        "收货人",
        Text,
        "recipient recipientname shippingname shiptoname 收货人姓名 收货人 收件人 收件人姓名 收件人名称",
    ),
    field(
        "recipient_phone",
        "Recipient's phone",
        "收货人电话",
        Text,
        "recipientphone shippingphone shiptophone 联系手机 收货人手机 收货人手机号 收件人手机号 收件人手机 收件人电话 收货人电话 联系电话 联系方式",
    ),
    field(
        "store_id",
        "Store code",
        "门店编码",
        Text,
        "storeid storecode storeno shopid locationid branchid outletid 店铺id 门店编码 门店编号 门店id 门店代码 店铺编号",
    ),
    field(
        "store",
        "Store",
        "门店",
        Text,
        "store storename shop shopname outlet location branch 店铺名称 门店名称 门店 店铺 店名 销售门店 下单网点 所属门店 門市 店舗",
    ),
    field(
        "channel",
        "Channel",
        "渠道",
        Text,
        "channel saleschannel sourcename 渠道 销售渠道 订单来源 来源 平台 订单渠道",
    ),
    field(
        "sku",
        "Product code",
        "商品编码",
        Text,
        "sku lineitemsku stockcode itemcode itemno itemid productcode productid productno articleno article upc barcode \
         ean gtin variantsku 商家编码 商品编码 商品编号 商品id 商品货号 货号 条码 商品条码 款号 sku编码 skuid 商品代码 商品コード",
    ),
    field(
        "product",
        "Product",
        "商品",
        Text,
        "lineitemname productname product itemname item description itemdescription productdescription title details \
         宝贝标题 商品名称 商品标题 选购商品 品名 商品 产品名称 产品 宝贝名称 货品名称 商品名",
    ),
    field(
        "category",
        "Category",
        "品类",
        Text,
        "category productcategory department itemcategory 商品分类 商品类目 类目 品类 分类 类别 商品类别",
    ),
    field(
        "brand",
        "Brand",
        "品牌",
        Text,
        "brand vendor lineitemvendor 品牌 商品品牌",
    ),
    field(
        "size",
        "Size or variant",
        "规格",
        Text,
        "size variant variantname pricepointname 规格 商品规格 商品属性 尺码 尺寸 销售属性 sku属性",
    ),
    field(
        "quantity",
        "Quantity",
        "数量",
        Number,
        "quantity qty units lineitemquantity quantityrefund itemquantity quantityordered cds 宝贝总数量 商品数量 购买数量 订购数量 \
         销售数量 成交数量 数量 件数 pieces count 數量",
    ),
    field(
        "unit_price",
        "Unit price",
        "单价",
        Amount,
        "unitprice lineitemprice itemprice itemcost price priceeach sellingprice saleprice 商品单价 单价 价格 售价 成交价 销售单价 商品价格 京东价 單價",
    ),
    field(
        "line_amount",
        "Line amount",
        "行金额",
        Amount,
        "lineamount linetotal itemtotal lineitemtotal itemsubtotal netsales netamount salesamount salesvalue amount \
         amountspent spend revenue sales value 商品金额小计 商品实付金额 商品金额 商品总价 小计 行金额 销售金额 成交金额 消费金额 净销售额 金额 \
         extendedprice grossamount 小計",
    ),
    field(
        "line_discount",
        "Line discount",
        "行优惠",
        Amount,
        "linediscount lineitemdiscount itemdiscount 商品优惠 商品优惠金额 单品优惠 行优惠 行折扣",
    ),
    field(
        "order_paid",
        "Amount paid",
        "实付金额",
        Amount,
        "amountpaid paidamount totalpaid ordertotalamount ordertotal grandtotal totalamount totalprice total \
         买家实际支付金额 买家实付金额 订单实付金额 实付金额 实收金额 实际支付金额 支付金额 实付款 应收金额 结算金额 订单应付金额 应付金额 订单金额 总金额 \
         订单总额 合计 总价 paid payment paymentamount transactionamount 合計金額 總金額",
    ),
    field(
        "order_subtotal",
        "Goods after discounts",
        "商品实付",
        Amount,
        "subtotal ordersubtotal ordersubtotalamount goodsamountpaid 商品实收 商品实收金额 货款实付",
    ),
    field(
        "order_gross",
        "Goods before discounts",
        "商品总额",
        Amount,
        "grosssales ordergross 买家应付货款 商品总金额 货款 商品总额 应付货款",
    ),
    field(
        "order_discount",
        "Order discount",
        "优惠金额",
        Amount,
        "discountamount orderdiscount cartdiscountamount totaldiscount discounts discount 优惠总金额 优惠金额 订单优惠 折扣金额 \
         店铺优惠 优惠",
    ),
    field(
        "refunded",
        "Amount refunded",
        "退款金额",
        Amount,
        "refundedamount orderrefundamount refundamount amountrefunded 退款金额 已退款金额 退货金额",
    ),
    field(
        "shipping",
        "Shipping",
        "运费",
        Amount,
        "shipping ordershippingamount shippingcost shippingamount freight delivery deliveryfee postage 买家应付邮费 运费 邮费 \
         快递费 配送费",
    ),
    field(
        "tax",
        "Tax",
        "税额",
        Amount,
        "taxes tax ordertotaltaxamount taxamount salestax vat gst totaltax 税额 税费 税金 消費税",
    ),
    field(
        "currency",
        "Currency",
        "币种",
        Text,
        "currency currencycode 币种 货币 币别 結算貨幣 通貨",
    ),
    field(
        "country",
        "Country",
        "国家",
        Text,
        "country billingcountry countrycode shippingcountry 国家 国家地区",
    ),
    field("city", "City", "城市", Text, "city billingcity 城市 市"),
];

/// Names that mean something only beside others.
pub fn settle(columns: &[String], guesses: &mut [Guess]) {
    let names: Vec<String> = columns
        .iter()
        .map(|column| normalize_header(column))
        .collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let mapped =
        |guesses: &[Guess], key: &str| guesses.iter().any(|guess| guess.field == Some(key));
    if has("lineitemname") && !mapped(guesses, "order_number") {
        // One web shop calls the order number simply "Name".
        if let Some(at) = names.iter().position(|name| name == "name") {
            guesses[at] = Guess {
                field: Some("order_number"),
                by: GuessBy::Name,
            };
        }
        if let Some(at) = names.iter().position(|name| name == "billingname") {
            guesses[at] = Guess {
                field: Some("customer_name"),
                by: GuessBy::Name,
            };
        }
    }
    // Where lines have prices and nothing tells what the order was worth, a
    // discount is the line's.
    let whole = [
        "line_amount",
        "line_discount",
        "order_paid",
        "order_subtotal",
        "order_gross",
    ];
    let knows_whole = guesses
        .iter()
        .any(|guess| guess.field.is_some_and(|field| whole.contains(&field)));
    if mapped(guesses, "unit_price") && !knows_whole {
        for guess in guesses
            .iter_mut()
            .filter(|guess| guess.field == Some("order_discount"))
        {
            guess.field = Some("line_discount");
        }
    }
    // A lone "Customer" column next to a customer id is the name.
    if let Some(at) = names.iter().position(|name| name == "customer")
        && guesses[at].field.is_none()
        && !mapped(guesses, "customer_name")
    {
        guesses[at] = Guess {
            field: Some("customer_name"),
            by: GuessBy::Name,
        };
    }
}
