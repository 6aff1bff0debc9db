//! Looking back on many loops: how long they took, what was not asked, how far interviewers agree. Nothing here ranks anybody, and no figure is about one person.
//!
//! A loop that is not revealed is counted, and gives no score to anything. Calibrations are not in here.

use super::debrief::{Score, Submitted, score_on};
use super::event::RolesWhy;
use super::ids::{CompetencyId, KitSlug};
use super::interview_loop::Head;
use super::kit::Kit;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many candidates with two or more ratings of a competency it takes to say how far interviewers agree.
pub const ENOUGH: usize = 10;

/// What somebody looks back on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatsScreen {
    /// Every role, in short.
    All,
    /// One role.
    Role(KitSlug),
    /// Roles to choose from.
    Roles {
        /// Which; none: all.
        slugs: Vec<KitSlug>,
        /// Why they are offered.
        why: RolesWhy,
    },
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

/// The middle of some durations: half of them are shorter, half longer. Of an even number it is the mean of the two in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Median {
    /// In whole seconds; absent where there are none.
    pub span: Option<SignedDuration>,
    /// Of how many.
    pub n: usize,
}

/// How often nobody asked about a competency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What people read: as the newest loop's kit has it.
    pub name: String,
    /// In how many revealed loops nobody rated it, of those whose kit has it. Screening answers weigh nothing, so they cover nothing.
    pub unasked: Share,
}

/// How far the interviewers of one candidate are apart, over many candidates.
///
/// What is averaged: in each revealed loop and for each competency, the distance between the scores of every two interviewers who
/// both have one. An interviewer's score on a competency is the mean of their ratings on its questions, as in the debrief: on a scale from 1 to 4,
/// without screening, as it was at the reveal. Each such pair counts once, in whatever loop and on whatever competency it is; so the mean
/// is the sum of all those distances by their number. 0 is one opinion, 3 the widest there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// The mean distance; absent where there are fewer than [`ENOUGH`] candidates.
    pub distance: Option<Score>,
    /// How many pairs.
    pub pairs: usize,
    /// How many candidates they are of: those with two or more ratings of a competency.
    pub candidates: usize,
}

/// What the loops of one role come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleStats {
    /// Which role.
    pub slug: KitSlug,
    /// Its title, as the newest loop has it.
    pub title: String,
    /// When the first of them was opened.
    pub since: Timestamp,
    /// How many were opened, whatever became of them.
    pub opened: usize,
    /// How many of these are revealed, whatever came then.
    pub revealed: usize,
    /// How many have a decision that stands.
    pub decided: usize,
    /// How many stopped without one.
    pub withdrawn: usize,
    /// From opening to reveal.
    pub to_reveal: Median,
    /// From opening to the decision that stands.
    pub to_decision: Median,
    /// Scorecards that came in after the reveal, of all that came in for revealed loops and count: no shadow's, and of nobody who is excused.
    pub late: Share,
    /// By competency: those that were left out most often come first, and else the kit's order.
    pub gaps: Vec<Gap>,
    /// Between interviewers.
    pub agreement: Agreement,
}

/// Takes in loops, one at a time and in any order, and keeps no more of each than its figures need.
#[derive(Default)]
pub struct Tally {
    roles: BTreeMap<KitSlug, Role>,
}

#[derive(Default)]
struct Role {
    title: (Timestamp, String),
    since: Timestamp,
    opened: usize,
    revealed: usize,
    withdrawn: usize,
    to_reveal: Vec<SignedDuration>,
    to_decision: Vec<SignedDuration>,
    late: Share,
    competencies: BTreeMap<CompetencyId, Competency>,
    sum: Score,
    pairs: usize,
    candidates: usize,
}

#[derive(Default)]
struct Competency {
    /// Name and place in the kit of the newest loop that has it.
    name: (Timestamp, String),
    place: usize,
    unasked: Share,
}

