//! What somebody may look at, read at the moment it is drawn. How it is drawn is at the edge.

use super::scene::{DebriefScene, LoopEntry, Scene};
use super::{App, Fault, Going, Halt, unknown};
use crate::domain::access::{Actor, offers};
use crate::domain::candidate::CandidateName;
use crate::domain::event::{RolesWhy, Screen};
use crate::domain::export::{Exported, Sight};
use crate::domain::ids::{ChannelId, KitSlug, LoopCode, QuestionId, UserId, WorkspaceId};
use crate::domain::interview_loop::{Doubted, Head, InterviewLoop, Needs, Phase, Seat};
use crate::domain::kit::Section;
use crate::domain::refusal::Refusal;
use crate::domain::scorecard::Scorecard;
use crate::store::{List, Stretch};

/// The most loops that a list shows: as many as fit a message.
const LISTED: usize = 15;

/// Who looks, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Where they belong.
    pub workspace: WorkspaceId,
    /// Who.
    pub user: UserId,
    /// The channel they are in, if any.
    pub place: Option<ChannelId>,
}

/// Somebody's right to look at a loop, beyond knowing of it.
enum Right {
    /// Whoever knows of it.
    Any,
    /// A scorecard of their own.
    Score,
    /// The owner and administrators.
    Lead,
    /// What each interviewer rated and wrote.
    Evidence,
    /// The debrief itself: the panel and who leads.
    Debrief,
    /// A file of it: the panel and who leads. What is in it differs.
    File,
}

impl App {
    /// Reads what a screen shows, if this person may see it.
    ///
    /// # Errors
    /// The outer error is ours; the inner one is a polite no.
    pub async fn look(
        &self,
        viewer: &Viewer,
        screen: &Screen,
    ) -> Result<Result<Scene, Refusal>, Fault> {
        // A picture is drawn from what the message beneath which it is offered shows, for the same people.
        let charted = match screen {
            Screen::Chart(charted) => Some(charted.screen()),
            _ => None,
        };
        let screen = charted.as_ref().unwrap_or(screen);
        match self.look_at(viewer, screen).await {
            Ok(scene) => Ok(Ok(scene)),
            Err(Halt::Refused(refusal)) => Ok(Err(refusal)),
            Err(Halt::Broke(fault)) => Err(fault),
        }
    }

