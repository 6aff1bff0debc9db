//! The daily digest: how it is set up, what it says and to whom, when it does not come.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::simulator::{Channel, Misbehaviour, Person};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A team in Berlin, on Friday 22 November 2024 at midnight there, with a loop under way.
async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = ["rita", "ada", "ben"].map(|name| {
        let mut person = Person::new(name, name);
        person.tz = "Europe/Berlin".to_owned();
        slack.joins(person)
    });
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

/// The digests in a channel, oldest first.
fn digests(reader: &Member, slack: &Slack, place: &Place) -> Vec<String> {
    let posts = slack.copies(reader, place);
    let texts = posts.iter().map(Card::text);
    texts
        .filter(|text| text.starts_with("Interviews here"))
        .collect()
}

#[tokio::test]
async fn a_channel_gets_one_digest_a_day_that_names_nobody_who_owes() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let set = rita
            .types(&hiring, "/interview digest 09:00 weekdays Europe/Berlin")
            .await;
        assert!(set.is_only_for_you());
        assert_snapshot!(set.text(), @"This channel gets a digest: 09:00 weekdays Europe/Berlin. The next one comes on Nov 22, 2024 at 08:00. /interview digest off ends it.");
        slack.lives_on(DAY / 2).await;
        assert_snapshot!(digests(&ben, slack, &hiring).join("\n---\n"), @"
        Interviews here
        Scorecards owed: 1
        • Jane Doe · Senior Backend Developer · C-XXXX · 2 scorecards owed · opened less than a day ago
        Opened: 1
        • Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        Waiting longest, by role: 1
        • Jane Doe · Senior Backend Developer · C-XXXX · opened less than a day ago
        Opened and decided: since Nov 20, 2024 at 23:00 · `09:00 weekdays Europe/Berlin` · `/interview digest show` says who set it up, `off` ends it
        [All open loops]
        ");
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        // Saturday and Sunday have none.
        slack.lives_on(3 * DAY).await;
        let all = digests(&ben, slack, &hiring);
        assert_eq!(all.len(), 2, "{all:?}");
        assert_snapshot!(all[1], @"
        Interviews here
        Ready to decide: 1
        • Jane Doe · Senior Backend Developer · C-XXXX · revealed 2 days ago
        Waiting longest, by role: 1
        • Jane Doe · Senior Backend Developer · C-XXXX · opened 3 days ago
        Opened and decided: since Nov 22, 2024 at 08:00 · `09:00 weekdays Europe/Berlin` · `/interview digest show` says who set it up, `off` ends it
        [All open loops]
        ");
        let mine = rita.types(&hiring, "/interview mine").await;
        let decide = mine.clicks("More").await.clicks("Decide").await;
        decide.chooses("Decision", "Hire").fills("Reason", "Knows the trade.").submits().await;
        slack.lives_on(DAY).await;
        assert_snapshot!(digests(&ben, slack, &hiring)[2], @"
        Interviews here
        Decided: 1
        • Jane Doe · Senior Backend Developer · C-XXXX · Hire
        Opened and decided: since Nov 25, 2024 at 08:00 · `09:00 weekdays Europe/Berlin` · `/interview digest show` says who set it up, `off` ends it
        [All open loops]
        ");
        // Then there is nothing to say.
        slack.lives_on(2 * DAY).await;
        assert_eq!(digests(&ben, slack, &hiring).len(), 3);
    })
    .await;
}

#[tokio::test]
async fn each_line_leads_to_its_thread() {
    story(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview digest now").await;
        let posts = slack.sim().messages("rita", hiring.id());
        let post = posts
            .iter()
            .find(|post| post.rendered().starts_with("Jane Doe"));
        let root = &post.expect("the loop has a post").ts;
        let link = format!("/archives/{}/p{}", hiring.id(), root.replace('.', ""));
        let digest = slack.shared_payloads_so_far().pop().expect("a digest");
        assert!(digest.args.to_string().contains(&link), "{}", digest.args);
        // What is read aloud says the same without the links.
        let aloud = digest.args["text"].as_str().expect("words");
        assert!(
            aloud.contains("- Jane Doe · Senior Backend Developer"),
            "{aloud}"
        );
        assert!(!aloud.contains("archives"), "{aloud}");
    })
    .await;
}

