//! The kits with their versions, and the choice between a file and what was edited in Slack. What one kit says is in `kit`.

use super::kit::since;
use super::page::{Page, Part, first_that_fits};
use crate::app::scene::{DiffersScene, KitRow};
use crate::domain::event::KitTab;
use crate::domain::ids::KitSlug;
use crate::domain::interview_loop::short;
use crate::domain::shelf::{Edition, Origin};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::SlackBlockButtonElement;

/// Every kit, with its versions and the loops on each.
pub(super) fn kits(rows: &[KitRow], administrator: bool) -> Page {
    first_that_fits([20, 12, 6, 3], |most| some(rows, administrator, most))
}

fn some(rows: &[KitRow], administrator: bool, most: usize) -> Page {
    let mut page = Page::new().header("Interview kits");
    for row in rows.iter().take(most) {
        page = page.rich(vec![Part::Line(name(row)), Part::Bullets(versions(row))]);
        let slug = &row.kit.slug;
        let mut buttons = vec![blocks::button("Open", &open(slug))];
        if let Some(file) = row.differs.as_ref().filter(|_| administrator) {
            page = page.say(both_changed(&row.edition));
            buttons.extend(choice(slug, file));
        }
        page = page.row(&format!("kit:{slug}"), buttons);
    }
    if rows.len() > most {
        page = page.small(
            Words::from(format!("… and {} more: ", rows.len() - most))
                .code("/interview <role>")
                .text(" shows one."),
        );
    }
    if administrator {
        page = page.row(
            "kits",
            vec![blocks::button("Read the files again", &Action::ReloadKits)],
        );
    }
    page
}

fn open(slug: &KitSlug) -> Action {
    Action::ShowKit {
        slug: slug.clone(),
        version: None,
        tab: KitTab::Overview,
    }
}

fn name(row: &KitRow) -> Words {
    let questions = count(row.kit.asked().count(), "question");
    Words::new()
        .strong(text::fitting(&row.kit.title, 100))
        .text(" ")
        .code(row.kit.slug.as_str())
        .text(format!(" · {questions}"))
}

/// The version that is served first, then those that open loops are still on.
fn versions(row: &KitRow) -> Vec<Words> {
    let served = &row.edition.version;
    let on = |number: usize| format!(" · {}", count(number, "open loop"));
    let on_served = row.open.iter().find(|(version, ..)| version == served);
    let mut lines = vec![
        Words::from(format!("kit {} ", short(served)))
            .and(since(&row.edition))
            .text(on(on_served.map_or(0, |(_, number, _)| *number))),
    ];
    let older: Vec<_> = row
        .open
        .iter()
        .filter(|(version, ..)| version != served)
        .collect();
    for (version, number, edition) in older.iter().take(5) {
        let mut line = Words::from(format!("kit {}", short(version)));
        if let Some(edition) = edition {
            line = line.text(" ").and(since(edition));
        }
        lines.push(line.text(on(*number)));
    }
    if older.len() > 5 {
        let rest: usize = older[5..].iter().map(|(_, number, _)| *number).sum();
        lines.push(Words::from(format!("older ones{}", on(rest))));
    }
    lines
}

fn both_changed(edition: &Edition) -> Words {
    let words = Words::from(
        "Its file and what was edited in Slack have both changed since they last agreed.",
    );
    match &edition.origin {
        Origin::Edited(user) | Origin::Imported(user) => words
            .text(" What ")
            .person(user)
            .text(" made goes on serving until you choose; nothing is lost either way."),
        Origin::File(_) | Origin::Chosen(_) => words,
    }
}

fn choice(slug: &KitSlug, file: &Edition) -> Vec<SlackBlockButtonElement> {
    let choose = |take| Action::ChooseKit {
        slug: slug.clone(),
        file: file.version.clone(),
        take,
    };
    vec![
        blocks::button("Keep the edited one", &choose(false)),
        blocks::confirmed(
            blocks::button("Take the file's", &choose(true)),
            "Take the file's?",
            "New loops get what the file says. What was edited in Slack stays in the history, and loops under way stay on theirs.",
            "Take the file's",
        ),
    ]
}

/// Tells who edited a kit that its file has changed as well.
pub(super) fn differs(scene: &DiffersScene) -> Page {
    let title = Words::new().strong(text::fitting(&scene.kit.title, 100));
    let mut page = Page::new()
        .say(title.text(": ").and(both_changed(&scene.edition)))
        .small(
            Words::from(format!("Edited: kit {} ", short(&scene.edition.version)))
                .and(since(&scene.edition))
                .text(format!(". File: kit {} ", short(&scene.file.version)))
                .and(since(&scene.file))
                .text("."),
        );
    let mut items: Vec<Words> = scene
        .questions
        .iter()
        .take(20)
        .map(|(id, parts)| {
            let parts: Vec<&str> = parts.iter().map(|part| part.name()).collect();
            Words::new()
                .code(id.as_str())
                .text(format!(": {}", parts.join(", ")))
        })
        .collect();
    if scene.questions.len() > items.len() {
        let more = scene.questions.len() - items.len();
        items.push(Words::from(format!(
            "… and {}",
            count(more, "more question")
        )));
    }
    if scene.elsewhere {
        items.push(Words::from("something beside the questions"));
    }
    page = page.rich(vec![
        Part::Line(Words::from("They differ in:")),
        Part::Bullets(items),
    ]);
    let mut buttons = choice(&scene.kit.slug, &scene.file);
    buttons.push(blocks::button("All kits", &Action::ShowKits));
    page.row("differs", buttons)
}
