//! In which order somebody clicked, which may be another one than that in which the clicks arrive. What a click means is in `scorecard`.

use super::ids::QuestionId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far clicks can overtake each other: Slack gives one up after three seconds, and does not send it again. What lies further back was
/// made by another setting of its clock.
const OVERTAKES: SignedDuration = SignedDuration::from_secs(10);
/// On how many questions somebody can have clicked in that time.
const KEPT: usize = 4;

/// The last few clicks of one person: on which question, and when by Slack's clock, in microseconds. The newest is the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clicks(Vec<(QuestionId, i64)>);

/// Whether a click was made before another one that arrived already.
#[must_use]
pub fn overtaken(clicked: Timestamp, other: Timestamp) -> bool {
    let by = other.duration_since(clicked);
    by.is_positive() && by <= OVERTAKES
}

impl Clicks {
    /// Whether nothing is known of any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a click on a question was made before one on the same question that arrived already.
    #[must_use]
    pub fn overtook(&self, question: &QuestionId, clicked: Timestamp) -> bool {
        let other = |at: &i64| Timestamp::from_microsecond(*at);
        self.0
            .iter()
            .any(|(on, at)| on == question && other(at).is_ok_and(|it| overtaken(clicked, it)))
    }

    /// Takes note of a click that counts.
    pub fn note(&mut self, question: &QuestionId, clicked: Timestamp) {
        self.0.retain(|(other, _)| other != question);
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push((question.clone(), clicked.as_microsecond()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_795_262_400_000 + millis).expect("a moment")
    }

    #[test]
    fn only_an_earlier_click_on_the_same_question_was_overtaken() {
        let (one, two) = (
            QuestionId::from("technical/1"),
            QuestionId::from("technical/2"),
        );
        let mut clicks = Clicks::default();
        assert!(!clicks.overtook(&one, at(0)));
        clicks.note(&one, at(5000));
        assert!(clicks.overtook(&one, at(4999)));
        assert!(!clicks.overtook(&one, at(5000)) && !clicks.overtook(&one, at(5001)));
        assert!(!clicks.overtook(&two, at(0)));
        // Slack's clock was set back: that is a new click.
        assert!(!clicks.overtook(&one, at(-5001)));
    }

    #[test]
    fn only_the_last_few_are_kept() {
        let mut clicks = Clicks::default();
        for number in 0..100 {
            clicks.note(&QuestionId::from(format!("technical/{number}")), at(number));
            clicks.note(&QuestionId::from("screening/1"), at(number));
        }
        assert_eq!(clicks.0.len(), KEPT);
        assert!(clicks.overtook(&QuestionId::from("technical/99"), at(98)));
        assert!(!clicks.overtook(&QuestionId::from("technical/90"), at(0)));
        let text = serde_json::to_string(&clicks).expect("it is JSON");
        assert!(text.len() < 150, "{text}");
        let read: Clicks = serde_json::from_str(&text).expect("it is read again");
        assert_eq!(read, clicks);
    }
}