impl Tally {
    /// Takes in a loop, with the kit it is pinned to.
    pub fn add(&mut self, head: &Head, kit: &Kit) {
        let at = head.opened_at;
        let role = self.roles.entry(head.kit.slug.clone()).or_default();
        if role.opened == 0 || at < role.since {
            role.since = at;
        }
        if role.opened == 0 || at >= role.title.0 {
            role.title = (at, head.title.clone());
        }
        role.opened += 1;
        role.withdrawn += usize::from(head.withdrawal.is_some());
        if let Some(decision) = &head.decision {
            role.to_decision.push(passed(at, decision.at));
        }
        let Some(reveal) = &head.reveal else {
            return;
        };
        role.revealed += 1;
        role.to_reveal.push(passed(at, reveal.at));
        for seat in head
            .panel
            .iter()
            .filter(|seat| seat.counts() && seat.is_in())
        {
            role.late.of += 1;
            role.late.part += usize::from(seat.late);
        }
        role.scores(at, kit, &reveal.snapshot);
    }

    /// The figures, by the roles' titles.
    #[must_use]
    pub fn figures(self) -> Vec<RoleStats> {
        let roles = self.roles.into_iter();
        let mut figures: Vec<RoleStats> = roles.map(|(slug, role)| role.figures(slug)).collect();
        figures.sort_by(|a, b| (&a.title, &a.slug).cmp(&(&b.title, &b.slug)));
        figures
    }
}

impl Role {
    /// Takes in what was rated in a revealed loop.
    fn scores(&mut self, at: Timestamp, kit: &Kit, cards: &[Submitted]) {
        let before = self.pairs;
        for (place, competency) in kit.competencies.iter().enumerate() {
            let scores: Vec<Score> = cards
                .iter()
                .filter_map(|card| score_on(kit, card, &competency.id))
                .collect();
            let known = self.competencies.entry(competency.id.clone()).or_default();
            if known.unasked.of == 0 || at >= known.name.0 {
                known.name = (at, competency.name.clone());
                known.place = place;
            }
            known.unasked.of += 1;
            known.unasked.part += usize::from(scores.is_empty());
            for (place, one) in scores.iter().enumerate() {
                for other in &scores[..place] {
                    self.sum = self.sum.plus(one.distance(*other));
                    self.pairs += 1;
                }
            }
        }
        self.candidates += usize::from(self.pairs > before);
    }

    fn figures(self, slug: KitSlug) -> RoleStats {
        let mut gaps: Vec<Competency> = self.competencies.into_values().collect();
        // By the share of loops, compared without a division.
        gaps.sort_by(|a, b| {
            let (a_share, b_share) = (a.unasked, b.unasked);
            (b_share.part * a_share.of)
                .cmp(&(a_share.part * b_share.of))
                .then_with(|| a.place.cmp(&b.place))
        });
        RoleStats {
            slug,
            title: self.title.1,
            since: self.since,
            opened: self.opened,
            revealed: self.revealed,
            decided: self.to_decision.len(),
            withdrawn: self.withdrawn,
            to_reveal: median(self.to_reveal),
            to_decision: median(self.to_decision),
            late: self.late,
            gaps: gaps
                .into_iter()
                .map(|competency| Gap {
                    name: competency.name.1,
                    unasked: competency.unasked,
                })
                .collect(),
            agreement: Agreement {
                distance: (self.candidates >= ENOUGH).then(|| self.sum.divided(self.pairs)),
                pairs: self.pairs,
                candidates: self.candidates,
            },
        }
    }
}

/// From one moment to another; a clock that was set back counts as no time.
fn passed(from: Timestamp, to: Timestamp) -> SignedDuration {
    to.duration_since(from).max(SignedDuration::ZERO)
}

fn median(mut spans: Vec<SignedDuration>) -> Median {
    spans.sort_unstable();
    let n = spans.len();
    let seconds = |place: usize| spans.get(place).map_or(0, SignedDuration::as_secs);
    let middle = i64::midpoint(seconds(n.saturating_sub(1) / 2), seconds(n / 2));
    Median {
        span: (n > 0).then(|| SignedDuration::from_secs(middle)),
        n,
    }
}

#[cfg(test)]
#[path = "stats_tests.rs"]
mod tests;
