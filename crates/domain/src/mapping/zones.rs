//! Time zones and the country each belongs to.

/// Code and zones; names that older programs give a zone stand beside the new ones.
/// A country of many zones has several lines.
const ZONES: &str = "\
    SG Asia/Singapore Singapore\n\
    CN Asia/Shanghai Asia/Urumqi PRC Asia/Chongqing Asia/Harbin Asia/Kashgar Asia/Chungking\n\
    HK Asia/Hong_Kong Hongkong\n\
    MO Asia/Macau Asia/Macao\n\
    TW Asia/Taipei ROC\n\
    JP Asia/Tokyo Japan\n\
    KR Asia/Seoul ROK\n\
    MY Asia/Kuala_Lumpur Asia/Kuching\n\
    TH Asia/Bangkok\n\
    ID Asia/Jakarta Asia/Pontianak Asia/Makassar Asia/Jayapura Asia/Ujung_Pandang\n\
    PH Asia/Manila\n\
    VN Asia/Ho_Chi_Minh Asia/Saigon\n\
    IN Asia/Kolkata Asia/Calcutta\n\
    BN Asia/Brunei\n\
    KH Asia/Phnom_Penh\n\
    LA Asia/Vientiane\n\
    MM Asia/Yangon Asia/Rangoon\n\
    LK Asia/Colombo\n\
    BD Asia/Dhaka Asia/Dacca\n\
    PK Asia/Karachi\n\
    NP Asia/Kathmandu Asia/Katmandu\n\
    AE Asia/Dubai\n\
    SA Asia/Riyadh\n\
    QA Asia/Qatar\n\
    KW Asia/Kuwait\n\
    BH Asia/Bahrain\n\
    OM Asia/Muscat\n\
    IL Asia/Jerusalem Israel Asia/Tel_Aviv\n\
    AU Australia/Lord_Howe Australia/Hobart Australia/Melbourne Australia/Sydney\n\
    AU Australia/Broken_Hill Australia/Brisbane Australia/Lindeman Australia/Adelaide\n\
    AU Australia/Darwin Australia/Perth Australia/Eucla Australia/ACT Australia/LHI\n\
    AU Australia/NSW Australia/North Australia/Queensland Australia/South Australia/Tasmania\n\
    AU Australia/Victoria Australia/West Australia/Yancowinna Australia/Canberra\n\
    AU Australia/Currie\n\
    NZ Pacific/Auckland Pacific/Chatham NZ NZ-CHAT\n\
    GB Europe/London GB GB-Eire Europe/Belfast\n\
    IE Europe/Dublin Eire\n\
    FR Europe/Paris\n\
    DE Europe/Berlin\n\
    IT Europe/Rome\n\
    ES Europe/Madrid Africa/Ceuta Atlantic/Canary\n\
    PT Europe/Lisbon Atlantic/Madeira Atlantic/Azores Portugal\n\
    NL Europe/Amsterdam\n\
    BE Europe/Brussels\n\
    LU Europe/Luxembourg\n\
    CH Europe/Zurich\n\
    AT Europe/Vienna\n\
    SE Europe/Stockholm\n\
    NO Europe/Oslo\n\
    DK Europe/Copenhagen\n\
    FI Europe/Helsinki\n\
    IS Atlantic/Reykjavik\n\
    PL Europe/Warsaw Poland\n\
    CZ Europe/Prague\n\
    SK Europe/Bratislava\n\
    HU Europe/Budapest\n\
    RO Europe/Bucharest\n\
    BG Europe/Sofia\n\
    SI Europe/Ljubljana\n\
    HR Europe/Zagreb\n\
    RS Europe/Belgrade\n\
    GR Europe/Athens\n\
    CY Asia/Nicosia Asia/Famagusta Europe/Nicosia\n\
    MT Europe/Malta\n\
    EE Europe/Tallinn\n\
    LV Europe/Riga\n\
    LT Europe/Vilnius\n\
    UA Europe/Kyiv Europe/Uzhgorod Europe/Zaporozhye Europe/Kiev\n\
    TR Europe/Istanbul Turkey Asia/Istanbul\n\
    US America/New_York America/Detroit America/Kentucky/Louisville\n\
    US America/Kentucky/Monticello America/Indiana/Indianapolis America/Indiana/Vincennes\n\
    US America/Indiana/Winamac America/Indiana/Marengo America/Indiana/Petersburg\n\
    US America/Indiana/Vevay America/Chicago America/Indiana/Tell_City America/Indiana/Knox\n\
    US America/Menominee America/North_Dakota/Center America/North_Dakota/New_Salem\n\
    US America/North_Dakota/Beulah America/Denver America/Boise America/Phoenix\n\
    US America/Los_Angeles America/Anchorage America/Juneau America/Sitka America/Metlakatla\n\
    US America/Yakutat America/Nome America/Adak Pacific/Honolulu Navajo US/Alaska\n\
    US US/Aleutian US/Arizona US/Central US/East-Indiana US/Eastern US/Hawaii\n\
    US US/Indiana-Starke US/Michigan US/Mountain US/Pacific America/Indianapolis\n\
    US America/Knox_IN America/Louisville America/Atka America/Fort_Wayne America/Shiprock\n\
    CA America/St_Johns America/Halifax America/Glace_Bay America/Moncton America/Goose_Bay\n\
    CA America/Blanc-Sablon America/Toronto America/Iqaluit America/Atikokan\n\
    CA America/Winnipeg America/Resolute America/Rankin_Inlet America/Regina\n\
    CA America/Swift_Current America/Edmonton America/Cambridge_Bay America/Inuvik\n\
    CA America/Creston America/Dawson_Creek America/Fort_Nelson America/Whitehorse\n\
    CA America/Dawson America/Vancouver Canada/Atlantic Canada/Central Canada/Eastern\n\
    CA Canada/Mountain Canada/Newfoundland Canada/Pacific Canada/Saskatchewan Canada/Yukon\n\
    CA America/Montreal America/Nipigon America/Pangnirtung America/Rainy_River\n\
    CA America/Thunder_Bay America/Yellowknife\n\
    MX America/Mexico_City America/Cancun America/Merida America/Monterrey America/Matamoros\n\
    MX America/Chihuahua America/Ciudad_Juarez America/Ojinaga America/Mazatlan\n\
    MX America/Bahia_Banderas America/Hermosillo America/Tijuana Mexico/BajaNorte\n\
    MX Mexico/BajaSur Mexico/General America/Ensenada America/Santa_Isabel\n\
    BR America/Noronha America/Belem America/Fortaleza America/Recife America/Araguaina\n\
    BR America/Maceio America/Bahia America/Sao_Paulo America/Campo_Grande America/Cuiaba\n\
    BR America/Santarem America/Porto_Velho America/Boa_Vista America/Manaus\n\
    BR America/Eirunepe America/Rio_Branco Brazil/Acre Brazil/DeNoronha Brazil/East\n\
    BR Brazil/West America/Porto_Acre\n\
    AR America/Argentina/Buenos_Aires America/Argentina/Cordoba America/Argentina/Salta\n\
    AR America/Argentina/Jujuy America/Argentina/Tucuman America/Argentina/Catamarca\n\
    AR America/Argentina/La_Rioja America/Argentina/San_Juan America/Argentina/Mendoza\n\
    AR America/Argentina/San_Luis America/Argentina/Rio_Gallegos America/Argentina/Ushuaia\n\
    AR America/Buenos_Aires America/Catamarca America/Cordoba America/Jujuy America/Mendoza\n\
    AR America/Argentina/ComodRivadavia America/Rosario\n\
    CL America/Santiago America/Coyhaique America/Punta_Arenas Pacific/Easter\n\
    CL Chile/Continental Chile/EasterIsland\n\
    CO America/Bogota\n\
    PE America/Lima\n\
    ZA Africa/Johannesburg\n\
    EG Africa/Cairo Egypt\n\
    MA Africa/Casablanca\n\
    KE Africa/Nairobi\n\
    NG Africa/Lagos";

