//! Walks through a guide's blocks and puts each where it belongs, keeping account of every line. The first list and the top are settled in `top`, the kit is put together in `import`.

use super::blocks::{Block, Kind};
use super::known::{self, Part};
use super::lines::Line;
use super::refusal::{NoGuide, QUESTIONS};
use super::report::{Told, Warning};
use super::salary::Pay;
use super::skills;
use super::title::{Candidate, Source};
use crate::domain::kit::Section;
use crate::kits::check::limit;
use std::collections::HashMap;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// With the places of their blocks.
    pub summary: Vec<(usize, String)>,
    pub hard_skills: Vec<String>,
    pub experience: Vec<String>,
    pub soft_skills: Vec<String>,
    pub pay: Pay,
    /// When the guide says that it was written or renewed.
    pub dated: Option<String>,
    pub questions: [Vec<String>; 3],
    pub look_for: Vec<String>,
    pub pitfalls: Vec<String>,
}

/// Where in the guide the walk is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum At {
    /// Before everything.
    Top,
    /// In the first list: hard skills, experience, soft skills.
    List,
    /// Below a known heading.
    Part(Part),
    /// Below a heading that is not known, on this line.
    Unknown(usize),
}

/// A part of the guide in which something is expected.
#[derive(Debug)]
pub(super) struct Open {
    /// The heading's line, and its level in Markdown.
    line: usize,
    level: usize,
    /// How many items it has had.
    pub items: usize,
    /// The line of an unknown heading within it, if one came.
    under: Option<usize>,
}

