//! Fields of product and store lists.

use super::Type::{Number, Phone, Text};
use super::{Field, field};

pub const PRODUCT_FIELDS: &[Field] = &[
    field(
        "sku",
        "Product code",
        "商品编码",
        Text,
        "sku stockcode itemcode itemno itemid productcode productid productno articleno article upc barcode ean gtin \
         uniqueid variantsku handle 商家编码 商品编码 商品编号 商品id 货号 条码 商品条码 款号 sku编码 skuid 商品代码 id",
    ),
    field(
        "name",
        "Name",
        "名称",
        Text,
        "name productname itemname title description productdescription 商品名称 商品标题 品名 名称 产品名称 宝贝标题 宝贝名称 商品名",
    ),
    field(
        "category",
        "Category",
        "品类",
        Text,
        "category productcategory producttype type department 商品分类 商品类目 类目 品类 分类 类别 商品类别",
    ),
    field(
        "brand",
        "Brand",
        "品牌",
        Text,
        "brand vendor manufacturer 品牌 商品品牌",
    ),
    field(
        "size",
        "Size or variant",
        "规格",
        Text,
        "size variant option1value 规格 商品规格 尺码 尺寸",
    ),
];

pub const STORE_FIELDS: &[Field] = &[
    field(
        "store_id",
        "Store code",
        "门店编码",
        Text,
        "storeid storecode storeno storenumber shopid shopcode outletid branchid locationid code id 门店编码 门店编号 门店id \
         门店代码 店铺id 店铺编号 店号",
    ),
    field(
        "name",
        "Name",
        "名称",
        Text,
        "storename name shopname store shop outlet branch location 门店名称 门店 店铺名称 店铺 店名 名称",
    ),
    field(
        "country",
        "Country",
        "国家",
        Text,
        "country countrycode 国家 国家地区",
    ),
    field(
        "region",
        "Region",
        "区域",
        Text,
        "region state province area city 区域 大区 省份 省 城市 地区",
    ),
    field(
        "currency",
        "Currency",
        "币种",
        Text,
        "currency currencycode 币种 货币",
    ),
    field("time_zone", "Time zone", "时区", Text, "timezone tz 时区"),
    field(
        "day_cut_minutes",
        "Day ends, minutes after midnight",
        "日结时间（零点后分钟）",
        Number,
        "daycut daycutminutes dayendminutes 日结时间 日切",
    ),
    field(
        "channel",
        "Channel",
        "渠道",
        Text,
        "channel type storetype 渠道 门店类型 类型",
    ),
    field(
        "phone",
        "Phone",
        "电话",
        Phone,
        "phone telephone tel phonenumber 电话 门店电话 联系电话",
    ),
];
