use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1251, WINDOWS_1252,
};

use crate::FileError;

/// Encodings offered to people, commonest first.
pub const CHOICES: [&str; 12] = [
    "UTF-8",
    "GB18030",
    "UTF-16LE",
    "UTF-16BE",
    "Big5",
    "Shift_JIS",
    "EUC-JP",
    "EUC-KR",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-874",
];

/// Bytes from which an encoding is guessed.
pub struct Window {
    /// The beginning of the table.
    pub head: Vec<u8>,
    /// Whether that is all of it.
    pub whole: bool,
    /// Bytes from the first place beyond ASCII, if the head is ASCII.
    pub later: Vec<u8>,
}

/// An encoding and how sure the guess is.
#[derive(Debug, Clone, Copy)]
pub struct EncodingGuess {
    encoding: &'static Encoding,
    /// Between 0 and 1.
    pub confidence: f64,
}

impl EncodingGuess {
    /// An encoding that is known.
    #[must_use]
    pub const fn certain(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            confidence: 1.0,
        }
    }

    /// The encoding a label names.
    ///
    /// # Errors
    /// If no encoding has this label.
    pub fn by_label(label: &str) -> Result<Self, FileError> {
        Encoding::for_label(label.trim().as_bytes())
            .filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
            .map(|encoding| Self::certain(if encoding == GBK { GB18030 } else { encoding }))
            .ok_or_else(|| FileError::EncodingUnknown(label.to_owned()))
    }

    /// The decoder's own name of the encoding.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if self.encoding == GB18030 {
            "GB18030"
        } else {
            self.encoding.name()
        }
    }

    pub(crate) const fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    pub(crate) fn decode<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        self.encoding.decode_with_bom_removal(bytes).0
    }
}

/// Guesses the encoding: mark, then UTF-16 by its zero bytes, then valid
/// UTF-8, then the encoding under which the text reads most like text.
pub fn sniff(window: &Window) -> Result<EncodingGuess, FileError> {
    if let Some((encoding, _)) = Encoding::for_bom(&window.head) {
        return Ok(EncodingGuess::certain(encoding));
    }
    if window.head.contains(&0) {
        return wide(&window.head).ok_or(FileError::Binary);
    }
    if control_share(&window.head) > 0.05 {
        return Err(FileError::Binary);
    }
    let sample = if window.later.is_empty() {
        &window.head
    } else {
        &window.later
    };
    if sample.is_ascii() {
        return Ok(EncodingGuess {
            encoding: UTF_8,
            confidence: 1.0,
        });
    }
    let cut_off = !window.whole || !window.later.is_empty();
    if valid_utf8(sample, cut_off) {
        return Ok(EncodingGuess {
            encoding: UTF_8,
            confidence: 0.99,
        });
    }
    Ok(by_reading(sample))
}

fn valid_utf8(sample: &[u8], cut_off: bool) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => cut_off && error.error_len().is_none(),
    }
}

