//! Any bytes are sniffed without a panic and soon; what was found, given as flags, reads the same; and a slow twin that
//! takes the found layout apart by the `csv` crate counts the same.
#![no_main]

use std::time::{Duration, Instant};

use evenhand_fuzz::{Counted, begin, counted, policy, scratch};
use evenhand_source::Inputs;
use libfuzzer_sys::fuzz_target;

/// Starts that get further than random bytes.
const STARTS: [&[u8]; 16] = [
    b"",
    b"sex,hired\n",
    b"sep=;\r\nsex;hired\r\n",
    b"\xef\xbb\xbfhired\tsex\r",
    b"Report\n\nsex|hired\n",
    b"Name:,x,,\nsex,a,b,hired\n",
    b"Title;;\r\n;;\r\nsex;n;hired\r\n",
    b"sex,hired,\nf,yes,\nm,no,\n",
    b"sex,hired,caf\xe9\n",
    b"sex,hired\nf,\xb2\xd3\xd4\xb1\xb2\xd3\n",
    b"\xff\xfes\0e\0x\0,\0h\0i\0r\0e\0d\0\n\0",
    b"\xfe\xff\0s\0e\0x\0,\0h\0i\0r\0e\0d\0\n",
    b"s\0e\0x\0,\0h\0i\0r\0e\0d\0\n\0",
    b"\xff\xfe\0\0s\0\0\0",
    b"sex,hired\nf,\x1b$B%(\x1b(B\n",
    b"sex,hired,x\nf,yes,1\nm,no,2\n\nTotal,,",
];

/// Longer than this is no sniffing of some kilobytes, even with a sanitizer.
const SOON: Duration = Duration::from_secs(2);

fuzz_target!(|data: &[u8]| {
    begin();
    let Some((&choice, body)) = data.split_first() else {
        return;
    };
    let text = [STARTS[usize::from(choice & 15)], body].concat();
    let path = scratch("text.csv");
    std::fs::write(&path, &text).expect("the folder for temporary files can be written");
    let mut policy = policy();
    let start = Instant::now();
    let prepared = Inputs::find(std::slice::from_ref(&path)).and_then(|inputs| inputs.prepared(&policy.data));
    assert!(start.elapsed() < SOON, "sniffing takes {:?}", start.elapsed());
    let found = evenhand_source::tally(std::slice::from_ref(&path), &policy, &());
    if let Err(problems) = &found {
        let names = |problem: &evenhand_measure::Problem| problem.message.contains("evenhand-fuzz-");
        assert!(problems.iter().all(names), "{problems:?}");
    }
    let Ok(inputs) = prepared else {
        assert!(found.is_err(), "{found:?}");
        return;
    };
    let Some(reading) = inputs.all().first().and_then(|input| input.reading()) else {
        return;
    };
    if reading.format.name() != "CSV" {
        return;
    }
    policy.data = reading.data.clone();
    let pinned = evenhand_source::tally(std::slice::from_ref(&path), &policy, &());
    match (&found, &pinned) {
        (Ok(found), Ok(pinned)) => assert_eq!(found.to_json(), pinned.to_json(), "{:?}", reading.data),
        (Err(_), Err(_)) => {}
        _ => panic!("{found:?}, and as it was found {pinned:?}: {:?}", reading.data),
    }
    let data = &reading.data;
    let (Ok(tally), Some("UTF-8")) = (found, data.encoding.as_deref()) else {
        return;
    };
    if !reading.packed.is_empty() {
        return;
    }
    let delimiter = u8::try_from(data.delimiter.expect("it was found")).expect("it is ASCII");
    let lines = twin_lines(&text, data.header_row.unwrap_or(1), data.footer_rows.unwrap_or(0));
    let expected = twin(&lines, delimiter);
    assert_eq!(counted(&tally), expected, "{:?}", data);
});

/// The lines of a text from its header to its last record.
fn twin_lines(text: &[u8], header: u64, footer: u64) -> Vec<u8> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut lines: Vec<&[u8]> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(rest.len());
        let next = (end + if rest[end..].starts_with(b"\r\n") { 2 } else { 1 }).min(rest.len());
        lines.push(&rest[..next]);
        rest = &rest[next..];
    }
    let mut lines: Vec<&[u8]> = lines.split_off(usize::try_from(header).expect("few lines") - 1);
    let is_blank = |line: &&[u8]| line.iter().all(|byte| b"\r\n".contains(byte));
    let mut whole = lines.concat();
    while let Some(end) = whole.iter().rposition(|byte| !b"\r\n".contains(byte)).filter(|end| whole[*end] == 0x1a) {
        whole.truncate(end);
    }
    let mut length = whole.len();
    // The last line may be one of marks only, and then it is gone.
    let mut kept = 0;
    lines.retain(|line| {
        let is_there = kept < length;
        kept += line.len();
        is_there
    });
    for _ in 0..footer {
        while lines.last().is_some_and(is_blank) {
            lines.pop();
        }
        lines.pop();
        length = length.min(lines.concat().len());
    }
    whole.truncate(length);
    whole
}

fn twin(text: &[u8], delimiter: u8) -> Counted {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text);
    let header = reader.byte_headers().expect("bytes are read").clone();
    let place = |wanted: &[u8]| header.iter().position(|name| name == wanted).expect("it was counted");
    let (sex, hired) = (place(b"sex"), place(b"hired"));
    let mut counted = Counted::new();
    for record in reader.byte_records() {
        let record = record.expect("it was counted");
        let value = |place: usize| {
            let text = std::str::from_utf8(&record[place]).expect("it was counted");
            (!text.trim().is_empty()).then(|| text.to_owned())
        };
        *counted.entry((value(sex), value(hired))).or_default() += 1;
    }
    counted
}
