use std::io::Write;

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};
use tempfile::NamedTempFile;

use super::*;

const NAMES: [&str; 12] = [
    "订单号",
    "姓名",
    "手机号",
    "金额",
    "id",
    "name",
    "amount",
    "注文番号",
    "訂單編號",
    "客戶姓名",
    "phone",
    "date",
];

fn known(cells: &[&str]) -> usize {
    cells
        .iter()
        .filter(|cell| NAMES.contains(&cell.trim()))
        .count()
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}

fn open(bytes: &[u8]) -> Result<(Layout, Vec<Row>), FileError> {
    open_with(bytes, &FileOptions::default())
}

fn open_with(bytes: &[u8], options: &FileOptions) -> Result<(Layout, Vec<Row>), FileError> {
    let file = file(bytes);
    let source = Source::open(file.path(), options, &known)?;
    let mut rows = source.rows()?;
    let (mut all, mut row) = (Vec::new(), Row::default());
    while rows.read(&mut row)? {
        all.push(row.clone());
    }
    Ok((source.layout().clone(), all))
}

fn cells(row: &Row) -> Vec<&str> {
    row.cells().collect()
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark
        .then_some(0xfeff)
        .into_iter()
        .chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

const CHINESE: &str = "订单号,姓名,手机号,金额\r\n1001,李雷,13800138000,12.50\r\n1002,韩梅梅,13900139000,\"1,024.00\"\r\n";

fn check_chinese(bytes: &[u8], encoding: &str) {
    let (layout, rows) = open(bytes).unwrap();
    assert_eq!(layout.encoding.name(), encoding);
    assert_eq!(layout.columns, ["订单号", "姓名", "手机号", "金额"]);
    assert_eq!(cells(&rows[0]), ["1001", "李雷", "13800138000", "12.50"]);
    assert_eq!(
        cells(&rows[1]),
        ["1002", "韩梅梅", "13900139000", "1,024.00"]
    );
    assert_eq!(rows.len(), 2);
}

#[test]
fn chinese_files_are_read_in_every_encoding() {
    check_chinese(CHINESE.as_bytes(), "UTF-8");
    check_chinese(format!("\u{feff}{CHINESE}").as_bytes(), "UTF-8");
    check_chinese(&encoded(CHINESE, GB18030), "GB18030");
    check_chinese(&utf16(CHINESE, true, true), "UTF-16LE");
    check_chinese(&utf16(CHINESE, false, true), "UTF-16BE");
    check_chinese(&utf16(CHINESE, true, false), "UTF-16LE");
    check_chinese(&utf16(CHINESE, false, false), "UTF-16BE");
}

fn sniffed(text: &str, encoding: &'static Encoding) -> String {
    let (layout, rows) = open(&encoded(text, encoding)).unwrap();
    let first = text.lines().nth(1).unwrap().to_owned();
    assert_eq!(cells(&rows[0]).join(","), first);
    layout.encoding.name().to_owned()
}

#[test]
fn neighbouring_encodings_are_told_apart() {
    assert_eq!(
        sniffed("訂單編號,客戶姓名,金額\n1,陳大文,20\n2,黃小明,30\n", BIG5),
        "Big5"
    );
    assert_eq!(
        sniffed(
            "注文番号,お名前,金額\n1,山田太郎,2000\n2,さとう はなこ,30\n",
            SHIFT_JIS
        ),
        "Shift_JIS"
    );
    // Hardly a kana in it; the same bytes are syllables in Korean and characters in Chinese.
    assert_eq!(
        sniffed(
            "注文番号,注文日,氏名,電話番号,合計金額\n1,2026/01/03,佐藤花子,090,12800\n",
            SHIFT_JIS
        ),
        "Shift_JIS"
    );
    assert_eq!(
        sniffed("id,name,amount\n1,홍길동,20\n2,김철수,30\n", EUC_KR),
        "EUC-KR"
    );
    assert_eq!(
        sniffed(
            "주문번호,주문일,고객명,전화번호,결제금액\n1,2026-01-03,김영희,010,12800\n",
            EUC_KR
        ),
        "EUC-KR"
    );
    assert_eq!(
        sniffed(
            "id,name,amount\n1,José Núñez,20\n2,Zoë Köhler,30\n",
            WINDOWS_1252
        ),
        "windows-1252"
    );
    assert_eq!(
        sniffed("id,name,amount\n1,王芳,20\n2,李娜,30\n", GB18030),
        "GB18030"
    );
    // A character that needs four bytes.
    assert_eq!(
        sniffed("id,name,amount\n1,𠮷田,20\n2,㐀㐁 生僻字测试,30\n", GB18030),
        "GB18030"
    );
}

#[test]
fn the_first_character_beyond_ascii_may_come_late() {
    let mut text = "id,name,amount\n".to_owned();
    for id in 0..40_000 {
        text.push_str(&format!("{id},plain name,12.5\n"));
    }
    text.push_str("40000,张伟,12.5\n");
    let (layout, rows) = open(&encoded(&text, GB18030)).unwrap();
    assert_eq!(layout.encoding.name(), "GB18030");
    assert_eq!(rows.last().unwrap().get(1), "张伟");
    assert_eq!(rows.last().unwrap().line(), 40_002);
}

#[test]
fn an_encoding_given_by_hand_wins() {
    let options = FileOptions {
        encoding: Some("gbk".to_owned()),
        ..FileOptions::default()
    };
    let (layout, rows) = open_with(&encoded(CHINESE, GB18030), &options).unwrap();
    assert_eq!(
        (layout.encoding.name(), rows[0].get(1)),
        ("GB18030", "李雷")
    );
    let wrong = FileOptions {
        encoding: Some("klingon".to_owned()),
        ..FileOptions::default()
    };
    assert_eq!(
        open_with(b"a,b\n", &wrong).unwrap_err().code(),
        "encoding_unknown"
    );
}

#[test]
fn delimiters_are_found() {
    for (delimiter, byte) in [(",", b','), ("\t", b'\t'), (";", b';'), ("|", b'|')] {
        let text =
            format!("id{delimiter}name{delimiter}amount\n1{delimiter}a b{delimiter}\"1,5\"\n");
        let (layout, rows) = open(text.as_bytes()).unwrap();
        assert_eq!(layout.delimiter, byte);
        assert_eq!(cells(&rows[0]), ["1", "a b", "1,5"]);
    }
    let (layout, rows) = open(b"id;amount;name\n1;1,50;Smith, J\n2;2,75;Doe, A\n").unwrap();
    assert_eq!((layout.delimiter, rows[0].get(1)), (b';', "1,50"));
    let (layout, rows) = open(b"sep=;\r\nid;amount\r\n1;2\r\n").unwrap();
    assert_eq!(
        (layout.delimiter, layout.columns.len(), rows[0].line()),
        (b';', 2, 3)
    );
}

#[test]
fn titles_above_the_header_are_passed_over() {
    let (layout, rows) =
        open("销售报表\n导出时间: 2026-01-02\n\n订单号,姓名,金额\n1,李雷,3\n".as_bytes()).unwrap();
    assert_eq!((layout.header_row, rows[0].line()), (4, 5));
    let (layout, rows) = open(b"Weekly\nfoo,bar,baz\nx1,y,3\nx2,y,4\n").unwrap();
    assert_eq!(
        (layout.header_row, layout.columns[1].as_str(), rows.len()),
        (2, "bar", 2)
    );
    let (layout, rows) = open(b"1001,2026-01-02,9.5\n1002,2026-01-03,7.5\n").unwrap();
    assert_eq!(
        (layout.header_row, layout.columns.join("")),
        (0, "ABC".to_owned())
    );
    assert_eq!(rows.len(), 2);
}

#[test]
fn lines_count_through_embedded_breaks_and_blank_rows() {
    let text = "id,name\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n,\r\n2,plain\"quote\r\n3,\"tail\" kept";
    let (_, rows) = open(text.as_bytes()).unwrap();
    let lines: Vec<u64> = rows.iter().map(Row::line).collect();
    assert_eq!(lines, [2, 6, 7]);
    assert_eq!(rows[0].get(1), "two\r\nlines, \"quoted\"");
    assert_eq!(rows[1].get(1), "plain\"quote");
    assert_eq!(rows[2].get(1), "tail kept");
    let (_, rows) = open(b"id,name\r1,a\r2,b").unwrap();
    assert_eq!(rows[1].line(), 3);
}

#[test]
fn one_stray_quote_costs_one_row() {
    let mut text = "id,name\n1,\"never closed\n".to_owned();
    for id in 2..3000 {
        text.push_str(&format!("{id},fine\n"));
    }
    let (_, rows) = open(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 2999);
    assert_eq!(rows[0].fault(), Some(RowFault::QuoteUnclosed));
    assert!(rows[1..].iter().all(|row| row.fault().is_none()));
    let (_, rows) = open(b"id,name\n1,a\n2,\"cut").unwrap();
    assert_eq!(
        (rows.len(), rows[1].fault()),
        (2, Some(RowFault::QuoteUnclosed))
    );
}

#[test]
fn ragged_rows_keep_their_cells() {
    let (_, rows) = open(b"id,name,amount\n1,a\n2,b,3,4\n3,c,5\n").unwrap();
    assert_eq!((rows[0].len(), rows[0].get(2)), (2, ""));
    assert_eq!((rows[1].len(), rows[1].get(3)), (4, "4"));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn packed_files_are_unpacked_while_reading() {
    let bytes = encoded(CHINESE, GB18030);
    check_chinese(&gzip(&bytes), "GB18030");
    check_chinese(
        &zipped(&[("__MACOSX/._a.csv", b"x"), ("folder/a.csv", &bytes)]),
        "GB18030",
    );
    let two = zipped(&[("a.csv", &bytes), ("b.csv", &bytes)]);
    assert_eq!(open(&two).unwrap_err().code(), "archive_many");
    assert_eq!(open(&zipped(&[])).unwrap_err().code(), "archive_empty");
    let packed = gzip(&bytes);
    assert_eq!(
        open(&packed[..packed.len() - 12]).unwrap_err().code(),
        "archive_broken"
    );
}

#[test]
fn bombs_and_binaries_are_refused() {
    let bomb = gzip(&vec![b'a'; 4 << 20]);
    assert!(matches!(
        open(&bomb).unwrap_err().code(),
        "file_too_large" | "row_too_long"
    ));
    let lines = b"1,2\n".repeat(30 << 20);
    assert_eq!(open(&gzip(&lines)).unwrap_err().code(), "file_too_large");
    assert_eq!(open(b"").unwrap_err().code(), "file_empty");
    assert_eq!(
        open(b"\x00\x01\x02\x03binary\x00\x00\xff\xfe\x00")
            .unwrap_err()
            .code(),
        "file_binary"
    );
    assert_eq!(
        open(b"%PDF-1.7 ...").unwrap_err().code(),
        "file_unsupported"
    );
    assert_eq!(
        open(&gzip(&zipped(&[("a.csv", b"a,b\n")])))
            .unwrap_err()
            .code(),
        "file_unsupported"
    );
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Empty").unwrap();
    let sheet = book.add_worksheet().set_name("Orders").unwrap();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write(0, 0, "销售报表").unwrap();
    for (column, name) in ["订单号", "姓名", "金额", "date"].into_iter().enumerate() {
        sheet
            .write(2, u16::try_from(column).unwrap(), name)
            .unwrap();
    }
    sheet.write(3, 0, "2871234567890123456").unwrap();
    sheet.write(3, 1, "李雷\n二").unwrap();
    sheet.write(3, 2, 19.99).unwrap();
    let at = rust_xlsxwriter::ExcelDateTime::parse_from_str("2026-03-04 05:06:07").unwrap();
    sheet.write_datetime_with_format(3, 3, &at, &date).unwrap();
    sheet.write(5, 0, 123_456_789_012_f64).unwrap();
    sheet.write(5, 3, "2026-03-05").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn workbooks_stream_like_text() {
    let bytes = workbook();
    for bytes in [bytes.clone(), zipped(&[("a.xlsx", &bytes)])] {
        let (layout, rows) = open(&bytes).unwrap();
        assert_eq!(layout.sheets, ["Empty", "Orders"]);
        assert_eq!(
            (layout.sheet.as_deref(), layout.header_row),
            (Some("Orders"), 3)
        );
        assert_eq!(
            cells(&rows[0]),
            [
                "2871234567890123456",
                "李雷\n二",
                "19.99",
                "2026-03-04 05:06:07"
            ]
        );
        assert_eq!(cells(&rows[1]), ["123456789012", "", "", "2026-03-05"]);
        assert_eq!((rows[0].line(), rows[1].line()), (4, 6));
    }
    let missing = FileOptions {
        sheet: Some("No".to_owned()),
        ..FileOptions::default()
    };
    assert_eq!(
        open_with(&bytes, &missing).unwrap_err().code(),
        "sheet_missing"
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_end_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..2000)) {
        let _ = open(&bytes);
    }

    #[test]
    fn what_a_csv_writer_wrote_comes_back(
        table in proptest::collection::vec(proptest::collection::vec("[a-z,;\"\\n\\r 李雷é]{1,12}x", 3), 1..20),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "name", "amount"]).unwrap();
        for record in &table {
            writer.write_record(record).unwrap();
        }
        let options = FileOptions { encoding: Some("utf-8".to_owned()), delimiter: Some(",".to_owned()), ..FileOptions::default() };
        let (_, rows) = open_with(&writer.into_inner().unwrap(), &options).unwrap();
        let read: Vec<Vec<String>> = rows.iter().map(|row| row.cells().map(str::to_owned).collect()).collect();
        proptest::prop_assert_eq!(read, table);
    }
}