    async fn look_at(&self, viewer: &Viewer, screen: &Screen) -> Going<Scene> {
        let actor = self.member(&viewer.workspace, &viewer.user).await?;
        let user = &viewer.user;
        Ok(match screen {
            Screen::Help => Scene::Help,
            // It is shown in a place of its own.
            Screen::Home(_) => return Err(Refusal::OldButton.into()),
            Screen::SettingsForm => self.settings_form(&actor).await?,
            Screen::ZoneForm => self.zone_form(&actor).await?,
            Screen::Kit { slug, version, tab } => {
                self.kit_shown(&actor, viewer, slug, (version.as_ref(), *tab))
                    .await?
            }
            Screen::Kits => self.kits_shown(&actor).await?,
            Screen::GuideForm => {
                actor.must_administer()?;
                Scene::GuideForm {
                    channel: viewer.place.clone(),
                }
            }
            Screen::Guide(draft) => self.guide_shown(&actor, viewer, draft).await?,
            Screen::QuestionForm {
                slug,
                section,
                question,
            } => {
                self.question_form(&actor, viewer, slug, (*section, question.as_ref()))
                    .await?
            }
            Screen::Roles { slugs, why, draft } => Scene::Roles {
                roles: self.roles(&viewer.workspace, slugs, why).await?,
                why: why.clone(),
                draft: draft.clone(),
            },
            Screen::Mine => {
                let of = List::Of(user.clone());
                let codes = self.listed(&viewer.workspace, &of).await?;
                self.entries(&actor, viewer, codes, true).await?
            }
            Screen::List => {
                let mut codes = match &viewer.place {
                    Some(channel) if !channel.is_direct() => {
                        let within = List::In(channel.clone());
                        self.listed(&viewer.workspace, &within).await?
                    }
                    _ => Vec::new(),
                };
                let of = List::Of(user.clone());
                for code in self.listed(&viewer.workspace, &of).await? {
                    if !codes.contains(&code) {
                        codes.push(code);
                    }
                }
                self.entries(&actor, viewer, codes, false).await?
            }
            Screen::Undecided { channel, after } => {
                self.undecided(&actor, viewer, channel, after.as_ref())
                    .await?
            }
            Screen::Digest => self.digest_shown(viewer).await?,
            Screen::DigestForm => self.digest_form(viewer).await?,
            Screen::NamingQuestion { draft } => {
                let Some(opening) = self.opening_draft(&viewer.workspace, draft).await? else {
                    return Err(Refusal::DraftGone.into());
                };
                let initials =
                    CandidateName::parse(opening.candidate.as_str()).map(|name| name.initials());
                Scene::NamingQuestion {
                    draft: draft.clone(),
                    initials: initials.unwrap_or_default(),
                }
            }
            Screen::ChannelQuestion { draft } => Scene::ChannelQuestion {
                draft: draft.clone(),
            },
            Screen::Namesakes { draft, codes } => {
                let mut heads = Vec::new();
                for code in codes.iter().take(LISTED) {
                    if let Some(loaded) = self
                        .inner
                        .store
                        .load(&viewer.workspace, code, &Needs::Head)
                        .await?
                        && (actor.knows(&loaded.head)
                            || viewer.place.as_ref() == Some(&loaded.head.channel))
                    {
                        heads.push(loaded.head);
                    }
                }
                Scene::Namesakes {
                    draft: draft.clone(),
                    heads,
                }
            }
            Screen::LastPanel {
                draft,
                panel,
                doubts,
            } => Scene::LastPanel {
                draft: draft.clone(),
                panel: panel.clone(),
                doubts: doubts.clone(),
            },
            Screen::Doubtful { what, doubts } => {
                let head = match what {
                    Doubted::Opening(_) => None,
                    Doubted::Panel { code, .. } | Doubted::Admission { code, .. } => {
                        let seen = self.seen(&actor, viewer, code, &Needs::Head, &Right::Lead);
                        Some(Box::new(seen.await?.head))
                    }
                };
                Scene::Doubtful {
                    what: what.clone(),
                    doubts: doubts.clone(),
                    head,
                }
            }
            Screen::RoleForm => {
                self.must_open(&actor).await?;
                let roles = self.roles(&viewer.workspace, &[], &RolesWhy::All).await?;
                if roles.is_empty() {
                    return Err(Refusal::UnknownRole.into());
                }
                Scene::RoleForm { roles }
            }
            Screen::StartForm { slug, channel } => {
                self.start_form(&actor, viewer, slug, channel.as_ref())
                    .await?
            }
            Screen::StartAgain(draft) => self.start_again(&actor, viewer, draft).await?,
            Screen::Scorecard {
                code,
                section,
                open,
            } => {
                let state = self.own_scorecard(&actor, viewer, code).await?;
                scorecard(state, user, *section, open.clone())
            }
            Screen::PasteForm { code, section } => {
                let state = self.own_scorecard(&actor, viewer, code).await?;
                Scene::PasteForm {
                    head: Box::new(state.head),
                    section: *section,
                }
            }
            Screen::Calibration(screen) => self.calibration_seen(viewer, screen).await?,
            Screen::Stats(screen) => self.stats_shown(&actor, viewer, screen).await?,
            Screen::Pasted(draft) => self.pasted(&actor, viewer, draft).await?,
            Screen::EvidenceForm { code, question } => {
                let state = self.own_scorecard(&actor, viewer, code).await?;
                if state.kit.question(question).is_none() {
                    return Err(Refusal::UnknownQuestion.into());
                }
                let note = state
                    .cards
                    .get(user)
                    .and_then(|card| card.evidence.get(question));
                Scene::EvidenceForm {
                    note: note
                        .map(|note| note.as_str().to_owned())
                        .unwrap_or_default(),
                    head: Box::new(state.head),
                    kit: state.kit,
                    question: question.clone(),
                }
            }
            Screen::SubmitForm(code) => {
                let mut state = self.own_scorecard(&actor, viewer, code).await?;
                Scene::SubmitForm {
                    card: state.cards.remove(user),
                    kit: state.kit,
                    head: Box::new(state.head),
                }
            }
            screen => return self.look_at_loop(&actor, viewer, screen).await,
        })
    }

    /// A loop with the viewer's own scorecard, if they may score.
    pub(super) async fn own_scorecard(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        code: &LoopCode,
    ) -> Going<InterviewLoop> {
        let needs = Needs::Own(actor.user.clone());
        self.seen(actor, viewer, code, &needs, &Right::Score).await
    }

