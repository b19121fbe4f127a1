//! Countries as files name them, with the currency their shops use.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::normalize_header;

/// A country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166 alpha-2.
    pub code: &'static str,
    /// ISO 4217 of the currency used there.
    pub currency: &'static str,
}

/// Other names in use; the right side is a code.
const ALIASES: &str = "uk=GB greatbritain=GB britain=GB england=GB scotland=GB wales=GB northernireland=GB gbr=GB \
    eire=IE irl=IE republicofireland=IE rsa=ZA zaf=ZA usa=US unitedstatesofamerica=US america=US \
    korea=KR republicofkorea=KR kor=KR 대한민국=KR prc=CN chn=CN mainlandchina=CN 中国大陆=CN 中国内地=CN 中华人民共和国=CN 中國=CN \
    channelislands=JE hongkongsar=HK hkg=HK 中国香港=HK macau=MO 中国澳门=MO 澳門=MO 中国台湾=TW 台灣=TW twn=TW 臺灣=TW \
    holland=NL nld=NL thenetherlands=NL deutschland=DE deu=DE españa=ES esp=ES fra=FR ita=IT italia=IT jpn=JP 日本国=JP \
    sgp=SG mys=MY tha=TH vnm=VN idn=ID phl=PH ind=IN aus=AU nzl=NZ can=CA uae=AE are=AE ksa=SA sau=SA czechia=CZ \
    türkiye=TR turkiye=TR russianfederation=RU vietnam=VN burma=MM côtedivoire=CI curaçao=CW che=CH swe=SE nor=NO dnk=DK \
    fin=FI bel=BE aut=AT prt=PT pol=PL grc=GR bra=BR mex=MX 阿拉伯联合酋长国=AE 沙特=SA 印尼=ID 捷克共和国=CZ";

