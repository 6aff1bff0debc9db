//! The Home tab: what one person has to do, what they lead, what was decided, what is set. No score is ever in here; windows that open from it are drawn like messages.

use super::digest::thread;
use super::forms::role_menu;
use super::loop_post::{more, score, scorecards_in};
use super::more::button;
use super::page::{Page, Part};
use super::settings;
use crate::app::home::{DecidedEntry, Home, HomeScene, LedEntry, OwedEntry, Page as Entries};
use crate::domain::access::{Next, Offer};
use crate::domain::event::{HomePages, KitTab, Turned};
use crate::domain::ids::KitSlug;
use crate::domain::interview_loop::Head;
use crate::domain::refusal::Refusal;
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use slack_morphism::prelude::*;
use url::Url;

/// With more kits than these, a menu takes the place of buttons.
const KITS: usize = 20;
/// How many of those who owe a scorecard are named.
const NAMED: usize = 5;
/// The longest name and the longest title that are shown whole.
const LONGEST: usize = 120;
/// The role that is named as an example, where it is served.
const EXAMPLE: &str = "senior-backend";

/// Somebody's Home tab. `site`: where the workspace is on the web, if that is known.
#[must_use]
pub fn home(scene: &HomeScene, site: Option<&Url>) -> SlackView {
    let page = match scene {
        HomeScene::Asking => Page::new()
            .header("Structured interviews")
            .say(Words::from("One moment… Slack is being asked who you are.")),
        HomeScene::Refused(Refusal::SlackDidNotTell) => {
            Page::new().header("Structured interviews").say(Words::from(
                "Slack did not tell who you are. Please open this again in a moment.",
            ))
        }
        HomeScene::Refused(refusal) => Page::new()
            .header("Structured interviews")
            .say(refusal.words()),
        HomeScene::Shown(home) => shown(home, site),
    };
    view(page)
}

/// A fault of ours on the Home tab, with what to quote.
#[must_use]
pub fn broke(code: &str) -> SlackView {
    let words = Words::from(
        "Something broke on our side, so this cannot be shown. Please open it again later. Quote ",
    )
    .code(code)
    .text(".");
    view(Page::new().header("Structured interviews").say(words))
}

fn view(page: Page) -> SlackView {
    SlackView::Home(SlackHomeView::new(page.blocks()))
}

fn shown(home: &Home, site: Option<&Url>) -> Page {
    let nothing = home.owed.entries.is_empty()
        && home.led.entries.is_empty()
        && home.decided.entries.is_empty();
    let page = if nothing {
        welcome(home)
    } else {
        let page = owed(Page::new(), home, site);
        decided(led(page, home, site), home, site)
    };
    let page = settings::own(kits(page, home), home);
    foot(settings::everybodys(page, home), home)
}

/// For whoever has nothing here yet.
fn welcome(home: &Home) -> Page {
    let slugs: Vec<&str> = home.kits.iter().map(|(slug, _)| slug.as_str()).collect();
    let example = slugs.iter().find(|slug| **slug == EXAMPLE);
    let example = example.or(slugs.first()).copied().unwrap_or(EXAMPLE);
    let words = Words::from("Start with ")
        .code(format!("/interview {example}"))
        .text(", in any channel: it shows the interview kit, to you alone.");
    let words = if home.opens {
        words
            .text(" ")
            .code(format!("/interview {example} Jane Doe @ada @ben"))
            .text(" opens Jane's interviews in that channel.")
    } else {
        words.text(" Interviews are opened by administrators here.")
    };
    Page::new()
        .header("Structured interviews")
        .say(words)
        .say(Words::from(
            "The scorecards you owe and the loops you own will be here.",
        ))
}

/// `Jane Doe · Senior Backend Developer · C-7F3Q`, the name a link to the thread.
fn who(head: &Head, site: Option<&Url>) -> Words {
    let name = text::fitting(head.candidate.as_str(), LONGEST);
    let link = site
        .zip(head.messages.post.as_ref())
        .and_then(|(site, post)| thread(site, &head.channel, post));
    let words = match link {
        Some(url) => Words::new().link(url, name),
        None => Words::new().strong(name),
    };
    words
        .text(format!(" · {} · ", text::fitting(&head.title, LONGEST)))
        .code(head.code.as_str())
}

/// The row under a list that is longer than its page.
fn turning<T>(
    page: Page,
    name: &str,
    list: &Entries<T>,
    labels: (&str, &str),
    to: impl Fn(Option<Turned>) -> HomePages,
) -> Page {
    let mut buttons = Vec::new();
    if let Some(next) = &list.next {
        let pages = to(Some(next.clone()));
        buttons.push(blocks::button(labels.0, &Action::TurnHome { pages }));
    }
    if list.turned {
        let pages = to(None);
        buttons.push(blocks::button(labels.1, &Action::TurnHome { pages }));
    }
    page.row(name, buttons)
}

