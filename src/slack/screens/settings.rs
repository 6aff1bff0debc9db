//! What is set, on the Home tab and in the forms that change it: for oneself, and by administrators for everybody. Where it takes effect is in `app`.

use super::form::{Meta, field};
use super::page::{Page, Part};
use crate::app::home::{Administered, Home};
use crate::domain::candidate::Note;
use crate::domain::days::Days;
use crate::domain::digest::Digest;
use crate::domain::event::{HomePages, Request};
use crate::domain::refusal::{Field, Refusal};
use crate::domain::settings::{
    FilledIn, NamingRule, Openers, Retention, RevealRule, Setting, Settings, WorkingHours,
};
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::inbound::State;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;
use std::collections::BTreeMap;

/// The workspace's settings.
pub const WORKSPACE: &str = "settings.submit.v1";
/// Somebody's time zone.
pub const ZONE: &str = "zone.submit.v1";

/// The rules with their words, and the values of their options: never changed, only added to.
const REVEAL: [(RevealRule, &str, &str); 2] = [
    (
        RevealRule::WhenAllAreIn,
        "all_in",
        "By itself, with the last scorecard of a named panel",
    ),
    (RevealRule::ByTheOwner, "owner", "Only by the loop's owner"),
];
const NAMING: [(NamingRule, &str, &str); 2] = [
    (NamingRule::Ask, "ask", "Whoever opens the loop is asked"),
    (NamingRule::Initials, "initials", "Always the initials"),
];
const OPENERS: [(Openers, &str, &str); 2] = [
    (Openers::Everybody, "everybody", "Every member"),
    (Openers::Administrators, "administrators", "Administrators"),
];

/// How many months loops are kept.
const RETENTION: [(Option<u16>, &str, &str); 1 + Retention::MONTHS.len()] = [
    (None, "for_good", "For good"),
    (Some(3), "3", "3 months"),
    (Some(6), "6", "6 months"),
    (Some(12), "12", "12 months"),
    (Some(24), "24", "24 months"),
    (Some(36), "36", "36 months"),
];

type Rules<T> = [(T, &'static str, &'static str)];

fn words_of<T: PartialEq>(rules: &Rules<T>, rule: &T) -> &'static str {
    let found = rules.iter().find(|(one, ..)| one == rule);
    found.map_or("", |(_, _, words)| words)
}

fn value_of<T: Copy>(rules: &Rules<T>, value: &str) -> Option<T> {
    let found = rules.iter().find(|(_, slug, _)| *slug == value);
    found.map(|(rule, ..)| *rule)
}

/// What somebody has set for themselves.
pub(super) fn own(page: Page, home: &Home) -> Page {
    let preferences = &home.preferences;
    let switch = |page: Page, what: &str, heard: &str, on: bool, action: &Action| {
        let (state, label) = if on {
            ("on", "Switch off")
        } else {
            ("off", "Switch on")
        };
        let button = blocks::button(label, action)
            .with_accessibility_label(format!("{label}: {heard}").into());
        page.block(blocks::beside(
            &Words::from(format!("{what}: ")).strong(state),
            button,
        ))
    };
    let page = switch(
        page.header("Your settings"),
        "Reminders of scorecards you owe",
        "reminders",
        preferences.reminders,
        &Action::SetReminders {
            on: !preferences.reminders,
        },
    );
    let page = switch(
        page,
        "Kit and your part, ten minutes before a planned interview",
        "kit before a planned interview",
        preferences.briefings,
        &Action::SetBriefings {
            on: !preferences.briefings,
        },
    );
    let whose = if preferences.zone.is_some() {
        ", chosen by you"
    } else {
        ", as Slack tells it"
    };
    let zone = Words::from("Time zone: ").strong(&*home.zone).text(whose);
    let change = blocks::button("Change", &Action::EditZone)
        .with_accessibility_label("Change your time zone".to_owned().into());
    page.block(blocks::beside(&zone, change))
}

