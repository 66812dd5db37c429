//! This module writes the blocks of a section.

use crate::arrange::outcome_token;
use crate::document::{Banner, Block, Figure, Span, Statement};
use crate::safe;

use super::drawing;
use super::mark::Mark;

/// A page in the making.
pub(super) struct Writer {
    pub(super) out: String,
    /// Boxes that scroll so far, each with a number in its name: no two may be called the same.
    boxes: usize,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            out: String::new(),
            boxes: 0,
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Markup as it is.
    pub(super) fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text in an element.
    pub(super) fn element(&mut self, tag: &str, class: &str, text: &str) {
        let class = match class {
            "" => String::new(),
            class => format!(" class=\"{class}\""),
        };
        self.raw(&format!("<{tag}{class}>{}</{tag}>\n", lines(text)));
    }

    pub(super) fn blocks(&mut self, blocks: &[Block], verdict: Mark) {
        for block in blocks {
            self.block(block, verdict);
        }
    }

    fn block(&mut self, block: &Block, verdict: Mark) {
        match block {
            Block::Verdict(banner) => self.banner(banner, verdict),
            Block::Heading(text) => self.element("h3", "", text),
            Block::Text(text) => self.element("p", "", text),
            Block::List(points) => {
                self.raw("<ul>\n");
                for point in points {
                    self.element("li", "", point);
                }
                self.raw("</ul>\n");
            }
            Block::Rich(spans) => {
                let text = rich(spans);
                self.raw(&format!("<p>{text}</p>\n"));
            }
            Block::RichList { ordered, items } => {
                let tag = if *ordered { "ol" } else { "ul" };
                self.raw(&format!("<{tag}>\n"));
                for item in items {
                    let text = rich(item);
                    self.raw(&format!("<li>{text}</li>\n"));
                }
                self.raw(&format!("</{tag}>\n"));
            }
            Block::Facts(facts) => self.facts(facts, "facts"),
            Block::Statements(statements) => self.statements(statements),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure, verdict),
            Block::Fold { summary, blocks } => {
                self.raw("<details>\n");
                self.element("summary", "", summary);
                self.raw("<div class=\"fold\">\n");
                self.blocks(blocks, verdict);
                self.raw("</div>\n</details>\n");
            }
            Block::Code(text) => {
                let code: Vec<String> = text.lines().map(safe::xml).collect();
                self.open_box("code", "Text to copy");
                self.raw(&format!("<pre><code>{}</code></pre>\n</div>\n", code.join("\n")));
            }
            Block::Blanks(labels) => {
                self.raw("<dl class=\"blanks\">\n");
                for label in labels {
                    self.raw("<div>");
                    self.element("dt", "", label);
                    // The line is there without a style sheet as well; nobody is read it aloud.
                    self.raw("<dd><span aria-hidden=\"true\">______________________________</span></dd></div>\n");
                }
                self.raw("</dl>\n");
            }
        }
    }

    /// A box that scrolls by itself, and can be scrolled with the keyboard; the caller closes it.
    pub(super) fn open_box(&mut self, class: &str, name: &str) {
        self.boxes += 1;
        self.raw(&format!(
            "<div class=\"scroll {class}\" role=\"region\" tabindex=\"0\" aria-label=\"{} ({})\">\n",
            safe::xml(&safe::visible_cut(name, 200)),
            self.boxes
        ));
    }

    fn banner(&mut self, banner: &Banner, verdict: Mark) {
        let (class, shape) = (verdict.class(), verdict.shape());
        self.raw(&format!("<div class=\"banner {class}\">\n{shape}\n<div>\n"));
        self.raw(&format!(
            "<p class=\"lead\"><strong class=\"word\">{}</strong> {}</p>\n",
            safe::xml(&banner.word),
            safe::xml(&banner.sentence)
        ));
        for line in &banner.beside {
            self.raw(&format!("<p>{}</p>\n", rich(line)));
        }
        self.raw("</div>\n</div>\n");
    }

    pub(super) fn facts(&mut self, facts: &[(String, String)], class: &str) {
        if facts.is_empty() {
            return;
        }
        self.raw(&format!("<dl class=\"{class}\">\n"));
        for (name, value) in facts {
            self.raw(&format!(
                "<div><dt>{}</dt><dd>{}</dd></div>\n",
                lines(name),
                lines(value)
            ));
        }
        self.raw("</dl>\n");
    }

    fn statements(&mut self, statements: &[Statement]) {
        self.raw("<ul class=\"findings\">\n");
        for Statement { outcome, text, precise } in statements {
            let class = Mark::from(*outcome).class();
            self.raw(&format!(
                "<li class=\"finding {class}\">\n<p><strong class=\"badge\">{}</strong> {}</p>\n",
                safe::xml(&outcome_token(*outcome)),
                safe::xml(text)
            ));
            if !precise.is_empty() {
                self.raw("<details class=\"precise\"><summary>For a statistician</summary>");
                self.element("p", "", precise);
                self.raw("</details>\n");
            }
            self.raw("</li>\n");
        }
        self.raw("</ul>\n");
    }

    fn figure(&mut self, figure: &Figure, verdict: Mark) {
        self.raw("<figure>\n");
        self.element("figcaption", "", &figure.title);
        self.open_box("drawing", &figure.title);
        let drawing = drawing::inline(&figure.svg);
        self.raw(&drawing);
        self.raw("\n</div>\n");
        if !figure.description.is_empty() {
            self.raw("<details><summary>This picture in words</summary>");
            self.element("p", "", &figure.description);
            self.raw("</details>\n");
        }
        if let Some(table) = &figure.table {
            self.raw("<details><summary>The numbers of this picture</summary><div class=\"fold\">\n");
            self.block(&Block::Table(table.clone()), verdict);
            self.raw("</div></details>\n");
        }
        self.raw("</figure>\n");
    }
}

/// Text whose lines stay lines: only an owner's own text has any, those of names are spelled out before.
pub(super) fn lines(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().lines().map(safe::xml).collect();
    lines.join("<br/>")
}

fn rich(spans: &[Span]) -> String {
    spans.iter().map(span).collect()
}

fn span(span: &Span) -> String {
    let mut out = lines_kept(&span.text);
    for (wanted, tag) in [(span.code, "code"), (span.emphasis, "em"), (span.strong, "strong")] {
        if wanted {
            out = format!("<{tag}>{out}</{tag}>");
        }
    }
    match &span.link {
        Some(link) if leads_somewhere_safe(link) => {
            format!("<a href=\"{}\" rel=\"noopener noreferrer\">{out}</a>", safe::xml(link))
        }
        _ => out,
    }
}

/// Like [`lines`], with the space at the end, which parts a stretch from the next.
fn lines_kept(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| safe::xml(line.trim_end_matches('\r')))
        .collect();
    lines.join("<br/>")
}

fn leads_somewhere_safe(link: &str) -> bool {
    let starts = |scheme: &str| {
        link.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    ["http:", "https:", "mailto:"].into_iter().any(starts)
}
