//! A loop as one document, with what the person who asks may see of it and nothing else. How it is written into a file is at the edge.

use super::access::Actor;
use super::debrief::{Score, Submitted, by_competency};
use super::event::{AuditEntry, Audited};
use super::ids::{ChannelId, KitSlug, KitVersion, LoopCode, QuestionId, UserId};
use super::interview_loop::{
    Decision, Head, InterviewLoop, Phase, Seat, SeatRole, Verdict, Withdrawal,
};
use super::kit::{Kit, Section};
use super::scorecard::{Mark, Rating, Recommendation, Scorecard};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What an exported document calls itself.
const NAME: &str = "interview-assistant.loop";
/// Raised when a field changes its meaning or goes; new fields do not raise it.
const VERSION: u32 = 1;

/// How an exported loop is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For people.
    Markdown,
    /// A row a rating, for a spreadsheet.
    Csv,
    /// Everything, for programs.
    Json,
}

impl Format {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Csv, Self::Json];

    /// The word people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Csv => "CSV",
            Self::Json => "JSON",
        }
    }

    /// How a file's name ends, without the point.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The format behind a word as somebody types it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| {
            word.eq_ignore_ascii_case(one.title()) || word.eq_ignore_ascii_case(one.ending())
        })
    }
}

/// How much of a loop somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The figures of the debrief and the decision.
    pub debrief: bool,
    /// What each interviewer rated and wrote.
    pub evidence: bool,
    /// What shadows gave, why it was withdrawn, and who did what when.
    pub leads: bool,
}

impl Sight {
    /// What this person sees of this loop, by the rules for its screens.
    #[must_use]
    pub fn of(actor: &Actor, head: &Head) -> Self {
        let recused = head.is_recused(&actor.user);
        Self {
            debrief: head.reveal.is_some() && !recused && actor.knows(head),
            evidence: !recused && actor.reads_evidence(head),
            leads: actor.leads(head),
        }
    }
}

/// A loop as somebody may see it. What they may not see is not in it. Its `Debug` prints the code alone.
#[derive(Clone, PartialEq, Serialize)]
pub struct Exported {
    /// What this document is.
    pub format: &'static str,
    /// Of the document's form.
    pub version: u32,
    /// When it was made.
    pub exported_at: Timestamp,
    /// For whom: another person may see more, or less.
    pub exported_for: UserId,
    /// The loop's name.
    pub code: LoopCode,
    /// Who is interviewed.
    pub candidate: String,
    /// The role's title.
    pub role: String,
    /// The kit it began with.
    pub kit: KitSlug,
    /// Its version.
    pub kit_version: KitVersion,
    /// Where the loop stands.
    pub state: State,
    /// What tells namesakes apart.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Which opening of the company's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub requisition: String,
    /// A link to the CV.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cv: String,
    /// Who leads it.
    pub owner: UserId,
    /// Who opened it.
    pub opened_by: UserId,
    /// When.
    pub opened_at: Timestamp,
    /// For when the interview is planned.
    pub planned_for: Option<Timestamp>,
    /// Where its post is.
    pub channel: ChannelId,
    /// Who interviews, shadows or observes.
    pub panel: Vec<Panellist>,
    /// When all scorecards were shown.
    pub revealed_at: Option<Timestamp>,
    /// The figures as they were then.
    pub debrief: Option<Figures>,
    /// Those the person may see, in the panel's order.
    pub scorecards: Vec<Card>,
    /// The decision that stands.
    pub decision: Option<Decided>,
    /// Decisions that were changed or taken back.
    pub past_decisions: Vec<Decided>,
    /// It stopped without a decision.
    pub withdrawal: Option<Ended>,
    /// Who did what when, for those who lead the loop.
    pub history: Option<Vec<AuditEntry>>,
    /// What people are called, as far as Slack told.
    pub people: BTreeMap<UserId, String>,
}

impl fmt::Debug for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exported")
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// Where a loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Scorecards are coming in.
    Open,
    /// All is shown.
    Revealed,
    /// A person decided.
    Decided,
    /// It stopped without a decision.
    Withdrawn,
}

/// Somebody on the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Panellist {
    /// Who.
    pub person: UserId,
    /// What they are there for.
    pub role: SeatRole,
    /// When their scorecard came in.
    pub submitted_at: Option<Timestamp>,
    /// It came in after the reveal.
    pub late: bool,
    /// Why they owe none.
    pub excused: Option<&'static str>,
}

/// The figures of a debrief.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How many scorecards they are of.
    pub scorecards: usize,
    /// Widest disagreement first.
    pub competencies: Vec<Competency>,
    /// How many would do what.
    pub recommendations: BTreeMap<Recommendation, usize>,
}

