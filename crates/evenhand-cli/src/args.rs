//! This module is the command line.

pub mod gate;
pub mod history;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use evenhand::Threshold;
use evenhand::measure::Day;
use evenhand::measure::attention::Attention;
use evenhand::measure::policy::{Decimal, Digits, Ragged, Scale, Target};
use evenhand::source::shell_word;

use self::gate::{BaselineCommand, CheckArgs};
use crate::exit::OnInconclusive;

/// Audits the decisions of an algorithm for bias.
///
/// Nothing leaves this computer: evenhand never uses the network.
#[derive(Debug, Parser)]
#[command(name = "evenhand", version, after_help = STATUS_HELP, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const STATUS_HELP: &str = "\
Exit status: 0 passed, 1 failed, 2 wrong usage or policy, 3 unusable input, 4 inconclusive or nothing to judge.
Start with `evenhand inspect FILE`, which shows how a file is read, or with `evenhand audit FILE`: it guesses what the \
columns mean, shows how to pin it, and asks what it cannot tell.";

const AUDIT_EXAMPLES: &str = "\
Examples:
  evenhand audit export.xlsx
  evenhand audit export.csv --prediction hired --protected sex,race
  evenhand audit export.csv --policy evenhand.toml --out report.html --out report.xlsx
  evenhand audit export.csv --preset ll144 --as-of 2026-01-31 --out notice=notice.html";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit files and print a verdict
    #[command(after_help = AUDIT_EXAMPLES)]
    Audit(Box<AuditArgs>),
    /// Put files before the gate of a policy: fails a build where a check fails or has worsened since a baseline
    #[command(after_help = gate::CHECK_EXAMPLES)]
    Check(Box<CheckArgs>),
    /// Keep, renew or show what later data are compared with
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// List every rate, statistic, criterion and preset
    List,
    /// Explain a rate, statistic or criterion (formula, needs, limits, sources) or a preset (checks, sources)
    Explain {
        /// Its id or another name for it, such as `disparate-impact`, `recall` or `ll144`
        id: String,
    },
    /// Show how a file is read and what its columns look like
    Inspect {
        /// The file, of any format that `evenhand audit` reads; of a pattern or a folder, the first file. `-` is
        /// standard input
        file: PathBuf,
        #[command(flatten)]
        layout: Box<Layout>,
    },
    /// Write a policy file that says how a file is read and what its columns were taken for, to be checked and kept
    // What is flattened comes last: a heading of it holds for all that follows.
    Init {
        /// Where to write the policy; `-` is standard output
        #[arg(short, long, value_name = "PATH", default_value = "evenhand.toml")]
        out: PathBuf,
        #[command(flatten)]
        input: Box<Input>,
    },
    /// Check a policy file, or show what it asks
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// Count a file's rows into a tally: a small summary without rows that can be kept, mailed, merged and audited
    // What is flattened comes last: a heading of it holds for all that follows.
    Tally {
        /// Where to write the tally
        #[arg(short, long, value_name = "X.tally.json")]
        out: PathBuf,
        /// Print no progress
        #[arg(short, long)]
        quiet: bool,
        #[command(flatten)]
        input: Box<Input>,
    },
    /// Merge tallies of parts into the tally of the whole
    Merge {
        /// The tallies
        #[arg(required = true, num_args = 2.., value_name = "X.tally.json")]
        tallies: Vec<PathBuf>,
        /// Where to write the merged tally
        #[arg(short, long, value_name = "X.tally.json")]
        out: PathBuf,
    },
    /// Keep one line for each run, and show what they say together
    #[command(subcommand, after_help = history::EXAMPLES)]
    History(history::History),
    /// Print the JSON Schema of a machine-readable format
    Schema {
        /// Which format
        format: SchemaOf,
    },
    /// Print what completes this command in a shell; docs/ci.md says where to put it
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page, or write one per command into a folder
    Man {
        /// The folder, made where it is not there
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SchemaOf {
    /// The result of `evenhand audit --format json`
    Audit,
    /// A policy file
    Policy,
}

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Say whether a policy can be read, or everything that is wrong with it
    Check {
        /// The policy file
        #[arg(default_value = "evenhand.toml")]
        policy: PathBuf,
    },
    /// Print what a policy asks, in words and with every default filled in
    Show {
        /// The policy file
        #[arg(default_value = "evenhand.toml")]
        policy: PathBuf,
        /// The preset that it goes on from
        #[arg(long, value_name = "NAME")]
        preset: Option<String>,
    },
}

