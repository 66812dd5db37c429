//! This module asks a person at a terminal, where nobody else can answer.

use std::io::{self, BufRead, IsTerminal, Write};

use evenhand_report::safe::terminal;

/// A question with answers to choose from.
pub struct Question {
    /// What is asked, as a sentence with a question mark.
    pub asked: String,
    /// What can be answered.
    pub choices: Vec<String>,
    /// Whether more than one answer may be given.
    pub several: bool,
}

/// So often the same question is asked before the program gives up.
const TRIES: usize = 3;

/// Whether somebody is there to answer: in a pipeline a question would wait for ever.
pub fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks at the terminal: see [`ask_on`].
pub fn ask(question: &Question) -> Option<Vec<usize>> {
    ask_on(question, &mut io::stdin().lock(), &mut io::stderr().lock())
        .ok()
        .flatten()
}

/// Asks and gives the places of the chosen answers; nothing when there is none: an empty line, the end of the input, or
/// three answers that cannot be understood.
fn ask_on(question: &Question, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<Vec<usize>>> {
    writeln!(to, "\n{}", terminal(&question.asked))?;
    for (number, choice) in (1..).zip(&question.choices) {
        writeln!(to, "  {number}  {}", terminal(choice))?;
    }
    let how = match (question.several, question.choices.len()) {
        (true, 2..) => "numbers with commas between them",
        _ => "a number",
    };
    for _ in 0..TRIES {
        write!(to, "Answer with {how}, or with nothing to stop: ")?;
        to.flush()?;
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(None);
        }
        if let Some(chosen) = question.understood(&line) {
            return Ok(Some(chosen));
        }
        writeln!(
            to,
            "That is not one of the numbers from 1 to {}.",
            question.choices.len()
        )?;
    }
    Ok(None)
}

impl Question {
    /// The places that an answer names, each once, in the order of the choices.
    fn understood(&self, line: &str) -> Option<Vec<usize>> {
        let numbers: Option<Vec<usize>> = line
            .split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse::<usize>().ok()?.checked_sub(1))
            .collect();
        let mut chosen = numbers?;
        chosen.sort_unstable();
        chosen.dedup();
        let is_valid = chosen.iter().all(|place| *place < self.choices.len());
        let is_enough = !chosen.is_empty() && (self.several || chosen.len() == 1);
        (is_valid && is_enough).then_some(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(several: bool, input: &str) -> (Option<Vec<usize>>, String) {
        let question = Question {
            asked: "Which column is the decision?".to_owned(),
            choices: vec!["hired".to_owned(), "in\u{1b}[31mvited".to_owned(), "score".to_owned()],
            several,
        };
        let mut shown = Vec::new();
        let answer = ask_on(&question, &mut input.as_bytes(), &mut shown).unwrap();
        (answer, String::from_utf8(shown).unwrap())
    }

    #[test]
    fn answers_are_numbers_from_the_list() {
        for (several, input, expected) in [
            (false, "2\n", Some(vec![1])),
            (false, " 3 \r\n", Some(vec![2])),
            (false, "1,2\n0\n4\n", None),
            (false, "x\n1\n", Some(vec![0])),
            (false, "\n", None),
            (false, "", None),
            (false, "99999999999999999999\n-1\n\n", None),
            (true, "3, 1,1\n", Some(vec![0, 2])),
            (true, "1 2 3\n", Some(vec![0, 1, 2])),
            (true, ",\n4\n1\n", Some(vec![0])),
        ] {
            assert_eq!(answered(several, input).0, expected, "{several} {input:?}");
        }
    }

    #[test]
    fn choices_are_shown_without_control_characters() {
        let (_, shown) = answered(false, "1\n");
        assert!(
            shown.starts_with("\nWhich column is the decision?\n  1  hired\n  2  in"),
            "{shown}"
        );
        assert!(!shown.contains('\u{1b}'));
    }
}
