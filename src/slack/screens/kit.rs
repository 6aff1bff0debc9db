//! An interview kit, one part at a time. Which loop it is pinned to is in `loop_post`.

use super::page::{BLOCKS, Page, Part, first_that_fits};
use crate::domain::event::KitTab;
use crate::domain::ids::{KitVersion, UserId};
use crate::domain::interview_loop::short;
use crate::domain::kit::{Demand, Kit, Question, Section, Trait};
use crate::domain::shelf::{Edition, Origin};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};

/// The tabs, with their names.
const TABS: [(&str, KitTab); 6] = [
    ("Screening", KitTab::Questions(Section::Screening)),
    ("Technical", KitTab::Questions(Section::Technical)),
    ("Behavioural", KitTab::Questions(Section::Behavioural)),
    ("Look for", KitTab::LookFor),
    ("Pitfalls", KitTab::Pitfalls),
    ("Profile", KitTab::Profile),
];

/// What is said of a kit beside its content.
pub(super) struct Shown<'a> {
    pub(super) kit: &'a Kit,
    pub(super) version: &'a KitVersion,
    pub(super) pinned: bool,
    pub(super) newer: Option<&'a Edition>,
    pub(super) edition: Option<&'a Edition>,
    pub(super) editable: bool,
    pub(super) opens: bool,
    pub(super) shareable: bool,
}

/// One part of a kit.
pub(super) fn kit(shown: &Shown<'_>, tab: KitTab) -> Page {
    first_that_fits([3000, 200, 120, 60, 20], |most| draw(shown, tab, most))
}

fn draw(shown: &Shown<'_>, tab: KitTab, most: usize) -> Page {
    let kit = shown.kit;
    let mut facts = at_a_glance(kit, shown.version);
    if let Some(edition) = shown.edition {
        facts = facts.text(" ").and(since(edition));
    }
    if shown.pinned {
        facts = facts.text(" · pinned to this version");
        if let Some(newer) = shown.newer {
            facts = facts.text("; a newer version exists since ").day(newer.at);
        }
    }
    let page = Page::new()
        .header(&kit.title)
        .small(facts)
        .row("tabs", tabs(shown, tab));
    let page = match tab {
        KitTab::Overview => page.say(Words::from(text::fitting(&kit.profile.summary, most))),
        KitTab::Questions(section) => questions(page, shown, section, most),
        KitTab::LookFor => traits(page, kit, "Look for", &kit.look_for, most),
        KitTab::Pitfalls => traits(page, kit, "Pitfalls", &kit.pitfalls, most),
        KitTab::Profile => profile(page, kit, most),
    };
    if shown.pinned {
        return page;
    }
    let slug = || kit.slug.clone();
    let start = shown
        .opens
        .then(|| blocks::primary("Start a candidate", &Action::Start { slug: slug() }));
    let share = shown
        .shareable
        .then(|| blocks::button("Share kit here", &Action::ShareKit { slug: slug() }));
    let mut buttons: Vec<_> = start.into_iter().chain(share).collect();
    if let (true, KitTab::Questions(section)) = (shown.editable, tab) {
        buttons.push(blocks::button("Add a question", &edit(kit, section, None)));
    }
    page.row("kit", buttons)
}

/// Opens the form of a question, or of a new one.
fn edit(kit: &Kit, section: Section, question: Option<&Question>) -> Action {
    Action::EditQuestion {
        slug: kit.slug.clone(),
        section,
        question: question.map(|question| question.id.clone()),
    }
}

/// `since 21 Nov, edited in Slack by @rita`
pub(super) fn since(edition: &Edition) -> Words {
    Words::from("since ")
        .day(edition.at)
        .text(", ")
        .and(origin(edition))
}