/// Code, English name, Chinese name, currency.
const TABLE: &str = "\
    AD Andorra 安道尔 EUR\n\
    AE United_Arab_Emirates 阿联酋 AED\n\
    AF Afghanistan 阿富汗 AFN\n\
    AG Antigua_and_Barbuda 安提瓜和巴布达 XCD\n\
    AI Anguilla 安圭拉 XCD\n\
    AL Albania 阿尔巴尼亚 ALL\n\
    AM Armenia 亚美尼亚 AMD\n\
    AO Angola 安哥拉 AOA\n\
    AR Argentina 阿根廷 ARS\n\
    AS American_Samoa 美属萨摩亚 USD\n\
    AT Austria 奥地利 EUR\n\
    AU Australia 澳大利亚 AUD\n\
    AW Aruba 阿鲁巴 AWG\n\
    AX Aland_Islands 奥兰群岛 EUR\n\
    AZ Azerbaijan 阿塞拜疆 AZN\n\
    BA Bosnia_and_Herzegovina 波黑 BAM\n\
    BB Barbados 巴巴多斯 BBD\n\
    BD Bangladesh 孟加拉国 BDT\n\
    BE Belgium 比利时 EUR\n\
    BF Burkina_Faso 布基纳法索 XOF\n\
    BG Bulgaria 保加利亚 EUR\n\
    BH Bahrain 巴林 BHD\n\
    BI Burundi 布隆迪 BIF\n\
    BJ Benin 贝宁 XOF\n\
    BL Saint_Barthelemy 圣巴泰勒米 EUR\n\
    BM Bermuda 百慕大 BMD\n\
    BN Brunei 文莱 BND\n\
    BO Bolivia 玻利维亚 BOB\n\
    BQ Caribbean_Netherlands 荷属加勒比区 USD\n\
    BR Brazil 巴西 BRL\n\
    BS Bahamas 巴哈马 BSD\n\
    BT Bhutan 不丹 BTN\n\
    BW Botswana 博茨瓦纳 BWP\n\
    BY Belarus 白俄罗斯 BYN\n\
    BZ Belize 伯利兹 BZD\n\
    CA Canada 加拿大 CAD\n\
    CC Cocos_Islands 科科斯群岛 AUD\n\
    CD Democratic_Republic_of_the_Congo 刚果（金） CDF\n\
    CF Central_African_Republic 中非 XAF\n\
    CG Congo 刚果（布） XAF\n\
    CH Switzerland 瑞士 CHF\n\
    CI Ivory_Coast 科特迪瓦 XOF\n\
    CK Cook_Islands 库克群岛 NZD\n\
    CL Chile 智利 CLP\n\
    CM Cameroon 喀麦隆 XAF\n\
    CN China 中国 CNY\n\
    CO Colombia 哥伦比亚 COP\n\
    CR Costa_Rica 哥斯达黎加 CRC\n\
    CU Cuba 古巴 CUP\n\
    CV Cape_Verde 佛得角 CVE\n\
    CW Curacao 库拉索 XCG\n\
    CX Christmas_Island 圣诞岛 AUD\n\
    CY Cyprus 塞浦路斯 EUR\n\
    CZ Czech_Republic 捷克 CZK\n\
    DE Germany 德国 EUR\n\
    DJ Djibouti 吉布提 DJF\n\
    DK Denmark 丹麦 DKK\n\
    DM Dominica 多米尼克 XCD\n\
    DO Dominican_Republic 多米尼加 DOP\n\
    DZ Algeria 阿尔及利亚 DZD\n\
    EC Ecuador 厄瓜多尔 USD\n\
    EE Estonia 爱沙尼亚 EUR\n\
    EG Egypt 埃及 EGP\n\
    EH Western_Sahara 西撒哈拉 MAD\n\
    ER Eritrea 厄立特里亚 ERN\n\
    ES Spain 西班牙 EUR\n\
    ET Ethiopia 埃塞俄比亚 ETB\n\
    FI Finland 芬兰 EUR\n\
    FJ Fiji 斐济 FJD\n\
    FK Falkland_Islands 福克兰群岛 FKP\n\
    FM Micronesia 密克罗尼西亚 USD\n\
    FO Faroe_Islands 法罗群岛 DKK\n\
    FR France 法国 EUR\n\
    GA Gabon 加蓬 XAF\n\
    GB United_Kingdom 英国 GBP\n\
    GD Grenada 格林纳达 XCD\n\
    GE Georgia 格鲁吉亚 GEL\n\
    GF French_Guiana 法属圭亚那 EUR\n\
    GG Guernsey 根西岛 GBP\n\
    GH Ghana 加纳 GHS\n\
    GI Gibraltar 直布罗陀 GIP\n\
    GL Greenland 格陵兰 DKK\n\
    GM Gambia 冈比亚 GMD\n\
    GN Guinea 几内亚 GNF\n\
    GP Guadeloupe 瓜德罗普 EUR\n\
    GQ Equatorial_Guinea 赤道几内亚 XAF\n\
    GR Greece 希腊 EUR\n\
    GT Guatemala 危地马拉 GTQ\n\
    GU Guam 关岛 USD\n\
    GW Guinea-Bissau 几内亚比绍 XOF\n\
    GY Guyana 圭亚那 GYD\n\
    HK Hong_Kong 香港 HKD\n\
    HN Honduras 洪都拉斯 HNL\n\
    HR Croatia 克罗地亚 EUR\n\
    HT Haiti 海地 HTG\n\
    HU Hungary 匈牙利 HUF\n\
    ID Indonesia 印度尼西亚 IDR\n\
    IE Ireland 爱尔兰 EUR\n\
    IL Israel 以色列 ILS\n\
    IM Isle_of_Man 马恩岛 GBP\n\
    IN India 印度 INR\n\
    IQ Iraq 伊拉克 IQD\n\
    IR Iran 伊朗 IRR\n\
    IS Iceland 冰岛 ISK\n\
    IT Italy 意大利 EUR\n\
    JE Jersey 泽西岛 GBP\n\
    JM Jamaica 牙买加 JMD\n\
    JO Jordan 约旦 JOD\n\
    JP Japan 日本 JPY\n\
    KE Kenya 肯尼亚 KES\n\
    KG Kyrgyzstan 吉尔吉斯斯坦 KGS\n\
    KH Cambodia 柬埔寨 KHR\n\
    KI Kiribati 基里巴斯 AUD\n\
    KM Comoros 科摩罗 KMF\n\
    KN Saint_Kitts_and_Nevis 圣基茨和尼维斯 XCD\n\
    KP North_Korea 朝鲜 KPW\n\
    KR South_Korea 韩国 KRW\n\
    KW Kuwait 科威特 KWD\n\
    KY Cayman_Islands 开曼群岛 KYD\n\
    KZ Kazakhstan 哈萨克斯坦 KZT\n\
    LA Laos 老挝 LAK\n\
    LB Lebanon 黎巴嫩 LBP\n\
    LC Saint_Lucia 圣卢西亚 XCD\n\
    LI Liechtenstein 列支敦士登 CHF\n\
    LK Sri_Lanka 斯里兰卡 LKR\n\
    LR Liberia 利比里亚 LRD\n\
    LS Lesotho 莱索托 LSL\n\
    LT Lithuania 立陶宛 EUR\n\
    LU Luxembourg 卢森堡 EUR\n\
    LV Latvia 拉脱维亚 EUR\n\
    LY Libya 利比亚 LYD\n\
    MA Morocco 摩洛哥 MAD\n\
    MC Monaco 摩纳哥 EUR\n\
    MD Moldova 摩尔多瓦 MDL\n\
    ME Montenegro 黑山 EUR\n\
    MF Saint_Martin 法属圣马丁 EUR\n\
    MG Madagascar 马达加斯加 MGA\n\
    MH Marshall_Islands 马绍尔群岛 USD\n\
    MK North_Macedonia 北马其顿 MKD\n\
    ML Mali 马里 XOF\n\
    MM Myanmar 缅甸 MMK\n\
    MN Mongolia 蒙古 MNT\n\
    MO Macao 澳门 MOP\n\
    MP Northern_Mariana_Islands 北马里亚纳群岛 USD\n\
    MQ Martinique 马提尼克 EUR\n\
    MR Mauritania 毛里塔尼亚 MRU\n\
    MS Montserrat 蒙特塞拉特 XCD\n\
    MT Malta 马耳他 EUR\n\
    MU Mauritius 毛里求斯 MUR\n\
    MV Maldives 马尔代夫 MVR\n\
    MW Malawi 马拉维 MWK\n\
    MX Mexico 墨西哥 MXN\n\
    MY Malaysia 马来西亚 MYR\n\
    MZ Mozambique 莫桑比克 MZN\n\
    NA Namibia 纳米比亚 NAD\n\
    NC New_Caledonia 新喀里多尼亚 XPF\n\
    NE Niger 尼日尔 XOF\n\
    NF Norfolk_Island 诺福克岛 AUD\n\
    NG Nigeria 尼日利亚 NGN\n\
    NI Nicaragua 尼加拉瓜 NIO\n\
    NL Netherlands 荷兰 EUR\n\
    NO Norway 挪威 NOK\n\
    NP Nepal 尼泊尔 NPR\n\
    NR Nauru 瑙鲁 AUD\n\
    NU Niue 纽埃 NZD\n\
    NZ New_Zealand 新西兰 NZD\n\
    OM Oman 阿曼 OMR\n\
    PA Panama 巴拿马 PAB\n\
    PE Peru 秘鲁 PEN\n\
    PF French_Polynesia 法属波利尼西亚 XPF\n\
    PG Papua_New_Guinea 巴布亚新几内亚 PGK\n\
    PH Philippines 菲律宾 PHP\n\
    PK Pakistan 巴基斯坦 PKR\n\
    PL Poland 波兰 PLN\n\
    PM Saint_Pierre_and_Miquelon 圣皮埃尔和密克隆 EUR\n\
    PR Puerto_Rico 波多黎各 USD\n\
    PS Palestine 巴勒斯坦 ILS\n\
    PT Portugal 葡萄牙 EUR\n\
    PW Palau 帕劳 USD\n\
    PY Paraguay 巴拉圭 PYG\n\
    QA Qatar 卡塔尔 QAR\n\
    RE Reunion 留尼汪 EUR\n\
    RO Romania 罗马尼亚 RON\n\
    RS Serbia 塞尔维亚 RSD\n\
    RU Russia 俄罗斯 RUB\n\
    RW Rwanda 卢旺达 RWF\n\
    SA Saudi_Arabia 沙特阿拉伯 SAR\n\
    SB Solomon_Islands 所罗门群岛 SBD\n\
    SC Seychelles 塞舌尔 SCR\n\
    SD Sudan 苏丹 SDG\n\
    SE Sweden 瑞典 SEK\n\
    SG Singapore 新加坡 SGD\n\
    SH Saint_Helena 圣赫勒拿 SHP\n\
    SI Slovenia 斯洛文尼亚 EUR\n\
    SK Slovakia 斯洛伐克 EUR\n\
    SL Sierra_Leone 塞拉利昂 SLE\n\
    SM San_Marino 圣马力诺 EUR\n\
    SN Senegal 塞内加尔 XOF\n\
    SO Somalia 索马里 SOS\n\
    SR Suriname 苏里南 SRD\n\
    SS South_Sudan 南苏丹 SSP\n\
    ST Sao_Tome_and_Principe 圣多美和普林西比 STN\n\
    SV El_Salvador 萨尔瓦多 USD\n\
    SX Sint_Maarten 荷属圣马丁 XCG\n\
    SY Syria 叙利亚 SYP\n\
    SZ Eswatini 斯威士兰 SZL\n\
    TC Turks_and_Caicos_Islands 特克斯和凯科斯群岛 USD\n\
    TD Chad 乍得 XAF\n\
    TG Togo 多哥 XOF\n\
    TH Thailand 泰国 THB\n\
    TJ Tajikistan 塔吉克斯坦 TJS\n\
    TK Tokelau 托克劳 NZD\n\
    TL Timor-Leste 东帝汶 USD\n\
    TM Turkmenistan 土库曼斯坦 TMT\n\
    TN Tunisia 突尼斯 TND\n\
    TO Tonga 汤加 TOP\n\
    TR Turkey 土耳其 TRY\n\
    TT Trinidad_and_Tobago 特立尼达和多巴哥 TTD\n\
    TV Tuvalu 图瓦卢 AUD\n\
    TW Taiwan 台湾 TWD\n\
    TZ Tanzania 坦桑尼亚 TZS\n\
    UA Ukraine 乌克兰 UAH\n\
    UG Uganda 乌干达 UGX\n\
    US United_States 美国 USD\n\
    UY Uruguay 乌拉圭 UYU\n\
    UZ Uzbekistan 乌兹别克斯坦 UZS\n\
    VA Vatican_City 梵蒂冈 EUR\n\
    VC Saint_Vincent_and_the_Grenadines 圣文森特和格林纳丁斯 XCD\n\
    VE Venezuela 委内瑞拉 VES\n\
    VG British_Virgin_Islands 英属维尔京群岛 USD\n\
    VI US_Virgin_Islands 美属维尔京群岛 USD\n\
    VN Vietnam 越南 VND\n\
    VU Vanuatu 瓦努阿图 VUV\n\
    WF Wallis_and_Futuna 瓦利斯和富图纳 XPF\n\
    WS Samoa 萨摩亚 WST\n\
    XK Kosovo 科索沃 EUR\n\
    YE Yemen 也门 YER\n\
    YT Mayotte 马约特 EUR\n\
    ZA South_Africa 南非 ZAR\n\
    ZM Zambia 赞比亚 ZMW\n\
    ZW Zimbabwe 津巴布韦 ZWG\n";

static BY_NAME: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for line in TABLE.lines() {
        let mut parts = line.split_whitespace();
        let (Some(code), Some(english), Some(chinese), Some(currency)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let country = Country { code, currency };
        for name in [code, english, chinese] {
            names.insert(normalize_header(name), country);
        }
    }
    for alias in ALIASES.split_whitespace() {
        if let Some((name, code)) = alias.split_once('=')
            && let Some(country) = names.get(&normalize_header(code)).copied()
        {
            names.insert(normalize_header(name), country);
        }
    }
    names
});

/// The country a cell names: a code, an English or a Chinese name.
pub fn country(name: &str) -> Option<Country> {
    BY_NAME.get(normalize_header(name).as_str()).copied()
}

/// The country of an ISO 3166 alpha-2 code.
pub fn country_by_code(code: &str) -> Option<Country> {
    country(code).filter(|country| country.code == code)
}
