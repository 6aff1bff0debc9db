//! Loops and roles to choose from. What a loop's own screens show is in `loop_post` and `more`.

use super::loop_post::{and_planned_for, more, score, state, who};
use super::page::{Page, Part, first_that_fits};
use crate::app::scene::LoopEntry;
use crate::domain::event::RolesWhy;
use crate::domain::ids::KitSlug;
use crate::domain::words::Words;
use crate::slack::action::Action;
use crate::slack::{blocks, text};

/// The viewer's own loops, or those of the channel.
pub(super) fn loops(mine: bool, entries: &[LoopEntry], more_of_them: bool) -> Page {
    let mut page = Page::new().header(if mine {
        "Your scorecards and loops"
    } else {
        "Interview loops"
    });
    if entries.is_empty() {
        return page.say(
            Words::from("There are none here. ")
                .code("/interview senior-backend Jane Doe @ada @ben")
                .text(" opens one; ")
                .code("/interview")
                .text(" shows the roles."),
        );
    }
    for one in entries {
        page = entry(page, one, mine);
    }
    if more_of_them {
        page = page.small(Words::from("Older ones are not shown."));
    }
    page
}

/// A loop in a list, with what the viewer may do with it.
pub(super) fn entry(page: Page, entry: &LoopEntry, mine: bool) -> Page {
    let head = &entry.head;
    // In a channel's list stand names that its members may not know; one's own are known.
    let name = if mine {
        head.candidate.as_str().to_owned()
    } else {
        head.public_name()
    };
    let mut line = who(head, &name)
        .text(" · ")
        .and(state(head, head.public && !mine));
    if let Some(planned) = and_planned_for(head) {
        line = line.and(planned);
    }
    if entry.owes {
        line = line.text(" · ").strong("you owe a scorecard");
    }
    let mut buttons = Vec::new();
    if entry.scores {
        buttons.push(if entry.owes {
            blocks::primary("Score", &score(head))
        } else {
            blocks::button("Score", &score(head))
        });
    }
    buttons.push(blocks::button("More", &more(head)));
    page.say(line).row(&format!("loop:{}", head.code), buttons)
}

/// Roles to choose from, and why they are offered.
/// `pick` is what a role's button does, `all` what **[All roles]** does.
pub(super) fn roles(
    roles: &[(KitSlug, String)],
    why: &RolesWhy,
    pick: impl Fn(&KitSlug) -> Action,
    all: &Action,
) -> Page {
    first_that_fits([100, 50, 25, 10], |most| {
        let shown = &roles[..roles.len().min(most)];
        let page = some_roles(shown, why, &pick, all);
        if roles.len() > most {
            page.small(
                Words::from(format!(
                    "… and {} more: type the name of the role after ",
                    roles.len() - most
                ))
                .code("/interview")
                .text("."),
            )
        } else {
            page
        }
    })
}

fn some_roles(
    roles: &[(KitSlug, String)],
    why: &RolesWhy,
    pick: &impl Fn(&KitSlug) -> Action,
    all: &Action,
) -> Page {
    let question = match why {
        RolesWhy::All if roles.is_empty() => {
            Words::from("There are no roles yet: they are files in the folder of kits.")
        }
        RolesWhy::All => Words::from("Which role?"),
        RolesWhy::Several => Words::from("Several roles match. Which one?"),
        RolesWhy::Near { word } => {
            let words = Words::from("No role ").code(text::fitting(word.as_str(), 100));
            words.text(if roles.is_empty() {
                "."
            } else {
                ". Did you mean"
            })
        }
    };
    let mut buttons: Vec<_> = roles
        .iter()
        .map(|(slug, title)| blocks::button(title, &pick(slug)))
        .collect();
    if *why != RolesWhy::All {
        buttons.push(blocks::button("All roles", all));
    }
    let mut page = Page::new().say(question);
    if *why == RolesWhy::All && !roles.is_empty() {
        let items = roles
            .iter()
            .map(|(slug, title)| Words::from(format!("{title}: ")).code(slug.as_str()))
            .collect();
        page = page.rich(vec![Part::Bullets(items)]);
    } else {
        let titles: Vec<&str> = roles.iter().map(|(_, title)| title.as_str()).collect();
        page = page.heard(Words::from(titles.join(", ")));
    }
    page.row("roles", buttons)
}