/// What is set for everybody, for administrators.
pub(super) fn everybodys(page: Page, home: &Home) -> Page {
    let Some(administered) = &home.administers else {
        return page;
    };
    let settings = &administered.settings;
    let rule = |what: &str, words: &str| Words::from(format!("{what}: ")).strong(words);
    let lines = vec![
        rule(
            "The scorecards are revealed",
            words_of(&REVEAL, &settings.reveal),
        ),
        rule(
            "The name in public channels",
            words_of(&NAMING, &settings.naming),
        ),
        rule("Who may open loops", words_of(&OPENERS, &settings.openers)),
        kept(settings.retention.as_ref()),
        rule(
            "Working hours, each in their own time zone",
            &hours(&settings.working),
        ),
    ];
    let change = blocks::button("Change", &Action::EditSettings)
        .with_accessibility_label("Change the workspace's settings".to_owned().into());
    let mut page = page
        .header("The workspace's settings")
        .rich(vec![Part::Bullets(lines)])
        .row("settings", vec![change]);
    if let Some(changed) = &settings.changed {
        page = page.small(
            Words::from("Changed last by ")
                .person(&changed.by)
                .text(" on ")
                .time(changed.at)
                .text("."),
        );
    }
    digests(page, administered, &home.pages)
}

/// `Loops are kept: 6 months, from 28 Nov on`
fn kept(retention: Option<&Retention>) -> Words {
    let words = Words::from("Loops are kept, once they are decided or withdrawn: ");
    let months = retention.map(|retention| retention.months);
    let words = words.strong(words_of(&RETENTION, &months));
    match retention {
        None => words,
        Some(retention) => words.text("; none goes before ").day(retention.starts()),
    }
}

/// `09:00 to 18:00, weekdays`
fn hours(working: &WorkingHours) -> String {
    format!(
        "{} to {}, {}",
        working.from.strftime("%H:%M"),
        working.to.strftime("%H:%M"),
        working.days
    )
}

fn digests(page: Page, administered: &Administered, pages: &HomePages) -> Page {
    if administered.digests.is_empty() {
        return page.say(
            Words::from("No channel has a daily digest. ")
                .code("/interview digest 09:00 weekdays")
                .text(" sets one up, in the channel it is for."),
        );
    }
    let mut page = page.say(Words::new().strong("Daily digests"));
    for digest in &administered.digests {
        let off = Action::StopDigest {
            channel: digest.channel.clone(),
        };
        page = page.block(blocks::beside(
            &digest_line(digest),
            blocks::button("Off", &off),
        ));
    }
    let to = |digests| Action::TurnHome {
        pages: HomePages {
            digests,
            ..pages.clone()
        },
    };
    let mut buttons = Vec::new();
    if let (true, Some(last)) = (administered.more_digests, administered.digests.last()) {
        let next = to(Some(last.channel.clone()));
        buttons.push(blocks::button("More digests", &next));
    }
    if pages.digests.is_some() {
        buttons.push(blocks::button("First digests", &to(None)));
    }
    page.row("digests", buttons)
}

/// `#hiring · 09:00 weekdays Europe/Berlin · set up by @rita · paused`
fn digest_line(digest: &Digest) -> Words {
    let rhythm = &digest.rhythm;
    let words = Words::new()
        .channel(&digest.channel)
        .text(format!(
            " · {} {} {} · set up by ",
            rhythm.at.strftime("%H:%M"),
            rhythm.days,
            rhythm.zone
        ))
        .person(&digest.set_by);
    if digest.paused.is_some() {
        words.text(" · ").strong("paused")
    } else {
        words
    }
}

fn radio<T: Copy + PartialEq>(
    name: &str,
    rules: &Rules<T>,
    chosen: T,
) -> impl Into<SlackInputBlockElement> {
    let option = |(_, value, words): &(T, &'static str, &'static str)| {
        blocks::option::<SlackBlockText>(words, value)
    };
    let radio = SlackBlockRadioButtonsElement::new(rules.iter().map(option).collect())
        .with_action_id(name.to_owned().into());
    match rules.iter().find(|(rule, ..)| *rule == chosen) {
        Some(chosen) => radio.with_initial_option(option(chosen)),
        None => radio,
    }
}

