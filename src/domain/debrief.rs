//! The arithmetic of a debrief: equal weights, plain means, disagreement first. Nothing here ranks anybody.

use super::ids::{CompetencyId, QuestionId, UserId};
use super::kit::{Kit, Section};
use super::scorecard::{Mark, Recommendation, Scorecard};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// What one interviewer had submitted when the scorecards were revealed. Later changes do not move it. Its `Debug` prints no score.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Whose.
    pub author: UserId,
    /// Every mark.
    pub marks: BTreeMap<QuestionId, Mark>,
    /// Shown beside the means, never merged into one.
    pub recommendation: Recommendation,
}

impl Submitted {
    /// What of a scorecard the reveal keeps.
    #[must_use]
    pub fn of(card: &Scorecard) -> Self {
        Self {
            author: card.author.clone(),
            marks: card.marks.clone(),
            recommendation: card
                .recommendation
                .unwrap_or(Recommendation::NotEnoughSignal),
        }
    }
}

impl fmt::Debug for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submitted")
            .field("author", &self.author)
            .finish_non_exhaustive()
    }
}

/// The largest denominator: what is added to it and multiplied by it stays far within the numbers there are.
const FINEST: u128 = 1 << 48;

/// An exact mean of ratings: a fraction, so that no figure depends on the order of adding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    over: u128,
    under: u128,
}

impl Default for Score {
    /// Nothing.
    fn default() -> Self {
        Self::new(0, 1)
    }
}

impl Score {
    /// Exact, up to denominators that no interview has: where people rate up to 36 questions of a competency. Beyond, to the millionth.
    pub(super) fn new(over: u128, under: u128) -> Self {
        let divisor = common_divisor(over, under).max(1);
        let (over, under) = (over / divisor, under / divisor);
        if under > FINEST {
            let millionths = ((over % under) * 1_000_000 + under / 2) / under;
            return Self::new((over / under) * 1_000_000 + millionths, 1_000_000);
        }
        Self { over, under }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self::new(
            self.over * other.under + other.over * self.under,
            self.under * other.under,
        )
    }

    fn minus(self, other: Self) -> Self {
        Self::new(
            (self.over * other.under).saturating_sub(other.over * self.under),
            self.under * other.under,
        )
    }

    /// How far two are apart.
    #[must_use]
    pub fn distance(self, other: Self) -> Self {
        self.max(other).minus(self.min(other))
    }

    pub(super) fn divided(self, by: usize) -> Self {
        Self::new(self.over, self.under * by.max(1) as u128)
    }

    /// The mean of whole points.
    fn mean_of(points: &[u32]) -> Option<Self> {
        let sum: u32 = points.iter().sum();
        (!points.is_empty()).then(|| Self::new(u128::from(sum), points.len() as u128))
    }

    /// In tenths, halves up: 2.25 is 23.
    #[must_use]
    pub fn tenths(self) -> u128 {
        (self.over * 20 + self.under) / (self.under * 2)
    }

    /// One decimal always: `3.0`.
    #[must_use]
    pub fn one_decimal(self) -> String {
        format!("{}.{}", self.tenths() / 10, self.tenths() % 10)
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

impl fmt::Display for Score {
    /// Whole where it is whole: `3`, `2.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.under == 1 {
            write!(f, "{}", self.over)
        } else {
            f.write_str(&self.one_decimal())
        }
    }
}

fn common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// What the panel says of one competency, or of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What people read.
    pub name: String,
    /// Over interviewers; absent where nobody rated it.
    pub mean: Option<Score>,
    /// How many interviewers rated it.
    pub raters: usize,
    /// The lowest interviewer's score.
    pub low: Option<Score>,
    /// The highest interviewer's score.
    pub high: Option<Score>,
}

impl Line {
    fn new(name: &str, scores: &[Score]) -> Self {
        let sum = scores.iter().copied().reduce(Score::plus);
        Self {
            name: name.to_owned(),
            mean: sum.map(|sum| sum.divided(scores.len())),
            raters: scores.len(),
            low: scores.iter().copied().min(),
            high: scores.iter().copied().max(),
        }
    }

    /// How far apart the interviewers are.
    #[must_use]
    pub fn width(&self) -> Score {
        match (self.low, self.high) {
            (Some(low), Some(high)) => high.minus(low),
            _ => Score::new(0, 1),
        }
    }

    /// `1-4`, or `3` where all agree, or a dash.
    #[must_use]
    pub fn range(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => format!("{low}-{high}"),
            _ => "-".to_owned(),
        }
    }

    /// What stands beside the line, if anything has to be said.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        match self.raters {
            0 => Some("not covered".to_owned()),
            1 => Some("one opinion".to_owned()),
            _ if self.width() >= Score::new(2, 1) => {
                Some(format!("discuss first: {} steps apart", self.width()))
            }
            _ => None,
        }
    }
}

