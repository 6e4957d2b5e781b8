//! Large files, read window by window: what is found is what reading them whole finds, however small the windows.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::ORDINARY;
use super::samples::{DOWNLOAD_2025, RISKY, cell, diagnostic, download, log_analytics_csv, powershell, sign_in};
use crate::frame::Column;
use crate::ingest::blocks::Sizes;
use crate::ingest::{MaxBadRows, Options, ingest_in};

/// Everything that can be seen of a reading, but for the folder that the file was in.
fn seen(bytes: &[u8], name: &str, options: &Options, sizes: Sizes) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name).display().to_string();
    std::fs::write(&path, bytes).unwrap();
    seen_of(&path, options, sizes).replace(&folder.path().display().to_string(), "")
}

fn seen_of(path: &str, options: &Options, sizes: Sizes) -> String {
    let ingested = match ingest_in(&[path.to_owned()], options, &(), sizes) {
        Ok(ingested) => ingested,
        Err(error) => return format!("{}: {error}: {error:?}", error.place()),
    };
    let mut all = format!("{:?}\n{:?}\n", ingested.inputs, ingested.diagnostics);
    for row in 0..ingested.frame.rows() {
        write!(all, "{:?} {:?}", ingested.frame.created()[row], ingested.frame.delivered()[row]).unwrap();
        for column in Column::ALL {
            write!(all, " {}", ingested.frame.code(*column, row)).unwrap();
        }
        writeln!(all).unwrap();
    }
    for column in Column::ALL {
        writeln!(all, "{:?}", ingested.frame.dictionary(*column).iter().collect::<Vec<_>>()).unwrap();
    }
    all
}

/// Holds that two readings are the same, or shows where they part.
fn assert_same(found: &str, whole: &str, of: &str) {
    let place = found.bytes().zip(whole.bytes()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| text.chars().skip(place.saturating_sub(200)).take(500).collect::<String>();
    assert!(found == whole, "{of}: in windows:\n{}\n--- whole:\n{}", around(found), around(whole));
}

const WHOLE: Sizes = Sizes { small: u64::MAX, together: u64::MAX, window: 1 << 20, piece: 1 << 20 };

fn small(window: usize, piece: usize) -> Sizes {
    Sizes { small: 0, together: 0, window, piece }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    // Two streams, one after the other.
    let mut packed = Vec::new();
    for half in bytes.chunks(bytes.len() / 2 + 1) {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(half).unwrap();
        packed.extend(encoder.finish().unwrap());
    }
    packed
}

/// Holds that a file is read the same in windows of these sizes as whole; how it is read.
fn same(name: &str, bytes: &[u8], options: &Options, window: usize) -> String {
    let whole = seen(bytes, name, options, WHOLE);
    for (window, piece) in [(window, window / 7), (2 * window, window / 3), (3 * window + 1, 64)] {
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| seen(bytes, name, options, small(window, piece)));
            assert_same(&found, &whole, &format!("{name}, {window}, {piece}, {threads}"));
        }
    }
    whole
}

fn any(random: &mut ChaCha8Rng) -> Options {
    Options { max_bad_rows: MaxBadRows::Share(100.0), hash_inputs: random.random(), ..ORDINARY }
}

/// Both as it is and packed.
fn same_packed_too(name: &str, text: &str, options: &Options, window: usize) -> String {
    same(&format!("{name}.gz"), &gzip(text.as_bytes()), options, window);
    same(name, text.as_bytes(), options, window)
}

fn numbered(mut record: Value, number: usize, random: &mut ChaCha8Rng) -> Value {
    let names = ["Ada", "Zoë", "名前", "a\"b\\c", "{\"x\":[1,2"];
    let inside = if record.get("properties").is_some() { &mut record["properties"] } else { &mut record };
    inside["id"] = json!(format!("id-{number}"));
    inside["userDisplayName"] = json!(names.choose(random).unwrap());
    inside["userId"] = json!(format!("user-{}", number % 5));
    if random.random_bool(0.2) {
        inside.as_object_mut().unwrap().remove("createdDateTime");
        record.as_object_mut().unwrap().remove("time");
    }
    if random.random_bool(0.1) {
        record["category"] = json!("AuditLogs");
    }
    record
}

#[test]
fn lines_are_the_same_in_windows() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..6 {
        let mut text = String::new();
        for number in 0..60 {
            let line = numbered(diagnostic("SignInLogs"), number, &mut random).to_string();
            match random.random_range(0..20) {
                0 => text.push_str("\r\n\n"),
                1 => text.push_str(&line[..line.len() / 2]),
                2 => text.push_str("[1,2]"),
                3 => write!(text, "\u{feff}  {line} ").unwrap(),
                _ => text.push_str(&line),
            }
            text.push('\n');
        }
        let found = same_packed_too("a.ndjson", &text, &any(&mut random), 24_000);
        assert!(found.contains("line that is not JSON"), "{found}");
    }
}