/// What the panel says of one competency.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Competency {
    /// What people read.
    pub name: String,
    /// Over interviewers, to one decimal; absent where nobody rated it.
    pub mean: Option<String>,
    /// How many interviewers rated it.
    pub raters: usize,
    /// From the lowest interviewer's score to the highest.
    pub range: String,
    /// What stands beside it.
    pub remark: Option<String>,
}

/// A scorecard.
#[derive(Clone, PartialEq, Serialize)]
pub struct Card {
    /// Whose.
    pub interviewer: UserId,
    /// It is in the debrief's figures, or before the reveal: it will be, once it is in.
    pub counts: bool,
    /// When it came in; absent: it has not.
    pub submitted_at: Option<Timestamp>,
    /// It came in after the reveal.
    pub late: bool,
    /// What they would do.
    pub recommendation: Option<Recommendation>,
    /// Their line of evidence for it.
    pub reason: String,
    /// What they asked beside the kit.
    pub beside_the_kit: String,
    /// In the kit's order.
    pub answers: Vec<Answer>,
}

/// What an interviewer gave for one question.
#[derive(Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Its id.
    pub question: QuestionId,
    /// Which part of the interview.
    pub section: Section,
    /// What it probes, as people read it.
    pub competency: Option<String>,
    /// As it is read aloud.
    pub ask: String,
    /// 1 to 4; absent where it was not asked, or only written about.
    pub rating: Option<u32>,
    /// The button that was clicked, as people read it: `3 Good`, `Not asked`.
    pub answer: Option<String>,
    /// What was written.
    pub evidence: String,
    /// The rating was changed after the reveal: the figures hold the one before.
    pub changed_after_reveal: bool,
    /// That one; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating_at_reveal: Option<u32>,
}

/// A person's decision.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Which.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// The end of a loop without a decision.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why, for those who lead the loop.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Exported {
    /// The document for this person: `state` with all scorecards, `audit` whole.
    #[must_use]
    pub fn of(
        state: &InterviewLoop,
        audit: Vec<AuditEntry>,
        actor: &Actor,
        now: Timestamp,
    ) -> Self {
        let InterviewLoop {
            kit, head, cards, ..
        } = state;
        let sight = Sight::of(actor, head);
        let shown: Vec<&Scorecard> = head
            .panel
            .iter()
            .filter(|seat| shows(seat, actor, sight))
            .filter_map(|seat| cards.get(&seat.user))
            .collect();
        let authors: BTreeSet<&UserId> = shown.iter().map(|card| &card.author).collect();
        let snapshot = head.reveal.as_ref().filter(|_| sight.debrief);
        let history = sight.leads.then(|| {
            let mut told = audit;
            told.retain(|entry| may_be_told(entry, &authors));
            told
        });
        let mut exported = Self {
            format: NAME,
            version: VERSION,
            exported_at: now,
            exported_for: actor.user.clone(),
            code: head.code.clone(),
            candidate: head.candidate.as_str().to_owned(),
            role: head.title.clone(),
            kit: head.kit.slug.clone(),
            kit_version: head.kit.version.clone(),
            state: match head.phase() {
                Phase::Open => State::Open,
                Phase::Revealed => State::Revealed,
                Phase::Decided => State::Decided,
                Phase::Withdrawn => State::Withdrawn,
            },
            note: head.note.as_str().to_owned(),
            requisition: head.requisition.as_str().to_owned(),
            cv: head.cv.as_str().to_owned(),
            owner: head.owner.clone(),
            opened_by: head.opened_by.clone(),
            opened_at: head.opened_at,
            planned_for: head.planned.as_ref().map(|planned| planned.at),
            channel: head.channel.clone(),
            panel: head.panel.iter().map(panellist).collect(),
            revealed_at: head.reveal.as_ref().map(|reveal| reveal.at),
            debrief: snapshot.map(|reveal| figures(kit, &reveal.snapshot)),
            scorecards: shown
                .into_iter()
                .map(|card| of_card(head, kit, card))
                .collect(),
            decision: head
                .decision
                .as_ref()
                .filter(|_| sight.debrief)
                .map(decided),
            past_decisions: if sight.leads {
                head.past_decisions.iter().map(decided).collect()
            } else {
                Vec::new()
            },
            withdrawal: head.withdrawal.as_ref().map(|it| ended(it, sight)),
            history,
            people: BTreeMap::new(),
        };
        if head.public && !sight.leads {
            // As on the screens of a loop whose channel everybody can read.
            exported.note.clear();
            exported.cv.clear();
        }
        exported
    }

    /// Everybody whose name helps to read it.
    #[must_use]
    pub fn mentions(&self) -> BTreeSet<UserId> {
        let mut people = BTreeSet::from([
            self.owner.clone(),
            self.opened_by.clone(),
            self.exported_for.clone(),
        ]);
        people.extend(self.panel.iter().map(|seat| seat.person.clone()));
        let decisions = self.decision.iter().chain(&self.past_decisions);
        people.extend(decisions.map(|decision| decision.by.clone()));
        people.extend(self.withdrawal.iter().map(|it| it.by.clone()));
        people
    }
}