/// The form of the workspace's settings.
pub(super) fn workspace(settings: &Settings, drawn_from: u64) -> SlackView {
    let working = &settings.working;
    let time = |name: &str, time: jiff::civil::Time| {
        SlackBlockTimePickerElement::new()
            .with_action_id(name.to_owned().into())
            .with_initial_time(time.strftime("%H:%M").to_string())
    };
    let option = |name: &str| blocks::option::<SlackBlockText>(name, name);
    let days =
        SlackBlockCheckboxesElement::new(Days::week().map(|(_, name)| option(name)).collect())
            .with_action_id(field::DAYS.to_owned().into())
            .with_initial_options(
                Days::week()
                    .filter(|(day, _)| working.days.contains(*day))
                    .map(|(_, name)| option(name))
                    .collect(),
            );
    let page = Page::new()
        .block(blocks::input(
            field::REVEAL,
            "When the scorecards are revealed",
            "The rule of the moment in which the last scorecard comes in. The owner can always reveal earlier.",
            false,
            radio(field::REVEAL, &REVEAL, settings.reveal),
        ))
        .block(blocks::input(
            field::NAMING,
            "What a post in a public channel calls the candidate",
            "Posts that are there stay as they are.",
            false,
            radio(field::NAMING, &NAMING, settings.naming),
        ))
        .block(blocks::input(
            field::OPENERS,
            "Who may open loops",
            "Interview kits are shown to every member.",
            false,
            radio(field::OPENERS, &OPENERS, settings.openers),
        ))
        .block(blocks::input(
            field::RETENTION,
            "How long loops are kept",
            "Counted from their decision or withdrawal; then they are erased, for good, with my messages about them. One under a legal hold stays. The first go a week after you choose this.",
            false,
            radio(
                field::RETENTION,
                &RETENTION,
                settings.retention.map(|retention| retention.months),
            ),
        ))
        .say(Words::new().strong("Working hours").text(
            ": people are reminded of scorecards they owe in these hours, each in their own time zone.",
        ))
        .block(blocks::input(
            field::BEGINS,
            "From",
            "",
            false,
            time(field::BEGINS, working.from),
        ))
        .block(blocks::input(
            field::ENDS,
            "To",
            "",
            false,
            time(field::ENDS, working.to),
        ))
        // Ours to ask for: Slack's own words would not say what for.
        .block(blocks::input(field::DAYS, "On", "", true, days));
    let meta = Meta {
        drawn_from: Some(drawn_from),
        ..Meta::default()
    };
    blocks::modal(
        "Workspace settings",
        WORKSPACE,
        meta.to_json(),
        Some("Save"),
        page.blocks(),
    )
}

/// The form of somebody's time zone.
pub(super) fn zone(chosen: Option<&str>, told: Option<&str>) -> SlackView {
    let told = match told {
        Some(told) => Words::from("Slack tells ").code(told).text(". "),
        None => Words::from("Slack does not tell yours. "),
    };
    let page = Page::new()
        .say(told.text("Reminders keep to the hours of your time zone, and times you type are read in it."))
        .block(blocks::input(
            field::ZONE,
            "Time zone",
            "Written like Europe/Berlin or America/New_York. Leave it empty to go by what Slack tells.",
            true,
            blocks::text_box(field::ZONE, chosen.unwrap_or_default(), false, 100),
        ));
    blocks::modal(
        "Your time zone",
        ZONE,
        Meta::default().to_json(),
        Some("Save"),
        page.blocks(),
    )
}

/// What the submitted form of the workspace's settings asks for; `None` for one that no version of the bot sent.
pub(super) fn read(meta: &Meta, state: &State) -> Option<Request> {
    let time = |name: &str| state.time(name, name).unwrap_or_default().to_owned();
    Some(Request::Set(Setting::Workspace(FilledIn {
        drawn_from: meta.drawn_from?,
        begins: time(field::BEGINS),
        ends: time(field::ENDS),
        days: state.options(field::DAYS, field::DAYS).to_vec(),
        reveal: value_of(&REVEAL, state.option(field::REVEAL, field::REVEAL)?)?,
        naming: value_of(&NAMING, state.option(field::NAMING, field::NAMING)?)?,
        openers: value_of(&OPENERS, state.option(field::OPENERS, field::OPENERS)?)?,
        retention: value_of(
            &RETENTION,
            state.option(field::RETENTION, field::RETENTION)?,
        )?,
    })))
}

/// What the submitted form of a time zone asks for.
pub(super) fn read_zone(state: &State) -> Request {
    let typed = state.text(field::ZONE, field::ZONE).unwrap_or_default();
    Request::Set(Setting::Zone(Note::new(typed)))
}

/// The sentence of a refusal under the field it is about.
pub(super) fn errors(callback: &str, refusal: &Refusal) -> Option<BTreeMap<String, String>> {
    let name = match (callback, refusal.field()?) {
        (WORKSPACE, Field::Time) => field::BEGINS,
        (WORKSPACE, Field::Hours) => field::ENDS,
        (WORKSPACE, Field::Days) => field::DAYS,
        (ZONE, Field::Zone) => field::ZONE,
        _ => return None,
    };
    let sentence = text::bare(&refusal.words());
    Some(BTreeMap::from([(name.to_owned(), sentence)]))
}
