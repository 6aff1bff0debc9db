//! What comes back from a form: its name, its fields, what they ask for. How the forms look is in `forms` and `submit`.

use super::digest;
use super::forms::naming_of;
use super::guide;
use super::question_form;
use super::settings;
use super::time_form;
use crate::domain::candidate::Note;
use crate::domain::event::{Deed, DraftAnswer, Opening, Request, Screen, Submission};
use crate::domain::ids::{ChannelId, DraftId, KitSlug, KitVersion, LoopCode, QuestionId, UserId};
use crate::domain::interview_loop::{Head, PlanPart, SeatRole, Verdict};
use crate::domain::kit::Section;
use crate::domain::refusal::{Field, Refusal};
use crate::domain::scorecard::Recommendation;
use crate::slack::inbound::State;
use crate::slack::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The role of a loop that is to be opened.
pub const ROLE: &str = "role.submit.v1";
/// Opens a loop.
pub const START: &str = "start.submit.v1";
/// A note under a question.
pub const EVIDENCE: &str = "evidence.submit.v1";
/// Recommendation and submission.
pub const SUBMIT: &str = "scorecard.submit.v1";
/// Who interviews.
pub const PANEL: &str = "panel.submit.v1";
/// Who interviews, although something gives pause.
pub const PANEL_ANYWAY: &str = "panel.anyway.v1";
/// What somebody takes of the interview themself.
pub const TAKE_PARTS: &str = "plan.take_parts.v1";
/// What somebody else is given of it.
pub const ASSIGN_PARTS: &str = "plan.assign_parts.v1";
/// Hire, hold or reject.
pub const DECIDE: &str = "decide.submit.v1";
/// Another name.
pub const RENAME: &str = "rename.submit.v1";
/// Another owner.
pub const HAND_OVER: &str = "hand_over.submit.v1";
/// Stop without a decision.
pub const WITHDRAW: &str = "withdraw.submit.v1";
/// Another channel.
pub const MOVE: &str = "move.submit.v1";
/// Keep a loop from being erased.
pub const HOLD: &str = "hold.submit.v1";
/// Remove all of a loop.
pub const ERASE: &str = "erase.submit.v1";
/// When the interview is.
pub const TIME: &str = "time.submit.v1";

/// Pasted notes, to be shown where they go.
pub const PASTE: &str = "notes.paste.v1";
/// Pasted notes, to be filed as they were shown.
pub const FILE: &str = "notes.file.v1";

/// Whether a form lies over another one that is done with when it is.
#[must_use]
pub fn ends_all(callback: &str) -> bool {
    matches!(callback, FILE | guide::SAVE | PANEL_ANYWAY)
}

/// Whether what a form leads to takes its place, instead of lying over it.
#[must_use]
pub fn gives_way(callback: &str) -> bool {
    callback == ROLE
}

