//! What settings and preferences make of reminders and briefings. Who sets them, and what the messages say, is told elsewhere.

use crate::app::scene::Due;
use crate::app::{Answer, App, AppOptions};
use crate::clock::Clock;
use crate::domain::access::{Person, Place};
use crate::domain::candidate::Note;
use crate::domain::days::Days;
use crate::domain::event::{Delivery, Fact, Opening, Post, Reply, Request};
use crate::domain::ids::{ChannelId, DeliveryKey, KitSlug, LoopCode, UserId, WorkspaceId};
use crate::domain::planned::Wish;
use crate::domain::settings::{Preferences, Settings, WorkingHours};
use crate::domain::sheet::Sheet;
use crate::domain::words::Word;
use crate::store::sled::SledStore;
use crate::store::{Change, Revision};
use jiff::Timestamp;
use std::sync::Arc;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn team() -> WorkspaceId {
    WorkspaceId::from("T1")
}

fn ada() -> UserId {
    UserId::from("U1ADA")
}

fn person(deactivated: bool) -> Person {
    Person {
        guest: false,
        stranger: false,
        bot: false,
        deactivated,
        administrator: false,
        unknown: false,
        zone: Some("Europe/Berlin".to_owned()),
        likeness: None,
        told_at: at("2026-11-26T09:00:00Z"),
    }
}

/// A Thursday at ten in Berlin, with a loop of Ada's that is planned for the next day at the same time.
async fn opened(folder: &std::path::Path) -> (App, LoopCode) {
    let store = Arc::new(SledStore::open(folder).expect("the store opens"));
    let clock = Clock::held(at("2026-11-26T09:00:00Z"));
    let app = App::start(store, clock, AppOptions::default()).await;
    let app = app.expect("the application begins");
    let rita = UserId::from("U1RITA");
    for user in [rita.clone(), ada()] {
        let fact = Fact::Person(user, person(false));
        app.learn(&team(), fact).await.expect("it is kept");
    }
    let channel = ChannelId::from("C1");
    let place = Place {
        direct: false,
        private: true,
        shared: false,
        archived: false,
        bot_is_member: true,
        told_at: at("2026-11-26T09:00:00Z"),
    };
    let fact = Fact::Place(channel.clone(), place);
    app.learn(&team(), fact).await.expect("it is kept");
    let opening = Opening {
        slug: Some(KitSlug::from("senior-backend")),
        candidate: Note::new("Jane Doe"),
        panel: vec![ada()],
        channel: Some(channel.clone()),
        planned: Some(Box::new(Wish {
            day: "tomorrow".to_owned(),
            time: "10:00".to_owned(),
            minutes: "60".to_owned(),
            zone: Some("Europe/Berlin".to_owned()),
        })),
        ..Opening::default()
    };
    let delivery = Delivery {
        key: DeliveryKey::from("D1"),
        workspace: team(),
        actor: rita,
        place: Some(channel),
        request: Request::Open(Box::new(opening)),
        route: String::new(),
    };
    let answer = app.accept(delivery).await.expect("it is taken");
    let Answer::Done(Reply::Said(words)) = answer else {
        panic!("{answer:?}");
    };
    let code = words.0.iter().find_map(|word| match word {
        Word::Code(code) => Some(LoopCode::from(code.as_str())),
        _ => None,
    });
    (app, code.expect("it is opened"))
}

/// Until when a post of Ada's rests.
async fn rests(app: &App, post: &Post) -> String {
    match app.due(&team(), post).await.expect("it is read") {
        Due::Later(moment) if moment == Timestamp::MAX => "for ever".to_owned(),
        Due::Later(moment) => moment.to_string(),
        due => format!("{due:?}"),
    }
}

async fn sets(app: &App, revision: u64, sheet: Sheet) {
    let change = Change::Sheet(Revision(revision), Box::new(sheet));
    let written = app.written(&team(), vec![change]).await;
    assert!(written.expect("it is written"));
}