/// Whether somebody sees a panellist's scorecard: their own unless they are excused, and after the reveal those that are in.
fn shows(seat: &Seat, actor: &Actor, sight: Sight) -> bool {
    let kind = seat.counts() || (sight.leads && seat.shadows());
    (seat.user == actor.user && seat.scores()) || (sight.evidence && seat.is_in() && kind)
}

/// Whether an entry may be told to who sees the scorecards of `authors`: what somebody else gave is only told with their scorecard.
fn may_be_told(entry: &AuditEntry, authors: &BTreeSet<&UserId>) -> bool {
    let seen = entry
        .actor
        .as_ref()
        .is_some_and(|actor| authors.contains(actor));
    match entry.what {
        Audited::Rated { .. }
        | Audited::Wrote { .. }
        | Audited::Noted { .. }
        | Audited::Submitted { .. } => seen,
        Audited::Opened
        | Audited::Joined(_)
        | Audited::Revealed { .. }
        | Audited::Decided { .. }
        | Audited::Renamed { .. }
        | Audited::HandedOver { .. }
        | Audited::PanelSet { .. }
        | Audited::Nudged(_)
        | Audited::AskedToJoin
        | Audited::Covers { .. }
        | Audited::Recused
        | Audited::DidNotAttend
        | Audited::PutBack(_)
        | Audited::RolesSet(_)
        | Audited::Planned { .. }
        | Audited::Reopened
        | Audited::Withdrawn { .. }
        | Audited::Held { .. }
        | Audited::HoldLifted
        | Audited::Moved { .. } => true,
    }
}

fn panellist(seat: &Seat) -> Panellist {
    Panellist {
        person: seat.user.clone(),
        role: seat.role,
        submitted_at: seat.submitted_at,
        late: seat.late,
        excused: seat.excused.as_ref().map(|excuse| excuse.why.words()),
    }
}

fn figures(kit: &Kit, snapshot: &[Submitted]) -> Figures {
    let mut recommendations = BTreeMap::new();
    for card in snapshot {
        *recommendations.entry(card.recommendation).or_default() += 1;
    }
    let competencies = by_competency(kit, snapshot)
        .into_iter()
        .map(|line| Competency {
            mean: line.mean.map(Score::one_decimal),
            raters: line.raters,
            range: line.range(),
            remark: line.remark(),
            name: line.name,
        })
        .collect();
    Figures {
        scorecards: snapshot.len(),
        competencies,
        recommendations,
    }
}

fn of_card(head: &Head, kit: &Kit, card: &Scorecard) -> Card {
    let seat = head.seat(&card.author);
    let answers = kit
        .questions
        .iter()
        .filter_map(|question| {
            let mark = card.marks.get(&question.id);
            let evidence = card.evidence.get(&question.id);
            if mark.is_none() && evidence.is_none() {
                return None;
            }
            // The first change since the reveal says what stood there at that moment.
            let change = card
                .late_changes
                .iter()
                .find(|change| change.question == question.id);
            let competency = question.competency.as_ref().and_then(|wanted| {
                let named = kit.competencies.iter().find(|one| one.id == *wanted);
                named.map(|one| one.name.clone())
            });
            Some(Answer {
                question: question.id.clone(),
                section: question.section,
                competency,
                ask: question.ask.clone(),
                rating: mark.and_then(points),
                answer: mark.map(ToString::to_string),
                evidence: evidence
                    .map(|note| note.as_str().to_owned())
                    .unwrap_or_default(),
                changed_after_reveal: change.is_some(),
                rating_at_reveal: change.and_then(|change| points(change.from.as_ref()?)),
            })
        })
        .collect();
    Card {
        interviewer: card.author.clone(),
        counts: match &head.reveal {
            Some(reveal) => reveal.snapshot.iter().any(|it| it.author == card.author),
            None => seat.is_some_and(Seat::counts),
        },
        submitted_at: seat.and_then(|seat| seat.submitted_at),
        late: seat.is_some_and(|seat| seat.late),
        recommendation: card.recommendation,
        reason: card.reason.as_str().to_owned(),
        beside_the_kit: card.beside_the_kit.as_str().to_owned(),
        answers,
    }
}

fn points(mark: &Mark) -> Option<u32> {
    mark.rating().map(Rating::points)
}

fn decided(decision: &Decision) -> Decided {
    Decided {
        verdict: decision.verdict,
        reason: decision.reason.as_str().to_owned(),
        by: decision.by.clone(),
        at: decision.at,
    }
}

fn ended(withdrawal: &Withdrawal, sight: Sight) -> Ended {
    Ended {
        by: withdrawal.by.clone(),
        at: withdrawal.at,
        reason: if sight.leads {
            withdrawal.reason.as_str().to_owned()
        } else {
            String::new()
        },
    }
}
