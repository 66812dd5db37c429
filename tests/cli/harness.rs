//! Runs the command in a folder of its own and checks what every run has to keep.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Far more than any of these runs needs, on any machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// One run: files, arguments, and what has to come of it.
pub struct Case {
    name: &'static str,
    files: Vec<(String, Vec<u8>)>,
    args: Vec<String>,
    status: i32,
    says: Vec<&'static str>,
}

/// The command with the arguments in `line`, parted by spaces, ends with `status`.
pub fn case(name: &'static str, line: &str, status: i32) -> Case {
    Case {
        name,
        files: Vec::new(),
        args: line.split(' ').map(str::to_owned).collect(),
        status,
        says: Vec::new(),
    }
}

impl Case {
    pub fn file(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), bytes.into()));
        self
    }

    /// One more argument, whatever is in it.
    pub fn arg(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    /// Texts that have to be in what is printed, on standard error when the run cannot be carried out.
    pub fn says(mut self, texts: &[&'static str]) -> Self {
        self.says.extend(texts);
        self
    }

    fn check(&self) -> Result<(), String> {
        let room = Room::new();
        for (name, bytes) in &self.files {
            room.write(name, bytes);
        }
        let before = room.contents();
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let ran = room.run(&args);
        let could_not = self.status == 2 || self.status == 3;
        let (printed, empty) = if could_not {
            (&ran.stderr, &ran.stdout)
        } else {
            (&ran.stdout, &ran.stderr)
        };
        let mut wrong = Vec::new();
        if ran.status != self.status {
            wrong.push(format!("status {} instead of {}", ran.status, self.status));
        }
        for text in &self.says {
            // Lines are broken to fit a terminal.
            if !unbroken(printed).contains(&unbroken(text)) {
                wrong.push(format!("`{text}` is not said"));
            }
        }
        if !empty.is_empty() {
            wrong.push(format!("the other stream is not empty: {empty}"));
        }
        if could_not && !["help: ", "--help"].iter().any(|text| printed.contains(text)) {
            wrong.push("no remedy is named".to_owned());
        }
        if could_not && printed.len() > 6_000 {
            wrong.push(format!("the message has {} bytes", printed.len()));
        }
        if room.contents() != before {
            wrong.push("files were written or changed".to_owned());
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let start: String = printed.chars().take(1_500).collect();
        Err(format!("{}: {}\n{start}", self.name, wrong.join("; ")))
    }
}

/// Checks all cases and shows every one that fails.
pub fn check(cases: &[Case]) {
    let failures: Vec<String> = cases.iter().filter_map(|case| case.check().err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn unbroken(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A folder in which the command runs.
pub struct Room(TempDir);

/// What a run left.
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Room {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// The same with the folders on the way.
    pub fn write_below(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        self.write(name, bytes);
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        // A run of the tests in a workflow must not write to that workflow, nor take its day.
        for variable in [
            "GITHUB_ACTIONS",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_OUTPUT",
            "SOURCE_DATE_EPOCH",
        ] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs, and checks what holds for every run.
    pub fn run(&self, args: &[&str]) -> Ran {
        finished(&mut self.command(args), args)
    }

    /// The same with a variable of the environment.
    pub fn run_with(&self, name: &str, value: &str, args: &[&str]) -> Ran {
        finished(self.command(args).env(name, value), args)
    }

    /// The same with this on standard input, through a pipe.
    pub fn run_on(&self, input: &[u8], args: &[&str]) -> Ran {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            // A run that stops early closes its end.
            scope.spawn(move || drop(pipe.write_all(input)));
            ran(child.wait_with_output().unwrap(), args)
        })
    }

    /// Every file by name, with its content.
    fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(&path).unwrap_or_default()))
            .collect()
    }
}

fn finished(command: &mut Command, args: &[&str]) -> Ran {
    let start = Instant::now();
    let output = command.output().unwrap();
    assert!(start.elapsed() < PATIENCE, "{args:?} took {:?}", start.elapsed());
    ran(output, args)
}

fn ran(Output { status, stdout, stderr }: Output, args: &[&str]) -> Ran {
    let status = status.code().unwrap_or_else(|| panic!("{args:?} was killed: {status}"));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|_| panic!("{args:?} printed no UTF-8"));
    let (stdout, stderr) = (text(stdout), text(stderr));
    for (stream, printed) in [("stdout", &stdout), ("stderr", &stderr)] {
        assert!(!printed.contains("panicked"), "{args:?}: {printed}");
        let acts =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
        assert!(
            !printed.contains(acts),
            "{args:?}: {stream} has a raw control character"
        );
    }
    Ran { status, stdout, stderr }
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Two hundred people, decided with a large gap: fails.
pub fn unequal() -> String {
    let lines = [("M,yes\n", 60), ("M,no\n", 40), ("F,yes\n", 30), ("F,no\n", 70)];
    let rows: String = lines.map(|(line, times)| line.repeat(times)).concat();
    format!("sex,hired\n{rows}")
}

/// Forty people of each sex, decided alike, with a third column made of the sex and the number of the row.
pub fn with(column: &str, value: impl Fn(&str, usize) -> String) -> String {
    let mut text = format!("sex,hired,{column}\n");
    for row in 0..40 {
        for sex in ["M", "F"] {
            let hired = if row % 2 == 0 { "yes" } else { "no" };
            text.push_str(&format!("{sex},{hired},{}\n", value(sex, row)));
        }
    }
    text
}
