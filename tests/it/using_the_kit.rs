//! The kit while interviewing: follow-ups at hand, what was not asked, notes that were taken elsewhere.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::app::{Answer, App, AppOptions};
use interview_assistant::clock::Clock;
use interview_assistant::domain::access::{Person, Place as Known};
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::event::{
    Audited, Delivery, Fact, Opening, Reply, Request, Screen,
};
use interview_assistant::domain::ids::{
    ChannelId, DeliveryKey, DraftId, KitSlug, LoopCode, QuestionId, UserId, WorkspaceId,
};
use interview_assistant::domain::interview_loop::Naming;
use interview_assistant::domain::kit::Section;
use interview_assistant::domain::refusal::Refusal;
use interview_assistant::domain::scorecard::Mark;
use interview_assistant::store::sled::SledStore;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

async fn scoring(slack: &Slack) -> (Member, Place, Card) {
    let [rita, ada] = slack.members(["rita", "ada"]);
    let hiring = slack.private_channel("#hiring");
    rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
        .await;
    slack.rest_is_read();
    let card = ada.clicks(&hiring, "Score").await;
    card.clicks("Technical").await;
    (ada, hiring, card)
}

const FIRST: &str = "Follow-ups to question 1";
const SECOND: &str = "Follow-ups to question 2";

#[tokio::test]
async fn follow_ups_are_a_click_from_the_question_and_hide_nothing_of_it() {
    on_both(async |slack| {
        let (ada, hiring, card) = scoring(slack).await;
        let before = card.text();
        assert!(!before.contains(FIRST), "{before}");
        card.under("technical/2", "Follow-ups").await;
        let opened = card.text();
        let added: Vec<&str> = opened.lines().filter(|line| !before.contains(line)).collect();
        assert_eq!(added.first(), Some(&"[1 Poor] [2 Mixed] [3 Good] [4 Excellent] [Not asked] [Evidence] [Hide follow-ups]"));
        assert_eq!(added.get(1), Some(&SECOND));
        assert!(added.len() >= 4, "the follow-ups themselves: {opened}");
        for line in before.lines().filter(|line| !line.starts_with('[')) {
            assert!(opened.contains(line), "{line} is hidden");
        }

        // They stay while the answer is rated and written down.
        card.rates("technical/2", "3 Good").await;
        assert!(card.text().contains(SECOND) && card.chosen() == ["✓ 3 Good"], "{}", card.text());
        card.rates("technical/1", "2 Mixed").await;
        assert!(card.text().contains(SECOND), "{}", card.text());
        card.writes("technical/2", "what I heard").await;
        assert!(card.text().contains(SECOND) && card.text().contains("[Evidence ✓]"), "{}", card.text());

        // One question at a time; and they can be put away.
        card.under("technical/1", "Follow-ups").await;
        assert!(card.text().contains(FIRST) && !card.text().contains(SECOND), "{}", card.text());
        card.clicks("Hide follow-ups").await;
        assert!(!card.text().contains(FIRST), "{}", card.text());
        assert!(card.text().contains("[• Technical 2/5]"), "{}", card.text());
        assert_eq!(ada.ephemerals(&hiring), 1);
    })
    .await;
}

#[tokio::test]
async fn the_rest_of_a_section_is_marked_not_asked_at_once_and_kept() {
    on_both(async |slack| {
        let (ada, hiring, card) = scoring(slack).await;
        card.rates("technical/2", "4 Excellent").await;
        card.clicks("Rest of section: Not asked").await;
        let all = [
            "✓ Not asked",
            "✓ 4 Excellent",
            "✓ Not asked",
            "✓ Not asked",
            "✓ Not asked",
        ];
        assert_eq!(card.chosen(), all);
        assert!(
            card.text().contains("[• Technical 5/5]") && card.text().contains("[Screening 0/5]"),
            "{}",
            card.text()
        );
        assert!(
            !card
                .offers()
                .contains(&"Rest of section: Not asked".to_owned()),
            "{}",
            card.text()
        );
        // What was asked after all is rated as ever.
        card.rates("technical/5", "2 Mixed").await;

        let code = ada.code_of(&hiring, "Jane Doe");
        let deeds = slack.deeds(&code).await;
        let not_asked = deeds.iter().filter(|deed| {
            matches!(
                deed,
                Audited::Rated {
                    from: None,
                    to: Mark::NotAsked,
                    ..
                }
            )
        });
        assert_eq!(
            not_asked.count(),
            4,
            "one entry a question: {}",
            deeds.len()
        );
        ada.reloads();
        let card = ada.clicks(&hiring, "Score").await;
        card.clicks("Technical").await;
        assert_eq!(
            card.chosen(),
            [
                "✓ Not asked",
                "✓ 4 Excellent",
                "✓ Not asked",
                "✓ Not asked",
                "✓ 2 Mixed"
            ]
        );
    })
    .await;
}

const NOTES: &str = "Came on time.\nTechnical\n1. Two services and a queue\n2. what I heard of APIs: 4\nB3: noted something\n  about a release\nT9 queues\n\nWould work with her.";

