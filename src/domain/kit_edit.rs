//! One question of a kit as somebody wants it to be, and what it became from one version to the next. Whether the kit is still a good one is checked in `kits`.

use super::ids::{CompetencyId, QuestionId};
use super::kit::{Anchors, Competency, Kit, Question, Section};
use super::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The largest number of a question within its section.
pub const HIGHEST_NUMBER: u16 = 999;

/// What somebody wants a question to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionEdit {
    /// Which; absent: a new one.
    pub question: Option<QuestionId>,
    /// Which part of the interview; that of an old question never changes.
    pub section: Section,
    /// What it probes.
    pub competency: Option<CompetencyId>,
    /// The name of a competency that the kit does not have yet, and that it probes instead; empty: none.
    pub new_competency: String,
    /// What is read aloud.
    pub ask: String,
    /// For when the first answer is thin.
    pub follow_up: Vec<String>,
    /// For the interviewer's eyes.
    pub note: String,
    /// What each rating sounds like.
    pub anchors: Option<Anchors>,
    /// Its place among the questions of its section that are asked, from 1; absent: where it is, or last.
    pub place: Option<usize>,
    /// Asked no more.
    pub retired: bool,
}

/// A part of a question that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It is new.
    Added,
    /// It is asked no more.
    Retired,
    /// It is asked again.
    BroughtBack,
    /// What is read aloud.
    Ask,
    /// The follow-ups.
    FollowUps,
    /// The note for the interviewer.
    Note,
    /// What each rating sounds like.
    Anchors,
    /// What it probes.
    Competency,
    /// Its place among the others.
    Place,
}

impl Part {
    /// As a line of the history names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Retired => "retired",
            Self::BroughtBack => "brought back",
            Self::Ask => "question",
            Self::FollowUps => "follow-ups",
            Self::Note => "note",
            Self::Anchors => "anchors",
            Self::Competency => "competency",
            Self::Place => "place",
        }
    }
}

/// The highest number that a section of this kit has used, retired questions included; 0 for none.
#[must_use]
pub fn highest_number(kit: &Kit, section: Section) -> u16 {
    kit.questions
        .iter()
        .filter(|question| question.section == section)
        .filter_map(|question| question.number().parse().ok())
        .max()
        .unwrap_or(0)
}

/// The kit with one question changed or added. `highest`: the highest number that its section ever used, so that a
/// number is not used again.
///
/// # Errors
/// If the question is not in the kit, or the section has used all its numbers.
pub fn edited(kit: &Kit, edit: &QuestionEdit, highest: u16) -> Result<Kit, Refusal> {
    let mut kit = kit.clone();
    let (old_at, question) = match &edit.question {
        Some(id) => {
            let at = kit
                .questions
                .iter()
                .position(|question| question.id == *id)
                .ok_or(Refusal::QuestionGone)?;
            (Some(at), kit.questions.remove(at))
        }
        None if highest >= HIGHEST_NUMBER => return Err(Refusal::NumbersUsedUp),
        None => {
            let id = format!("{}/{}", edit.section.slug(), highest + 1);
            (None, Question::blank(QuestionId::from(id), edit.section))
        }
    };
    let competency = match edit.new_competency.as_str() {
        "" => edit.competency.clone(),
        name => Some(competency_named(&mut kit, name)),
    };
    let question = Question {
        competency,
        ask: edit.ask.clone(),
        follow_up: edit.follow_up.clone(),
        note: edit.note.clone(),
        anchors: edit.anchors.clone(),
        retired: edit.retired,
        ..question
    };
    let section = question.section;
    let at = match (edit.place, old_at) {
        (None, Some(at)) => at,
        (place, _) => {
            // Those that stay, in order; the last of the section is the place behind all of them.
            let asked: Vec<usize> = (0..kit.questions.len())
                .filter(|at| {
                    let other = &kit.questions[*at];
                    other.section == section && !other.retired
                })
                .collect();
            let wanted = place.map_or(usize::MAX, |place| place.max(1) - 1);
            match asked.get(wanted) {
                Some(at) => *at,
                None => kit
                    .questions
                    .iter()
                    .rposition(|other| other.section <= section)
                    .map_or(0, |at| at + 1),
            }
        }
    };
    kit.questions.insert(at, question);
    Ok(kit)
}

/// The competency of this name, which the kit has from now on. Its id is made from the name, and stays when the name changes.
fn competency_named(kit: &mut Kit, name: &str) -> CompetencyId {
    let named = |other: &Competency| other.name.to_lowercase() == name.to_lowercase();
    if let Some(known) = kit.competencies.iter().find(|other| named(other)) {
        return known.id.clone();
    }
    let letters: String = name
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    let mut id = words.join("-");
    // An id begins with a letter, and is nobody else's.
    if !id.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        id = format!("competency-{}", kit.competencies.len() + 1);
    }
    while kit.competencies.iter().any(|other| other.id.as_str() == id) {
        id.push_str("-2");
    }
    let id = CompetencyId::from(id);
    kit.competencies.push(Competency {
        id: id.clone(),
        name: name.to_owned(),
    });
    id
}

