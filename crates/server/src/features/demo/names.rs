//! What people are called and where they live, country by country.

use rand_chacha::ChaCha8Rng;

use super::dice::{chance, pick, unit};

/// A name as its owner writes it.
pub(super) struct Name {
    pub given: String,
    pub family: String,
    /// Both in the order of the language.
    pub full: String,
    pub language: &'static str,
}

/// The town around a shop.
pub(super) struct Town {
    pub name: &'static str,
    streets: &'static [&'static str],
    /// First letters of its postcodes, and how many digits follow.
    postcode: (&'static str, usize),
}

#[rustfmt::skip]
const SINGAPORE: Town = Town {
    name: "Singapore",
    streets: &[
        "Orchard Road", "Victoria Street", "Bukit Timah Road", "River Valley Road",
        "Serangoon Road", "Tampines Avenue 4", "Bedok North Street 3", "Clementi Avenue 2",
        "Toa Payoh Lorong 8", "Ang Mo Kio Avenue 10", "Jurong West Street 61", "Pasir Ris Drive 6",
    ],
    postcode: ("", 6),
};
#[rustfmt::skip]
const KUALA_LUMPUR: Town = Town {
    name: "Kuala Lumpur",
    streets: &[
        "Jalan Ampang", "Jalan Bukit Bintang", "Jalan Tun Razak", "Jalan Ipoh", "Jalan Klang Lama",
        "Jalan Kuching", "Jalan Cheras",
    ],
    postcode: ("5", 4),
};
#[rustfmt::skip]
const PENANG: Town = Town {
    name: "Penang",
    streets: &[
        "Jalan Burma", "Jalan Penang", "Lebuh Chulia", "Jalan Macalister", "Gurney Drive",
    ],
    postcode: ("10", 3),
};
#[rustfmt::skip]
const SHANGHAI: Town = Town {
    name: "上海",
    streets: &[
        "南京西路", "淮海中路", "四川北路", "张杨路", "长宁路", "漕溪北路", "世纪大道", "打浦路",
    ],
    postcode: ("20", 4),
};
#[rustfmt::skip]
const SHENZHEN: Town = Town {
    name: "深圳",
    streets: &[
        "深南大道", "华强北路", "滨海大道", "福华一路", "红荔路", "科苑路",
    ],
    postcode: ("518", 3),
};
#[rustfmt::skip]
const CHENGDU: Town = Town {
    name: "成都",
    streets: &[
        "春熙路", "人民南路", "天府大道", "建设路", "科华北路", "双楠路",
    ],
    postcode: ("610", 3),
};
#[rustfmt::skip]
const TOKYO: Town = Town {
    name: "東京",
    streets: &[
        "神南", "道玄坂", "恵比寿西", "代々木", "北沢", "三軒茶屋", "中野", "荻窪",
    ],
    postcode: ("15", 5),
};
#[rustfmt::skip]
const OSAKA: Town = Town {
    name: "大阪",
    streets: &["心斎橋筋", "南船場", "北堀江", "天神橋", "福島", "玉造"],
    postcode: ("54", 5),
};
#[rustfmt::skip]
const DUBAI: Town = Town {
    name: "Dubai",
    streets: &[
        "Sheikh Zayed Road", "Al Wasl Road", "Jumeirah Beach Road", "Al Maktoum Street",
        "Al Khail Road", "Hessa Street",
    ],
    // The Emirates have no postcodes.
    postcode: ("", 0),
};

impl Town {
    /// The town of a shop, by its code.
    pub(super) fn of(store: &str) -> &'static Town {
        match store {
            "MY1" | "MY2" => &KUALA_LUMPUR,
            "MY3" => &PENANG,
            "CN1" => &SHANGHAI,
            "CN2" => &SHENZHEN,
            "CN3" => &CHENGDU,
            "JP1" => &TOKYO,
            "JP2" => &OSAKA,
            "AE1" => &DUBAI,
            _ => &SINGAPORE,
        }
    }

    /// A street and house, and its postcode.
    pub(super) fn draw_address(&self, rng: &mut ChaCha8Rng, language: &str) -> (String, String) {
        let (street, house) = (pick(rng, self.streets), 1 + (unit(rng) * 400.0) as u32);
        let door = 1 + (unit(rng) * 30.0) as u32;
        let address = match self.name {
            "上海" | "深圳" | "成都" => format!("{street}{house}号{door}0{}室", 1 + door % 4),
            "東京" | "大阪" => format!("{street}{}-{door}-{}", 1 + house % 5, 1 + house % 20),
            _ if language == "zh" => format!("{street} {house}号 #{door:02}"),
            _ => format!("{house} {street} #{door:02}-{:02}", 1 + house % 60),
        };
        let (start, digits) = self.postcode;
        let range = 10_u64.pow(digits as u32) as f64;
        let number = (unit(rng) * range) as u64;
        let postcode = match digits {
            0 => String::new(),
            _ => format!("{start}{number:0digits$}"),
        };
        (address, postcode)
    }
}