/// The competencies, widest disagreement first; those that nobody asked about come last. Screening answers weigh nothing.
#[must_use]
pub fn by_competency(kit: &Kit, cards: &[Submitted]) -> Vec<Line> {
    let mut lines: Vec<Line> = kit
        .competencies
        .iter()
        .map(|competency| {
            let scores: Vec<Score> = cards
                .iter()
                .filter_map(|card| score_on(kit, card, &competency.id))
                .collect();
            Line::new(&competency.name, &scores)
        })
        .collect();
    // A stable sort: lines of equal width stay in the kit's order.
    lines.sort_by(|a, b| {
        (b.raters > 0)
            .cmp(&(a.raters > 0))
            .then_with(|| b.width().cmp(&a.width()))
    });
    lines
}

/// One interviewer's score on a competency: the mean of their ratings on its questions.
pub(super) fn score_on(kit: &Kit, card: &Submitted, competency: &CompetencyId) -> Option<Score> {
    let points: Vec<u32> = kit
        .questions
        .iter()
        .filter(|question| {
            question.section != Section::Screening
                && question.competency.as_ref() == Some(competency)
        })
        .filter_map(|question| card.marks.get(&question.id)?.rating())
        .map(super::scorecard::Rating::points)
        .collect();
    Score::mean_of(&points)
}

/// Every question of the kit in its order, with who rated it how.
#[must_use]
pub fn by_question<'a>(
    kit: &'a Kit,
    cards: &'a [Submitted],
) -> Vec<(&'a super::kit::Question, Vec<(&'a UserId, Mark)>)> {
    kit.asked()
        .map(|question| {
            let marks = cards
                .iter()
                .filter_map(|card| Some((&card.author, *card.marks.get(&question.id)?)))
                .collect();
            (question, marks)
        })
        .collect()
}

/// `1 Strong yes · 1 Yes · 1 No`.
#[must_use]
pub fn recommendations(cards: &[Submitted]) -> String {
    let mut tally: BTreeMap<Recommendation, usize> = BTreeMap::new();
    for card in cards {
        *tally.entry(card.recommendation).or_default() += 1;
    }
    tally
        .into_iter()
        .map(|(recommendation, number)| format!("{number} {recommendation}"))
        .collect::<Vec<_>>()
        .join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;
    use crate::domain::scorecard::Rating;

    fn card(author: &str, marks: &[(&str, Rating)]) -> Submitted {
        Submitted {
            author: UserId::from(author),
            marks: marks
                .iter()
                .map(|(question, rating)| (QuestionId::from(*question), Mark::Rated(*rating)))
                .collect(),
            recommendation: Recommendation::Yes,
        }
    }

    fn table(cards: &[Submitted]) -> Vec<String> {
        by_competency(&samples::kit(), cards)
            .iter()
            .map(|line| {
                format!(
                    "{} {} {} {} {}",
                    line.name,
                    line.mean.map_or("-".to_owned(), Score::one_decimal),
                    line.raters,
                    line.range(),
                    line.remark().unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn disagreement_comes_first_and_what_nobody_asked_last() {
        let cards = [
            card(
                "A",
                &[
                    ("technical/1", Rating::Poor),
                    ("behavioural/1", Rating::Good),
                ],
            ),
            card(
                "B",
                &[
                    ("technical/1", Rating::Excellent),
                    ("behavioural/1", Rating::Excellent),
                ],
            ),
        ];
        assert_eq!(
            table(&cards),
            [
                "Databases 2.5 2 1-4 discuss first: 3 steps apart",
                "Teamwork 3.5 2 3-4 ",
                "Coding - 0 - not covered",
            ]
        );
    }

    #[test]
    fn several_questions_of_one_competency_are_one_score_of_each_interviewer() {
        // A: (1 + 4) / 2 = 2.5; B: 4. The mean of the two is 3.25, and halves go up.
        let cards = [
            card(
                "A",
                &[
                    ("technical/1", Rating::Poor),
                    ("technical/2", Rating::Excellent),
                ],
            ),
            card("B", &[("technical/2", Rating::Excellent)]),
        ];
        assert_eq!(table(&cards)[0], "Databases 3.3 2 2.5-4 ");
    }

    #[test]
    fn screening_weighs_nothing() {
        let cards = [card("A", &[("screening/1", Rating::Excellent)])];
        assert!(
            table(&cards)
                .iter()
                .all(|line| line.ends_with("not covered"))
        );
    }

    #[test]
    fn a_sum_too_fine_for_any_fraction_goes_on_to_the_millionth() {
        let mut sum = Score::default();
        for under in 1..=500 {
            sum = sum.plus(Score::new(1, under));
        }
        // The harmonic number of 500 is 6.7928.
        assert_eq!(sum.tenths(), 68);
        assert_eq!(sum.divided(500).tenths(), 0);
        assert_eq!(
            Score::new(1, 4).distance(Score::new(3, 2)),
            Score::new(5, 4)
        );
    }

    #[test]
    fn recommendations_are_counted_from_the_strongest_yes_down() {
        let mut cards = vec![card("A", &[]), card("B", &[]), card("C", &[])];
        cards[1].recommendation = Recommendation::StrongYes;
        cards[2].recommendation = Recommendation::No;
        assert_eq!(recommendations(&cards), "1 Strong yes · 1 Yes · 1 No");
    }
}