/// What happened to one question between two versions of a kit; nothing: it stayed as it was.
#[must_use]
pub fn changes(old: &Kit, new: &Kit, id: &QuestionId) -> Vec<Part> {
    let find = |kit: &Kit| {
        kit.questions
            .iter()
            .find(|question| question.id == *id)
            .cloned()
    };
    let moved = rank(old, new, id) != rank(new, old, id);
    let (Some(new), old) = (find(new), find(old)) else {
        return Vec::new();
    };
    let Some(old) = old else {
        return vec![Part::Added];
    };
    let mut parts = Vec::new();
    match (old.retired, new.retired) {
        (false, true) => parts.push(Part::Retired),
        (true, false) => parts.push(Part::BroughtBack),
        _ => {}
    }
    for (differs, part) in [
        (old.ask != new.ask, Part::Ask),
        (old.follow_up != new.follow_up, Part::FollowUps),
        (old.note != new.note, Part::Note),
        (old.anchors != new.anchors, Part::Anchors),
        (old.competency != new.competency, Part::Competency),
        (!old.retired && !new.retired && moved, Part::Place),
    ] {
        if differs {
            parts.push(part);
        }
    }
    parts
}

/// How many questions are asked before it, of those that the other version asks too.
fn rank(kit: &Kit, other: &Kit, id: &QuestionId) -> usize {
    kit.asked()
        .take_while(|question| question.id != *id)
        .filter(|question| other.question(&question.id).is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    fn edit(id: Option<&str>, ask: &str) -> QuestionEdit {
        QuestionEdit {
            question: id.map(QuestionId::from),
            section: Section::Technical,
            competency: Some("databases".into()),
            new_competency: String::new(),
            ask: ask.to_owned(),
            follow_up: vec!["Why?".to_owned()],
            note: String::new(),
            anchors: None,
            place: None,
            retired: false,
        }
    }

    fn ids(kit: &Kit) -> Vec<&str> {
        kit.asked().map(|question| question.id.as_str()).collect()
    }

    #[test]
    fn an_edit_changes_one_question_and_keeps_its_id_and_place() {
        let old = samples::kit();
        let new = edited(&old, &edit(Some("technical/1"), "How?"), 2).expect("it is there");
        assert_eq!(ids(&new), ids(&old));
        let id = QuestionId::from("technical/1");
        assert_eq!(new.question(&id).expect("it is asked").ask, "How?");
        assert_eq!(changes(&old, &new, &id), [Part::Ask, Part::FollowUps]);
        assert_eq!(changes(&old, &new, &"technical/2".into()), []);
    }

    #[test]
    fn a_new_question_takes_a_number_that_was_never_used() {
        let old = samples::kit();
        let new = edited(&old, &edit(None, "How?"), 7).expect("there is room");
        assert_eq!(
            ids(&new),
            [
                "screening/1",
                "technical/1",
                "technical/2",
                "technical/8",
                "behavioural/1"
            ]
        );
        assert_eq!(changes(&old, &new, &"technical/8".into()), [Part::Added]);
        assert_eq!(
            edited(&old, &edit(None, "How?"), HIGHEST_NUMBER),
            Err(Refusal::NumbersUsedUp)
        );
    }

    #[test]
    fn a_question_is_moved_within_its_section() {
        let old = samples::kit();
        let to = |place| QuestionEdit {
            place: Some(place),
            ..edit(Some("technical/2"), "How?")
        };
        for place in [0, 1] {
            let new = edited(&old, &to(place), 2).expect("it is there");
            assert_eq!(
                ids(&new),
                ["screening/1", "technical/2", "technical/1", "behavioural/1"]
            );
            assert!(changes(&old, &new, &"technical/1".into()).contains(&Part::Place));
        }
        for place in [2, 99] {
            assert_eq!(
                ids(&edited(&old, &to(place), 2).expect("it is there")),
                ids(&old)
            );
        }
    }

    #[test]
    fn a_retired_question_keeps_its_id_and_can_come_back() {
        let old = samples::kit();
        let retires = QuestionEdit {
            retired: true,
            ..edit(Some("technical/1"), "How?")
        };
        let without = edited(&old, &retires, 2).expect("it is there");
        assert_eq!(
            ids(&without),
            ["screening/1", "technical/2", "behavioural/1"]
        );
        assert_eq!(highest_number(&without, Section::Technical), 2);
        let id = QuestionId::from("technical/1");
        assert!(changes(&old, &without, &id).contains(&Part::Retired));
        let back = edited(&without, &edit(Some("technical/1"), "How?"), 2).expect("it is there");
        assert_eq!(changes(&without, &back, &id), [Part::BroughtBack]);
    }

    #[test]
    fn a_question_may_bring_a_competency_that_the_kit_has_not() {
        let old = samples::kit();
        for (name, id, all) in [
            ("API design", "api-design", 4),
            ("coding", "coding", 3),
            ("設計", "competency-4", 4),
        ] {
            let brings = QuestionEdit {
                new_competency: name.to_owned(),
                ..edit(Some("technical/1"), "How?")
            };
            let new = edited(&old, &brings, 2).expect("it is there");
            let question = new.question(&"technical/1".into()).expect("it is asked");
            assert_eq!(question.competency, Some(id.into()), "{name}");
            assert_eq!(new.competencies.len(), all, "{name}");
        }
    }

    #[test]
    fn a_question_that_is_not_there_is_not_edited() {
        assert_eq!(
            edited(&samples::kit(), &edit(Some("technical/9"), "How?"), 2),
            Err(Refusal::QuestionGone)
        );
    }
}
