//! This module is the rows. To add a key, teach the parser and add a row; the tests say what else is missing.

use super::{KeyRow, Range, SectionRow, Takes, Usual};
use crate::catalogue::MethodOf;
use crate::policy::{Counts, DataKind, Decimal, Digits, Ragged, Scale, Target};
use Takes::{
    Attention, Bins, Color, Criterion, Day, Flag, Letter, Line, Method, Number, Preset, Text, TextLists, Texts,
    Threshold, Whole, Wholes, Word, Words,
};
use Usual::{Is, Nothing, Required, Told};

const FOUND: Usual = Told("found out by looking at the data");
const GUESSED: Usual = Told("a column is taken for it if its name and values are plain");
const ADJUSTMENTS: &[&str] = &["holm", "benjamini-hochberg", "benjamini-yekutieli"];
const LEVELS: &[&str] = &["error", "warn", "off"];
const JUDGES: &[&str] = &["interval", "point"];
/// What 64 bits hold with a sign, as numbers in TOML do.
const ANY: u64 = i64::MAX as u64;

const fn key(
    section: &'static str,
    name: &'static str,
    takes: Takes,
    usual: Usual,
    example: &'static str,
    meaning: &'static str,
) -> KeyRow {
    KeyRow {
        section,
        name,
        takes,
        usual,
        example,
        meaning,
    }
}

const fn section(path: &'static str, about: &'static str) -> SectionRow {
    SectionRow {
        path,
        is_list: false,
        is_required: false,
        about,
    }
}

const fn sections(path: &'static str, about: &'static str) -> SectionRow {
    SectionRow {
        is_list: true,
        ..section(path, about)
    }
}

const fn between(least: f64, with_least: bool, most: f64, with_most: bool) -> Takes {
    Number(Range {
        least,
        with_least,
        most,
        with_most,
    })
}

/// Every table, in the order in which they are written.
pub static SECTIONS: &[SectionRow] = &[
    section(
        "data",
        "Which files are read, and how they are laid out, where looking at them does not tell.",
    ),
    sections("data.join", "A table that knows more about the values of a column."),
    section("roles", "Which column plays which role."),
    section("values", "What values mean."),
    section("values.map", "Other ways to write a value, by column."),
    section(
        "values.map.*",
        "Other ways to write a value: the text in the data, and the value that it stands for.",
    ),
    section("bins", "How numeric columns become groups."),
    section("lists", "How recommended lists are audited."),
    section(
        "lists.shares",
        "With `target = \"shares\"`: what share of the attention each group should get, by column.",
    ),
    section("lists.shares.*", "The share of each group; together they are 1."),
    section("amounts", "How amounts are compared."),
    section("scores", "How scores are looked at."),
    section("inference", "How evidence is weighed."),
    section(
        "inference.reference",
        "The group that the others of an attribute are compared with.",
    ),
    section(
        "inference.methods",
        "How intervals, and the tests that agree with them, are computed.",
    ),
    section(
        "publication",
        "What is published as a rule asks; an empty table asks for it.",
    ),
    sections(
        "check",
        "What is judged. A file with checks of its own judges these and nothing else.",
    ),
    section("baseline", "How a gate compares with a stored baseline."),
    sections(
        "waiver",
        "A failure that somebody accepts, for a time and up to a size.",
    ),
    SectionRow {
        is_required: true,
        ..section("waiver.group", "The group that is accepted to be worse off.")
    },
    section(
        "report",
        "What a report says of itself. It decides nothing, so it is in neither the result nor the policy's hash.",
    ),
    sections("report.section", "A section in the owner's own words, as Markdown."),
];