/// The names of fields: of the block, and of the one element in it.
pub mod field {
    /// Which role.
    pub const ROLE: &str = "role";
    /// The candidate's name.
    pub const NAME: &str = "name";
    /// Who interviews.
    pub const PANEL: &str = "panel";
    /// Who shadows.
    pub const SHADOWS: &str = "shadows";
    /// Who observes.
    pub const OBSERVERS: &str = "observers";
    /// What somebody takes of the interview.
    pub const PARTS: &str = "parts";
    /// Who is given it.
    pub const INTERVIEWER: &str = "interviewer";
    /// Where the post goes.
    pub const CHANNEL: &str = "channel";
    /// Which opening of the company's.
    pub const REQUISITION: &str = "requisition";
    /// What tells namesakes apart.
    pub const NOTE: &str = "note";
    /// A link to the CV.
    pub const CV: &str = "cv";
    /// The name or the initials.
    pub const NAMING: &str = "naming";
    /// A note under a question; with `:<question>`, one of several.
    pub const EVIDENCE: &str = "evidence";
    /// What an interviewer would do.
    pub const RECOMMENDATION: &str = "recommendation";
    /// A line of evidence, or a reason.
    pub const REASON: &str = "reason";
    /// What was asked beside the kit.
    pub const BESIDE_THE_KIT: &str = "beside_the_kit";
    /// Mark what is unrated as *Not asked*.
    pub const REST: &str = "rest";
    /// A loop's code, typed to confirm.
    pub const CODE: &str = "code";
    /// Hire, hold or reject.
    pub const VERDICT: &str = "verdict";
    /// The new owner.
    pub const OWNER: &str = "owner";
    /// A time of day.
    pub const TIME: &str = "time";
    /// Days of the week.
    pub const DAYS: &str = "days";
    /// A time zone.
    pub const ZONE: &str = "zone";
    /// Also when there is nothing to say.
    pub const ALWAYS: &str = "always";
    /// When the scorecards are revealed.
    pub const REVEAL: &str = "reveal";
    /// Who may open loops.
    pub const OPENERS: &str = "openers";
    /// How long loops are kept.
    pub const RETENTION: &str = "retention";
    /// When working hours begin.
    pub const BEGINS: &str = "begins";
    /// When they end.
    pub const ENDS: &str = "ends";
    /// The day of the interview.
    pub const DAY: &str = "day";
    /// How long the interview takes.
    pub const LENGTH: &str = "length";
    /// Take the time of the interview back.
    pub const DROP_TIME: &str = "drop_time";
    /// Pasted notes; with `:<n>`, one of several boxes.
    pub const NOTES: &str = "notes";
}

/// The value of the box that marks the rest.
pub(super) const NOT_ASKED: &str = "not_asked";
/// The value of "Use initials".
pub(super) const INITIALS: &str = "initials";
/// The value of "Use the name".
pub(super) const WHOLE_NAME: &str = "name";

/// How many boxes there are for pasted notes: one holds 3,000 characters.
pub(super) const BOXES: usize = 4;

/// One of the boxes for pasted notes, from 1.
pub(super) fn notes_field(number: usize) -> String {
    format!("{}:{number}", field::NOTES)
}

/// The field for the evidence on one of several questions.
pub(super) fn evidence_field(question: &QuestionId) -> String {
    format!("{}:{question}", field::EVIDENCE)
}

/// What a form carries with it unseen: ids only, and whoever sends them back is checked again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The loop it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<LoopCode>,
    /// The question it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<QuestionId>,
    /// The section that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// What waits for this form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftId>,
    /// The role it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<KitSlug>,
    /// The version of its kit that the form was drawn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<KitVersion>,
    /// Where it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// How often what it changes had been written when it was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_from: Option<u64>,
    /// The question whose follow-ups are shown below the form, and stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<QuestionId>,
    /// The window below it, by Slack's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// It was opened from the Home tab.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_home: bool,
    /// The panel that it asks about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panel: Vec<(UserId, SeatRole)>,
    /// The time zone that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

impl Meta {
    /// A form about a loop, with the loop's channel: whoever may be there may know of the loop.
    pub(super) fn of_loop(head: &Head) -> Self {
        Self {
            code: Some(head.code.clone()),
            channel: Some(head.channel.clone()),
            ..Self::default()
        }
    }

