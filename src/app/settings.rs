//! What people set for themselves and administrators for everybody. Where it takes effect is where it is read: in openings, deeds, reminders.

use super::digests::not_a_zone;
use super::{App, Done, Fault, Going, ROUNDS};
use crate::domain::access::Actor;
use crate::domain::event::{Delivery, Post, Reply};
use crate::domain::refusal::Refusal;
use crate::domain::settings::{Changed, FilledIn, Preferences, Setting, Settings};
use crate::domain::sheet::Sheet;
use crate::schedule;
use crate::store::{Change, Revision};

use super::scene::Scene;

impl App {
    /// Sets something, or refuses.
    pub(super) async fn set(
        &self,
        delivery: &Delivery,
        actor: &Actor,
        setting: &Setting,
        fresh: bool,
    ) -> Going<Done> {
        for _ in 0..ROUNDS {
            let (revision, sheet) = match setting {
                Setting::Workspace(filled_in) => {
                    let (revision, settings) = self.settings_of(actor, filled_in).await?;
                    (revision, Sheet::Settings(settings))
                }
                own => {
                    let (revision, preferences) = self.preferences_of(actor, own).await?;
                    (revision, Sheet::Preferences(preferences))
                }
            };
            let retains =
                matches!(&sheet, Sheet::Settings(settings) if settings.retention.is_some());
            let mut changes = vec![Change::Sheet(revision, Box::new(sheet))];
            changes.extend(retains.then_some(Change::Owe(Post::Retention)));
            let done = self
                .commit(delivery, fresh, changes, Reply::Nothing)
                .await?;
            if let Some(done) = done {
                if let Setting::Workspace(filled_in) = setting {
                    log(actor, filled_in);
                }
                self.stir(&actor.workspace);
                return Ok(done);
            }
        }
        Err(Fault::Contended.into())
    }

    /// The settings as an administrator filled them in, unless somebody else has changed them meanwhile.
    async fn settings_of(
        &self,
        actor: &Actor,
        filled_in: &FilledIn,
    ) -> Going<(Revision, Settings)> {
        if !actor.administrator {
            return Err(Refusal::SettingsForAdministrators.into());
        }
        let (before, revision) = self.settings(&actor.workspace).await?;
        if revision != Revision(filled_in.drawn_from) {
            return Err(Refusal::SettingsChanged.into());
        }
        let now = self.inner.clock.now();
        let settings = Settings {
            working: filled_in.working()?,
            retention: filled_in.retention(before.retention, now),
            reveal: filled_in.reveal,
            naming: filled_in.naming,
            openers: filled_in.openers,
            changed: Some(Changed {
                by: actor.user.clone(),
                at: now,
            }),
        };
        Ok((revision, settings))
    }

    async fn preferences_of(
        &self,
        actor: &Actor,
        setting: &Setting,
    ) -> Going<(Revision, Preferences)> {
        let (mut preferences, revision) = self.preferences(&actor.workspace, &actor.user).await?;
        match setting {
            Setting::Reminders(wanted) => preferences.reminders = *wanted,
            Setting::Briefings(wanted) => preferences.briefings = *wanted,
            Setting::Zone(typed) if typed.is_empty() => preferences.zone = None,
            Setting::Zone(typed) => {
                let typed = typed.as_str().trim();
                let zone = schedule::zone(typed).ok_or_else(|| not_a_zone(typed))?;
                preferences.zone = Some(zone.iana_name().unwrap_or(typed).to_owned());
            }
            Setting::Workspace(_) => return Err(Refusal::OldButton.into()),
        }
        Ok((revision, preferences))
    }

    /// The form of the workspace's settings.
    pub(super) async fn settings_form(&self, actor: &Actor) -> Going<Scene> {
        if !actor.administrator {
            return Err(Refusal::SettingsForAdministrators.into());
        }
        let (settings, revision) = self.settings(&actor.workspace).await?;
        Ok(Scene::SettingsForm {
            settings: Box::new(settings),
            drawn_from: revision.0,
        })
    }

    /// The form of somebody's time zone.
    pub(super) async fn zone_form(&self, actor: &Actor) -> Going<Scene> {
        let (preferences, _) = self.preferences(&actor.workspace, &actor.user).await?;
        let person = self.known_person(&actor.workspace, &actor.user).await?;
        Ok(Scene::ZoneForm {
            chosen: preferences.zone,
            told: person.and_then(|person| person.zone),
        })
    }
}

/// Who changed the settings, and to what, for whoever runs the bot.
fn log(actor: &Actor, filled_in: &FilledIn) {
    let FilledIn {
        begins,
        ends,
        days,
        reveal,
        naming,
        openers,
        retention,
        ..
    } = filled_in;
    tracing::info!(
        by = %actor.user,
        workspace = %actor.workspace,
        ?reveal,
        ?naming,
        ?openers,
        retention_months = retention,
        hours = format!("{begins} to {ends}, {}", days.join(" ")),
        "the workspace's settings were changed"
    );
}
