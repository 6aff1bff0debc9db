//! What people were told is saved, and whether it is: for tests in which the program dies.

use interview_assistant::domain::ids::QuestionId;
use interview_assistant::domain::scorecard::Mark;
use interview_assistant::simulator::Control;
use serde_json::Value;
use std::collections::BTreeMap;

/// What one person was told is saved, and what they clicked without an answer since.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub saved: BTreeMap<QuestionId, Mark>,
    /// Clicks in their order whose acknowledgement never came: the last one on a question, or none, is what stands.
    unanswered: Vec<(QuestionId, Mark)>,
}

impl Said {
    /// They click.
    pub fn clicks(&mut self, rated: (QuestionId, Mark)) {
        self.unanswered.push(rated);
    }

    /// They are told that it is saved.
    pub fn is_told(&mut self, (question, mark): (QuestionId, Mark)) {
        self.unanswered.retain(|(other, _)| *other != question);
        self.saved.insert(question, mark);
    }

    /// Everything that they were told is saved is there, and nothing that they never clicked.
    pub fn is_kept(&self, person: &str, marks: &BTreeMap<QuestionId, Mark>) {
        for (question, mark) in &self.saved {
            let found = marks.get(question).copied();
            let unanswered = self
                .unanswered
                .iter()
                .any(|(other, mark)| other == question && found == Some(*mark));
            assert!(
                found == Some(*mark) || unanswered,
                "{person} was told that {question} is {mark}; found {found:?}"
            );
        }
        for (question, mark) in marks {
            let clicked = self.saved.get(question) == Some(mark)
                || self.unanswered.contains(&(question.clone(), *mark));
            assert!(clicked, "{person} never clicked {mark} on {question}");
        }
    }
}

/// The rating behind a button, if it is one.
pub fn rating(control: &Control) -> Option<(QuestionId, Mark)> {
    let value: Value = serde_json::from_str(control.value.as_deref()?).ok()?;
    (value["do"] == "scorecard.rate.v1").then(|| {
        let question = QuestionId::from(value["question"].as_str().expect("a question"));
        let mark = serde_json::from_value(value["mark"].clone());
        (question, mark.expect("a mark"))
    })
}
