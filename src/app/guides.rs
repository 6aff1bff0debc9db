//! A recruiter's guide brought in from Slack: read, shown with what would become of it, saved as a kit. How it is read is in `kits`.

use super::look::Viewer;
use super::scene::{GuideScene, Scene};
use super::{App, Done, Fault, Going, ROUNDS};
use crate::domain::access::Actor;
use crate::domain::candidate::visible;
use crate::domain::event::{Delivery, Draft, KitTab, PastedGuide, Reply, Screen};
use crate::domain::ids::{DraftId, KitSlug};
use crate::domain::kit::Kit;
use crate::domain::refusal::Refusal;
use crate::domain::shelf::{Edition, Origin, Shelf};
use crate::kits::{Fate, Import, Level, NoGuide, Report, Told, check_kit, import, version};
use crate::store::{Change, Revision};

impl App {
    /// Keeps a guide until whoever brought it has seen what would become of it.
    pub(super) async fn read_guide(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        text: &str,
        fresh: bool,
    ) -> Going<Done> {
        actor.must_administer()?;
        read(text)?;
        let draft = DraftId::from(format!("{:016x}", rand::random::<u64>()));
        let guide = Draft::Guide(PastedGuide {
            author: actor.user.clone(),
            text: text.to_owned(),
        });
        let changes = vec![Change::PutDraft(draft.clone(), Box::new(guide))];
        let reply = Reply::Show(Screen::Guide(draft));
        let done = self.commit(delivery, fresh, changes, reply).await?;
        Ok(done.ok_or(Refusal::GuideGone)?)
    }

    async fn guide(&self, actor: &Actor, draft: &DraftId) -> Going<Import> {
        actor.must_administer()?;
        match self.inner.store.draft(&actor.workspace, draft).await? {
            Some(Draft::Guide(guide)) if guide.author == actor.user => Ok(read(&guide.text)?),
            _ => Err(Refusal::GuideGone.into()),
        }
    }

    pub(super) async fn guide_shown(
        &self,
        actor: &Actor,
        viewer: &Viewer,
        draft: &DraftId,
    ) -> Going<Scene> {
        let Import { kit, report } = self.guide(actor, draft).await?;
        Ok(Scene::Guide(Box::new(shown(draft, viewer, &kit, report))))
    }

    /// Makes a kit of a guide: a role that is there already is not overwritten.
    pub(super) async fn save_guide(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        draft: &DraftId,
        (title, slug): (&str, &str),
        fresh: bool,
    ) -> Going<Done> {
        for _ in 0..ROUNDS {
            let mut kit = self.guide(actor, draft).await?.kit;
            kit.title = one_line(title);
            kit.slug = KitSlug::from(one_line(slug));
            let others = self.catalogue(&actor.workspace).await?;
            if others.iter().any(|other| other.kit.slug == kit.slug) {
                return Err(Refusal::RoleTaken {
                    slug: kit.slug.to_string(),
                }
                .into());
            }
            let others: Vec<&Kit> = others.iter().map(|other| &*other.kit).collect();
            let wrong = check_kit(&kit, &others)
                .into_iter()
                .find(|finding| finding.level == Level::Error);
            if let Some(finding) = wrong {
                let why = match finding.hint {
                    Some(hint) => format!("{} ({hint})", finding.message),
                    None => finding.message,
                };
                return Err(Refusal::NotAKit { why }.into());
            }
            let edition = Edition {
                version: version(&kit),
                origin: Origin::Imported(actor.user.clone()),
                at: self.inner.clock.now(),
            };
            // A shelf of a role that is served no more keeps its history.
            let shelves = self.inner.store.shelves(Some(&actor.workspace)).await?;
            let old = shelves.into_iter().find(|one| one.shelf.slug == kit.slug);
            let (shelf, revision) = match old {
                Some(old) => (old.shelf.with(edition), old.revision),
                None => (Shelf::new(kit.slug.clone(), edition), Revision(0)),
            };
            let reply = Reply::Show(Screen::Kit {
                slug: kit.slug.clone(),
                version: None,
                tab: KitTab::Overview,
            });
            let changes = vec![
                Change::Kit(version(&kit), Box::new(kit)),
                Change::Shelf(revision, Box::new(shelf)),
                Change::TakeDraft(draft.clone()),
            ];
            if let Some(done) = self.commit(delivery, fresh, changes, reply).await? {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }
}

fn read(text: &str) -> Result<Import, Refusal> {
    import(text).map_err(|why: NoGuide| Refusal::NotAGuide {
        why: why.to_string(),
    })
}

fn one_line(typed: &str) -> String {
    let seen = visible(typed);
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(draft: &DraftId, viewer: &Viewer, kit: &Kit, report: Report) -> GuideScene {
    let of = |fate: Fate| -> Vec<String> {
        let lines = report.lines.iter().filter(|told| told.fate == fate);
        lines.map(line).collect()
    };
    GuideScene {
        draft: draft.clone(),
        channel: viewer.place.clone(),
        title: kit.title.clone(),
        slug: kit.slug.clone(),
        questions: kit.questions.len(),
        doubtful: of(Fate::Doubtful),
        left_out: of(Fate::LeftOut),
        kept: of(Fate::Kept),
        warnings: report
            .warnings
            .iter()
            .map(|warning| match warning.line {
                Some(line) => format!("line {line}: {}", warning.message),
                None => warning.message.clone(),
            })
            .collect(),
        assumed: report.assumed,
        // What follows is about the file.
        lacks: report
            .lacks
            .iter()
            .map(|lack| lack.split(": ").next().unwrap_or(lack).to_owned())
            .collect(),
    }
}

/// `12 technical question 2: How would you …`
fn line(told: &Told) -> String {
    let why = if told.why.is_empty() {
        String::new()
    } else {
        format!(" ({})", told.why.join("; "))
    };
    format!("{} {}: {}{why}", told.line, told.what, told.text)
}
