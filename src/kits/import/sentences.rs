//! What becomes of the sentences that say one thing each: the salary, the demand, a date, the lead of the first list. Which sentence is which is in `known`.

use super::gather::{At, Gather};
use super::known::{self, Part};
use super::refusal::NoGuide;
use super::report::{Fate, cut};
use super::salary;

impl Gather<'_> {
    /// The salary line.
    pub(super) fn pay(&mut self, index: usize) {
        let block = &self.blocks[index];
        let pay = salary::read(&block.text);
        if let Some(open) = &mut self.open {
            open.items += 1;
        }
        let both = self.found.pay.salary.is_some() && pay.salary.is_some();
        if both {
            self.wonder(index, "salary", "another line gives the salary already");
            return;
        }
        let what = match (&pay.salary, pay.demand) {
            (Some(_), Some(_)) => "salary and demand",
            (Some(_), None) => "salary",
            (None, Some(_)) => "demand",
            (None, None) => {
                let why = pay
                    .doubts
                    .first()
                    .map_or("no figure and no demand could be read", |why| why);
                self.wonder(index, "salary", why);
                return;
            }
        };
        let mut doubts = pay.doubts;
        if pay.salary.is_none() && doubts.is_empty() {
            doubts.push("no salary could be read from it".to_owned());
        }
        self.found.pay.salary = self.found.pay.salary.take().or(pay.salary);
        self.found.pay.demand = self.found.pay.demand.or(pay.demand);
        self.found.pay.assumed.extend(pay.assumed);
        self.keep(index, what, doubts);
    }

    pub(super) fn demand(&mut self, index: usize) {
        let demand = salary::demand(&format!("demand: {}", self.blocks[index].lower));
        if demand.is_some() && self.found.pay.demand.is_none() {
            self.found.pay.demand = demand;
            self.keep(index, "demand", Vec::new());
        } else {
            self.wonder(index, "demand", "it is neither high nor medium nor low");
        }
    }

    /// The sentence that leads to the first list, with the profile that may run on into it.
    pub(super) fn market(&mut self, index: usize, market: &known::Market<'_>) {
        let block = &self.blocks[index];
        let before = block.text[..market.begins].trim();
        let after = block.text[market.ends..].trim();
        if !before.is_empty() {
            self.found.summary.push((index, before.to_owned()));
        }
        let rest = cut(block.text[market.begins..].trim(), 60);
        for (place, line) in block.lines.iter().enumerate() {
            let begins = block.begins[place];
            let ends = block
                .begins
                .get(place + 1)
                .copied()
                .unwrap_or(block.text.len());
            let mut why = Vec::new();
            let lost = !after.is_empty() && ends > market.ends;
            if lost {
                why.push(format!("not kept: `{}`, after the colon", cut(after, 60)));
            }
            if begins >= before.len() {
                let fate = if lost { Fate::Doubtful } else { Fate::LeftOut };
                self.say(*line, fate, false, "boilerplate: leads to the list", why);
                continue;
            }
            if ends > market.begins {
                why.insert(0, format!("left out as boilerplate: `{rest}`"));
            }
            if place > 0 && why.is_empty() {
                let first = self.number(index);
                why.push(format!("taken for the rest of line {first}"));
            }
            let fate = if lost || place > 0 {
                Fate::Doubtful
            } else {
                Fate::Kept
            };
            self.say(*line, fate, true, "profile", why);
        }
        if self.open.is_some() {
            self.close();
        }
        self.at = At::List;
    }

    /// "Hard skills: …" on a line of its own.
    pub(super) fn labelled(&mut self, index: usize, part: Part, rest: &str) -> Result<(), NoGuide> {
        match part {
            Part::HardSkills | Part::SoftSkills | Part::Experience => {
                self.list_item(index, part, rest, Vec::new());
                if self.at == At::Top {
                    self.at = At::List;
                }
            }
            Part::Profile => {
                self.found.summary.push((index, rest.to_owned()));
                self.keep(index, "profile", Vec::new());
            }
            Part::Demand => self.demand(index),
            _ => self.pay(index),
        }
        Ok(())
    }

    /// "Last updated: March 2026" dates the salary.
    pub(super) fn dated(&mut self, index: usize) -> bool {
        let block = &self.blocks[index];
        let short = block.text.chars().nth(60).is_none();
        let words = ["updated", "reviewed", "published"];
        if !short || !words.iter().any(|word| block.lower.contains(word)) {
            return false;
        }
        let Some(date) = salary::date(&block.text) else {
            return false;
        };
        let why = format!("`{date}` is taken for when the salary was true");
        self.found.dated = Some(date);
        self.keep(index, "date", vec![why]);
        true
    }
}
