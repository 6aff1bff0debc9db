//! A panel rates one written answer blind, and then sees how far apart it is. Nothing here is about a candidate; a candidate's loop is in `interview_loop`.
//!
//! A calibration belongs to one version of a kit, so two on different versions are never merged. While it is open it knows who gave
//! what, so that everybody has one rating; with the spread that is gone, and so it is after thirty days in which nobody asked for it.

use super::access::Actor;
use super::candidate::Note;
use super::clicks::overtaken;
use super::event::{PostResult, Reply, RolesWhy, Screen};
use super::ids::{CalibrationId, ChannelId, KitSlug, KitVersion, MessageTs, QuestionId, UserId};
use super::kit::{Kit, KitRef, Question, Sample};
use super::refusal::Refusal;
use super::scorecard::Rating;
use super::words::{Words, count};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How many ratings make a spread.
pub const ENOUGH: usize = 2;
/// How long ratings wait for somebody to ask for the spread.
pub const LAPSES_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The most sample answers to one question that are offered: a row of Slack's has 25 buttons.
const LETTERS: usize = 25;

/// One written answer, rated by whoever sees its post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calibration {
    /// Its name.
    pub id: CalibrationId,
    /// The kit and its version: question, answer and anchors are taken from there.
    pub kit: KitRef,
    /// The question that was answered.
    pub question: QuestionId,
    /// The answer's letter, as [`offered`] gives it.
    pub sample: char,
    /// Where its post goes.
    pub channel: ChannelId,
    /// When it began.
    pub started_at: Timestamp,
    /// How far it is.
    pub stage: Stage,
    /// Its post, where it stands.
    #[serde(default)]
    pub post: Option<MessageTs>,
    /// How often its post was deleted by hand: after the first time it is posted anew.
    #[serde(default)]
    pub deleted: u8,
}

/// How far a calibration is. Only while it is open does anything in it say who gave what.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Ratings are coming in; everybody sees only their own.
    Open {
        /// Who may ask for the spread.
        started_by: UserId,
        /// The last click of each.
        ratings: BTreeMap<UserId, Rating>,
        /// When it was made, where Slack has told.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        clicked: BTreeMap<UserId, Timestamp>,
    },
    /// The spread is shown.
    Shown(Spread),
    /// Nobody asked for it in time.
    Lapsed,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither who nor how many of what.
        f.write_str(match self {
            Self::Open { .. } => "Open",
            Self::Shown(_) => "Shown",
            Self::Lapsed => "Lapsed",
        })
    }
}

/// How many gave which rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// From the lowest rating to the highest.
    pub counts: [usize; 4],
    /// When it was shown.
    pub at: Timestamp,
}

impl Spread {
    fn of<'a>(ratings: impl Iterator<Item = &'a Rating>, at: Timestamp) -> Self {
        let mut counts = [0; 4];
        for given in ratings {
            for (rating, number) in Rating::ALL.iter().zip(&mut counts) {
                *number += usize::from(rating == given);
            }
        }
        Self { counts, at }
    }

    /// Each rating with how many gave it.
    pub fn by_rating(&self) -> impl Iterator<Item = (Rating, usize)> {
        Rating::ALL.into_iter().zip(self.counts)
    }

    /// How many there are in all.
    #[must_use]
    pub fn all(&self) -> usize {
        self.counts.iter().sum()
    }

    /// The lowest and the highest that somebody gave.
    #[must_use]
    pub fn range(&self) -> Option<(Rating, Rating)> {
        let mut given = self.by_rating().filter(|(_, number)| *number > 0);
        let (lowest, _) = given.next()?;
        Some((lowest, given.last().map_or(lowest, |(highest, _)| highest)))
    }
}

/// What somebody asks of calibrations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibrate {
    /// What was typed after the word.
    Ask(Note),
    /// To begin one in the channel.
    Start {
        /// The kit's version that was offered.
        version: KitVersion,
        /// The question.
        question: QuestionId,
        /// The answer's letter.
        sample: char,
    },
    /// A click on a rating, and when it was made.
    Rate(CalibrationId, Rating, #[serde(default)] Option<Timestamp>),
    /// To show the spread.
    Show(CalibrationId),
}

