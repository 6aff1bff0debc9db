//! The account that the walk keeps: what became of each line, said once. Deciding it is in `gather`.

use super::gather::Gather;
use super::report::{Fate, Told, Warning};
use crate::kits::check::limit;

impl Gather<'_> {
    /// What became of every line, in their order.
    pub(super) fn tell(&mut self) -> Vec<Told> {
        let told = std::mem::take(&mut self.told);
        let all = told.into_iter().zip(self.lines).map(|(told, line)| {
            told.unwrap_or_else(|| Told {
                line: line.number,
                fate: Fate::Doubtful,
                kept: false,
                what: "not understood".to_owned(),
                why: Vec::new(),
                text: line.whole.clone(),
            })
        });
        all.collect()
    }

    pub(super) fn number(&self, block: usize) -> usize {
        self.lines[self.blocks[block].lines[0]].number
    }

    /// Says of one line what became of it; what was said of it before stays.
    pub(super) fn say(
        &mut self,
        line: usize,
        fate: Fate,
        kept: bool,
        what: &str,
        why: Vec<String>,
    ) {
        let of = &self.lines[line];
        if self.told[line].is_none() {
            self.told[line] = Some(Told {
                line: of.number,
                fate,
                kept,
                what: what.to_owned(),
                why,
                text: of.whole.clone(),
            });
        }
    }

    /// Keeps a block; with a reason to doubt it, if there is any.
    pub(super) fn keep(&mut self, block: usize, what: &str, doubts: Vec<String>) {
        let first = self.number(block);
        let fate = if doubts.is_empty() {
            Fate::Kept
        } else {
            Fate::Doubtful
        };
        let lines = &self.blocks[block].lines;
        self.say(lines[0], fate, true, what, doubts);
        for line in &lines[1..] {
            let why = format!("taken for the rest of line {first}");
            self.say(*line, Fate::Doubtful, true, what, vec![why]);
        }
    }

    /// Leaves a block out for a known reason.
    pub(super) fn leave(&mut self, block: usize, what: &str) {
        self.leave_because(block, what, Vec::new());
    }

    pub(super) fn leave_because(&mut self, block: usize, what: &str, why: Vec<String>) {
        let mut why = Some(why);
        for line in &self.blocks[block].lines {
            self.say(
                *line,
                Fate::LeftOut,
                false,
                what,
                why.take().unwrap_or_default(),
            );
        }
    }

    /// Leaves a block out without being sure.
    pub(super) fn wonder(&mut self, block: usize, what: &str, why: &str) {
        for line in &self.blocks[block].lines {
            self.say(
                *line,
                Fate::Doubtful,
                false,
                what,
                vec![format!("not kept: {why}")],
            );
        }
    }

    /// Takes back what was kept under a name, since Slack could not show it.
    pub(super) fn take_back(&mut self, what: &str) {
        let most = limit::HARD;
        for told in self.told.iter_mut().flatten() {
            if told.kept && told.what == what {
                told.fate = Fate::Doubtful;
                told.kept = false;
                told.why = vec![format!(
                    "not kept: Slack cannot show more than {most} characters"
                )];
            }
        }
    }

    /// Adds a sentence to what is said of a line, if it is not the title itself.
    pub(super) fn note(&mut self, number: usize, note: String) {
        let mut told = self.told.iter_mut().flatten();
        if let Some(told) = told.find(|told| told.line == number && told.what != "title") {
            told.why.push(note);
        }
    }

    pub(super) fn warn(&mut self, line: usize, message: String) {
        self.warnings.push(Warning {
            line: Some(line),
            message,
        });
    }
}