    async fn look_at_loop(&self, actor: &Actor, viewer: &Viewer, screen: &Screen) -> Going<Scene> {
        let (code, needs, right) = match screen {
            Screen::More(code) | Screen::Loop(code) | Screen::Plan(code) => {
                (code, Needs::Head, Right::Any)
            }
            Screen::TakeForm(code) => (code, Needs::Head, Right::Score),
            Screen::Progress(code) => (code, Needs::All, Right::Lead),
            Screen::Debrief(code) => (code, Needs::All, Right::Debrief),
            Screen::EvidenceBoard(code) => (code, Needs::All, Right::Evidence),
            Screen::Exports(None) | Screen::HoldForm(None) | Screen::EraseForm(None) => {
                return Err(Refusal::WhichLoop.into());
            }
            Screen::Exports(Some(code)) => (code, Needs::Head, Right::File),
            Screen::Export { code, .. } => (code, Needs::All, Right::File),
            Screen::ByQuestion(code) => (code, Needs::Head, Right::Evidence),
            Screen::PanelForm(code)
            | Screen::AssignForm(code)
            | Screen::DecideForm(code)
            | Screen::RenameForm(code)
            | Screen::HandOverForm(code)
            | Screen::WithdrawForm(code)
            | Screen::TimeForm(code)
            | Screen::MoveForm(code)
            | Screen::HoldForm(Some(code))
            | Screen::EraseForm(Some(code)) => (code, Needs::Head, Right::Lead),
            _ => return Err(Refusal::OldButton.into()),
        };
        let state = self.seen(actor, viewer, code, &needs, &right).await?;
        let offers = offers(actor, &state.head);
        Ok(match screen {
            Screen::More(_) => Scene::More {
                head: Box::new(state.head),
                offers,
            },
            Screen::Loop(_) => Scene::Loop {
                scores: state.may_score(&actor.user).is_ok(),
                head: Box::new(state.head),
            },
            Screen::Progress(_) => progress(state, offers),
            Screen::Debrief(_) => Scene::Debrief(Box::new(debrief(state))),
            Screen::Exports(_) => Scene::Exports {
                sight: Sight::of(actor, &state.head),
                head: Box::new(state.head),
            },
            Screen::Export { .. } => {
                let audit = if actor.leads(&state.head) {
                    self.inner.store.audit(&viewer.workspace, code).await?
                } else {
                    Vec::new()
                };
                let now = self.inner.clock.now();
                Scene::Export(Box::new(Exported::of(&state, audit, actor, now)))
            }
            Screen::EvidenceBoard(_) => {
                let in_panel_order = |wanted: fn(&Seat) -> bool| -> Vec<Scorecard> {
                    let seats = state.head.panel.iter();
                    seats
                        .filter(|seat| seat.is_in() && wanted(seat))
                        .filter_map(|seat| state.cards.get(&seat.user))
                        .cloned()
                        .collect()
                };
                let leads = actor.leads(&state.head);
                Scene::EvidenceBoard {
                    cards: in_panel_order(Seat::counts),
                    shadows: if leads {
                        in_panel_order(Seat::shadows)
                    } else {
                        Vec::new()
                    },
                    kit: state.kit,
                    head: Box::new(state.head),
                }
            }
            Screen::ByQuestion(_) => Scene::ByQuestion {
                leads: actor.leads(&state.head),
                kit: state.kit,
                head: Box::new(state.head),
            },
            Screen::Plan(_) => {
                let open = state.head.phase() == Phase::Open;
                let seat = state.head.seat(&actor.user);
                let scores = state.may_score(&actor.user).is_ok();
                Scene::Plan {
                    takes: open && scores && seat.is_none_or(Seat::counts),
                    assigns: open && actor.leads(&state.head),
                    kit: state.kit,
                    head: Box::new(state.head),
                }
            }
            Screen::TakeForm(_) => Scene::TakeForm {
                kit: state.kit,
                head: Box::new(state.head),
                user: actor.user.clone(),
            },
            Screen::AssignForm(_) => Scene::AssignForm {
                kit: state.kit,
                head: Box::new(state.head),
            },
            Screen::PanelForm(_) => Scene::PanelForm(Box::new(state.head)),
            Screen::DecideForm(_) => Scene::DecideForm(Box::new(state.head)),
            Screen::RenameForm(_) => Scene::RenameForm(Box::new(state.head)),
            Screen::HandOverForm(_) => Scene::HandOverForm(Box::new(state.head)),
            Screen::WithdrawForm(_) => Scene::WithdrawForm(Box::new(state.head)),
            Screen::HoldForm(_) => {
                state.head.may_be_held()?;
                Scene::HoldForm(Box::new(state.head))
            }
            Screen::EraseForm(_) => {
                state.head.may_be_erased()?;
                Scene::EraseForm(Box::new(state.head))
            }
            Screen::TimeForm(_) => return Ok(self.time_form(actor, state).await?),
            _ => Scene::MoveForm(Box::new(state.head)),
        })
    }