/// How the files are laid out, where looking at them does not tell.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "How the files are read (found out where it is not said)")]
pub struct Layout {
    /// The encoding of a text, such as windows-1252 or utf-16le
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// What separates the fields of a text: a character, or `tab`
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub delimiter: Option<char>,
    /// What comes before the fraction of a number: a point, as in 0.5, or a comma, as in 0,5
    #[arg(long, value_name = "point|comma")]
    pub decimal: Option<Decimal>,
    /// The line or row that names the columns, from 1; 0 if there is none
    #[arg(long, value_name = "N")]
    pub header_row: Option<u64>,
    /// How many lines or rows at the end are no records, such as totals
    #[arg(long, value_name = "N")]
    pub footer_rows: Option<u64>,
    /// What becomes of records with too few or too many fields: `refuse` the file; `fill` up with missing values those
    /// with too few; or `leave-out` both, and count them
    #[arg(long, value_name = "refuse|fill|leave-out")]
    pub ragged: Option<Ragged>,
    /// The sheet of a workbook, where several hold tables
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The table of a database, where there are several
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    pub table: Option<String>,
    /// A SELECT whose rows are read, instead of a table of the database
    #[arg(long, value_name = "SELECT")]
    pub query: Option<String>,
    /// Where in a JSON document the list of records is, such as data.items
    #[arg(long, value_name = "PATH")]
    pub records: Option<String>,
    /// Columns that hold lists, to be taken apart into a record per entry, with its item and rank; 'rec_*' for lists
    /// with a column per place
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…")]
    pub explode: Vec<String>,
    /// What separates the entries of a list in a cell, such as |
    #[arg(long, value_name = "TEXT")]
    pub separator: Option<String>,
    /// A file about users, whose columns are joined as user.COLUMN
    #[arg(long, value_name = "FILE", requires = "on")]
    pub users: Option<String>,
    /// The column of user ids; OURS=THEIRS if that file calls it otherwise
    #[arg(long, value_name = "COLUMN", requires = "users")]
    pub on: Option<String>,
    /// A file about items, whose columns are joined as item.COLUMN
    #[arg(long, value_name = "FILE", requires = "items_on")]
    pub items: Option<String>,
    /// The column of item ids; OURS=THEIRS if that file calls it otherwise
    #[arg(long, value_name = "COLUMN", requires = "items")]
    pub items_on: Option<String>,
    /// A file that knows more about the values of a column, such as the income band of each zip code; its columns keep
    /// their names
    #[arg(long, value_name = "FILE", requires = "lookup_on")]
    pub lookup: Option<String>,
    /// The column whose values it knows; OURS=THEIRS if that file calls it otherwise
    #[arg(long, value_name = "COLUMN", requires = "lookup")]
    pub lookup_on: Option<String>,
    /// A file that says which items users wanted after they got their lists: columns of users and items
    #[arg(long, value_name = "FILE")]
    pub relevant: Option<String>,
    /// A file that says which items users had before they got their lists: columns of users and items
    #[arg(long, value_name = "FILE")]
    pub history: Option<String>,
    /// Whether published rates were rounded or truncated to the digits that they show
    #[arg(long, value_name = "rounded|truncated")]
    pub digits: Option<Digits>,
}

