//! What each button asks for. Its name on the wire is in `action`.

use super::Action;
use crate::domain::calibration::{Calibrate, CalibrationScreen};
use crate::domain::digest::DigestDeed;
use crate::domain::event::{
    Charted, Deed, DraftAnswer, KitDeed, KitTab, Request, RolesWhy, Screen,
};
use crate::domain::ids::{ChannelId, KitSlug};
use crate::domain::reminders::Later;
use crate::domain::settings::Setting;
use crate::domain::stats::StatsScreen;

impl Action {
    /// What the click asks for. `channel`: where it was clicked; `chosen`: what was chosen in a menu.
    #[must_use]
    pub fn request(self, channel: Option<&ChannelId>, chosen: Option<&str>) -> Option<Request> {
        let look = |screen| Some(Request::Look(screen));
        let deed = |code, deed| Some(Request::Loop { code, deed });
        let resume = |draft, answer| Some(Request::Resume { draft, answer });
        match self {
            Self::ShowKit { slug, version, tab } => look(Screen::Kit { slug, version, tab }),
            Self::ShareKit { slug } => Some(Request::ShareKit(slug)),
            Self::Start { slug } => look(Screen::StartForm {
                slug,
                channel: channel.cloned(),
            }),
            Self::ShowRoles { draft } => look(Screen::Roles {
                slugs: Vec::new(),
                why: RolesWhy::All,
                draft,
            }),
            Self::PickRole {
                slug,
                draft: Some(draft),
            } => resume(draft, DraftAnswer::Role(slug)),
            Self::PickRole { slug, draft: None } => look(Screen::Kit {
                slug,
                version: None,
                tab: KitTab::Overview,
            }),
            Self::PickNaming { draft, naming } => resume(draft, DraftAnswer::Naming(naming)),
            Self::SamePanel { draft } => resume(draft, DraftAnswer::SamePanel),
            Self::Anybody { draft } => resume(draft, DraftAnswer::Anybody),
            Self::PanelStands { draft } => resume(draft, DraftAnswer::PanelStands),
            Self::ChangePanel { draft } => look(Screen::StartAgain(draft)),
            Self::AnotherPerson { draft } => resume(draft, DraftAnswer::AnotherPerson),
            Self::PickChannel { draft } => {
                resume(draft, DraftAnswer::Channel(ChannelId::from(chosen?)))
            }
            Self::ShowMine => look(Screen::Mine),
            Self::ShowLoop { code } => look(Screen::Loop(code)),
            Self::Score { code, section, .. } => look(Screen::Scorecard {
                code,
                section,
                open: None,
            }),
            Self::Rate {
                code,
                question,
                mark,
                ..
            } => deed(
                code,
                Deed::Rate {
                    question,
                    mark,
                    clicked: None,
                },
            ),
            Self::RestNotAsked { code, section, .. } => deed(code, Deed::RestNotAsked { section }),
            Self::FollowUps {
                code,
                section,
                question,
            } => look(Screen::Scorecard {
                code,
                section: Some(section),
                open: question,
            }),
            Self::Calibrate { slug } => {
                let all = CalibrationScreen::Roles {
                    slugs: Vec::new(),
                    why: RolesWhy::All,
                };
                look(Screen::Calibration(
                    slug.map_or(all, CalibrationScreen::Samples),
                ))
            }
            Self::StartCalibration {
                version,
                question,
                sample,
            } => Some(Request::Calibrate(Calibrate::Start {
                version,
                question,
                sample,
            })),
            Self::RateSample { id, rating } => {
                Some(Request::Calibrate(Calibrate::Rate(id, rating, None)))
            }
            Self::ShowSpread { id } => Some(Request::Calibrate(Calibrate::Show(id))),
            Self::PasteNotes { code, section } => look(Screen::PasteForm { code, section }),
            Self::Evidence { code, question, .. } => look(Screen::EvidenceForm { code, question }),
            Self::Recommend { code, .. } => look(Screen::SubmitForm(code)),
            Self::More { code } => look(Screen::More(code)),
            Self::Progress { code } => look(Screen::Progress(code)),
            Self::Nudge { code } => deed(code, Deed::Nudge),
            Self::RemindLater => Some(Request::RemindLater(Later::from_slug(chosen?)?)),
            Self::Time { code } => look(Screen::TimeForm(code)),
            Self::Panel { code } => look(Screen::PanelForm(code)),
            Self::Reveal { code } => deed(code, Deed::Reveal),
            Self::Decide { code } => look(Screen::DecideForm(code)),
            Self::Rename { code } => look(Screen::RenameForm(code)),
            Self::HandOver { code } => look(Screen::HandOverForm(code)),
            Self::Plan { code } => look(Screen::Plan(code)),
            Self::TakeParts { code } => look(Screen::TakeForm(code)),
            Self::AssignParts { code } => look(Screen::AssignForm(code)),
            Self::Recuse { code } => deed(code, Deed::Recuse),
            Self::DidNotAttend { code } => deed(code, Deed::DidNotAttend),
            Self::Reopen { code } => deed(code, Deed::Reopen),
            Self::Move { code } => look(Screen::MoveForm(code)),
            Self::Withdraw { code } => look(Screen::WithdrawForm(code)),
            Self::Join { code } => deed(code, Deed::AskToJoin),
            Self::Admit { code, user, anyway } => deed(
                code,
                Deed::Admit {
                    user,
                    namesake: false,
                    anyway,
                },
            ),
            Self::ShowDebrief { code } => look(Screen::Debrief(code)),
            Self::ShowEvidence { code } => look(Screen::EvidenceBoard(code)),
            Self::Export { code } => look(Screen::Exports(Some(code))),
            Self::ExportAs { code, format } => look(Screen::Export { code, format }),
            Self::Hold { code } => look(Screen::HoldForm(Some(code))),
            Self::LiftHold { code } => deed(code, Deed::LiftHold),
            Self::Erase { code } => look(Screen::EraseForm(Some(code))),
            Self::ShowQuestions { code } => look(Screen::ByQuestion(code)),
            Self::ShowUndecided { channel, after } => look(Screen::Undecided { channel, after }),
            Self::ChangeDigest => look(Screen::DigestForm),
            Self::SendDigest => Some(Request::Digest(DigestDeed::Now)),
            Self::StopDigest { channel } => Some(Request::Digest(DigestDeed::Off(Some(channel)))),
            Self::ChartDebrief { code } => look(Screen::Chart(Charted::Debrief(code))),
            Self::ShowStats { slug } => look(Screen::Stats(
                slug.map_or(StatsScreen::All, StatsScreen::Role),
            )),
            Self::ChartStats { slug } => look(Screen::Chart(Charted::Stats(slug))),
            Self::TurnHome { pages } => look(Screen::Home(pages)),
            Self::PickKit => look(Screen::Kit {
                slug: KitSlug::from(chosen?),
                version: None,
                tab: KitTab::Overview,
            }),
            Self::Begin => look(Screen::RoleForm),
            Self::ShowHelp => look(Screen::Help),
            Self::SetReminders { on } => Some(Request::Set(Setting::Reminders(on))),
            Self::SetBriefings { on } => Some(Request::Set(Setting::Briefings(on))),
            Self::EditZone => look(Screen::ZoneForm),
            Self::EditSettings => look(Screen::SettingsForm),
            Self::ShowKits => look(Screen::Kits),
            Self::ReloadKits => Some(Request::ReloadKits),
            Self::EditQuestion {
                slug,
                section,
                question,
            } => look(Screen::QuestionForm {
                slug,
                section,
                question,
            }),
            Self::ChooseKit { slug, file, take } => Some(Request::Kit {
                slug,
                deed: KitDeed::Choose { file, take },
            }),
        }
    }
}