/// Every key, in the order in which they are written.
#[rustfmt::skip]
pub static KEYS: &[KeyRow] = &[
    key("", "preset", Preset, Nothing, "\"strict\"", "the preset that this file goes on from"),

    key("data", "files", Texts, Told("the command line names them"), "[\"export.csv\"]", "the files that a gate reads, seen from this file's folder"),
    key("data", "encoding", Text, FOUND, "\"windows-1252\"", "how the letters of the text are stored"),
    key("data", "delimiter", Letter, FOUND, "\";\"", "what separates fields"),
    key("data", "decimal", Word(Decimal::WORDS), FOUND, "\"comma\"", "what numbers have before their fraction"),
    key("data", "header-row", Whole(0, ANY), FOUND, "4", "the line or row that names the columns"),
    key("data", "footer-rows", Whole(0, ANY), FOUND, "1", "lines or rows at the end that are no records"),
    key("data", "ragged", Word(Ragged::WORDS), Told("such a file is refused"), "\"fill\"", "records with too few or too many fields"),
    key("data", "sheet", Text, FOUND, "\"Export\"", "the sheet of the workbook"),
    key("data", "table", Text, FOUND, "\"scores\"", "the table of the database"),
    key("data", "query", Text, Nothing, "\"SELECT * FROM scores\"", "a query whose rows are read, instead of a table's"),
    key("data", "records", Text, FOUND, "\"data.items\"", "where the list of records is"),
    key("data", "explode", Texts, FOUND, "[\"recommendedItems\"]", "columns that hold lists"),
    key("data", "separator", Text, FOUND, "\"|\"", "what separates the entries of a list in a cell"),
    key("data", "digits", Word(Digits::WORDS), Told("they were rounded"), "\"truncated\"", "how published rates lost their further digits"),
    key("data", "relevant", Text, Nothing, "\"later.csv\"", "a file of which items users wanted after they got their lists, seen from this file's folder"),
    key("data", "history", Text, Nothing, "\"before.csv\"", "a file of which items users had before they got their lists, seen from this file's folder"),

    key("data.join", "file", Text, Required, "\"users.csv\"", "where the table is, seen from this file's folder"),
    key("data.join", "on", Text, Required, "\"user_id\"", "the column whose values it knows"),
    key("data.join", "key", Text, Told("the same name as `on`"), "\"id\"", "what the table calls that column"),
    key("data.join", "side", Text, Told("its columns keep their names"), "\"user\"", "what its columns' names begin with, as in user.sex"),

    key("roles", "prediction", Text, GUESSED, "\"hired\"", "the decision"),
    key("roles", "compared", Text, Nothing, "\"hired_by_the_old_model\"", "another model's decision on the same row"),
    key("roles", "label", Text, GUESSED, "\"performed\"", "what really happened"),
    key("roles", "score", Text, GUESSED, "\"risk\"", "a score, which the threshold makes a decision"),
    key("roles", "threshold", Threshold, Nothing, "0.5", "the lowest score that counts"),
    key("roles", "protected", Texts, GUESSED, "[\"sex\", \"race\"]", "the protected attributes"),
    key("roles", "intersections", TextLists, Nothing, "[[\"sex\", \"race\"]]", "attributes that are judged in combination"),
    key("roles", "intersect-all", Flag, Is("false"), "true", "whether all protected attributes together are a further set"),
    key("roles", "strata", Texts, GUESSED, "[\"department\"]", "groups are compared within these"),
    key("roles", "period", Text, Nothing, "\"month\"", "when the decision was made"),
    key("roles", "weight", Text, GUESSED, "\"weight\"", "what each row weighs"),
    key("roles", "count", Text, GUESSED, "\"n\"", "how many rows a record stands for"),
    key("roles", "cluster", Text, GUESSED, "\"customer\"", "the unit that repeats"),
    key("roles", "rate", Text, GUESSED, "\"share_hired\"", "the published share of positive decisions"),
    key("roles", "amount", Text, GUESSED, "\"price\"", "what people pay or get"),
    key("roles", "true-amount", Text, Nothing, "\"fair_price\"", "what the amount should have been"),
    key("roles", "controls", Texts, Nothing, "[\"cost\", \"distance\"]", "what is taken for a legitimate reason of other amounts"),
    key("roles", "list", Text, GUESSED, "\"list_id\"", "the list that an item is in"),
    key("roles", "item", Text, GUESSED, "\"item_id\"", "the item"),
    key("roles", "rank", Text, GUESSED, "\"rank\"", "the place of the item in its list, from 1"),
    key("roles", "user", Text, GUESSED, "\"user_id\"", "whose list it is"),
    key("roles", "relevance", Text, GUESSED, "\"clicked\"", "whether the user wanted the item"),
    key("roles", "category", Text, GUESSED, "\"category\"", "what kind of thing the item is"),
    key("roles", "merit", Text, Nothing, "\"stars\"", "how good the item is"),
    key("roles", "popularity", Text, Nothing, "\"units_sold\"", "how often the item was sold or wanted so far"),
    key("roles", "item-side", Texts, Told("those called `item.…`"), "[\"seller_region\"]", "protected attributes of items and not of users"),

    key("values", "positive", Text, Told("the one of two values that plainly counts, such as `yes`"), "\"yes\"", "the decision that counts as the event"),
    key("values", "positive-label", Text, Told("as for the decision"), "\"1\"", "the label that counts as the event"),
    key("values", "adverse", Flag, Told("taken for good, with a warning if the name says otherwise"), "true", "whether the event is bad for the person"),
    key("values", "each-class", Flag, Is("false"), "true", "whether each value of a decision of several is compared with all others"),
    key("values", "ordered", Texts, Nothing, "[\"none\", \"silver\", \"gold\"]", "the values of a decision from the worst for the person to the best"),
    key("values", "missing", Texts, Nothing, "[\"NA\"]", "texts that mean that a value is missing"),
    key("values", "non-answers", Texts, Nothing, "[\"would not say\"]", "texts in a protected column that are no group, besides those always known"),
    key("values", "distinct", Texts, Nothing, "[\"grade\"]", "columns whose values stay apart though they look alike"),
    key("values.map.*", "*", Text, Nothing, "F = \"Female\"", "a text of the data, and the value that it stands for"),

    key("bins", "*", Bins, Nothing, "age = [25, 40, 60]", "the edges between groups, or a word for groups of equal size"),

    key("lists", "attention", Attention, Is("\"log\""), "\"rbp:0.85\"", "how much attention the places of a list get"),
    key("lists", "target", Word(Target::WORDS), Nothing, "\"catalogue\"", "what share of the attention a group of items should get"),
    key("lists", "cutoffs", Wholes(1, 10_000), Is("[10]"), "[10, 5]", "down to which places lists are looked at; the first is judged"),
    key("lists.shares.*", "*", between(0.0, true, 1.0, true), Nothing, "Coast = 0.6", "a group, and its share"),

    key("amounts", "scale", Word(Scale::WORDS), Is("\"log\""), "\"plain\"", "log: ratios of geometric means; plain: differences of means"),

    key("scores", "bins", Whole(1, 1_000), Is("10"), "20", "the bins in which calibration is looked at"),
    key("scores", "exact", Flag, Is("false"), "true", "whether every different score and amount is kept, however many; takes memory for each"),

    key("inference", "confidence", between(0.5, true, crate::policy::HIGHEST_CONFIDENCE, true), Is("0.95"), "0.9", "the confidence of intervals; each one-sided test uses half of the rest"),
    key("inference", "min-denominator", Whole(0, ANY), Is("0"), "30", "rates of fewer rows are reported, not judged"),
    key("inference", "judge", Word(JUDGES), Is("\"interval\""), "\"point\"", "interval: what the evidence shows; point: the bare estimate"),
    key("inference", "one-person-rule", Flag, Is("false"), "true", "whether what one different decision would turn round cannot fail"),
    key("inference", "adjust-warnings", Word(ADJUSTMENTS), Is("\"holm\""), "\"benjamini-hochberg\"", "how p-values of level warn are adjusted; those of level error always by Holm"),
    key("inference", "simultaneous", Flag, Is("false"), "true", "whether intervals that hold for all comparisons at once are computed"),
    key("inference", "replicates", Whole(100, 1_000_000), Is("2000"), "5000", "resamples for them"),
    key("inference", "seed", Whole(0, ANY), Is("0"), "20260101", "the seed of the resampling"),
    key("inference", "partial-pooling", Flag, Is("false"), "true", "whether empirical Bayes estimates are shown beside the raw rates"),
    key("inference.reference", "*", Text, Told("the group with the highest favourable rate, or the others' rates"), "race = \"White\"", "an attribute, and the group that its others are compared with"),
    key("inference.methods", "rate", Method(MethodOf::Rate), Is("\"wilson\""), "\"jeffreys\"", "the interval of a rate"),
    key("inference.methods", "difference", Method(MethodOf::Difference), Is("\"miettinen-nurminen\""), "\"newcombe\"", "the test and interval of a difference of rates"),
    key("inference.methods", "ratio", Method(MethodOf::Ratio), Is("\"miettinen-nurminen\""), "\"koopman\"", "the test and interval of a ratio of rates"),
    key("inference.methods", "odds-ratio", Method(MethodOf::OddsRatio), Is("\"score\""), "\"woolf\"", "the interval of an odds ratio"),

    key("publication", "exclude-below", between(0.0, false, 0.5, false), Nothing, "0.02", "categories with a smaller share of the people are left out of the impact ratios"),
    key("publication", "justification", Text, Nothing, "\"Too few people for a ratio that means anything.\"", "why they are"),

    key("check", "criterion", Criterion, Required, "\"disparate-impact\"", "what is compared; `evenhand list` names every criterion"),
    key("check", "by", TextLists, Told("all sets of attributes"), "[[\"sex\"], [\"sex\", \"race\"]]", "some sets of attributes only"),
    key("check", "bound", between(0.0, false, 1.0, true), Told("the criterion's own"), "0.9", "the lowest ratio, or the largest difference, below 1"),
    key("check", "pass-mark", Flag, Is("true"), "false", "false: computed, and not judged"),
    key("check", "level", Word(LEVELS), Is("\"error\""), "\"warn\"", "error: fails the audit; warn: is printed; off: is not looked at"),
    key("check", "judge", Word(JUDGES), Told("as in [inference]"), "\"point\"", "what this check rests on"),
    key("check", "on-inconclusive", Word(Counts::WORDS), Is("\"inconclusive\""), "\"fail\"", "what a gate takes an open question of this check for"),

    key("baseline", "file", Text, Told("the command line names it"), "\"baseline.json\"", "the baseline, seen from this file's folder"),
    key("baseline", "tolerance", between(0.0, true, 1.0, false), Is("0.01"), "0.02", "what a disparity may grow by"),
    key("baseline", "alpha", between(1e-9, true, 0.2, true), Is("0.05"), "0.1", "how often an unchanged process may be said to have worsened, over all comparisons together"),
    key("baseline", "level", Word(LEVELS), Is("\"error\""), "\"warn\"", "what a regression means"),
    key("baseline", "vanished", Word(Counts::WORDS), Is("\"inconclusive\""), "\"fail\"", "what a group that the baseline has and the data have no more counts as"),

    key("waiver", "check", Criterion, Required, "\"disparate-impact\"", "the criterion whose failure is accepted"),
    key("waiver", "reason", Words, Required, "\"The vendor ships a corrected model in March.\"", "why it is accepted"),
    key("waiver", "owner", Words, Required, "\"A. Owner\"", "who answers for it"),
    key("waiver", "expires", Day, Required, "2027-03-31", "the last day on which it holds"),
    key("waiver", "ceiling", between(0.0, false, 1.0, true), Nothing, "0.7", "past which it no longer holds: the lowest ratio, or the largest difference"),
    key("waiver.group", "*", Text, Nothing, "race = \"Hispanic\"", "an attribute, and the group"),

    key("report", "title", Line, Told("`Bias audit of` and the file"), "\"Hiring in 2025\"", "the title"),
    key("report", "client", Line, Nothing, "\"Example Ltd\"", "for whom a report is made"),
    key("report", "auditor", Line, Nothing, "\"A. Auditor\"", "by whom"),
    key("report", "number", Line, Nothing, "\"2026-17\"", "the number of the report"),
    key("report", "confidentiality", Line, Nothing, "\"For Example Ltd only\"", "what every page says of who may read it"),
    key("report", "engagement", Words, Nothing, "\"Agreed on 2 January 2026 and paid by the hour, whatever is found.\"", "what the auditor says of the engagement"),
    key("report", "independence", Words, Nothing, "\"None of us works for Example Ltd or for who made the tool.\"", "what the auditor says of being independent"),
    key("report", "logo", Words, Nothing, "\"logo.svg\"", "PNG, JPEG or SVG of up to 5 MB, seen from this file's folder"),
    key("report", "accent", Color, Told("blue"), "\"#005a9c\"", "the colour of titles and rules; at least 4.5 to 1 on white"),
    key("report", "fonts", Texts, Nothing, "[\"NotoSansCJK-Regular.ttc\"]", "for names in letters that the bundled fonts lack"),
    key("report", "tool", Line, Nothing, "\"Ranker 3\"", "what is audited: the name of the tool"),
    key("report", "distribution-date", Day, Nothing, "2025-03-01", "the day on which the tool was first used"),
    key("report", "data-kind", Word(DataKind::WORDS), Nothing, "\"historical\"", "historical: from the use of the tool on people; test: from elsewhere"),
    key("report", "data-source", Words, Nothing, "\"The applicant system, January to December 2025.\"", "who collected the data, where and when"),
    key("report", "data-explanation", Words, Nothing, "\"Made up, because the tool is new.\"", "of test data: why they were used, and how they were made"),
    key("report.section", "title", Line, Required, "\"Scope\"", "its title"),
    key("report.section", "text", Words, Told("`file` has it"), "\"All posts that were advertised in **2025**.\"", "what it says, as Markdown"),
    key("report.section", "file", Words, Told("`text` has it"), "\"scope.md\"", "a file that says it, seen from this file's folder"),
];