impl Layout {
    /// The flags that were given, as a shell takes them.
    pub fn flags(&self) -> Vec<String> {
        fn said<T: ToString>(flag: &str, value: Option<T>) -> Option<String> {
            value.map(|value| format!("--{flag} {}", shell_word(&value.to_string())))
        }
        let delimiter = self.delimiter.map(|letter| match letter {
            '\t' => "tab".to_owned(),
            letter => letter.to_string(),
        });
        let explode = (!self.explode.is_empty()).then(|| self.explode.join(","));
        let flags = [
            said("encoding", self.encoding.as_ref()),
            said("delimiter", delimiter),
            said("decimal", self.decimal),
            said("header-row", self.header_row),
            said("footer-rows", self.footer_rows),
            said("ragged", self.ragged),
            said("sheet", self.sheet.as_ref()),
            said("table", self.table.as_ref()),
            said("query", self.query.as_ref()),
            said("records", self.records.as_ref()),
            said("explode", explode),
            said("separator", self.separator.as_ref()),
            said("users", self.users.as_ref()),
            said("on", self.on.as_ref()),
            said("items", self.items.as_ref()),
            said("items-on", self.items_on.as_ref()),
            said("lookup", self.lookup.as_ref()),
            said("lookup-on", self.lookup_on.as_ref()),
            said("relevant", self.relevant.as_ref()),
            said("history", self.history.as_ref()),
            said("digits", self.digits),
        ];
        flags.into_iter().flatten().collect()
    }
}

fn day(text: &str) -> Result<String, String> {
    text.parse::<Day>()
        .map(|day| day.to_string())
        .map_err(|message| format!("{message}: write year, month and day as 2026-01-31"))
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        _ if text == "tab" || text == "\\t" => Ok('\t'),
        (Some(one), None) => Ok(one),
        _ => Err("write one character, or `tab`".to_owned()),
    }
}