/// What is shown of calibrations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationScreen {
    /// The roles that have sample answers.
    Roles {
        /// Which; none: all.
        slugs: Vec<KitSlug>,
        /// Why they are offered.
        why: RolesWhy,
    },
    /// A role's sample answers, by question and letter.
    Samples(KitSlug),
    /// What the viewer gave.
    Own(CalibrationId),
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotCalibrated {
    /// It is for a panel.
    NeedsChannel,
    /// The channel is shared with another company.
    SharedChannel,
    /// No kit has a sample answer.
    NothingToRate,
    /// This kit has none.
    NoSamples {
        /// The role's title.
        title: String,
    },
    /// The answer is not there.
    UnknownSample,
    /// No such calibration, or none in this channel.
    Unknown,
    /// The spread is shown.
    Over,
    /// Nobody asked for it in time.
    Lapsed,
    /// There is no spread yet.
    TooFew {
        /// How many are in.
        number: usize,
    },
    /// For whoever started it and administrators.
    NotYours {
        /// Who started it.
        started_by: UserId,
    },
}

impl NotCalibrated {
    /// The sentence the person reads.
    #[must_use]
    pub fn words(&self) -> Words {
        let say = |text: &str| Words::from(text);
        match self {
            Self::NeedsChannel => say("A calibration is for a whole panel, so it needs a channel. Nothing was started; please type this in the channel where the panel is."),
            Self::SharedChannel => say("This channel is shared with another company, and kits are for members of this workspace. Nothing was started; please use a channel of your own."),
            Self::NothingToRate => say("No kit has sample answers yet, so there is nothing to calibrate with. They are written into a kit's file, as [[sample]]."),
            Self::NoSamples { title } => Words::from(format!("The kit {title} has no sample answers yet, so there is nothing to calibrate with. They are written into its file, as [[sample]].")),
            Self::UnknownSample => say("This sample answer is not there any more, so nothing was started. ").code("/interview calibrate").text(" shows those there are."),
            Self::Unknown => say("There is no such calibration in this channel, so nothing was kept. ").code("/interview calibrate").text(" starts one."),
            Self::Over => say("This calibration is over: the spread is in the post, and this click was not kept. ").code("/interview calibrate").text(" starts another."),
            Self::Lapsed => say("This calibration was open for thirty days and is over. The ratings were erased, and this click was not kept. ").code("/interview calibrate").text(" starts another."),
            Self::TooFew { number } => Words::from(format!("A spread needs {ENOUGH} ratings at least, and {} in. Nothing was shown.", if *number == 0 { "none is".to_owned() } else { format!("only {number} is") })),
            Self::NotYours { started_by } => say("That is for ").person(started_by).text(", who started it, and for administrators. Nothing was shown."),
        }
    }
}

impl From<NotCalibrated> for Refusal {
    fn from(why: NotCalibrated) -> Self {
        Self::Calibration(why)
    }
}

/// What follows from a click.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The calibration as it is from now on.
    pub state: Calibration,
    /// There is something to keep.
    pub changed: bool,
    /// Its post says something else now.
    pub redraws: bool,
    /// What the person who clicked is told.
    pub reply: Reply,
}

/// The questions still asked that have sample answers, each with its answers by letter.
///
/// The letters follow the order of the texts, not that of the file, where the weaker answer may always come first: a letter must say
/// nothing about an answer.
#[must_use]
pub fn offered(kit: &Kit) -> Vec<(&Question, Vec<(char, &Sample)>)> {
    let with_samples = kit.asked().map(|question| {
        let mut samples: Vec<&Sample> = kit
            .samples
            .iter()
            .filter(|sample| sample.question == question.id && !sample.text.trim().is_empty())
            .collect();
        samples.sort_by(|a, b| a.text.cmp(&b.text));
        samples.dedup_by(|a, b| a.text == b.text);
        let letters = ('A'..='Z').take(LETTERS);
        (question, letters.zip(samples).collect::<Vec<_>>())
    });
    with_samples
        .filter(|(_, samples)| !samples.is_empty())
        .collect()
}

/// One of them.
#[must_use]
pub fn sample<'a>(kit: &'a Kit, question: &QuestionId, letter: char) -> Option<&'a Sample> {
    let (_, samples) = offered(kit)
        .into_iter()
        .find(|(offered, _)| offered.id == *question)?;
    samples
        .into_iter()
        .find_map(|(other, sample)| (other == letter).then_some(sample))
}

impl Calibration {
    /// How many ratings are in; none is known of one that lapsed.
    #[must_use]
    pub fn ratings_in(&self) -> usize {
        match &self.stage {
            Stage::Open { ratings, .. } => ratings.len(),
            Stage::Shown(spread) => spread.all(),
            Stage::Lapsed => 0,
        }
    }