#[tokio::test]
async fn reminders_keep_to_the_working_hours_of_the_workspace_and_the_zone_that_somebody_chose() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, _) = opened(folder.path()).await;
    let reminders = Post::Reminders(ada());
    // An hour after the planned end, at noon on Friday.
    assert_eq!(rests(&app, &reminders).await, "2026-11-27T11:00:00Z");
    let mut settings = Settings {
        working: WorkingHours {
            from: jiff::civil::time(14, 0, 0, 0),
            to: jiff::civil::time(23, 0, 0, 0),
            days: Days::DAILY,
        },
        ..Settings::default()
    };
    sets(&app, 0, Sheet::Settings(settings.clone())).await;
    assert_eq!(rests(&app, &reminders).await, "2026-11-27T13:00:00Z");
    // In Kiritimati it is one in the morning on Saturday by then.
    let zone = Some("Pacific/Kiritimati".to_owned());
    let preferences = Preferences {
        zone,
        ..Preferences::of(ada())
    };
    sets(&app, 0, Sheet::Preferences(preferences)).await;
    assert_eq!(rests(&app, &reminders).await, "2026-11-28T00:00:00Z");
    // Hours that are all at night leave the day.
    settings.working.from = jiff::civil::time(21, 0, 0, 0);
    sets(&app, 1, Sheet::Settings(settings)).await;
    assert_eq!(rests(&app, &reminders).await, "2026-11-27T18:00:00Z");
}

#[tokio::test]
async fn whoever_wants_none_or_has_left_gets_none_until_that_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, code) = opened(folder.path()).await;
    let reminders = Post::Reminders(ada());
    let briefing = Post::Briefing { code, user: ada() };
    let noon = "2026-11-27T11:00:00Z";
    let mut preferences = Preferences {
        reminders: false,
        briefings: false,
        ..Preferences::of(ada())
    };
    sets(&app, 0, Sheet::Preferences(preferences.clone())).await;
    assert_eq!(rests(&app, &reminders).await, "for ever");
    // Ten minutes before, or when it begins, if that is past and they do not want one.
    assert_eq!(rests(&app, &briefing).await, "2026-11-27T08:50:00Z");
    let begins = at("2026-11-27T08:51:00Z");
    let wait = begins.duration_since(app.clock().now());
    app.clock().advance(wait.unsigned_abs());
    assert_eq!(rests(&app, &briefing).await, "2026-11-27T09:00:00Z");
    preferences.reminders = true;
    preferences.briefings = true;
    sets(&app, 1, Sheet::Preferences(preferences)).await;
    assert_eq!(rests(&app, &reminders).await, noon);
    let due = app.due(&team(), &briefing).await.expect("it is read");
    assert!(matches!(due, Due::Send(_)), "{due:?}");
    for (deactivated, expected) in [(true, "for ever"), (false, noon)] {
        let fact = Fact::Person(ada(), person(deactivated));
        app.learn(&team(), fact).await.expect("it is kept");
        assert_eq!(rests(&app, &reminders).await, expected);
    }
}

#[tokio::test]
async fn what_decides_when_things_are_due_stirs_what_rests() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, _) = opened(folder.path()).await;
    let (news, _under_way) = app.newly_owed().await;
    let reminds = |owing: &crate::app::Owing| owing.post == Post::Reminders(ada());
    assert!(news.posts.iter().any(reminds));
    let delivery = |key: &str| Delivery {
        key: DeliveryKey::from(key),
        workspace: team(),
        actor: ada(),
        place: None,
        request: Request::ReloadKits,
        route: String::new(),
    };
    for (key, sheet) in [
        ("D2", Sheet::Settings(Settings::default())),
        ("D3", Sheet::Preferences(Preferences::of(ada()))),
    ] {
        let change = Change::Sheet(Revision(0), Box::new(sheet));
        let done = app
            .commit(&delivery(key), true, vec![change], Reply::Nothing)
            .await;
        assert!(done.expect("it is written").is_some());
        let (news, _under_way) = app.newly_owed().await;
        assert_eq!(news.stirred, [team()]);
    }
}