    /// As `private_metadata`.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From `private_metadata`; `None` where it is not ours.
    #[must_use]
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// What a submitted form asks for; `None` for a form that no version of the bot sent.
#[must_use]
pub fn read_form(callback: &str, meta: &str, state: &State) -> Option<(Request, Meta)> {
    let meta = Meta::parse(meta)?;
    let request = match callback {
        ROLE => Request::Look(Screen::StartForm {
            slug: KitSlug::from(state.option(field::ROLE, field::ROLE)?),
            channel: meta.channel.clone(),
        }),
        START => {
            let opening = Box::new(opening(&meta, state)?);
            match &meta.draft {
                Some(draft) => Request::Resume {
                    draft: draft.clone(),
                    answer: DraftAnswer::Filled(opening),
                },
                None => Request::Open(opening),
            }
        }
        PASTE => Request::Paste {
            code: meta.code.clone()?,
            section: meta.section?,
            boxes: (1..=BOXES)
                .map(|number| note(state, &notes_field(number)))
                .filter(|note| !note.is_empty())
                .collect(),
        },
        question_form::QUESTION => question_form::read(&meta, state)?,
        digest::DIGEST => digest::read(&meta, state)?,
        settings::WORKSPACE => settings::read(&meta, state)?,
        settings::ZONE => settings::read_zone(state),
        guide::READ => guide::read(state),
        guide::SAVE => guide::read_save(&meta, state)?,
        FILE => Request::File(meta.draft.clone()?),
        _ => Request::Loop {
            code: meta.code.clone()?,
            deed: deed(callback, &meta, state)?,
        },
    };
    Some((request, meta))
}

fn note(state: &State, name: &str) -> Note {
    Note::new(state.text(name, name).unwrap_or_default())
}

fn people(state: &State, name: &str) -> Vec<UserId> {
    state
        .users(name, name)
        .iter()
        .map(|user| UserId::from(user.as_str()))
        .collect()
}

fn channel(state: &State) -> Option<ChannelId> {
    state
        .conversation(field::CHANNEL, field::CHANNEL)
        .map(ChannelId::from)
}

fn opening(meta: &Meta, state: &State) -> Option<Opening> {
    Some(Opening {
        slug: Some(meta.slug.clone()?),
        candidate: note(state, field::NAME),
        panel: people(state, field::PANEL),
        shadows: people(state, field::SHADOWS),
        observers: people(state, field::OBSERVERS),
        channel: channel(state),
        requisition: note(state, field::REQUISITION),
        note: note(state, field::NOTE),
        cv: note(state, field::CV),
        naming: state
            .option(field::NAMING, field::NAMING)
            .and_then(naming_of),
        // An empty field of the form is an answer.
        anybody: true,
        planned: Some(Box::new(time_form::wish(meta, state))).filter(|wish| !wish.is_empty()),
        ..Opening::default()
    })
}

fn deed(callback: &str, meta: &Meta, state: &State) -> Option<Deed> {
    Some(match callback {
        EVIDENCE => Deed::Write {
            question: meta.question.clone()?,
            note: note(state, field::EVIDENCE),
        },
        SUBMIT => Deed::Submit(Box::new(submission(state))),
        PANEL => Deed::SetPanel {
            users: people(state, field::PANEL),
            shadows: people(state, field::SHADOWS),
            observers: people(state, field::OBSERVERS),
            namesakes: Vec::new(),
            anyway: false,
        },
        PANEL_ANYWAY => panel_anyway(meta),
        TAKE_PARTS => Deed::Cover {
            user: None,
            parts: parts(state),
        },
        ASSIGN_PARTS => Deed::Cover {
            user: Some(UserId::from(
                state.user(field::INTERVIEWER, field::INTERVIEWER)?,
            )),
            parts: parts(state),
        },
        // Slack does not send the form while nothing is chosen.
        DECIDE => Deed::Decide {
            verdict: Verdict::from_slug(state.option(field::VERDICT, field::VERDICT)?)?,
            reason: note(state, field::REASON),
        },
        RENAME => Deed::Rename {
            name: note(state, field::NAME),
            note: note(state, field::NOTE),
        },
        HAND_OVER => Deed::HandOver {
            to: UserId::from(state.user(field::OWNER, field::OWNER)?),
        },
        WITHDRAW => Deed::Withdraw {
            reason: note(state, field::REASON),
        },
        HOLD => Deed::Hold {
            reason: note(state, field::REASON),
        },
        ERASE => Deed::Erase {
            typed: note(state, field::CODE),
        },
        TIME if time_form::is_dropped(state) => Deed::DropTime,
        TIME => Deed::SetTime {
            wish: time_form::wish(meta, state),
            at: None,
        },
        MOVE => Deed::Move {
            channel: channel(state)?,
            public: false,
        },
        _ => return None,
    })
}

fn panel_anyway(meta: &Meta) -> Deed {
    let of = |wanted: SeatRole| -> Vec<UserId> {
        let those = meta.panel.iter().filter(|(_, role)| *role == wanted);
        those.map(|(user, _)| user.clone()).collect()
    };
    Deed::SetPanel {
        users: of(SeatRole::Interviewer),
        shadows: of(SeatRole::Shadow),
        observers: of(SeatRole::Observer),
        namesakes: Vec::new(),
        anyway: true,
    }
}

fn parts(state: &State) -> Vec<PlanPart> {
    let chosen = state.options(field::PARTS, field::PARTS).iter();
    chosen
        .filter_map(|slug| PlanPart::from_slug(slug))
        .collect()
}

fn submission(state: &State) -> Submission {
    let evidence = state.iter().filter_map(|(block, _, chosen)| {
        let question = block.strip_prefix(field::EVIDENCE)?.strip_prefix(':')?;
        let note = Note::new(chosen.value.as_deref()?);
        Some((QuestionId::from(question), note))
    });
    Submission {
        recommendation: state
            .option(field::RECOMMENDATION, field::RECOMMENDATION)
            .and_then(Recommendation::from_slug),
        reason: note(state, field::REASON),
        beside_the_kit: note(state, field::BESIDE_THE_KIT),
        evidence: evidence.collect(),
        rest_not_asked: state
            .options(field::REST, field::REST)
            .iter()
            .any(|ticked| ticked == NOT_ASKED),
    }
}

/// The sentence of a refusal under the field it is about, if that form has the field; Slack takes no error for another one.
#[must_use]
pub fn field_errors(callback: &str, refusal: &Refusal) -> Option<BTreeMap<String, String>> {
    match callback {
        question_form::QUESTION => return question_form::errors(refusal),
        digest::DIGEST => return digest::errors(refusal),
        settings::WORKSPACE | settings::ZONE => return settings::errors(callback, refusal),
        guide::READ | guide::SAVE => return guide::errors(callback, refusal),
        _ => {}
    }
    // The boxes for evidence are those that were missing when the form was drawn, so the sentence goes where there always is one.
    let name = match (callback, refusal.field()) {
        (SUBMIT, None) if matches!(refusal, Refusal::Unexplained { .. }) => field::REASON,
        (START | RENAME, Some(Field::Name)) => field::NAME,
        (START | PANEL, Some(Field::Panel)) => field::PANEL,
        (START | PANEL, Some(Field::Shadows)) => field::SHADOWS,
        (START | PANEL, Some(Field::Observers)) => field::OBSERVERS,
        (START, Some(Field::Cv)) => field::CV,
        (START | TIME, Some(Field::Day)) => field::DAY,
        (START | TIME, Some(Field::Time)) => field::TIME,
        (START | TIME, Some(Field::Length)) => field::LENGTH,
        (START | MOVE, Some(Field::Channel)) => field::CHANNEL,
        (SUBMIT, Some(Field::Recommendation)) => field::RECOMMENDATION,
        (SUBMIT | DECIDE | WITHDRAW | HOLD, Some(Field::Reason)) => field::REASON,
        (ERASE, Some(Field::Code)) => field::CODE,
        (SUBMIT, Some(Field::Rest)) => field::REST,
        (DECIDE, Some(Field::Verdict)) => field::VERDICT,
        (ASSIGN_PARTS, Some(Field::Interviewer)) => field::INTERVIEWER,
        (HAND_OVER, Some(Field::Owner)) => field::OWNER,
        (PASTE, Some(Field::Notes)) => "notes:1",
        _ => return None,
    };
    Some(BTreeMap::from([(
        name.to_owned(),
        text::bare(&refusal.words()),
    )]))
}