fn control_share(bytes: &[u8]) -> f64 {
    let controls = bytes
        .iter()
        .filter(|byte| **byte < 0x20 && !b"\t\r\n\x0c\x1a".contains(byte))
        .count();
    share(controls, bytes.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a small sample")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// UTF-16 without a mark: separators and digits have their zero byte always on the same side.
fn wide(head: &[u8]) -> Option<EncodingGuess> {
    let zeros = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let (encoding, most, least) = if odd > even {
        (UTF_16LE, odd, even)
    } else {
        (UTF_16BE, even, odd)
    };
    if share(most, head.len() / 2) < 0.02 || least * 20 > most {
        return None;
    }
    let even_length = head.len() - head.len() % 2;
    let (text, _) = encoding.decode_without_bom_handling(&head[..even_length]);
    let odd_characters = text
        .chars()
        .filter(|c| *c == '\u{fffd}' || (c.is_control() && !"\t\r\n".contains(*c)))
        .count();
    // Bytes that are two letters each make characters, but hardly ever a line's end.
    let is_text = share(odd_characters, text.chars().count()) < 0.01 && text.contains(['\r', '\n']);
    is_text.then_some(EncodingGuess {
        encoding,
        confidence: 0.95,
    })
}

fn by_reading(sample: &[u8]) -> EncodingGuess {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let mut guessed = detector.guess(None, Utf8Detection::Deny);
    if guessed == GBK {
        guessed = GB18030;
    }
    let mut candidates = vec![
        GB18030,
        BIG5,
        SHIFT_JIS,
        EUC_JP,
        EUC_KR,
        WINDOWS_1252,
        WINDOWS_1251,
    ];
    if !candidates.contains(&guessed) {
        candidates.push(guessed);
    }
    let mut scored: Vec<(f64, &'static Encoding)> = candidates
        .into_iter()
        .map(|encoding| {
            let bonus = if encoding == guessed { 0.4 } else { 0.0 };
            (readability(encoding, sample) + bonus, encoding)
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    let lead = scored[0].0 - scored[1].0;
    EncodingGuess {
        encoding: scored[0].1,
        confidence: (0.5 + lead / 4.0).clamp(0.3, 0.98),
    }
}

/// How much the bytes read like a table under an encoding: a mean over the
/// characters beyond ASCII, so that short and long samples compare.
fn readability(encoding: &'static Encoding, sample: &[u8]) -> f64 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut points, mut count) = (0.0_f64, 0_u32);
    let mut previous = ' ';
    for character in text.chars() {
        if !character.is_ascii() {
            count += 1;
            points += worth(encoding, character, previous);
        }
        previous = character;
    }
    if count == 0 {
        -9.0
    } else {
        points / f64::from(count)
    }
}

fn worth(encoding: &'static Encoding, character: char, previous: char) -> f64 {
    match character {
        '\u{fffd}' => -12.0,
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => -6.0,
        // Half-width katakana is what Chinese bytes turn into under Shift-JIS.
        '\u{ff61}'..='\u{ff9f}' => -0.5,
        '\u{3040}'..='\u{30ff}' => 2.5,
        '\u{ff01}'..='\u{ff60}' | '\u{3000}'..='\u{303f}' => 1.0,
        '\u{ac00}'..='\u{d7a3}' if COMMON_HANGUL.contains(character) => 2.5,
        '\u{ac00}'..='\u{d7a3}' => -0.5,
        '\u{4e00}'..='\u{9fff}' if encoding == EUC_KR => -1.0,
        '\u{4e00}'..='\u{9fff}' if common_han(encoding).contains(character) => 3.0,
        '\u{4e00}'..='\u{9fff}' => 0.4,
        '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3ffff}' => 0.0,
        '\u{400}'..='\u{45f}' => {
            // Mixed case inside a word is what other bytes turn into.
            if previous.is_lowercase() && character.is_uppercase() {
                -2.0
            } else {
                1.2
            }
        }
        _ if character.is_alphabetic() => {
            if previous.is_ascii_alphabetic() {
                2.0
            } else if previous.is_ascii() {
                0.3
            } else {
                -2.0
            }
        }
        '£' | '€' | '¥' | '°' | '–' | '—' | '‘' | '’' | '“' | '”' | '\u{a0}' | '®' | '™' | '½'
            if previous.is_ascii() =>
        {
            1.0
        }
        _ => -1.0,
    }
}

fn common_han(encoding: &'static Encoding) -> &'static str {
    if encoding == BIG5 {
        COMMON_TRADITIONAL
    } else if encoding == SHIFT_JIS || encoding == EUC_JP {
        COMMON_JAPANESE
    } else {
        COMMON_SIMPLIFIED
    }
}

/// Frequent characters of running text, table headers and names.
const COMMON_SIMPLIFIED: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题程展五果料员位入常文总次品式活设管特件长求老头基资边流路级少图山接知较将组见计别她手角期根论运农指几九区强放决西被做必战先回则任取据处订单号客户姓名手机会员卡积分等级门店金额数量价格日期时间支付买卖家商编码称址话性女男退款优惠费状态货币城市省广东北京上海南深圳杭州成都武汉李王张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文娜丽伟芳敏静强磊军洋勇艳杰娟涛超霞刚桂英";
const COMMON_TRADITIONAL: &str = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運訂單號客戶姓名卡等級價付款商編稱址男退優惠費狀態幣城台灣香港九龍高雄臺黃陳林李吳劉蔡楊許鄭謝郭洪邱曾廖賴徐周葉蘇莊江呂何羅蕭潘朱簡鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范宋方";
const COMMON_JAPANESE: &str = "日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有口過局少放税検藤町常校料沢裁状工建語球営空職証土与急止送援供可役構木割聞身費付施切由説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述残想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賀訴辺造英被株頭技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜製票況音申様財港識注号顧客郵便携帯姓誕購単込貨舗鈴橋伊林吉花太郎咲";
/// Frequent Korean syllables; what other bytes turn into are the rare ones.
const COMMON_HANGUL: &str = "가각간감갑강개객거건걸검것게격결경계고공과관광교구국군권규그근글금급기길김나날남내너네년노논농누는능니다단달담당대더도독동되된두드득들등따때또라락란래량러럼레려력련로록론료루류르른를름리마만말망매머며면명모목무문물미민바박반발방배백번법변별보복본부분불비빌사산상색생서석선설성세소속손송수순술스습승시식신실심싸쌀아악안알암앞야약양어언얼업없었에여역연열영예오온올와완외요용우운울원월위유육으은을음의이인일임입있자작장재저적전절점정제조족존종주준중즉증지직진질집차참창채처천철첫청체초총최추축출충치카케코크타탁태터토통투트특파판팔패편평포품프플피필하학한할함합항해행향허현협형혜호화확환활황회효후훈휴흐희히했액짜쿠폰";