#[tokio::test]
async fn pasted_notes_are_filed_once_their_author_has_seen_where_they_go() {
    on_both(async |slack| {
        let (ada, hiring, card) = scoring(slack).await;
        card.writes("technical/2", "Knows the trade").await;
        let form = card.clicks("Paste my notes").await;
        let look = form.fills("Notes", NOTES).submits().await;
        assert_snapshot!(look.text(), @"
        [Where your notes go]
        Jane Doe · Senior Backend Developer · C-XXXX
        Nothing is saved yet. Save adds this to your scorecard; what stands there already is kept. Go back, and your text is still there to change; leave, and none of it is kept as evidence.
        Not in this kit: Technical 9. What you wrote there is kept with the rest, at the end.
        Technical 1 · Systems and data
        Two services and a queue
        Technical 2 · API design
        Kept: Knows the trade
        Added: what I heard of APIs: 4
        Behavioural 3 · Delivery in a team
        noted something
          about a release
        Asked beside the kit
        Came on time.
        T9 queues

        Would work with her.
        A candidate may be entitled to read what you write here.
        ");
        assert_eq!(card.text().matches("[Evidence ✓]").count(), 1, "{}", card.text());

        // Back to the text, which is still there, and on again.
        let form = ada.closes_top().await.expect("the form is below");
        assert!(form.text().starts_with("[Paste my notes]"), "{}", form.text());
        let look = form.fills("Notes", NOTES).submits().await;
        look.submits().await;
        assert!(ada.modal().is_none(), "both are closed");
        assert_eq!(card.text().matches("[Evidence ✓]").count(), 2, "{}", card.text());
        assert!(card.chosen().is_empty(), "no rating is taken from text: {}", card.text());
        assert!(card.text().contains("[• Technical 0/5]"), "{}", card.text());

        let code = ada.code_of(&hiring, "Jane Doe");
        let cards = slack.scorecards(&code).await;
        let own = &cards[&UserId::from(ada.id())];
        let evidence = |question: &str| own.evidence[&QuestionId::from(question)].as_str().to_owned();
        assert_eq!(evidence("technical/1"), "Two services and a queue");
        assert_eq!(evidence("technical/2"), "Knows the trade\nwhat I heard of APIs: 4");
        assert_eq!(evidence("behavioural/3"), "noted something\n  about a release");
        assert_eq!(own.beside_the_kit.as_str(), "Came on time.\nT9 queues\n\nWould work with her.");
        let deeds = slack.deeds(&code).await;
        assert_eq!(deeds.iter().filter(|deed| matches!(deed, Audited::Wrote { .. })).count(), 4);
        assert_eq!(deeds.iter().filter(|deed| matches!(deed, Audited::Noted { .. })).count(), 1);
        let card = ada.clicks(&hiring, "Score").await;
        let submit = card.clicks("Recommend and submit").await;
        assert!(submit.text().contains("Would work with her."), "{}", submit.text());
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_the_look_at_their_notes_has_saved_nothing() {
    on_both(async |slack| {
        let (ada, hiring, card) = scoring(slack).await;
        let before = card.text();
        let form = card.clicks("Paste my notes").await;
        form.fills("Notes", NOTES).submits().await;
        ada.closes_all().await;
        assert_eq!(card.text(), before);
        let code = ada.code_of(&hiring, "Jane Doe");
        assert!(slack.scorecards(&code).await.is_empty());
        assert_eq!(
            slack.deeds(&code).await.len(),
            1,
            "it was opened, and nothing else"
        );
    })
    .await;
}

#[tokio::test]
async fn notes_that_do_not_fit_are_not_cut_but_sent_back() {
    story(async |slack| {
        let (ada, _hiring, card) = scoring(slack).await;
        card.writes("technical/1", "Knows the trade").await;
        let form = card.clicks("Paste my notes").await;
        let look = form
            .fills("Notes", &format!("T1 {}", "so on ".repeat(499)))
            .submits()
            .await;
        assert!(
            look.text()
                .contains("This does not fit, so it cannot be saved."),
            "{}",
            look.text()
        );
        assert!(
            look.text()
                .contains("Technical 1 · Systems and data: 3009 characters, 9 too many"),
            "{}",
            look.text()
        );
        let form = ada.closes_top().await.expect("the form is below");
        let look = form
            .fills("Notes", "T1 so on")
            .fills("Notes, continued (2)", "and on")
            .submits()
            .await;
        look.submits().await;
        assert!(ada.modal().is_none());
        let form = card.under("technical/1", "Evidence ✓").await;
        assert!(
            form.text().contains("Knows the trade\nso on\nand on"),
            "{}",
            form.text()
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_pasted_is_said_under_the_box() {
    on_both(async |slack| {
        let (ada, hiring, card) = scoring(slack).await;
        let form = card.clicks("Paste my notes").await;
        let form = form.fills("Notes", "\u{2066}").submits().await;
        assert_snapshot!(form.complaints(), @"Notes: There is nothing in here. Paste your notes, or close this.");
        ada.closes_all().await;
        let code = ada.code_of(&hiring, "Jane Doe");
        assert!(slack.scorecards(&code).await.is_empty());
    })
    .await;
}

/// The application without a Slack before it: for what no client would send.
async fn bare(folder: &std::path::Path) -> App {
    let store = SledStore::open(folder).expect("the store opens");
    let now = Timestamp::from_second(1_795_262_400).expect("a moment");
    let app = App::start(Arc::new(store), Clock::held(now), AppOptions::default())
        .await
        .expect("it starts");
    let workspace = WorkspaceId::from("T1");
    for user in ["rita", "ada", "ben"] {
        let person = Person {
            guest: false,
            stranger: false,
            bot: false,
            deactivated: false,
            administrator: false,
            unknown: false,
            zone: None,
            likeness: None,
            told_at: now,
        };
        let fact = Fact::Person(UserId::from(user), person);
        app.learn(&workspace, fact).await.expect("it is kept");
    }
    let place = Known {
        direct: false,
        private: true,
        shared: false,
        archived: false,
        bot_is_member: true,
        told_at: now,
    };
    let fact = Fact::Place(ChannelId::from("C1"), place);
    app.learn(&workspace, fact).await.expect("it is kept");
    app
}

async fn asks(app: &App, user: &str, request: Request) -> Reply {
    let delivery = Delivery {
        key: DeliveryKey::from(format!("{:x}", rand::random::<u64>())),
        workspace: WorkspaceId::from("T1"),
        actor: UserId::from(user),
        place: Some(ChannelId::from("C1")),
        request,
        route: String::new(),
    };
    match app.accept(delivery).await.expect("nothing breaks") {
        Answer::Done(reply) => reply,
        other => panic!("{other:?}"),
    }
}

async fn pasted_by_ada(app: &App) -> (LoopCode, DraftId) {
    let opening = Opening {
        slug: Some(KitSlug::from("senior-backend")),
        candidate: Note::new("Jane Doe"),
        panel: vec![UserId::from("ada"), UserId::from("ben")],
        groups: Vec::new(),
        channel: Some(ChannelId::from("C1")),
        requisition: Note::default(),
        note: Note::default(),
        cv: Note::default(),
        naming: Some(Naming::Name),
        another_person: false,
        ..Opening::default()
    };
    let opened = asks(app, "rita", Request::Open(Box::new(opening))).await;
    let Reply::Said(words) = opened else {
        panic!("{opened:?}");
    };
    let said = serde_json::to_string(&words).expect("text");
    let start = said.find("C-").expect("it says the code");
    let code = LoopCode::from(&said[start..start + 6]);
    let paste = Request::Paste {
        code: code.clone(),
        section: Section::Technical,
        boxes: vec![Note::new("T1 one")],
    };
    match asks(app, "ada", paste).await {
        Reply::Show(Screen::Pasted(draft)) => (code, draft),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn only_their_author_saves_pasted_notes_and_only_once() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let app = bare(folder.path()).await;
    let (code, draft) = pasted_by_ada(&app).await;
    let file = || Request::File(draft.clone());
    assert_eq!(
        asks(&app, "ben", file()).await,
        Reply::Refused(Refusal::NotYourNotes)
    );
    assert_eq!(
        asks(&app, "ada", Request::File(DraftId::from("00"))).await,
        Reply::Refused(Refusal::NotesGone)
    );
    let (one, other) = tokio::join!(asks(&app, "ada", file()), asks(&app, "ada", file()));
    let shown = Reply::Show(Screen::Scorecard {
        code,
        section: Some(Section::Technical),
        open: None,
    });
    let gone = Reply::Refused(Refusal::NotesGone);
    assert!(
        [&one, &other].contains(&&shown) && [&one, &other].contains(&&gone),
        "{one:?} {other:?}"
    );
    assert_eq!(asks(&app, "ada", file()).await, gone);
}

#[tokio::test]
async fn where_slack_has_to_be_asked_first_the_look_takes_the_place_of_the_wait() {
    on_both(async |slack| {
        let (ada, hiring, card) = scoring(slack).await;
        let form = card.clicks("Paste my notes").await;
        slack.sim().remove_bot(hiring.id());
        slack.advance(Duration::from_secs(2 * 3600)).await;
        card.rates("screening/1", "3 Good").await;
        slack.advance(Duration::from_secs(10)).await;
        let look = form.fills("Notes", "T1 what I heard").submits().await;
        assert!(
            look.text().starts_with("[Where your notes go]"),
            "{}",
            look.text()
        );
        look.submits().await;
        ada.closes_all().await;
        let code = ada.code_of(&hiring, "Jane Doe");
        let cards = slack.scorecards(&code).await;
        let own = &cards[&UserId::from(ada.id())];
        assert_eq!(
            own.evidence[&QuestionId::from("technical/1")].as_str(),
            "what I heard"
        );
    })
    .await;
}