#[tokio::test]
async fn typed_alone_it_asks_for_time_days_and_zone() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        let form = rita.types(&hiring, "/interview digest").await;
        assert!(form.is_modal());
        assert_snapshot!(form.text(), @"
        [Daily digest]
        One post a day in #hiring: what was opened and decided, which scorecards are owed, what is ready to decide. No scores, and nobody is named who owes.
        Time: [09:00 v]
        Days: (x) Monday (x) Tuesday (x) Wednesday (x) Thursday (x) Friday ( ) Saturday ( ) Sunday
        Time zone: [Europe/Berlin]
        Written like Europe/Berlin or America/New_York.
        Quiet days (optional): ( ) Also when nothing is open and nothing happened
        ");
        let form = form.fills("Time zone", "Berlin");
        form.submits().await;
        assert_snapshot!(form.complaints(), @"Time zone: Berlin is no time zone I know, so nothing was saved. Write it like Europe/Berlin. Did you mean Europe/Berlin?");
        let form = form.fills("Time zone", "europe/berlin").chooses_all("Days", ["Monday", "Tuesday", "Wednesday", "Thursday"]).ticks("Quiet days");
        let set = form.submits().await;
        assert!(set.text().contains("09:00 mon,tue,wed,thu Europe/Berlin. The next one comes on Nov 25"), "{}", set.text());
        let shown = ada.types(&hiring, "/interview digest show").await;
        assert_snapshot!(shown.text(), @"
        The digest of #hiring comes at 09:00 mon,tue,wed,thu Europe/Berlin, set up by @rita, also when there is nothing to say.
        The next one is due on Nov 25, 2024 at 08:00.
        [Change] [Send one now] [Switch off]
        ");
        // The next one who changes it answers for it, and it stays as it is where nothing else is said.
        ben.types(&hiring, "/interview digest 7am daily").await;
        let shown = ada.types(&hiring, "/interview digest show").await;
        assert!(shown.text().contains("07:00 daily Europe/Berlin, set up by @ben, also when"), "{}", shown.text());
        let off = shown.clicks("Switch off").await;
        assert_snapshot!(off.text(), @"No more digests in #hiring. /interview digest 07:00 daily Europe/Berlin brings them back.");
        slack.lives_on(3 * DAY).await;
        assert_eq!(digests(&ben, slack, &hiring), [""; 0]);
        let none = ada.types(&hiring, "/interview digest off").await;
        assert_snapshot!(none.text(), @"
        This channel has no digest. /interview digest 09:00 weekdays sets one up.
        [Set up a digest]
        ");
        assert!(none.clicks("Set up a digest").await.is_modal());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_meant_gets_a_sentence_and_sets_up_nothing() {
    story(async |slack| {
        let ([rita, ..], hiring) = opened(slack).await;
        let kept = slack.everything_kept().await;
        let mut said = Vec::new();
        for words in [
            "25:00",
            "09:00 Mars/Phobos",
            "09:00 IST",
            "09:00 noon",
            "weekdays",
            "<!channel>",
        ] {
            let card = rita.types(&hiring, &format!("/interview digest {words}")).await;
            said.push(card.text());
        }
        assert_snapshot!(said.join("\n"), @"
        25:00 is no time of day, so nothing was saved. Write it like 09:00 or 9am.
        Mars/Phobos is no time zone I know, so nothing was saved. Write it like Europe/Berlin.
        IST may mean several time zones, so nothing was saved. Write one like Europe/Berlin or America/New_York.
        I do not understand noon here, so nothing was saved. A digest takes a time, days and a time zone: /interview digest 09:00 weekdays Europe/Berlin; also daily, mon,wed,fri; or off, now, show.
        Please say at what time: 09:00 or 9am. Nothing was saved.
        I do not understand <!channel> here, so nothing was saved. A digest takes a time, days and a time zone: /interview digest 09:00 weekdays Europe/Berlin; also daily, mon,wed,fri; or off, now, show.
        ");
        assert_eq!(slack.everything_kept().await, kept);
        let direct = slack.direct_messages(&rita);
        let card = rita.types(&direct, "/interview digest 09:00").await;
        assert_snapshot!(card.text(), @"A loop needs a channel, not a direct message. Nothing was opened.");
        let shared = slack.channel(Channel::private("#partners").with(["rita"]).with_bot().shared());
        let card = rita.types(&shared, "/interview digest 09:00").await;
        assert!(card.text().starts_with("This channel is shared with another company"), "{}", card.text());
    })
    .await;
}

#[tokio::test]
async fn in_a_public_channel_it_has_the_initials_and_no_verdict() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let square = slack.public_channel("#square");
        let asks = rita
            .types(&square, "/interview senior-backend Jane Doe @ada")
            .await;
        asks.clicks("Use initials").await;
        submits(&ada, &square).await;
        let mine = rita.types(&square, "/interview mine").await;
        let decide = mine.clicks("More").await.clicks("Decide").await;
        decide
            .chooses("Decision", "Hire")
            .fills("Reason", "Knows the trade.")
            .submits()
            .await;
        rita.types(&square, "/interview digest now").await;
        let digest = digests(&ada, slack, &square).remove(0);
        assert_snapshot!(digest, @"
        Interviews here
        Opened: 1
        • J. D. · Senior Backend Developer · C-XXXX · 1 of 1 scorecard in
        Decided: 1
        • J. D. · Senior Backend Developer · C-XXXX · decided
        Opened and decided: since Nov 20, 2024 at 23:00
        [All open loops]
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn the_rest_of_a_long_list_is_behind_all() {
    story(async |slack| {
        let ([rita, ada, _], hiring) = opened(slack).await;
        for number in 1..=24 {
            slack.advance(Duration::from_secs(60)).await;
            let line = format!("/interview senior-backend Candidate {number} @ada");
            rita.types(&hiring, &line).await;
        }
        rita.types(&hiring, "/interview digest now").await;
        let digest = digests(&ada, slack, &hiring).remove(0);
        assert!(digest.contains("Scorecards owed: 25"), "{digest}");
        assert!(digest.contains("… and 15 more"), "{digest}");
        let mut page = ada.clicks(&hiring, "All open loops").await;
        assert!(page.is_only_for_you());
        let mut seen = vec![page.text()];
        while page.offers().contains(&"Next".to_owned()) {
            page = page.clicks("Next").await;
            seen.push(page.text());
        }
        assert_eq!(seen.len(), 3);
        let all = seen.join("\n");
        assert!(all.contains("Jane Doe"));
        for number in 1..=24 {
            assert_eq!(all.matches(&format!("Candidate {number} ")).count(), 1);
        }
        let first = page.clicks("From the beginning").await;
        assert_eq!(first.text(), seen[0]);
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_cannot_be_posted_to_pauses_it_and_tells_whoever_set_it_up_once() {
    on_both(async |slack| {
        let ([rita, ada, _], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview digest 09:00 daily").await;
        slack.signs_now();
        slack.sim().archive(hiring.id()).await;
        let direct = slack.direct_messages(&rita);
        let before = rita.sees(&direct);
        slack.lives_on(3 * DAY).await;
        let told = rita.sees(&direct).replacen(&before, "", 1);
        assert_eq!(told.matches("The digest you set up").count(), 1, "{told}");
        let why = "#hiring is archived.\nWhen that is settled, it goes on by itself.";
        assert!(told.contains(why), "{told}");
        slack.signs_now();
        slack.sim().unarchive(hiring.id()).await;
        slack.lives_on(DAY).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn after_downtime_there_is_one_if_it_is_still_that_day() {
    story(async |slack| {
        let ([rita, ada, _], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview digest 09:00 daily").await;
        slack.stops().await;
        slack.moves_on_by(4 * DAY + Duration::from_secs(15 * 3600));
        slack.restarts().await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 1);
        slack.restarts().await;
        slack.lives_on(Duration::from_secs(6 * 3600)).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 1);
        slack.lives_on(DAY).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_changed_rhythm_makes_no_second_one_that_day() {
    story(async |slack| {
        let ([rita, ada, _], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview digest 09:00 daily").await;
        slack.lives_on(DAY / 2).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 1);
        rita.types(&hiring, "/interview digest off").await;
        rita.types(&hiring, "/interview digest 17:00 daily").await;
        slack.lives_on(Duration::from_secs(11 * 3600)).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 1);
        slack.lives_on(DAY).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_slack_that_asks_to_wait_or_is_down_gets_it_later_and_once() {
    on_both(async |slack| {
        let ([rita, ada, _], hiring) = opened(slack).await;
        rita.types(&hiring, "/interview digest 09:00 daily").await;
        slack.misbehaves(Misbehaviour::RateLimit {
            method: Some("chat.postMessage".to_owned()),
            times: 3,
            retry_after: 600,
        });
        slack.lives_on(DAY / 2).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 1);
        slack.lives_on(DAY).await;
        assert_eq!(digests(&ada, slack, &hiring).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn guests_and_strangers_set_up_no_digest() {
    story(async |slack| {
        let [rita, eve] = slack.members(["rita", "eve"]);
        let hiring = slack.private_channel("#hiring");
        slack.sim().make_guest("eve").await;
        for words in ["09:00 daily", "now", "off", "show", ""] {
            let card = eve
                .types(&hiring, &format!("/interview digest {words}"))
                .await;
            assert!(
                card.text().starts_with("Guests cannot use interviews here"),
                "{}",
                card.text()
            );
        }
        let none = rita.types(&hiring, "/interview digest show").await;
        assert!(none.text().starts_with("This channel has no digest"));
    })
    .await;
}
