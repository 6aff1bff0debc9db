//! The top of a guide and its first list, which only the whole of them explains: what is the profile, what an advertisement, which bullet is the experience. Walking there is `gather`'s.

use super::blocks::is_closed;
use super::gather::{Gather, is_too_long};
use super::known::{self, Part};

/// A longer paragraph is no line of an advertisement.
const SHORT: usize = 120;

/// What a block of the top is taken for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Taken {
    Title,
    Profile,
    /// With doubts.
    PerhapsProfile,
    Advertisement,
    PerhapsAdvertisement,
    Nothing,
}

impl Gather<'_> {
    /// Settles the blocks of the top that no sentence of theirs explains.
    pub(super) fn settle_top(&mut self) {
        let top = std::mem::take(&mut self.top);
        let mut taken: Vec<Taken> = top.iter().map(|index| self.first_look(*index)).collect();
        let has_profile = !self.found.summary.is_empty() || taken.contains(&Taken::Profile);
        let beside = |place: usize, other: usize| top[place].abs_diff(top[other]) == 1;
        let near = |taken: &[Taken], place: usize, what: Taken| {
            let before = place.checked_sub(1).filter(|before| beside(place, *before));
            let after = (place + 1 < top.len() && beside(place, place + 1)).then_some(place + 1);
            [before, after]
                .into_iter()
                .flatten()
                .any(|near| taken[near] == what)
        };
        // One line that calls for something gives those around it away, in both directions.
        for place in (0..top.len()).chain((0..top.len()).rev()) {
            let short = self.is_short(top[place]);
            let beside_one = near(&taken, place, Taken::Advertisement);
            let beside_another = near(&taken, place, Taken::PerhapsAdvertisement);
            taken[place] = match taken[place] {
                Taken::PerhapsAdvertisement if beside_one || beside_another => Taken::Advertisement,
                Taken::Nothing if short && has_profile && beside_one => Taken::Advertisement,
                other => other,
            };
        }
        for place in 0..top.len() {
            let block = &self.blocks[top[place]];
            let goes_on = place.checked_sub(1).is_some_and(|before| {
                beside(place, before)
                    && taken[before] == Taken::Profile
                    && !is_closed(&self.blocks[top[before]].text)
                    && !self.lines[block.lines[0]].after_blank
            });
            let long = block.text.split(' ').nth(7).is_some();
            let perhaps = if self.is_short(top[place]) {
                !has_profile && long
            } else {
                !has_profile || near(&taken, place, Taken::Profile)
            };
            if taken[place] == Taken::Nothing && (goes_on || perhaps) {
                taken[place] = Taken::PerhapsProfile;
            }
        }
        for (place, index) in top.into_iter().enumerate() {
            self.settle(index, taken[place]);
        }
    }

    fn is_short(&self, index: usize) -> bool {
        self.blocks[index].text.chars().nth(SHORT).is_none()
    }

    /// What a block seems to be by itself.
    fn first_look(&self, index: usize) -> Taken {
        let block = &self.blocks[index];
        let short = self.is_short(index);
        let names = !self.title.is_empty() && block.lower.contains(&self.title);
        if Some(self.number(index)) == self.title_line {
            Taken::Title
        } else if known::calls(&block.lower) && short {
            Taken::Advertisement
        } else if names && (block.is_closed() || !short) {
            Taken::Profile
        } else if short && !block.is_closed() {
            Taken::PerhapsAdvertisement
        } else {
            Taken::Nothing
        }
    }

    fn settle(&mut self, index: usize, taken: Taken) {
        let text = self.blocks[index].text.clone();
        match taken {
            Taken::Title => self.keep(index, "title", Vec::new()),
            Taken::Profile => {
                self.found.summary.push((index, text));
                self.keep(index, "profile", Vec::new());
            }
            Taken::PerhapsProfile => {
                self.found.summary.push((index, text));
                let why =
                    "it does not name the role; it is taken for a part of the profile".to_owned();
                self.keep(index, "profile", vec![why]);
            }
            Taken::Advertisement => self.leave(index, "advertisement"),
            Taken::PerhapsAdvertisement => {
                self.wonder(
                    index,
                    "advertisement",
                    "a short line near the top, taken for one",
                );
            }
            Taken::Nothing => self.wonder(index, "a sentence", "it belongs to no part of a kit"),
        }
    }

    /// Settles which item of the first list is what: hard skills, experience, soft skills.
    pub(super) fn settle_list(&mut self) {
        let list = std::mem::take(&mut self.list);
        let mut rest = Vec::new();
        let mut seen = Vec::new();
        for index in list {
            let text = &self.blocks[index].text;
            match known::label(text) {
                Some((part @ (Part::HardSkills | Part::Experience | Part::SoftSkills), words)) => {
                    let words = words.to_owned();
                    self.list_item(index, part, &words, Vec::new());
                    seen.push(part);
                }
                _ => rest.push(index),
            }
        }
        let texts = rest.iter().map(|index| &self.blocks[*index].lower);
        let years = |lower: &String| {
            lower.contains("year") && lower.bytes().any(|byte| byte.is_ascii_digit())
        };
        let with_years = texts.clone().position(years);
        let experience =
            with_years.or_else(|| texts.clone().position(|lower| lower.contains("years")));
        let usual = rest.len() == 3 && seen.is_empty();
        let experience = match experience {
            None if usual => Some(1),
            found => found,
        };
        for (place, index) in rest.iter().copied().enumerate() {
            let part = match experience {
                Some(at) if place == at => Part::Experience,
                Some(at) if place > at => Part::SoftSkills,
                None if place > 0 && rest.len() == 2 => Part::SoftSkills,
                _ if seen.contains(&Part::HardSkills) => Part::SoftSkills,
                _ => Part::HardSkills,
            };
            let text = self.blocks[index].text.clone();
            let mut doubts = Vec::new();
            if !usual || experience != Some(1) {
                doubts.push(format!(
                    "a guide's first list has three bullets, this one has {}; it is taken for {}",
                    rest.len() + seen.len(),
                    part.name()
                ));
            } else if place == 1
                && !self.blocks[index].lower.contains("year")
                && !self.blocks[index].lower.contains("experience")
            {
                doubts.push("it names no years; it stands where the experience does".to_owned());
            }
            self.list_item(index, part, &text, doubts);
        }
    }

    /// The paragraph about the role, if what was taken for one can be shown.
    pub(super) fn summary(&mut self) -> String {
        let mut parts = std::mem::take(&mut self.found.summary);
        parts.sort_by_key(|(index, _)| *index);
        let texts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
        let summary = texts.join(" ");
        if !is_too_long(&summary) {
            return summary;
        }
        self.take_back("profile");
        String::new()
    }
}
