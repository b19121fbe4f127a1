//! ISO 4217 currencies with their number of decimals.

/// A text that is not a currency code in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 4217 currency code")]
pub struct CurrencyError;

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Currencies with two decimals: those in use, and those retired so lately
/// that sales files still hold them.
const TWO: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL \
    BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN \
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS \
    KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR \
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD \
    SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS \
    VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL";
const ZERO: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
const FOUR: &str = "CLF UYW";

impl Currency {
    /// Reads a code in either case; blanks around it do not matter.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        let code = code.trim();
        let bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| CurrencyError)?;
        let currency = Self(bytes.map(|byte| byte.to_ascii_uppercase()));
        currency.lookup().map(|_| currency).ok_or(CurrencyError)
    }

    /// The three-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII codes are constructed")
    }

    /// How many decimals the minor unit has: JPY 0, USD 2, KWD 3.
    pub fn exponent(self) -> u32 {
        self.lookup().expect("only known codes are constructed")
    }

    /// Every known currency in alphabetical order.
    pub fn all() -> Vec<Currency> {
        let mut all: Vec<Currency> = [ZERO, TWO, THREE, FOUR]
            .iter()
            .flat_map(|list| list.split_whitespace())
            .map(|code| Self::parse(code).expect("the tables hold codes"))
            .collect();
        all.sort_unstable();
        all
    }

    fn lookup(self) -> Option<u32> {
        let code = self.0;
        let holds = |list: &str| list.as_bytes().chunks(4).any(|chunk| chunk[..3] == code);
        [(2, TWO), (0, ZERO), (3, THREE), (4, FOUR)]
            .into_iter()
            .find(|(_, list)| holds(list))
            .map(|(exponent, _)| exponent)
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        Self::parse(text)
    }
}

impl utoipa::PartialSchema for Currency {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("ISO 4217"))
            .pattern(Some("^[A-Z]{3}$"))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Currency {}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(input)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents() {
        let check = |code: &str, wanted| {
            assert_eq!(
                Currency::parse(code).map(Currency::exponent),
                Ok(wanted),
                "{code}"
            );
        };
        check("USD", 2);
        check("cny", 2);
        check(" sgd ", 2);
        check("JPY", 0);
        check("KRW", 0);
        check("KWD", 3);
        check("CLF", 4);
    }

    #[test]
    fn refuses_what_is_not_a_currency() {
        for text in ["", "US", "USDT", "XXX", "ABC", "美元", "D A", "ED "] {
            assert_eq!(Currency::parse(text), Err(CurrencyError), "{text}");
        }
    }

    #[test]
    fn every_code_is_listed_once() {
        let all = Currency::all();
        let mut once = all.clone();
        once.dedup();
        assert_eq!(all, once);
    }
}
