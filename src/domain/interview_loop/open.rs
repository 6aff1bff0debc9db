//! The beginning of a loop. Who may begin one, and where, was settled before.

use super::{Head, InterviewLoop, Messages, Naming, Outcome, Seat, SeatRole};
use crate::domain::candidate::{CandidateName, Note};
use crate::domain::event::{AuditEntry, Audited, Post, Reply};
use crate::domain::ids::{ChannelId, KitVersion, LoopCode, UserId};
use crate::domain::kit::{Kit, KitRef};
use crate::domain::planned::Planned;
use crate::domain::settings::RevealRule;
use crate::domain::words::Words;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything a loop begins with.
#[derive(Clone, Debug)]
pub struct NewLoop {
    /// Fresh.
    pub code: LoopCode,
    /// The kit it is pinned to.
    pub kit: Arc<Kit>,
    /// That kit's version.
    pub version: KitVersion,
    /// Who is interviewed.
    pub candidate: CandidateName,
    /// What tells namesakes apart.
    pub note: Note,
    /// Which opening of the company's.
    pub requisition: Note,
    /// A link to the CV.
    pub cv: Note,
    /// Who opens and owns it.
    pub owner: UserId,
    /// Where its post goes.
    pub channel: ChannelId,
    /// Whether everybody can read that channel.
    pub public: bool,
    /// What its post calls the candidate.
    pub naming: Naming,
    /// Who is on the panel, each once; no interviewer: whoever scores joins.
    pub panel: Vec<(UserId, SeatRole)>,
    /// When the interview is, where that is planned already.
    pub planned: Option<Planned>,
}

/// Opens a loop: its post and an invitation to each panellist are owed.
#[must_use]
pub fn open(new: NewLoop, now: Timestamp) -> Outcome {
    let panel: Vec<Seat> = new
        .panel
        .into_iter()
        .map(|(user, role)| Seat::of(user, role))
        .collect();
    let named_panel = panel.iter().any(Seat::counts);
    let mut posts = vec![Post::Loop(new.code.clone())];
    posts.extend(panel.iter().map(|seat| Post::Invitation {
        code: new.code.clone(),
        user: seat.user.clone(),
    }));
    let said = Words::from("Opened ")
        .code(new.code.as_str())
        .text(" in ")
        .channel(&new.channel);
    let said = match &new.planned {
        Some(planned) => said.text(", planned for ").time(planned.at),
        None => said,
    };
    let said = said.text(". ");
    let said = if named_panel {
        said
    } else {
        said.text("Nobody is named to interview, so anybody there joins the panel by scoring. ")
    };
    let reply = Reply::Said(if panel.is_empty() {
        said
    } else {
        said.people(panel.iter().map(|seat| &seat.user))
            .text(if panel.len() == 1 {
                " gets a direct message."
            } else {
                " get a direct message each."
            })
    });
    let entry = |what| AuditEntry {
        at: now,
        actor: Some(new.owner.clone()),
        what,
    };
    let mut audit = vec![entry(Audited::Opened)];
    audit.extend(new.planned.map(|planned| {
        entry(Audited::Planned {
            from: None,
            to: Some(planned.at),
        })
    }));
    let head = Head {
        code: new.code,
        kit: KitRef {
            slug: new.kit.slug.clone(),
            version: new.version,
        },
        title: new.kit.title.clone(),
        candidate: new.candidate,
        note: new.note,
        requisition: new.requisition,
        cv: new.cv,
        opened_by: new.owner.clone(),
        owner: new.owner,
        opened_at: now,
        planned: new.planned,
        channel: new.channel,
        public: new.public,
        naming: new.naming,
        named_panel,
        panel,
        reveal: None,
        decision: None,
        past_decisions: Vec::new(),
        withdrawal: None,
        hold: None,
        asked_to_join: BTreeSet::new(),
        messages: Messages::default(),
    };
    let state = InterviewLoop {
        kit: new.kit,
        head,
        cards: BTreeMap::new(),
        rule: RevealRule::default(),
    };
    Outcome {
        state,
        head_changed: true,
        cards_changed: BTreeSet::new(),
        audit,
        posts,
        sent: Vec::new(),
        erased: None,
        reply,
    }
}