/// `edited in Slack by @rita`
pub(super) fn origin(edition: &Edition) -> Words {
    match &edition.origin {
        Origin::File(name) => Words::from("from ").code(text::fitting(name, 80)),
        Origin::Edited(user) => Words::from("edited in Slack by ").person(user),
        Origin::Imported(user) => Words::from("imported in Slack by ").person(user),
        Origin::Chosen(user) => Words::from("from the file, chosen by ").person(user),
    }
}

/// `15 questions, about 45 minutes · kit a81c3f`
fn at_a_glance(kit: &Kit, version: &KitVersion) -> Words {
    Words::from(format!("{} · kit {}", in_numbers(kit), short(version)))
}

/// `15 questions, about 45 minutes`
pub(super) fn in_numbers(kit: &Kit) -> String {
    let questions = count(kit.asked().count(), "question");
    format!("{questions}, about {} minutes", kit.minutes)
}

fn tabs(
    shown: &Shown<'_>,
    current: KitTab,
) -> Vec<slack_morphism::prelude::SlackBlockButtonElement> {
    TABS.iter()
        .map(|(name, tab)| {
            let label = if *tab == current {
                format!("• {name}")
            } else {
                (*name).to_owned()
            };
            let action = Action::ShowKit {
                slug: shown.kit.slug.clone(),
                version: shown.pinned.then(|| shown.version.clone()),
                tab: *tab,
            };
            blocks::button(&label, &action)
        })
        .collect()
}

/// What a question probes, as the debrief names it.
pub(super) fn competency<'a>(kit: &'a Kit, question: &Question) -> Option<&'a str> {
    let id = question.competency.as_ref()?;
    kit.competency(id)
        .map(|competency| competency.name.as_str())
}

fn questions(mut page: Page, shown: &Shown<'_>, section: Section, most: usize) -> Page {
    let kit = shown.kit;
    let all: Vec<&Question> = kit.section(section).collect();
    if all.is_empty() {
        page = page.say(Words::from(format!(
            "This kit has no {} questions.",
            section.slug()
        )));
    } else {
        page = page.say(
            Words::new()
                .strong(section.title())
                .text(format!(" · {}", count(all.len(), "question"))),
        );
    }
    // One block a question, and one more for its button; the rest stays for what is left out, for retired ones, and for the buttons.
    let blocks_each = if shown.editable { 2 } else { 1 };
    let retired: Vec<&Question> = kit
        .questions
        .iter()
        .filter(|question| shown.editable && question.retired && question.section == section)
        .collect();
    let room = BLOCKS.saturating_sub(page.len() + 2 + 2 * usize::from(!retired.is_empty()));
    let room = room / blocks_each;
    for question in all.iter().take(room) {
        page = page.rich(question_parts(kit, question, most));
        if shown.editable {
            let heard = format!("Edit question {}", question.number());
            let button = blocks::button("Edit", &edit(kit, section, Some(question)))
                .with_accessibility_label(heard.into());
            page = page.row(&format!("edit:{}", question.id), vec![button]);
        }
    }
    if all.len() > room {
        page = page.say(Words::from(format!(
            "… and {} more",
            count(all.len() - room, "question")
        )));
    }
    if retired.is_empty() {
        return page;
    }
    let buttons = retired.iter().take(25).map(|question| {
        let label = format!("Edit {}", question.number());
        blocks::button(&label, &edit(kit, section, Some(question)))
    });
    let numbers: Vec<&str> = retired.iter().map(|question| question.number()).collect();
    let line = format!("Retired, and asked no more: {}", numbers.join(", "));
    page.small(Words::from(text::fitting(&line, 300)))
        .row("retired", buttons.collect())
}