fn owed(page: Page, home: &Home, site: Option<&Url>) -> Page {
    let mut page = page.header("Your open scorecards");
    if home.owed.entries.is_empty() {
        page = page.say(Words::from("You owe no scorecard."));
    }
    for entry in &home.owed.entries {
        let head = &entry.head;
        let words = who(head, site).text("\n").and(how_far(entry));
        let heard = format!("Continue: {}", head.candidate.as_str());
        let label = if entry.marked == 0 {
            "Score"
        } else {
            "Continue"
        };
        let button = blocks::primary(label, &score(head))
            .with_accessibility_label(text::fitting(&heard, 75).into());
        page = page.block(blocks::beside(&words, button));
    }
    turning(page, "owed", &home.owed, ("Newer", "Oldest"), |owed| {
        HomePages {
            owed,
            ..home.pages.clone()
        }
    })
}

/// `6 of 15 rated · opened 3 Nov in #hiring`
fn how_far(entry: &OwedEntry) -> Words {
    let rated = match entry.marked {
        0 => "nothing rated yet".to_owned(),
        marked => format!("{marked} of {} rated", entry.of),
    };
    Words::from(format!("{rated} · opened "))
        .day(entry.head.opened_at)
        .text(" in ")
        .channel(&entry.head.channel)
}

fn led(page: Page, home: &Home, site: Option<&Url>) -> Page {
    if home.led.entries.is_empty() {
        return page;
    }
    let mut page = page.header("Loops you own");
    for entry in &home.led.entries {
        let head = &entry.head;
        let words = who(head, site)
            .text("\n")
            .text(scorecards_in(head))
            .text(" · ")
            .and(waits_for(entry));
        let mut buttons = Vec::new();
        let code = head.code.clone();
        buttons.extend(match entry.next {
            Next::OwnScorecard => {
                let action = Action::Score {
                    code,
                    section: None,
                    at_foot: true,
                };
                Some(blocks::button("Score", &action))
            }
            Next::Nudge => Some(button(head, Offer::Nudge)),
            Next::Reveal => Some(button(head, Offer::Reveal)),
            Next::Decide => Some(button(head, Offer::Decide)),
            Next::Wait => None,
        });
        buttons.push(blocks::button("More", &more(head)));
        page = page
            .block(blocks::section(&words))
            .row(&format!("loop:{}", head.code), buttons);
    }
    turning(page, "led", &home.led, ("Older", "Newest"), |led| {
        HomePages {
            led,
            ..home.pages.clone()
        }
    })
}

/// What a loop waits for, and what its owner can do about it.
fn waits_for(entry: &LedEntry) -> Words {
    let head = &entry.head;
    match entry.next {
        Next::OwnScorecard => Words::from("next: your own scorecard"),
        Next::Nudge => Words::from("next: nudge ").and(owing(head)),
        Next::Wait if head.owing().next().is_none() => Words::from("nobody has begun yet"),
        Next::Wait => Words::from("nudged; waiting for ").and(owing(head)),
        Next::Reveal => Words::from("next: reveal"),
        Next::Decide => Words::from("revealed; next: decide"),
    }
}

fn owing(head: &Head) -> Words {
    let others = head.owing().count().saturating_sub(NAMED);
    if others == 0 {
        return Words::new().people(head.owing());
    }
    let words = head
        .owing()
        .take(NAMED)
        .fold(Words::new(), |words, user| words.person(user).text(", "));
    words.text(format!("and {}", count(others, "other")))
}

fn decided(page: Page, home: &Home, site: Option<&Url>) -> Page {
    if home.decided.entries.is_empty() {
        return page;
    }
    let line = |entry: &DecidedEntry| {
        let words = who(&entry.head, site);
        let Some(decision) = &entry.head.decision else {
            return words;
        };
        let words = if entry.tells_verdict {
            words
                .text(" · Decided: ")
                .strong(decision.verdict.to_string())
        } else {
            words.text(" · decided")
        };
        words
            .text(" by ")
            .person(&decision.by)
            .text(" on ")
            .day(decision.at)
    };
    let lines = home.decided.entries.iter().map(line).collect();
    let page = page
        .header("Decided lately")
        .rich(vec![Part::Bullets(lines)]);
    turning(
        page,
        "decided",
        &home.decided,
        ("Older", "Newest"),
        |decided| HomePages {
            decided,
            ..home.pages.clone()
        },
    )
}

fn kits(page: Page, home: &Home) -> Page {
    let page = page.header("Interview kits");
    if home.kits.is_empty() {
        return page.say(Words::from("No kit is served yet."));
    }
    if home.kits.len() > KITS {
        let (id, _) = Action::PickKit.on_the_wire();
        let row = SlackActionsBlock::new(vec![role_menu(&id, &home.kits).into()])
            .with_block_id("kits".to_owned().into());
        return page.block(row.into());
    }
    let open = |(slug, title): &(KitSlug, String)| {
        let action = Action::ShowKit {
            slug: slug.clone(),
            version: None,
            tab: KitTab::Overview,
        };
        blocks::button(title, &action)
    };
    page.row("kits", home.kits.iter().map(open).collect())
}

fn foot(page: Page, home: &Home) -> Page {
    let start = home
        .opens
        .then(|| blocks::button("Start an interview", &Action::Begin));
    let help = blocks::button("Help", &Action::ShowHelp);
    page.block(blocks::divider())
        .row("foot", start.into_iter().chain([help]).collect())
        .small(Words::from(format!(
            "interview-assistant {}",
            env!("CARGO_PKG_VERSION")
        )))
}