/// Documents of every shape, with blanks between any two tokens of what is around the records.
fn document(random: &mut ChaCha8Rng) -> String {
    let records = |random: &mut ChaCha8Rng, many: usize| -> Vec<String> {
        (0..many)
            .map(|number| {
                let record = numbered(sign_in(), number, random);
                match random.random_range(0..12) {
                    0 => serde_json::to_string_pretty(&record).unwrap(),
                    1 => "7".to_owned(),
                    2 => format!("[{record}]"),
                    3 => json!({"value": [record], "@odata.nextLink": "x"}).to_string(),
                    4 => record.to_string().replacen("\"id\"", "\"\\u0069d\"", 1),
                    _ => record.to_string(),
                }
            })
            .collect()
    };
    let list = |random: &mut ChaCha8Rng, many: usize| {
        let separator = [",", ",\n", " ,\r\n  "].choose(random).unwrap();
        format!("[{}]", records(random, many).join(separator))
    };
    match random.random_range(0..6) {
        0 => list(random, 60),
        1 => {
            let next =
                ["", ",\"@odata.nextLink\":\"https://x\"", ", \"@odata.nextLink\" : null\n"].choose(random).unwrap();
            format!("{{\"@odata.context\":\"a{{\",\"value\": {}{next} }}", list(random, 60))
        }
        2 => {
            let page = |random: &mut ChaCha8Rng, next: &str| {
                let many = random.random_range(0..15);
                format!("{{{next}\"value\":{}, \"x\" : {{\"y\":[1]}}}}", list(random, many))
            };
            let pages: Vec<String> =
                (0..9).map(|number| page(random, if number < 8 { "\"@odata.nextLink\":\"x\"," } else { "" })).collect();
            if random.random() { format!("[{}]", pages.join(",")) } else { pages.join("\n") }
        }
        3 => format!("{{\"value\":{},\"error\":{{\"code\":\"PartialError\"}}}}", list(random, 40)),
        4 => records(random, 60).into_iter().filter(|record| record.starts_with('{')).collect::<Vec<_>>().join("\n\n"),
        _ => format!("{{\"value\":{},\"Value\":{}}}{}", list(random, 20), list(random, 30), list(random, 10)),
    }
}

#[test]
fn documents_are_the_same_in_windows() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..10 {
        let text = document(&mut random);
        same_packed_too("a.json", &text, &any(&mut random), 24_000);
    }
}

#[test]
fn broken_documents_are_refused_with_the_same_words() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut refused = 0;
    for _ in 0..50 {
        let text = document(&mut random);
        // Something is lost, added or doubled somewhere behind the first window.
        let place = (text.len() / 2..text.len()).find(|place| {
            text.is_char_boundary(*place) && text.is_char_boundary(*place + 1) && random.random_bool(0.005)
        });
        let Some(place) = place else { continue };
        let (before, after) = text.split_at(place);
        let broken = match random.random_range(0..6) {
            0 | 5 => before.to_owned(),
            1 => format!("{before}{}", after.get(1..).unwrap_or_default()),
            2 => format!("{before},{after}"),
            3 => format!("{before}]{after}"),
            _ => format!("{before}\n}}\n{after}"),
        };
        let whole = seen(broken.as_bytes(), "a.json", &ORDINARY, WHOLE);
        refused += usize::from(whole.contains("nothing of this file was used"));
        for sizes in [small(20_000, 3_000), small(31_000, 9_000)] {
            let found = seen(broken.as_bytes(), "a.json", &ORDINARY, sizes);
            assert_same(&found, &whole, &format!("{sizes:?}"));
        }
    }
    assert!(refused > 10, "{refused}");
}

/// The header of a table, and its row many times over with other ids.
fn table(sample: &str, id: &str, many: usize, line_end: &str) -> (String, Vec<String>) {
    let header = sample.lines().next().unwrap();
    let row = sample.get(header.len()..).unwrap().trim();
    let rows = (0..many).map(|number| row.replace(id, &format!("id-{number}")) + line_end).collect();
    (format!("{header}{line_end}"), rows)
}

const ID: &str = "0a1b2c3d-0000-4000-8000-000000000001";

#[test]
fn tables_are_the_same_in_windows() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    for round in 0..10 {
        let (header, mut rows) = if round % 2 == 0 {
            table(&log_analytics_csv().replace("App \"\"One\"\"", "A\"\",\r\n\"\"B"), ID, 50, "\n")
        } else {
            table(&download(DOWNLOAD_2025, "2026-06-15T12:40:24Z"), ID, 50, ["\r\n", "\n"][round % 4 / 2])
        };
        for row in &mut rows {
            match random.random_range(0..24) {
                0 => row.push_str("\r\n\n"),
                1 => *row = "only,two\n".to_owned(),
                2 => *row = header.clone(),
                3 if round > 3 => *row = format!("5\" wide{row}"),
                4 if round > 6 => *row = row.replacen('"', "", 1),
                5 if round > 8 => *row = row.replacen(',', ",\"", 1),
                _ => {}
            }
        }
        let text = format!("{}{header}{}", ["", "sep=,\n", "\u{feff}"][round % 3], rows.concat());
        same_packed_too("a.csv", &text, &any(&mut random), 20_000);
    }
}