#[rustfmt::skip]
const HAN_FAMILY: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林", "郭", "何",
    "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "萧", "蔡", "潘", "田",
    "董", "袁", "于", "欧阳",
];
#[rustfmt::skip]
const HAN_GIVEN: [&str; 60] = [
    "伟", "芳", "娜", "秀", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "兰", "霞", "平", "刚", "桂", "英", "子", "涵", "梓", "轩", "雨", "欣", "怡", "佳", "浩", "宇", "晨", "俊",
    "思", "琪", "文", "博", "嘉", "瑞", "雪", "梅", "国", "华", "建", "婷", "诗", "彤", "一", "诺", "宁", "凯",
    "航", "雅", "玲", "慧", "志", "远",
];
#[rustfmt::skip]
const SG_FAMILY: [&str; 28] = [
    "Tan", "Lim", "Lee", "Ng", "Ong", "Wong", "Goh", "Chua", "Chan", "Koh", "Teo", "Ang", "Yeo",
    "Tay", "Ho", "Low", "Toh", "Sim", "Chong", "Chia", "Kumar", "Rahman", "Singh", "Nair",
    "Ismail", "Pillai", "de Souza", "Ramasamy",
];
#[rustfmt::skip]
const SG_GIVEN: [&str; 48] = [
    "Wei Ling", "Jia Hui", "Mei", "Kai", "Xin Yi", "Jun Jie", "Hui Min", "Zhi Hao", "Priya",
    "Arjun", "Nurul", "Aisyah", "Daniel", "Rachel", "Marcus", "Grace", "Amirah", "Ravi",
    "Shu Fen", "Bryan", "Li Ting", "Wen Jie", "Siew Ling", "Kok Leong", "Yi Xuan", "Jing Wen",
    "Ryan", "Sarah", "Joel", "Clara", "Benjamin", "Hannah", "Deepa", "Vikram", "Farah", "Hafiz",
    "Siti", "Zul", "Peter", "Michelle", "Adrian", "Joanne", "Ethan", "Chloe", "Boon Huat",
    "Swee Lan", "Ming Hui", "Anita",
];
#[rustfmt::skip]
const MY_FAMILY: [&str; 22] = [
    "Abdullah", "Rahman", "Ismail", "Hassan", "Tan", "Lim", "Wong", "Krishnan", "Yusof",
    "Ibrahim", "Ahmad", "Othman", "Zakaria", "Lee", "Chong", "Ng", "Subramaniam", "Menon",
    "Razak", "Salleh", "Yap", "Leong",
];
#[rustfmt::skip]
const MY_GIVEN: [&str; 36] = [
    "Aisha", "Nur", "Ahmad", "Farid", "Siti", "Hafiz", "Mei Yee", "Kok Wai", "Lakshmi",
    "Suresh", "Zara", "Amir", "Puteri", "Chee Keong", "Azlan", "Rohana", "Fatin", "Syafiq",
    "Nadia", "Iskandar", "Wei Han", "Pei Shan", "Yee Ling", "Chun Hong", "Devi", "Ganesh",
    "Shalini", "Prakash", "Izzah", "Danial", "Balqis", "Haziq", "Kavitha", "Jason", "Melissa",
    "Alia",
];
#[rustfmt::skip]
const JP_FAMILY: [&str; 30] = [
    "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田", "佐々木", "山口", "松本",
    "井上", "木村", "林", "清水", "山崎", "森", "池田", "橋本", "阿部", "石川", "前田", "藤田", "小川", "岡田", "長谷川",
];
#[rustfmt::skip]
const JP_GIVEN: [&str; 36] = [
    "美咲", "陽菜", "結衣", "葵", "蓮", "大翔", "悠真", "翔太", "直樹", "さくら", "健", "恵子", "拓海", "健太", "千尋",
    "麻衣", "由美", "真由美", "智子", "浩", "誠", "隆", "和也", "大輔", "優子", "彩", "愛", "凛", "陸", "湊", "七海",
    "遥", "康平", "亮", "里奈", "ひなた",
];
#[rustfmt::skip]
const AE_FAMILY: [&str; 22] = [
    "Al Suwaidi", "Hussain", "Khan", "Al Mansoori", "Haddad", "Fernandes", "Smith", "Petrova",
    "Al Zaabi", "Al Ketbi", "Nasser", "Farouk", "Sheikh", "Mathew", "Nair", "Santos", "Rahimi",
    "Al Hashimi", "Mehta", "Khoury", "Ali", "Saleh",
];
#[rustfmt::skip]
const AE_GIVEN: [&str; 32] = [
    "Fatima", "Omar", "Layla", "Yousef", "Mariam", "Khalid", "Sara", "Imran", "Maria", "James",
    "Olga", "Hessa", "Ahmed", "Noura", "Rashid", "Aisha", "Saif", "Huda", "Karim", "Rania",
    "Anil", "Sunita", "Elena", "George", "Samira", "Tariq", "Zainab", "Bilal", "Reem", "Hamad",
    "Joy", "Dina",
];

/// Draws a name that is usual in a country.
pub(super) fn draw_name(rng: &mut ChaCha8Rng, country: &str) -> Name {
    let (families, given_names, language): (&[&str], &[&str], _) = match country {
        "CN" => (&HAN_FAMILY, &HAN_GIVEN, "zh"),
        "JP" => (&JP_FAMILY, &JP_GIVEN, "ja"),
        "MY" => (&MY_FAMILY, &MY_GIVEN, "en"),
        "AE" => (&AE_FAMILY, &AE_GIVEN, "en"),
        _ if chance(rng, 0.17) => (&HAN_FAMILY, &HAN_GIVEN, "zh"),
        _ => (&SG_FAMILY, &SG_GIVEN, "en"),
    };
    let family = common(rng, families).to_owned();
    let mut given = (*pick(rng, given_names)).to_owned();
    if language == "zh" && chance(rng, 0.75) {
        given.push_str(pick::<&str>(rng, given_names));
    }
    let full = match language {
        "zh" => format!("{family}{given}"),
        "ja" => format!("{family} {given}"),
        _ => format!("{given} {family}"),
    };
    Name {
        given,
        family,
        full,
        language,
    }
}

/// One of several, the first ones more often.
fn common<'a>(rng: &mut ChaCha8Rng, from: &[&'a str]) -> &'a str {
    from[(unit(rng).powf(1.7) * from.len() as f64) as usize]
}
