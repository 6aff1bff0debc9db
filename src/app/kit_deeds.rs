//! What administrators do with kits: edit a question, choose between file and edit, read the files again. Which kits are served is in `library`.

use super::library::{Reloaded, Served};
use super::{App, Done, Fault, Going, ROUNDS};
use crate::domain::access::Actor;
use crate::domain::event::{Delivery, KitDeed, KitTab, Reply, Screen};
use crate::domain::ids::{KitSlug, KitVersion, QuestionId};
use crate::domain::kit::Kit;
use crate::domain::kit_edit::{QuestionEdit, changes, edited, highest_number};
use crate::domain::refusal::{KitField, Refusal};
use crate::domain::shelf::{Edition, Origin, Shelf};
use crate::domain::words::{Words, count, shortened};
use crate::kits::{Finding, Level, check_kit, version};
use crate::store::Change;

impl App {
    pub(super) async fn do_kit_deed(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        slug: &KitSlug,
        deed: &KitDeed,
        fresh: bool,
    ) -> Going<Done> {
        actor.must_administer()?;
        for _ in 0..ROUNDS {
            let mut others = self.catalogue(&actor.workspace).await?;
            let Some(at) = others.iter().position(|one| one.kit.slug == *slug) else {
                return Err(Refusal::UnknownRole.into());
            };
            let served = others.swap_remove(at);
            let revision = served.revision;
            let (shelf, kit, reply) = match deed {
                KitDeed::Edit { from, edit, anyway } => {
                    let kit = self.edit(&served, &others, from, edit, *anyway).await?;
                    let edition = Edition {
                        version: version(&kit),
                        origin: Origin::Edited(actor.user.clone()),
                        at: self.inner.clock.now(),
                    };
                    let section = KitTab::Questions(edit.section);
                    (served.shelf.with(edition), Some(kit), shows(slug, section))
                }
                KitDeed::Choose { file, take } => {
                    let shelf = chosen(served.shelf, file, *take, actor, self.inner.clock.now())?;
                    (shelf, None, Reply::Show(Screen::Kits))
                }
            };
            let mut changes = vec![];
            if let Some(kit) = kit {
                changes.push(Change::Kit(version(&kit), Box::new(kit)));
            }
            changes.push(Change::Shelf(revision, Box::new(shelf)));
            if let Some(done) = self.commit(delivery, fresh, changes, reply).await? {
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    /// The kit that an edit makes of the one that is served, if it may stand.
    async fn edit(
        &self,
        served: &Served,
        others: &[Served],
        from: &KitVersion,
        edit: &QuestionEdit,
        anyway: bool,
    ) -> Going<Kit> {
        if let Some(id) = &edit.question
            && *from != served.version
        {
            // Somebody else has edited meanwhile; that matters if it was this question.
            let seen = self.kit(from).await?;
            if !changes(&seen, &served.kit, id).is_empty() {
                return Err(Refusal::QuestionChanged.into());
            }
        }
        let mut highest = highest_number(&served.kit, edit.section);
        if edit.question.is_none() {
            for edition in &served.shelf.editions {
                let kit = self.kit(&edition.version).await?;
                highest = highest.max(highest_number(&kit, edit.section));
            }
        }
        let kit = edited(&served.kit, edit, highest)?;
        if kit == *served.kit {
            return Err(Refusal::NothingChanged.into());
        }
        let id = edit.question.clone().unwrap_or_else(|| {
            let number = highest + 1;
            QuestionId::from(format!("{}/{number}", edit.section.slug()))
        });
        let others: Vec<&Kit> = others.iter().map(|other| &*other.kit).collect();
        fits(&served.kit, &kit, &others, &id, anyway)?;
        Ok(kit)
    }

    pub(super) async fn reload_kits(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        fresh: bool,
    ) -> Going<Done> {
        actor.must_administer()?;
        let reloaded = self.reload().await?;
        let reply = Reply::Said(told(&reloaded));
        let done = self.commit(delivery, fresh, Vec::new(), reply).await?;
        Ok(done.ok_or(Refusal::DraftGone)?)
    }
}

fn shows(slug: &KitSlug, tab: KitTab) -> Reply {
    Reply::Show(Screen::Kit {
        slug: slug.clone(),
        version: None,
        tab,
    })
}

fn chosen(
    shelf: Shelf,
    file: &KitVersion,
    take: bool,
    actor: &Actor,
    now: jiff::Timestamp,
) -> Result<Shelf, Refusal> {
    // The button belongs to one version of the file: a later one is another choice.
    if shelf.differs.as_ref().map(|differs| &differs.version) != Some(file) {
        return Err(Refusal::NothingToChoose);
    }
    Ok(if take {
        shelf.take(actor.user.clone(), now)
    } else {
        shelf.keep()
    })
}

/// Refuses what the check finds in the edited question and did not find before. Warnings pass where somebody means them.
fn fits(
    old: &Kit,
    new: &Kit,
    others: &[&Kit],
    id: &QuestionId,
    anyway: bool,
) -> Result<(), Refusal> {
    let before = check_kit(old, others);
    let known = |finding: &Finding| {
        before.iter().any(|one| {
            (one.rule, &one.at, &one.message) == (finding.rule, &finding.at, &finding.message)
        })
    };
    let found: Vec<Finding> = check_kit(new, others)
        .into_iter()
        .filter(|finding| finding.level >= Level::Warning && !known(finding))
        .collect();
    let errors = found.iter().any(|finding| finding.level == Level::Error);
    if found.is_empty() || (anyway && !errors) {
        return Ok(());
    }
    let findings = found
        .iter()
        .map(|finding| {
            let said = match &finding.hint {
                Some(hint) => format!("{} ({hint})", finding.message),
                None => finding.message.clone(),
            };
            (field_of(&finding.at, id), shortened(&said, 300))
        })
        .collect();
    Err(Refusal::KitUnfit {
        findings,
        can_be_saved: !errors,
    })
}

/// The field of the form that a place in the kit belongs to.
fn field_of(at: &str, id: &QuestionId) -> KitField {
    if at.starts_with("competency.") {
        return KitField::Competency;
    }
    let part = at.strip_prefix(id.as_str()).unwrap_or_default();
    let part = part.strip_prefix('.').unwrap_or(part);
    match part.split('.').collect::<Vec<_>>()[..] {
        ["follow_up", ..] => KitField::FollowUps,
        ["note", ..] => KitField::Note,
        ["competency", ..] => KitField::Competency,
        ["anchors", "mixed", ..] => KitField::Mixed,
        ["anchors", "good", ..] => KitField::Good,
        ["anchors", "excellent", ..] => KitField::Excellent,
        ["anchors", ..] => KitField::Poor,
        _ => KitField::Ask,
    }
}

/// What reading the files again came to, in words.
#[must_use]
pub fn told(reloaded: &Reloaded) -> Words {
    let Reloaded {
        added,
        changed,
        gone,
        kept,
        differs,
        broken,
    } = reloaded;
    let mut words = Words::from("The kits' files were read.");
    let list = |words: Words, what: &str, slugs: &[KitSlug]| {
        if slugs.is_empty() {
            return words;
        }
        let names: Vec<&str> = slugs.iter().map(KitSlug::as_str).collect();
        words
            .text(format!(" {what}: "))
            .code(names.join(", "))
            .text(".")
    };
    let followed: Vec<KitSlug> = changed
        .iter()
        .filter(|slug| !differs.contains(slug))
        .cloned()
        .collect();
    words = list(words, "New", added);
    words = list(
        words,
        "Changed, and used by new loops from now on",
        &followed,
    );
    words = list(words, "Gone", gone);
    words = list(
        words,
        "Changed in Slack and in the file, so somebody has to choose",
        differs,
    );
    if added.is_empty() && changed.is_empty() && gone.is_empty() && broken.is_empty() {
        words = words.text(" Nothing has changed.");
    }
    if broken.is_empty() {
        return words;
    }
    words = words.text(format!(" {} in them:", count(broken.len(), "error")));
    for finding in broken.iter().take(5) {
        words = words.text(format!("\n{finding}"));
    }
    if broken.len() > 5 {
        words = words.text(format!("\n… and {} more.", broken.len() - 5));
    }
    if !kept.is_empty() {
        words = list(
            words.text("\n"),
            "The last good version goes on serving",
            kept,
        );
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_stands_at_the_field_it_is_about() {
        let id = QuestionId::from("technical/2");
        let cases = [
            ("technical/2.ask", KitField::Ask),
            ("technical/2", KitField::Ask),
            ("technical/2.follow_up.3", KitField::FollowUps),
            ("technical/2.note", KitField::Note),
            ("technical/2.competency", KitField::Competency),
            ("technical/2.anchors", KitField::Poor),
            ("technical/2.anchors.excellent", KitField::Excellent),
            ("technical/21.follow_up", KitField::Ask),
            ("competency.apis.name", KitField::Competency),
        ];
        for (at, field) in cases {
            assert_eq!(field_of(at, &id), field, "{at}");
        }
    }
}