/// What to read, and what its columns mean.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What columns and values mean (guessed where it is not said)")]
pub struct Input {
    /// Files with the same columns: CSV and other text, Excel and OpenDocument workbooks, JSON, JSON lines, Parquet,
    /// Arrow, SQLite, also packed with gzip, zstd or zip; or tallies. Patterns such as 'part-*.csv'; folders, which are
    /// searched, and whose names of the form region=north are columns; `-` for standard input
    #[arg(required = true, value_name = "FILE", help_heading = None::<&'static str>)]
    pub files: Vec<PathBuf>,
    /// The column of decisions
    #[arg(long, value_name = "COLUMN")]
    pub prediction: Option<String>,
    /// The column of another model's decisions on the same rows, such as the last release's: what has changed is tested
    /// in pairs. With --score and --threshold, its scores
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["each_class", "ordered"])]
    pub compare: Option<String>,
    /// The decision that counts, such as yes
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub positive: Option<String>,
    /// Of decisions with more than two values, compare each against all others
    #[arg(long, conflicts_with_all = ["positive", "ordered"])]
    pub each_class: bool,
    /// The values of the decision from the worst for the person to the best, such as none,silver,gold: each step is
    /// compared
    #[arg(long, value_delimiter = ',', value_name = "VALUE,…", conflicts_with = "positive")]
    pub ordered: Vec<String>,
    /// That decision is bad for the person (denied, high risk, fraud); `--adverse=false` says that it is good
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub adverse: Option<bool>,
    /// The columns of protected attributes, such as sex,race
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…")]
    pub protected: Vec<String>,
    /// The column of what really happened, such as repaid
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// The value of the label that counts, such as 1
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub positive_label: Option<String>,
    /// A column of scores: how well they rank and whether they mean what they say is audited; with --threshold they
    /// are also the decisions
    #[arg(long, value_name = "COLUMN")]
    pub score: Option<String>,
    /// The lowest score that counts as a decision; with `median`, those above the median of all rows count
    #[arg(
        long,
        value_name = "NUMBER|median",
        requires = "score",
        conflicts_with = "prediction",
        allow_negative_numbers = true
    )]
    pub threshold: Option<Threshold>,
    /// Keep every different score and amount, however many; takes memory for each
    #[arg(long)]
    pub exact: bool,
    /// Sets of protected attributes to judge in combination, such as sex+race
    #[arg(long, value_delimiter = ',', value_name = "A+B,…")]
    pub intersections: Vec<String>,
    /// Columns within whose values groups are also compared, such as department
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…")]
    pub strata: Vec<String>,
    /// The column of weights, as surveys have them
    #[arg(long, value_name = "COLUMN")]
    pub weight: Option<String>,
    /// The column that says how many people a record stands for
    #[arg(long, value_name = "COLUMN")]
    pub count: Option<String>,
    /// The column of what repeats, such as the id of customers with several rows
    #[arg(long, value_name = "COLUMN")]
    pub cluster: Option<String>,
    /// The column of published rates: the share of positive decisions of each group, whose size is --count
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["prediction", "score"])]
    pub rate: Option<String>,
    /// Edges that turn a numeric column into groups, such as age=25,40,60; or a word for groups of equal size, such as
    /// age=quartiles
    #[arg(long, value_name = "COLUMN=EDGES")]
    pub bins: Vec<String>,
    /// A column of amounts that people get or pay, such as a price or a limit
    #[arg(long, value_name = "COLUMN", help_heading = AMOUNTS)]
    pub amount: Option<String>,
    /// What the amount should have been, where that is known
    #[arg(long, value_name = "COLUMN", requires = "amount", help_heading = AMOUNTS)]
    pub true_amount: Option<String>,
    /// Columns that are taken for legitimate reasons of other amounts, such as cost,distance
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…", requires = "amount", help_heading = AMOUNTS)]
    pub controls: Vec<String>,
    /// Whether amounts are compared by their ratios (log) or their differences (plain)
    #[arg(long, value_name = "log|plain", help_heading = AMOUNTS)]
    pub scale: Option<Scale>,
    /// The column that says which recommended list a record belongs to
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub list: Option<String>,
    /// The column of items
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub item: Option<String>,
    /// The column of places in the list, from 1; without, the order of the records is that of the list
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub rank: Option<String>,
    /// The column of whose list it is
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub user: Option<String>,
    /// The column of whether the user wanted the item: clicked, bought or rated it
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub relevance: Option<String>,
    /// The column of what kind of thing the item is
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub category: Option<String>,
    /// The column of how good the item is
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub merit: Option<String>,
    /// The column of how often the item was sold or wanted so far
    #[arg(long, value_name = "COLUMN", help_heading = LISTS)]
    pub popularity: Option<String>,
    /// How much attention the places of a list get: log, trec, rbp:0.85, geometric:0.5, top:10, or clicks
    #[arg(long, value_name = "MODEL", help_heading = LISTS)]
    pub attention: Option<Attention>,
    /// What share of the attention a group of items should get: its share of the catalogue, of relevance, of sales, of
    /// merit, or the shares that the policy says
    #[arg(long, value_name = "NAME", help_heading = LISTS)]
    pub target: Option<Target>,
    /// Down to which places lists are looked at, such as 10,5; the first is judged
    #[arg(long, value_delimiter = ',', value_name = "N,…", value_parser = clap::value_parser!(u32).range(1..=10_000),
        help_heading = LISTS)]
    pub cutoffs: Vec<u32>,
    /// Take no column for a role that was not named, and ask nothing
    #[arg(long)]
    pub no_guess: bool,
    /// A text that means that a value is missing, such as NA
    #[arg(long, value_name = "TEXT", allow_negative_numbers = true)]
    pub missing: Vec<String>,
    /// Another way to write a value, such as sex=F:Female
    #[arg(long, value_name = "COLUMN=TEXT:VALUE")]
    pub map: Vec<String>,
    /// Columns whose values are different groups though they look alike
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…")]
    pub distinct: Vec<String>,
    #[command(flatten)]
    pub layout: Layout,
    /// A policy file, such as `evenhand init` writes; flags go before what it says
    #[arg(long, value_name = "evenhand.toml", help_heading = FROM_FILE)]
    pub policy: Option<PathBuf>,
    /// A policy that comes with the program; `evenhand list` names them. A policy file goes on from it
    #[arg(long, value_name = "NAME", help_heading = FROM_FILE)]
    pub preset: Option<String>,
}