/// The walk.
pub(super) struct Gather<'a> {
    pub lines: &'a [Line],
    pub blocks: &'a [Block],
    /// The title, in small letters.
    pub title: String,
    /// The line that the title was taken from, if it says nothing else.
    pub title_line: Option<usize>,
    pub told: Vec<Option<Told>>,
    pub found: Found,
    pub warnings: Vec<Warning>,
    /// Blocks of the top that only the whole of it explains.
    pub top: Vec<usize>,
    /// Blocks of the first list.
    pub list: Vec<usize>,
    /// Whether any line has a bullet.
    bullets: bool,
    pub at: At,
    pub open: Option<Open>,
    titled: bool,
    /// A bullet without words, whose words may follow.
    bare: Option<usize>,
    /// The block that leads to the first list, if one does.
    led: Option<usize>,
    /// The items so far, in small letters, with their lines.
    seen: HashMap<String, usize>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        lines: &'a [Line],
        blocks: &'a [Block],
        title: &str,
        title_line: Option<usize>,
    ) -> Self {
        Self {
            lines,
            blocks,
            title: title.to_ascii_lowercase(),
            title_line,
            told: vec![None; lines.len()],
            found: Found::default(),
            warnings: Vec::new(),
            top: Vec::new(),
            list: Vec::new(),
            bullets: blocks.iter().any(|block| block.kind == Kind::Item),
            at: At::Top,
            open: None,
            titled: false,
            bare: None,
            led: blocks.iter().position(|block| {
                block.kind == Kind::Words && known::market(&block.text, &block.lower).is_some()
            }),
            seen: HashMap::new(),
        }
    }

    /// Walks through the guide.
    ///
    /// # Errors
    /// If there are more questions than a kit can hold.
    pub(super) fn walk(&mut self) -> Result<(), NoGuide> {
        for index in 0..self.blocks.len() {
            let block = &self.blocks[index];
            match &block.kind {
                Kind::Rule => self.leave(index, "a drawn line"),
                Kind::Contents => self.leave(index, "table of contents"),
                Kind::Title(role) if Candidate::new(Source::TitleLine, 0, role).is_none() => {
                    self.wonder(index, "title", "it cannot be a role's name");
                }
                Kind::Title(_) if self.titled => self.leave(index, "the title again"),
                Kind::Title(_) => {
                    self.titled = true;
                    self.keep(index, "title", Vec::new());
                }
                Kind::Heading(part) => self.heading(index, *part),
                Kind::Item if block.text.is_empty() => {
                    self.leave(index, "a bullet without words");
                    self.bare = Some(index);
                    continue;
                }
                Kind::Words if block.text.is_empty() => {
                    self.leave(index, "a mark without words");
                    continue;
                }
                Kind::Item => self.item(index, Vec::new())?,
                Kind::Words => self.words(index)?,
            }
            self.bare = None;
        }
        self.close();
        self.settle_top();
        self.settle_list();
        Ok(())
    }

    fn heading(&mut self, index: usize, part: Part) {
        self.close();
        self.leave(index, &format!("heading: {}", part.name()));
        self.at = At::Part(part);
        let line = self.blocks[index].lines[0];
        self.open = Some(Open {
            line: self.lines[line].number,
            level: self.lines[line].level,
            items: 0,
            under: None,
        });
    }

    /// Ends a part; one in which nothing stood is worth a warning.
    pub(super) fn close(&mut self) {
        if let (Some(open), At::Part(part)) = (self.open.take(), self.at)
            && open.items == 0
        {
            let message = format!(
                "nothing stands below this heading: {} are missing",
                part.name()
            );
            self.warn(open.line, message);
        }
    }

    /// An item, with doubts that came before.
    fn item(&mut self, index: usize, doubts: Vec<String>) -> Result<(), NoGuide> {
        let block = &self.blocks[index];
        let pay = known::salary(&block.text, &block.lower);
        match self.at {
            At::Top | At::List if pay => self.pay(index),
            At::Top | At::List if is_contents(&block.text) => {
                self.leave(index, "table of contents");
            }
            At::Top if self.led.is_some_and(|led| led > index) => {
                self.wonder(index, "an item", "it stands before the first list");
            }
            At::Top => {
                self.at = At::List;
                self.list.push(index);
            }
            At::List => self.list.push(index),
            At::Part(part) => self.item_of(index, part, doubts)?,
            At::Unknown(line) => {
                let why = format!("it stands below a heading that is not known, line {line}");
                self.wonder(index, "an item", &why);
            }
        }
        Ok(())
    }

    fn item_of(
        &mut self,
        index: usize,
        part: Part,
        mut doubts: Vec<String>,
    ) -> Result<(), NoGuide> {
        let text = &self.blocks[index].text;
        let under = self.open.as_ref().and_then(|open| open.under);
        if let Some(open) = &mut self.open {
            open.items += 1;
        }
        if let Some(line) = under {
            let asks = matches!(part, Part::Questions(_)) && known::asks(text);
            if !asks {
                let why = format!(
                    "it stands below a heading that is not known, line {line}, and asks nothing"
                );
                self.wonder(index, "an item", &why);
                return Ok(());
            }
            doubts.push(format!(
                "it stands below a heading that is not known, line {line}"
            ));
        }
        if is_too_long(text) {
            let why = format!(
                "it is longer than {} characters, the most that Slack can show",
                limit::HARD
            );
            self.leave_because(index, "too long", vec![why]);
            return Ok(());
        }
        if matches!(part, Part::Questions(_) | Part::LookFor | Part::Pitfalls) {
            self.warn_of_twin(index);
        }
        match part {
            Part::Questions(section) => {
                let place = Section::ALL
                    .iter()
                    .position(|one| *one == section)
                    .unwrap_or_default();
                let all: usize = self.found.questions.iter().map(Vec::len).sum();
                if all == QUESTIONS {
                    return Err(NoGuide::TooManyQuestions {
                        line: self.number(index),
                    });
                }
                let what = format!(
                    "{} question {}",
                    section.slug(),
                    self.found.questions[place].len() + 1
                );
                self.found.questions[place].push(text.clone());
                self.keep(index, &what, doubts);
            }
            Part::LookFor | Part::Pitfalls => {
                let (list, name) = match part {
                    Part::LookFor => (&mut self.found.look_for, "look-for"),
                    _ => (&mut self.found.pitfalls, "pitfall"),
                };
                if list.len() == limit::LIST {
                    let why = format!("a kit holds {} at most", limit::LIST);
                    self.leave_because(index, "too many", vec![why]);
                    return Ok(());
                }
                list.push(text.clone());
                let what = format!("{name} {}", list.len());
                self.keep(index, &what, doubts);
            }
            Part::HardSkills | Part::SoftSkills | Part::Experience => {
                self.list_item(index, part, text, doubts);
            }
            Part::Salary => self.pay(index),
            Part::Demand => self.demand(index),
            Part::Profile => {
                self.found.summary.push((index, text.clone()));
                self.keep(index, "profile", doubts);
            }
        }
        Ok(())
    }

    /// Warns of an item that is there already, in the same words.
    fn warn_of_twin(&mut self, index: usize) {
        let number = self.number(index);
        let words = self.blocks[index].text.to_lowercase();
        match self.seen.get(&words) {
            Some(first) => self.warn(number, format!("line {first} says the same")),
            None => {
                self.seen.insert(words, number);
            }
        }
    }

    /// Puts skills or experience where they belong.
    pub(super) fn list_item(
        &mut self,
        index: usize,
        part: Part,
        text: &str,
        mut doubts: Vec<String>,
    ) {
        if part == Part::Experience {
            self.found.experience.push(text.to_owned());
            self.keep(index, part.name(), doubts);
            return;
        }
        let split = skills::split(text);
        doubts.extend(split.doubts);
        let list = match part {
            Part::HardSkills => &mut self.found.hard_skills,
            _ => &mut self.found.soft_skills,
        };
        let (mut over, mut long) = (0, 0);
        for skill in split.items {
            if list.len() == limit::LIST {
                over += 1;
            } else if is_too_long(&skill) {
                long += 1;
            } else {
                list.push(skill);
            }
        }
        if over > 0 {
            doubts.push(format!(
                "{over} more are not kept: a kit holds {} at most",
                limit::LIST
            ));
        }
        if long > 0 {
            doubts.push(format!(
                "{long} are not kept: Slack cannot show more than {} characters",
                limit::HARD
            ));
        }
        self.keep(index, part.name(), doubts);
    }

    fn words(&mut self, index: usize) -> Result<(), NoGuide> {
        let block = &self.blocks[index];
        let (text, lower) = (&block.text, &block.lower);
        if let Some(bare) = self.bare {
            let why = format!("its bullet stands alone on line {}", self.number(bare));
            return self.item(index, vec![why]);
        }
        let early = match self.at {
            At::Top | At::List => true,
            At::Part(part) => !matches!(part, Part::Questions(_) | Part::LookFor | Part::Pitfalls),
            At::Unknown(_) => self.list.is_empty(),
        };
        if early && let Some(market) = known::market(text, lower) {
            self.market(index, &market);
            return Ok(());
        }
        if early && known::opening(text, lower).is_some() {
            self.leave(index, "boilerplate: opening sentence");
            return Ok(());
        }
        if known::closing(text, lower).is_some() {
            self.leave(index, "boilerplate: closing sentence");
            return Ok(());
        }
        if early && known::salary(text, lower) {
            self.pay(index);
            return Ok(());
        }
        if self.dated(index) {
            return Ok(());
        }
        if early && let Some((part, rest)) = known::label(text) {
            return self.labelled(index, part, rest);
        }
        if self.unknown_heading(index) {
            return Ok(());
        }
        match self.at {
            At::Top => self.top.push(index),
            At::List if !self.bullets => self.list.push(index),
            At::List => self.between(index),
            At::Part(part) => return self.words_of(index, part),
            At::Unknown(line) => {
                let why = format!("it stands below a heading that is not known, line {line}");
                self.wonder(index, "a sentence", &why);
            }
        }
        Ok(())
    }

    /// Words in the first list that are no item.
    fn between(&mut self, index: usize) {
        if self.list.is_empty() && self.blocks[index].text.ends_with(':') {
            self.leave(index, "boilerplate: introduces a list");
        } else {
            self.wonder(index, "a sentence", "it belongs to no part of a kit");
        }
    }

    fn words_of(&mut self, index: usize, part: Part) -> Result<(), NoGuide> {
        let text = &self.blocks[index].text;
        let none_yet = self.open.as_ref().is_none_or(|open| open.items == 0);
        let alone = vec!["it has no bullet".to_owned()];
        let asks = match part {
            Part::Questions(_) => {
                text.ends_with('?') || (known::asks(text) && !text.ends_with(':'))
            }
            Part::LookFor | Part::Pitfalls => false,
            _ => return self.item_of(index, part, Vec::new()),
        };
        if asks {
            return self.item_of(index, part, alone);
        }
        let introduces =
            matches!(part, Part::Questions(_)) && known::introduces(&self.blocks[index].lower);
        if none_yet && (text.ends_with(':') || introduces) {
            self.leave(index, "boilerplate: introduces a list");
            return Ok(());
        }
        if !self.bullets && !text.ends_with(':') {
            return self.item_of(index, part, alone);
        }
        self.wonder(
            index,
            "a sentence",
            &format!("it is none of the {}", part.name()),
        );
        Ok(())
    }

    /// A heading that is not known, if the block is one.
    fn unknown_heading(&mut self, index: usize) -> bool {
        let block = &self.blocks[index];
        let line = &self.lines[block.lines[0]];
        let short = block.lines.len() == 1
            && block.text.len() <= 80
            && block.text.split(' ').take(10).count() < 10
            && !block.text.ends_with(['.', '?', '!', ',', ';']);
        let marked = line.level > 0 || line.bold;
        if !short || Some(line.number) == self.title_line {
            return false;
        }
        let before_item = self
            .blocks
            .get(index + 1)
            .is_some_and(|next| next.kind == Kind::Item);
        let none_yet = self.open.as_ref().is_none_or(|open| open.items == 0);
        let is_one = match self.at {
            At::Top => marked && !known::calls(&block.lower),
            At::Part(_) if none_yet && !marked => false,
            At::List if self.list.is_empty() && !marked => false,
            _ => marked || before_item || (self.bullets && block.text.ends_with(':')),
        };
        if !is_one {
            return false;
        }
        let (number, level) = (line.number, line.level);
        let text = block.text.clone();
        let asks = block.lower.contains("question");
        let within = match (&self.at, &self.open) {
            (At::Part(Part::Questions(_)), Some(open)) if level > 0 && open.level > 0 => {
                level > open.level
            }
            (At::Part(Part::Questions(_)), Some(_)) => !asks,
            (At::Top, _) => true,
            _ => false,
        };
        self.wonder(index, "a heading", "it is not known");
        self.warn(
            number,
            format!("the heading \u{201C}{text}\u{201D} is not known"),
        );
        if !within {
            self.close();
            self.at = At::Unknown(number);
        } else if let Some(open) = &mut self.open {
            open.under = Some(number);
        }
        true
    }
}

/// Whether a text is longer than Slack can show, in the units in which it counts.
pub(super) fn is_too_long(text: &str) -> bool {
    text.encode_utf16().nth(limit::HARD).is_some()
}

/// Whether an item only names a part that comes later.
fn is_contents(text: &str) -> bool {
    matches!(
        known::heading(text),
        Some(Part::Questions(_) | Part::LookFor | Part::Pitfalls)
    )
}
