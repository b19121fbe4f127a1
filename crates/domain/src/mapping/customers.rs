//! Fields of member and customer lists.

use super::Type::{Date, Email, Phone, Text};
use super::{Field, field};

pub const FIELDS: &[Field] = &[
    field(
        "customer_id",
        "Customer id",
        "客户编号",
        Text,
        "customerid customerno customernumber customercode recid uniqueid custid custno clientid memberid memberno \
         membernumber userid accountid accountno masterid externalid 客户编号 客户id 客户号 会员编号 会员id 会员号 用户id 用户编号 \
         买家会员名 买家昵称 会员名 用户名 openid unionid id 會員編號 顧客番号",
    ),
    field(
        "card",
        "Membership card",
        "会员卡号",
        Text,
        "membershipcard loyaltycard cardnumber cardno membercard membercardno card 会员卡号 会员卡 卡号 會員卡號",
    ),
    field(
        "name",
        "Name",
        "姓名",
        Text,
        "name fullname customername membername clientname displayname 姓名 客户姓名 会员姓名 名字 名称 客户名称 顾客姓名 真实姓名 \
         お名前 氏名 sitename",
    ),
    field(
        "given_name",
        "Given name",
        "名",
        Text,
        "givenname firstname forename fname 名 名前",
    ),
    field(
        "family_name",
        "Family name",
        "姓",
        Text,
        "surname lastname familyname lname 姓 姓氏 苗字",
    ),
    field(
        "phone",
        "Phone",
        "手机号",
        Phone,
        "mobile mobilephone mobilenumber phone phonenumber cellphone telephone tel phone1 手机号 手机号码 手机 移动电话 电话 电话号码 \
         联系电话 联系手机 联系方式 会员手机号 手機號碼 手機 電話番号",
    ),
    field(
        "phone2",
        "Second phone",
        "备用电话",
        Phone,
        "phone2 secondphone otherphone homephone workphone landline fax 备用电话 固定电话 座机 家庭电话",
    ),
    field(
        "email",
        "E-mail",
        "电子邮箱",
        Email,
        "email emailaddress customeremail mail acceptedemail 邮箱 电子邮箱 电子邮件 电邮 メールアドレス",
    ),
    field(
        "contact",
        "E-mail or phone",
        "邮箱或手机",
        Text,
        "contact login 支付宝账号 买家支付宝账号 登录账号",
    ),
    field(
        "national_id",
        "National id",
        "证件号码",
        Text,
        "nationalid socsecid ssn socialsecuritynumber idnumber idcard passport taxid 身份证号 身份证号码 证件号码 证件号 身份证",
    ),
    field("gender", "Gender", "性别", Text, "gender sex 性别 性別"),
    field(
        "birth_date",
        "Birth date",
        "生日",
        Date,
        "dateofbirth birthdate dob birthday birth 生日 出生日期 出生年月日 会员生日 生年月日",
    ),
    field(
        "country",
        "Country",
        "国家",
        Text,
        "country countrycode nation 国家 国家地区",
    ),
    field(
        "region",
        "State or province",
        "省份",
        Text,
        "state region province county 省 省份 州 所在省",
    ),
    field(
        "city",
        "City",
        "城市",
        Text,
        "city suburb town locality 城市 市 所在城市 所在市",
    ),
    field(
        "street_number",
        "House number",
        "门牌号",
        Text,
        "streetnumber housenumber houseno 门牌号",
    ),
    field(
        "address",
        "Address",
        "地址",
        Text,
        "address address1 addressline1 street streetaddress 地址 详细地址 联系地址 收货地址 家庭地址 住所",
    ),
    field(
        "address2",
        "Address, second line",
        "地址（续）",
        Text,
        "address2 addressline2 apartment district 区 区县",
    ),
    field(
        "postcode",
        "Postcode",
        "邮编",
        Text,
        "postcode zip zipcode postalcode postal 邮编 邮政编码 郵便番号",
    ),
    field(
        "language",
        "Language",
        "语言",
        Text,
        "language lang locale 语言",
    ),
    field(
        "store_id",
        "Home store code",
        "所属门店编码",
        Text,
        "homestoreid storeid storecode storeno 门店编码 门店编号 门店id 开卡门店编码",
    ),
    field(
        "store",
        "Home store",
        "所属门店",
        Text,
        "homestore store storename shop 门店 所属门店 开卡门店 注册门店 归属门店 门店名称 店铺 店铺名称",
    ),
    field(
        "note",
        "Note",
        "备注",
        Text,
        "note notes comment comments remark remarks 备注 说明",
    ),
];