fn question_parts(kit: &Kit, question: &Question, most: usize) -> Vec<Part> {
    let mut head = Words::new().strong(format!(
        "{}. {}",
        question.number(),
        text::fitting(&question.ask, most.max(80))
    ));
    if let Some(competency) = competency(kit, question) {
        head = head.text(format!(" · {competency}"));
    }
    let mut parts = vec![Part::Line(head)];
    // The tightest drawing is for kits far larger than any that should be used: the questions themselves go first.
    if most > 20 {
        if !question.follow_up.is_empty() {
            let items = question
                .follow_up
                .iter()
                .map(|item| Words::from(text::fitting(item, most)));
            parts.push(Part::Bullets(items.collect()));
        }
        if !question.note.is_empty() {
            parts.push(Part::Line(Words::from(format!(
                "Note: {}",
                text::fitting(&question.note, most)
            ))));
        }
        if let Some(anchors) = &question.anchors {
            for (points, anchor) in [
                (1, &anchors.poor),
                (2, &anchors.mixed),
                (3, &anchors.good),
                (4, &anchors.excellent),
            ] {
                parts.push(Part::Line(
                    Words::new()
                        .strong(points.to_string())
                        .text(format!(" {}", text::fitting(anchor, most))),
                ));
            }
        }
    }
    parts
}

fn traits(page: Page, kit: &Kit, heading: &str, traits: &[Trait], most: usize) -> Page {
    if traits.is_empty() {
        return page.say(Words::from("This kit has none written down."));
    }
    let item = |it: &Trait| {
        let words = Words::from(text::fitting(&it.text, most));
        match it.competency.as_ref().and_then(|id| kit.competency(id)) {
            Some(competency) => words.text(format!(" · {}", competency.name)),
            None => words,
        }
    };
    page.rich(vec![
        Part::Line(Words::new().strong(heading)),
        Part::Bullets(traits.iter().map(item).collect()),
    ])
}

fn profile(mut page: Page, kit: &Kit, most: usize) -> Page {
    let profile = &kit.profile;
    page = page.say(Words::from(text::fitting(&profile.summary, most)));
    let list = |page: Page, heading: &str, items: &[String]| {
        if items.is_empty() {
            return page;
        }
        let items = items
            .iter()
            .map(|item| Words::from(text::fitting(item, most)))
            .collect();
        page.rich(vec![
            Part::Line(Words::new().strong(heading)),
            Part::Bullets(items),
        ])
    };
    page = list(page, "Hard skills", &profile.hard_skills);
    if !profile.experience.is_empty() {
        page = page.say(
            Words::new()
                .strong("Experience")
                .text(format!(": {}", text::fitting(&profile.experience, most))),
        );
    }
    page = list(page, "Soft skills", &profile.soft_skills);
    if let Some(demand) = profile.demand {
        page = page.say(
            Words::new()
                .strong("Demand")
                .text(format!(": {}", on_the_market(demand))),
        );
    }
    if let Some(salary) = &profile.salary {
        page = page.say(Words::new().strong("Salary").text(format!(": {salary}")));
    }
    page
}

fn on_the_market(demand: Demand) -> &'static str {
    match demand {
        Demand::High => "high",
        Demand::Medium => "medium",
        Demand::Low => "low",
    }
}

/// A kit that somebody shares with a channel.
pub(super) fn shared(kit: &Kit, version: &KitVersion, by: &UserId) -> Page {
    let open = Action::ShowKit {
        slug: kit.slug.clone(),
        version: None,
        tab: KitTab::Overview,
    };
    let mut page = Page::new()
        .header(&kit.title)
        .small(
            Words::from("Shared by ")
                .person(by)
                .text(" · ")
                .and(at_a_glance(kit, version)),
        )
        .say(Words::from(text::fitting(&kit.profile.summary, 1500)));
    if !kit.competencies.is_empty() {
        let names: Vec<&str> = kit
            .competencies
            .iter()
            .map(|competency| competency.name.as_str())
            .collect();
        page = page.say(
            Words::new()
                .strong("Competencies")
                .text(format!(": {}", names.join(", "))),
        );
    }
    page.row(
        "kit",
        vec![
            blocks::button("Open the kit", &open),
            blocks::button(
                "Start a candidate",
                &Action::Start {
                    slug: kit.slug.clone(),
                },
            ),
        ],
    )
}