/// The country (ISO 3166 alpha-2) that an IANA zone belongs to; none for UTC and
/// other zones of no country, and for those of countries this table leaves out.
pub fn country_of_zone(zone: &str) -> Option<&'static str> {
    ZONES.lines().find_map(|line| {
        let (code, names) = line.split_once(' ')?;
        let is_named = names
            .split(' ')
            .any(|name| name.eq_ignore_ascii_case(zone.trim()));
        is_named.then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::country_by_code;
    use super::*;

    #[test]
    fn a_zone_belongs_to_one_country() {
        let check = |zone: &str, wanted: Option<&str>| {
            assert_eq!(country_of_zone(zone), wanted, "{zone}");
        };
        check("Asia/Singapore", Some("SG"));
        check("asia/singapore", Some("SG"));
        check("Asia/Shanghai", Some("CN"));
        check("Asia/Urumqi", Some("CN"));
        check("Asia/Hong_Kong", Some("HK"));
        check("Asia/Jayapura", Some("ID"));
        // What browsers still call Kolkata and Ho Chi Minh City.
        check("Asia/Calcutta", Some("IN"));
        check("Asia/Saigon", Some("VN"));
        check("Europe/London", Some("GB"));
        check("Europe/Oslo", Some("NO"));
        check("Australia/Eucla", Some("AU"));
        check("America/Indiana/Tell_City", Some("US"));
        check("Pacific/Honolulu", Some("US"));
        check("America/Toronto", Some("CA"));
        check("America/Sao_Paulo", Some("BR"));
        check("Africa/Johannesburg", Some("ZA"));
        check("UTC", None);
        check("Etc/GMT-8", None);
        check("EST", None);
        check("SG", None);
        check("Asia/Singa", None);
        check("", None);
    }

    #[test]
    fn the_table_is_sound() {
        let mut seen = BTreeSet::new();
        for line in ZONES.lines() {
            let mut words = line.split(' ');
            let code = words.next().unwrap();
            assert!(country_by_code(code).is_some(), "{code}");
            for zone in words {
                assert!(!zone.is_empty(), "{line}");
                assert!(seen.insert(zone), "{zone} stands there twice");
            }
        }
        assert!(seen.len() > 200);
    }
}