const AMOUNTS: &str = "Amounts (prices, limits, rates)";
const LISTS: &str = "Recommended lists";
const JUDGED: &str = "How groups are compared and judged";
const PRINTED: &str = "What is printed and written";
const DRESSED: &str = "What a report says of itself (more of it under [report] in a policy)";
const ENDED: &str = "Exit status, for scripts";
const FROM_FILE: &str = "Settings from a file";

/// What `evenhand audit` takes besides.
#[derive(Args, Clone, Debug)]
pub struct AuditArgs {
    #[command(flatten)]
    pub input: Input,
    /// The group that others are compared with, such as race=White
    #[arg(long, value_name = "COLUMN=VALUE", help_heading = JUDGED)]
    pub reference: Vec<String>,
    /// Report rates with fewer rows than this, and do not judge them
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = JUDGED)]
    pub min_denominator: Option<u64>,
    /// The confidence of intervals, 0.95 if nothing is said
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, help_heading = JUDGED)]
    pub confidence: Option<f64>,
    /// Judge the evidence (interval) or the bare estimate (point)
    #[arg(long, value_name = "HOW", help_heading = JUDGED)]
    pub judge: Option<JudgeBy>,
    /// Also compute intervals that hold for all comparisons at once, by resampling; they never change the verdict
    #[arg(long, help_heading = JUDGED)]
    pub simultaneous: bool,
    /// The seed of the resampling, 0 if nothing is said
    #[arg(long, value_name = "N", help_heading = JUDGED)]
    pub seed: Option<u64>,
    /// Also compute rates drawn towards each other (empirical Bayes), beside the raw ones
    #[arg(long, help_heading = JUDGED)]
    pub partial_pooling: bool,
    /// What to print
    #[arg(long, default_value = "table", help_heading = PRINTED)]
    pub format: Format,
    /// Also write to a file, by its ending: .html .pdf .xlsx .md .txt .json .csv .svg .png; or KIND=PATH with the kinds
    /// html, pdf, xlsx, markdown, text, table (what the screen shows, in full), json, csv (rates), findings, tests, series
    /// and publication (CSV of the comparisons, of the named tests, of the curves and of the tables that a rule asks for),
    /// rates, forest, map and curves
    /// (pictures), card (a model card, in JSON), notice (the page that a rule asks to be published: .html .pdf .md)
    #[arg(long, value_name = "[KIND=]PATH", help_heading = PRINTED)]
    pub out: Vec<String>,
    /// Print the precise statements beside the plain ones
    #[arg(long, help_heading = PRINTED)]
    pub detail: bool,
    /// Print the verdict's sentence only
    #[arg(short, long, help_heading = PRINTED)]
    pub quiet: bool,
    /// No colours (the environment variable NO_COLOR does the same)
    #[arg(long, help_heading = PRINTED)]
    pub no_color: bool,
    /// Also write down the hash of large inputs, so that they can be told from others later
    #[arg(long, help_heading = PRINTED)]
    pub hash_inputs: bool,
    /// For whom the report is made
    #[arg(long, value_name = "NAME", help_heading = DRESSED)]
    pub client: Option<String>,
    /// By whom it is made
    #[arg(long, value_name = "NAME", help_heading = DRESSED)]
    pub auditor: Option<String>,
    /// The day of the audit, such as 2026-01-31; nothing is dated otherwise
    #[arg(long, value_name = "DAY", value_parser = day, help_heading = DRESSED)]
    pub as_of: Option<String>,
    /// A file with a font (.ttf, .otf, .ttc), for names in letters that the bundled fonts lack; may be given again
    #[arg(long, value_name = "FILE", help_heading = DRESSED)]
    pub font: Vec<PathBuf>,
    /// End with status 0 whatever the verdict
    #[arg(long, help_heading = ENDED)]
    pub exit_zero: bool,
    /// What an inconclusive audit counts as
    #[arg(long, value_name = "AS", help_heading = ENDED)]
    pub on_inconclusive: Option<OnInconclusive>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum JudgeBy {
    Interval,
    Point,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Sentences and tables for the terminal
    Table,
    /// The full result as JSON
    Json,
    /// Sentences and tables as Markdown
    Markdown,
}
