use super::super::sample;
use super::*;

#[test]
fn words_shape_and_colour_say_the_same() {
    for (gate, said, color, shape) in [
        (sample::passing(), ">pass<", "#00664B", "M1 5.5"),
        (sample::failing(), ">fail: 4 checks<", "#A63A00", "M1.5 1.5"),
        (sample::waived(), ">fail: 2 checks, 2 waived<", "#A63A00", "M1.5 1.5"),
        (sample::open(), ">inconclusive: 2 open<", "#595959", "A4 4"),
        (sample::not_judged(), ">nothing judged<", "#595959", "<circle"),
    ] {
        let svg = badge(&gate);
        for part in [said, color, shape] {
            assert!(svg.contains(part), "{part} is missing from {svg}");
        }
        assert!(
            svg.contains(&format!("<title>evenhand: {}</title>", words::gate_headline(&gate))),
            "{svg}"
        );
        assert_eq!(svg, badge(&gate));
        assert!(plot::png(&svg, 4.0).unwrap().starts_with(b"\x89PNG"));
    }
}

#[test]
fn white_words_can_be_read_on_every_colour() {
    let light = |color: &str| -> f64 {
        let part = |at: usize| {
            let c = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotJudged];
    for color in verdicts.map(color).into_iter().chain([LABEL_COLOR]) {
        assert!(1.05 / (light(color) + 0.05) >= 4.5, "{color}");
    }
}

#[test]
fn no_name_from_outside_is_on_it() {
    let gate = sample::hostile();
    for name in crate::sample::HOSTILE {
        assert!(
            !badge(&gate).contains(name) && !badge_json(&gate).contains(name),
            "{name}"
        );
    }
}

#[test]
fn the_endpoint_is_as_shields_reads_it() {
    let value: serde_json::Value = serde_json::from_str(&badge_json(&sample::failing())).unwrap();
    assert_eq!(
        value,
        serde_json::json!({
            "schemaVersion": 1, "label": "evenhand", "message": "✗ fail: 4 checks", "color": "#A63A00", "isError": true
        })
    );
}
