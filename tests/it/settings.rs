//! What people set for themselves and administrators for everybody, on the Home tab, and what comes of it.

use crate::harness::{Card, Member, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::simulator::Person;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

fn administrator(slack: &Slack, name: &str) -> Member {
    let mut person = Person::new(name, name);
    person.is_admin = true;
    slack.joins(person)
}

/// What a Home tab says of settings.
fn settings(home: &Card) -> String {
    let text = home.text();
    let start = text.find("Your settings").expect("they are on it");
    let end = text.find("\n---").expect("it has a foot");
    text[start..end].to_owned()
}

/// Fills in the workspace's settings and saves them.
async fn sets(by: &Member, choices: &[(&str, &str)]) -> Card {
    let home = by.opens_home().await;
    let mut form = home
        .clicks_beside("The scorecards are revealed", "Change")
        .await;
    for (field, option) in choices {
        form = form.chooses(field, option);
    }
    form.submits().await
}

const REVEAL: &str = "When the scorecards are revealed";
const BY_THE_OWNER: (&str, &str) = (REVEAL, "Only by the loop's owner");
const INITIALS: (&str, &str) = (
    "What a post in a public channel calls the candidate",
    "Always the initials",
);
const ADMINISTRATORS: (&str, &str) = ("Who may open loops", "Administrators");

#[tokio::test]
async fn people_switch_reminders_and_briefings_off_and_on_again() {
    on_both(async |slack| {
        let [ada] = slack.members(["ada"]);
        slack.private_channel("#hiring");
        let home = ada.opens_home().await;
        assert_snapshot!(settings(&home), @"
        Your settings
        Reminders of scorecards you owe: on
        [Switch off]
        Kit and your part, ten minutes before a planned interview: on
        [Switch off]
        Time zone: Europe/Berlin, as Slack tells it
        [Change]
        ");
        home.clicks_beside("Reminders of scorecards", "Switch off")
            .await;
        home.clicks_beside("ten minutes before", "Switch off").await;
        assert_snapshot!(settings(&home), @"
        Your settings
        Reminders of scorecards you owe: off
        [Switch on]
        Kit and your part, ten minutes before a planned interview: off
        [Switch on]
        Time zone: Europe/Berlin, as Slack tells it
        [Change]
        ");
        slack.restarts().await;
        home.clicks_beside("Reminders of scorecards", "Switch on")
            .await;
        assert_snapshot!(settings(&ada.opens_home().await), @"
        Your settings
        Reminders of scorecards you owe: on
        [Switch off]
        Kit and your part, ten minutes before a planned interview: off
        [Switch on]
        Time zone: Europe/Berlin, as Slack tells it
        [Change]
        ");
    })
    .await;
}

#[tokio::test]
async fn a_time_zone_is_chosen_by_its_name_and_what_is_none_leads_to_it() {
    on_both(async |slack| {
        let [ada] = slack.members(["ada"]);
        slack.private_channel("#hiring");
        let home = ada.opens_home().await;
        let form = home.clicks_beside("Time zone", "Change").await;
        assert_snapshot!(form.text(), @"
        [Your time zone]
        Slack tells Europe/Berlin. Reminders keep to the hours of your time zone, and times you type are read in it.
        Time zone (optional): []
        Written like Europe/Berlin or America/New_York. Leave it empty to go by what Slack tells.
        ");
        let mut said = Vec::new();
        for wrong in ["Mars/Phobos", "IST", "berln", "America/New_Yrok", "25:00"] {
            let refused = form.clone().fills("Time zone", wrong).submits().await;
            said.push(refused.complaints());
        }
        assert_snapshot!(said.join("\n"), @"
        Time zone: Mars/Phobos is no time zone I know, so nothing was saved. Write it like Europe/Berlin.
        Time zone: IST may mean several time zones, so nothing was saved. Write one like Europe/Berlin or America/New_York.
        Time zone: berln is no time zone I know, so nothing was saved. Write it like Europe/Berlin. Did you mean Europe/Berlin?
        Time zone: America/New_Yrok is no time zone I know, so nothing was saved. Write it like Europe/Berlin. Did you mean America/New_York?
        Time zone: 25:00 is no time zone I know, so nothing was saved. Write it like Europe/Berlin.
        ");
        form.fills("Time zone", "america/new_york").submits().await;
        assert!(ada.modal().is_none());
        assert!(
            settings(&home).contains("Time zone: America/New_York, chosen by you"),
            "{}",
            settings(&home)
        );
        let form = home.clicks_beside("Time zone", "Change").await;
        form.fills("Time zone", "").submits().await;
        assert!(
            settings(&home).contains("as Slack tells it"),
            "{}",
            settings(&home)
        );
    })
    .await;
}

#[tokio::test]
async fn the_workspaces_settings_are_for_administrators_and_checked() {
    on_both(async |slack| {
        let [ada] = slack.members(["ada"]);
        let olga = administrator(slack, "olga");
        slack.private_channel("#hiring");
        let home = olga.opens_home().await;
        assert_snapshot!(settings(&home), @"
        Your settings
        Reminders of scorecards you owe: on
        [Switch off]
        Kit and your part, ten minutes before a planned interview: on
        [Switch off]
        Time zone: Europe/Berlin, as Slack tells it
        [Change]
        The workspace's settings
        • The scorecards are revealed: By itself, with the last scorecard of a named panel
        • The name in public channels: Whoever opens the loop is asked
        • Who may open loops: Every member
        • Loops are kept, once they are decided or withdrawn: For good
        • Working hours, each in their own time zone: 09:00 to 18:00, weekdays
        [Change]
        No channel has a daily digest. /interview digest 09:00 weekdays sets one up, in the channel it is for.
        ");
        let form = home
            .clicks_beside("The scorecards are revealed", "Change")
            .await;
        assert_snapshot!(form.text(), @"
        [Workspace settings]
        When the scorecards are revealed: (x) By itself, with the last scorecard of a named panel ( ) Only by the loop's owner
        The rule of the moment in which the last scorecard comes in. The owner can always reveal earlier.
        What a post in a public channel calls the candidate: (x) Whoever opens the loop is asked ( ) Always the initials
        Posts that are there stay as they are.
        Who may open loops: (x) Every member ( ) Administrators
        Interview kits are shown to every member.
        How long loops are kept: (x) For good ( ) 3 months ( ) 6 months ( ) 12 months ( ) 24 months ( ) 36 months
        Counted from their decision or withdrawal; then they are erased, for good, with my messages about them. One under a legal hold stays. The first go a week after you choose this.
        Working hours: people are reminded of scorecards they owe in these hours, each in their own time zone.
        From: [09:00 v]
        To: [18:00 v]
        On (optional): (x) Monday (x) Tuesday (x) Wednesday (x) Thursday (x) Friday ( ) Saturday ( ) Sunday
        ");
        let backwards = form.fills("From", "18:00").fills("To", "09:00");
        let refused = backwards.submits().await;
        assert_snapshot!(refused.complaints(), @"To: Working hours end later on the same day than they begin, as from 09:00 to 18:00. Nothing was saved.");
        let no_day = refused
            .fills("From", "08:30")
            .fills("To", "16:00")
            .unticks("On");
        let refused = no_day.submits().await;
        assert_snapshot!(refused.complaints(), @"On: Please choose at least one day. Nothing was saved.");
        refused.chooses("On", "Sunday").submits().await;
        assert_snapshot!(settings(&home), @"
        Your settings
        Reminders of scorecards you owe: on
        [Switch off]
        Kit and your part, ten minutes before a planned interview: on
        [Switch off]
        Time zone: Europe/Berlin, as Slack tells it
        [Change]
        The workspace's settings
        • The scorecards are revealed: By itself, with the last scorecard of a named panel
        • The name in public channels: Whoever opens the loop is asked
        • Who may open loops: Every member
        • Loops are kept, once they are decided or withdrawn: For good
        • Working hours, each in their own time zone: 08:30 to 16:00, Sun
        [Change]
        Changed last by @olga on Nov 21, 2024 at 23:00.
        No channel has a daily digest. /interview digest 09:00 weekdays sets one up, in the channel it is for.
        ");

        let theirs = ada.opens_home().await;
        assert!(
            !theirs.text().contains("The workspace's settings"),
            "{}",
            theirs.text()
        );
        let mut said = Vec::new();
        for button in ["settings.edit.v1", "digest.stop.v1"] {
            let value = format!(r#"{{"do":"{button}","channel":"C0HIRING"}}"#);
            said.push(theirs.clicks_drawn(button, &value).await.says());
            ada.closes_all().await;
        }
        assert_snapshot!(said.join("\n"), @"
        The workspace's settings are changed by administrators. Nothing was changed; please ask one of them.
        This channel has no digest. /interview digest 09:00 weekdays sets one up.
        ");
        // Whoever ceases to be one while the form is open changes nothing.
        let form = home
            .clicks_beside("The scorecards are revealed", "Change")
            .await;
        let form = form.chooses(REVEAL, BY_THE_OWNER.1);
        slack.sim().make_guest("olga").await;
        let refused = form.submits().await;
        assert!(
            refused.text().contains("Guests cannot use interviews"),
            "{}",
            refused.text()
        );
    })
    .await;
}

#[tokio::test]
async fn two_who_change_the_settings_at_once_do_not_overwrite_each_other() {
    story(async |slack| {
        let (olga, pat) = (administrator(slack, "olga"), administrator(slack, "pat"));
        slack.private_channel("#hiring");
        let opens = async |who: &Member| {
            let home = who.opens_home().await;
            home.clicks_beside("The scorecards are revealed", "Change")
                .await
        };
        let (first, second) = (opens(&olga).await, opens(&pat).await);
        first.chooses(INITIALS.0, INITIALS.1).submits().await;
        let refused = second.chooses(REVEAL, BY_THE_OWNER.1).submits().await;
        assert_snapshot!(refused.text(), @"
        [Not yet]
        Somebody has changed the settings since you opened them. Nothing was saved; please close this and open them again.
        ");
        pat.closes_all().await;
        slack.advance(SOON).await;
        let home = pat.home().expect("it is drawn");
        assert!(
            settings(&home).contains("Always the initials"),
            "{}",
            settings(&home)
        );
        assert!(
            settings(&home).contains("Changed last by @olga"),
            "{}",
            settings(&home)
        );
        assert!(
            settings(&home).contains("By itself, with the last scorecard"),
            "{}",
            settings(&home)
        );
        let log = slack.log();
        assert!(
            log.contains("settings were changed") && log.contains("U0OLGA"),
            "{log}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_panel_does_not_reveal_itself_where_that_is_left_to_the_owner() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let olga = administrator(slack, "olga");
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        submits(&ada, &hiring).await;
        // The rule in force when the last scorecard comes in is what counts.
        sets(&olga, &[BY_THE_OWNER]).await;
        let card = ben.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        let said = card.submits_with("Yes", "Knows the trade").await;
        assert_snapshot!(said.text(), @"In, and it was the last one. @rita reveals them.");
        let thread = hiring.thread_of("Jane Doe");
        assert_eq!(ada.sees(&thread), "");
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 2 of 2 scorecards in · @rita reveals them
        [Score] [Kit] [Plan] [More]
        ");

        // Nor with the last one who owes off the panel, nor by the rule alone.
        sets(
            &olga,
            &[(
                REVEAL,
                "By itself, with the last scorecard of a named panel",
            )],
        )
        .await;
        assert_eq!(ada.sees(&thread), "");
        let home = rita.opens_home().await;
        assert!(home.asks_before("Reveal").is_some());
        let said = home.clicks("Reveal").await;
        assert!(
            said.text().contains("2 scorecards revealed"),
            "{}",
            said.text()
        );
        assert!(ada.sees(&thread).contains("Debrief"));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn where_only_initials_are_allowed_nobody_is_asked() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let olga = administrator(slack, "olga");
        let open = slack.public_channel("#open");
        // Asked before the rule, answered after it: the rule counts.
        let asked = rita
            .types(&open, "/interview senior-backend Sam Okafor @ada")
            .await;
        sets(&olga, &[INITIALS]).await;
        asked.clicks("Use the name").await;
        let said = rita
            .types(&open, "/interview senior-backend Jane Doe @ada")
            .await;
        assert!(said.text().starts_with("Opened"), "{}", said.text());
        let kit = rita.types(&open, "/interview senior-backend").await;
        let form = kit.clicks("Start a candidate").await;
        assert!(
            form.text().contains("so it has the initials only"),
            "{}",
            form.text()
        );
        assert!(!form.text().contains("Use the name"), "{}", form.text());
        form.fills("Candidate's name", "Kim Lee").submits().await;
        let seen = ada.sees(&open);
        for name in ["Sam", "Jane", "Kim"] {
            assert!(!seen.contains(name), "{seen}");
        }
        for initials in ["S. O.", "J. D.", "K. L."] {
            assert!(seen.contains(initials), "{seen}");
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn where_administrators_open_loops_others_get_the_kit_and_a_name_to_ask() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let olga = administrator(slack, "olga");
        let hiring = slack.private_channel("#hiring");
        let older = rita.types(&hiring, "/interview senior-backend").await;
        let form = older.clicks("Start a candidate").await;
        sets(&olga, &[ADMINISTRATORS]).await;
        // Whatever was opened before the rule.
        let refused = form.fills("Candidate's name", "Jane Doe").submits().await;
        assert_snapshot!(refused.text(), @"
        [Not yet]
        Interviews are opened by administrators here, so nothing was opened. Please ask @olga, or another one.
        ");
        rita.closes_all().await;
        let words = "/interview senior-backend Jane Doe @ada";
        let refused = rita.types(&hiring, words).await;
        assert_snapshot!(refused.text(), @"Interviews are opened by administrators here, so nothing was opened. Please ask @olga, or another one.");
        let refused = rita
            .types(&hiring, "/interview backend Jane Doe @ada")
            .await;
        assert!(
            refused.text().contains("opened by administrators"),
            "{}",
            refused.text()
        );
        let refused = rita.uses_anywhere("Start an interview").await;
        assert!(
            refused.text().contains("opened by administrators"),
            "{}",
            refused.text()
        );
        let kit = rita.types(&hiring, "/interview senior-backend").await;
        assert!(kit.text().starts_with("Senior Backend Developer"));
        assert!(!kit.offers().contains(&"Start a candidate".to_owned()));
        let home = rita.opens_home().await;
        assert!(!home.offers().contains(&"Start an interview".to_owned()));
        assert_snapshot!(home.head(2), @"
        Structured interviews
        Start with /interview senior-backend, in any channel: it shows the interview kit, to you alone. Interviews are opened by administrators here.
        ");

        let opened = olga.types(&hiring, words).await;
        assert!(opened.text().starts_with("Opened"), "{}", opened.text());
        submits(&ada, &hiring).await;
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn an_administrator_switches_digests_off_from_home() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let olga = administrator(slack, "olga");
        let hiring = slack.private_channel("#hiring");
        let sales = slack.private_channel("#sales");
        rita.types(&hiring, "/interview digest 09:00 weekdays Europe/Berlin")
            .await;
        rita.types(&sales, "/interview digest 17:00 mon,fri America/New_York")
            .await;
        let home = olga.opens_home().await;
        let text = settings(&home);
        assert_snapshot!(&text[text.find("Daily digests").expect("they are on it")..], @"
        Daily digests
        #hiring · 09:00 weekdays Europe/Berlin · set up by @rita
        [Off]
        #sales · 17:00 Mon, Fri America/New_York · set up by @rita
        [Off]
        ");
        let said = home.clicks_beside("17:00", "Off").await;
        assert_snapshot!(said.text(), @"
        [Done]
        No more digests in #sales. /interview digest 17:00 mon,fri America/New_York brings them back.
        ");
        olga.closes_all().await;
        assert!(!settings(&home).contains("17:00"), "{}", settings(&home));
        home.clicks_beside("09:00 weekdays", "Off").await;
        olga.closes_all().await;
        assert!(
            settings(&home).contains("No channel has a daily digest"),
            "{}",
            settings(&home)
        );
        slack.rest_is_read();
    })
    .await;
}