    /// A loop, if the viewer has the right to this much of it.
    async fn seen(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        code: &LoopCode,
        needs: &Needs,
        right: &Right,
    ) -> Going<InterviewLoop> {
        let Some(state) = self.load(&viewer.workspace, code, needs).await? else {
            return Err(self.no_loop(&viewer.workspace, code).await?.into());
        };
        let here = viewer.place.as_ref() == Some(&state.head.channel);
        if !here && !actor.knows(&state.head) {
            return Err(unknown(code).into());
        }
        let head = &state.head;
        let revealed = head.reveal.is_some();
        let allowed = match right {
            Right::Any => Ok(()),
            Right::Score => state.may_score(&actor.user),
            Right::Lead => actor.must_lead(head),
            Right::File if actor.knows(head) => Ok(()),
            Right::File => Err(Refusal::FileNotForYou),
            Right::Debrief | Right::Evidence if head.is_recused(&actor.user) => {
                Err(Refusal::Recused)
            }
            Right::Debrief | Right::Evidence if !revealed => Err(Refusal::NotRevealed),
            Right::Evidence if actor.reads_evidence(head) => Ok(()),
            // In a private channel the debrief stands in the thread for all its members to read.
            Right::Debrief if actor.knows(head) || (here && !head.public) => Ok(()),
            Right::Debrief => Err(Refusal::DebriefNotForYou),
            Right::Evidence => Err(Refusal::NotForYourEyes),
        };
        allowed?;
        Ok(state)
    }

    pub(super) async fn roles(
        &self,
        workspace: &WorkspaceId,
        slugs: &[KitSlug],
        why: &RolesWhy,
    ) -> Result<Vec<(KitSlug, String)>, Fault> {
        let served = self.catalogue(workspace).await?;
        Ok(served
            .into_iter()
            .filter(|served| *why == RolesWhy::All || slugs.contains(&served.kit.slug))
            .map(|served| (served.kit.slug.clone(), served.kit.title.clone()))
            .collect())
    }

    /// A loop in a list, with what somebody has to do with it.
    pub(super) async fn entry(
        &self,
        actor: &Actor,
        workspace: &WorkspaceId,
        code: &LoopCode,
    ) -> Result<Option<LoopEntry>, Fault> {
        let state = self.load(workspace, code, &Needs::Head).await?;
        let now = self.inner.clock.now();
        Ok(state.map(|state| {
            let seat = state.head.seat(&actor.user);
            LoopEntry {
                owes: seat.is_some_and(Seat::owes)
                    && state.head.phase() != Phase::Withdrawn
                    && state.head.owed_from() <= now,
                scores: state.may_score(&actor.user).is_ok(),
                head: state.head,
            }
        }))
    }

    /// The beginning of a list: one more than is shown, which tells that there are more.
    async fn listed(&self, workspace: &WorkspaceId, list: &List) -> Result<Vec<LoopCode>, Fault> {
        let beginning = Stretch::first(LISTED + 1);
        let listed = self.inner.store.list(workspace, list, beginning).await?;
        Ok(listed.into_iter().map(|listed| listed.code).collect())
    }

    async fn entries(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        codes: Vec<LoopCode>,
        mine: bool,
    ) -> Result<Scene, Fault> {
        let more = codes.len() > LISTED;
        let mut entries = Vec::new();
        for code in codes.into_iter().take(LISTED) {
            entries.extend(self.entry(actor, &viewer.workspace, &code).await?);
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.head.opened_at));
        Ok(Scene::Loops {
            mine,
            entries,
            more,
        })
    }
}

fn scorecard(
    mut state: InterviewLoop,
    user: &UserId,
    section: Option<Section>,
    open: Option<QuestionId>,
) -> Scene {
    let section = section.unwrap_or_else(|| state.first_open_section(user));
    Scene::Scorecard {
        card: state.cards.remove(user),
        user: user.clone(),
        kit: state.kit,
        head: Box::new(state.head),
        section,
        open,
    }
}

fn progress(state: InterviewLoop, offers: Vec<crate::domain::access::Offer>) -> Scene {
    let rows = state
        .head
        .panel
        .iter()
        .map(|seat| {
            let card = state.cards.get(&seat.user);
            let counts = Section::ALL.into_iter().map(|section| {
                let none = (0, state.kit.section(section).count());
                (
                    section,
                    card.map_or(none, |card| card.progress(&state.kit, section)),
                )
            });
            (seat.user.clone(), counts.collect())
        })
        .collect();
    Scene::Progress {
        rows,
        head: Box::new(state.head),
        offers,
    }
}

/// A revealed loop with what came after its reveal.
pub(super) fn debrief(state: InterviewLoop) -> DebriefScene {
    let InterviewLoop {
        kit, head, cards, ..
    } = state;
    DebriefScene {
        later: later(&head, cards.into_values()),
        kit,
        head,
    }
}

fn later(head: &Head, cards: impl Iterator<Item = Scorecard>) -> Vec<Scorecard> {
    cards
        .filter(|card| {
            head.seat(&card.author)
                .is_some_and(|seat| seat.counts() && (seat.late || !card.late_changes.is_empty()))
        })
        .collect()
}