#[test]
fn odd_separators_and_rows_without_ids_are_the_same_in_windows() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let (header, rows) = table(RISKY, ID, 200, "\n");
    let text = format!("{header}{}", rows.concat());
    for text in [text.replace(',', "❖"), text.replace(',', ";"), format!("sep=;\n{}", text.replace(',', ";")), text] {
        same_packed_too("a.csv", &text, &any(&mut random), 9_000);
    }
    let nameless: String = header.replace("Request ID", "Nothing") + &rows.concat();
    let found = same("a.csv", nameless.as_bytes(), &any(&mut random), 9_000);
    assert!(found.contains("a.csv#200") && found.contains("200 rows without the id"), "{found}");
    let records: Vec<Value> = (0..100)
        .map(|number| {
            let mut record = sign_in();
            record.as_object_mut().unwrap().remove("id");
            record["userId"] = json!(format!("user-{number}"));
            powershell(&record)
        })
        .collect();
    same("a.json", json!(records).to_string().as_bytes(), &any(&mut random), 24_000);
}

#[test]
fn dates_are_settled_by_the_whole_file_in_windows() {
    let of = |dates: &[(usize, &str)]| {
        let (header, mut rows) = table(&download(DOWNLOAD_2025, "DATE"), ID, 60, "\n");
        for (number, row) in rows.iter_mut().enumerate() {
            let date = dates.iter().rev().find(|(from, _)| number >= *from).unwrap().1;
            *row = row.replace("DATE", date);
        }
        header + &rows.concat()
    };
    for (dates, words) in [
        (&[(0, "1/6/2026 08:19:41"), (59, "15/6/2026 8:19")][..], "day first"),
        (&[(0, "2026-06-01T08:19:41Z"), (30, "1/6/2026 8:19"), (50, "15/6/2026 8:19")], "day first"),
        (&[(0, "2026-06-01T08:19:41Z"), (30, "6/1/2026 8:19"), (50, "6/15/2026 8:19")], "month first"),
        (&[(0, "2/6/2026 8:19"), (40, "15/6/2026 8:19"), (50, "6/15/2026 8:19")], "the month comes first, in dates"),
        (&[(0, "2026-06-01T08:19:41Z"), (30, "6/1/2026 8:19")], "can be read in two ways"),
    ] {
        let text = of(dates);
        let found = same_packed_too("a.csv", &text, &ORDINARY, 6_000);
        assert!(found.contains(words), "{words}: {found}");
        piped(&text, &ORDINARY, &found);
    }
}

/// What comes through a pipe comes once.
#[cfg(target_os = "linux")]
fn piped(text: &str, options: &Options, expected: &str) {
    use std::os::fd::AsRawFd;

    let (reader, mut writer) = std::io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    std::thread::scope(|scope| {
        scope.spawn(move || writer.write_all(text.as_bytes()));
        let found = seen_of(&path, options, small(6_000, 1_000));
        assert_eq!(found.replace(&path, "/a.csv"), expected);
    });
}

#[cfg(not(target_os = "linux"))]
fn piped(_: &str, _: &Options, _: &str) {}

#[test]
fn files_of_an_archive_are_the_same_in_windows() {
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["1.json", "2.txt", "3.json", "4.json"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = if name == "2.txt" { "nothing".to_owned() } else { document(&mut random) };
        archive.write_all(text.as_bytes()).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let found = same("a.zip", &bytes, &any(&mut random), 24_000);
    assert!(found.contains("skipped `/a.zip/2.txt`"), "{found}");
}

#[test]
fn text_that_is_no_utf_8_and_columns_are_the_same_in_windows() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let text = format!("{header}{rows}", header = cell("x"), rows = document(&mut random));
    same("a.txt", text.as_bytes(), &ORDINARY, 20_000);
    let lines: String = (0..60).map(|number| numbered(sign_in(), number, &mut random).to_string() + "\n").collect();
    let mut bytes = lines.clone().into_bytes();
    for place in 0..bytes.len() {
        if bytes[place] == b'V' && place > bytes.len() / 2 {
            bytes[place] = 0xe9;
        }
    }
    let options = any(&mut random);
    same("a.ndjson", &bytes, &options, 24_000);
    let utf_16: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    same("a.ndjson", &utf_16, &options, 24_000);
}