    /// What somebody gave.
    #[must_use]
    pub fn rating_of(&self, user: &UserId) -> Option<Rating> {
        match &self.stage {
            Stage::Open { ratings, .. } => ratings.get(user).copied(),
            Stage::Shown(_) | Stage::Lapsed => None,
        }
    }

    fn unchanged(self, reply: Reply) -> Outcome {
        Outcome {
            state: self,
            changed: false,
            redraws: false,
            reply,
        }
    }

    /// Keeps a rating; the last one of each person counts.
    ///
    /// # Errors
    /// A [`Refusal`] where it is over.
    pub fn rate(
        mut self,
        user: &UserId,
        rating: Rating,
        clicked: Option<Timestamp>,
    ) -> Result<Outcome, Refusal> {
        let (ratings, clicks) = match &mut self.stage {
            Stage::Open {
                ratings, clicked, ..
            } => (ratings, clicked),
            Stage::Shown(_) => return Err(NotCalibrated::Over.into()),
            Stage::Lapsed => return Err(NotCalibrated::Lapsed.into()),
        };
        // It says what was kept when it is drawn: an answer is kept for two days, and it must hold no rating.
        let reply = Reply::Show(Screen::Calibration(CalibrationScreen::Own(self.id.clone())));
        if let (Some(clicked), Some(last)) = (clicked, clicks.get(user))
            && overtaken(clicked, *last)
        {
            // They have clicked something else since, and that stands already.
            return Ok(self.unchanged(reply));
        }
        let before = ratings.insert(user.clone(), rating);
        if let Some(clicked) = clicked {
            clicks.insert(user.clone(), clicked);
        }
        let mut outcome = self.unchanged(reply);
        outcome.changed = before != Some(rating) || clicked.is_some();
        outcome.redraws = before.is_none();
        Ok(outcome)
    }

    /// Shows the spread, and forgets who gave what.
    ///
    /// # Errors
    /// A [`Refusal`] to others than whoever started it and administrators, before there are two ratings, and where it is over.
    pub fn show(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        let (started_by, ratings) = match &self.stage {
            Stage::Open {
                started_by,
                ratings,
                ..
            } => (started_by, ratings),
            Stage::Shown(_) => return Err(NotCalibrated::Over.into()),
            Stage::Lapsed => return Err(NotCalibrated::Lapsed.into()),
        };
        if *started_by != actor.user && !actor.administrator {
            let started_by = started_by.clone();
            return Err(NotCalibrated::NotYours { started_by }.into());
        }
        let number = ratings.len();
        if number < ENOUGH {
            return Err(NotCalibrated::TooFew { number }.into());
        }
        let spread = Spread::of(ratings.values(), now);
        self.stage = Stage::Shown(spread);
        let said = format!(
            "The spread of {} is in the post now. Who gave what is erased.",
            count(number, "rating")
        );
        let mut outcome = self.unchanged(Reply::Said(Words::from(said)));
        (outcome.changed, outcome.redraws) = (true, true);
        Ok(outcome)
    }

    /// Ends one that was left open; `None` where it is not due.
    #[must_use]
    pub fn lapse(mut self, now: Timestamp) -> Option<Outcome> {
        let open = matches!(self.stage, Stage::Open { .. });
        if !open || now.duration_since(self.started_at) < LAPSES_AFTER {
            return None;
        }
        self.stage = Stage::Lapsed;
        let mut outcome = self.unchanged(Reply::Nothing);
        (outcome.changed, outcome.redraws) = (true, true);
        Some(outcome)
    }

    /// Takes in what became of its post. One that was deleted by hand is posted anew, once; where it cannot be posted, it is not.
    #[must_use]
    pub fn observe(mut self, result: &PostResult) -> Outcome {
        let (changed, redraws) = match result {
            PostResult::Standing { channel, ts } => {
                let moved = *channel == self.channel && self.post.as_ref() != Some(ts);
                if moved {
                    self.post = Some(ts.clone());
                }
                (moved, false)
            }
            PostResult::Gone if self.post.take().is_some() => {
                self.deleted = self.deleted.saturating_add(1);
                (true, !self.is_unwanted())
            }
            PostResult::Gone | PostResult::Stuck(_) | PostResult::Dropped => (false, false),
        };
        let mut outcome = self.unchanged(Reply::Nothing);
        (outcome.changed, outcome.redraws) = (changed, redraws);
        outcome
    }

    /// Whether its post was deleted twice: it is not posted again.
    #[must_use]
    pub fn is_unwanted(&self) -> bool {
        self.deleted > 1
    }
}

#[cfg(test)]
#[path = "calibration_tests.rs"]
mod tests;
