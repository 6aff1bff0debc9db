//! Interviews with a time: by command, in the form, afterwards; what is shown, who is told, what comes ten minutes before.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::simulator::Person;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// People in Berlin, Ben in New York, on Friday 22 November 2024 at midnight in Berlin.
fn team(slack: &Slack) -> ([Member; 3], Place) {
    let [rita, ada] = slack.members(["rita", "ada"]);
    let ben = slack.joins(Person::new("ben", "ben").tz("America/New_York"));
    let hiring = slack.private_channel("#hiring");
    slack.rest_is_read();
    ([rita, ada, ben], hiring)
}

/// The newest direct message to somebody.
fn newest(slack: &Slack, of: &Member) -> String {
    newest_in(slack, of, &slack.direct_messages(of))
}

fn newest_in(slack: &Slack, of: &Member, place: &Place) -> String {
    let all = slack.copies(of, place);
    all.last().map(Card::text).unwrap_or_default()
}

/// How many direct messages of the bot's say this.
fn told(slack: &Slack, of: &Member, what: &str) -> usize {
    let direct = slack.direct_messages(of);
    let all = slack.copies(of, &direct);
    all.iter().filter(|card| card.text().contains(what)).count()
}

#[tokio::test]
async fn an_interview_is_planned_with_the_command_that_opens_its_loop() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = team(slack);
        let said = rita
            .types(
                &hiring,
                "/interview senior-backend Jane Doe @ada @ben on 2024-12-02 14:00",
            )
            .await;
        assert_snapshot!(said.text(), @"Opened C-XXXX in #hiring, planned for Dec 2, 2024 at 13:00. @ada and @ben get a direct message each.");
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        Planned for Dec 2, 2024 at 13:00, 45 minutes
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(newest(slack, &ben), @"
        You are on the panel for Jane Doe · Senior Backend Developer · C-XXXX. Opened by @rita in #hiring.
        Planned for Dec 2, 2024 at 13:00, 45 minutes
        [Score] [Kit]
        ");
        let mine = ada.types(&hiring, "/interview mine").await;
        assert_snapshot!(mine.text(), @"
        Your scorecards and loops
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in · planned for Dec 2, 2024 at 13:00, 45 minutes
        [Score] [More]
        ");
        slack.moves_on_by(Duration::from_secs(1));
        let said = rita
            .types(
                &hiring,
                "/interview senior-backend Sam Okafor on tomorrow at 9:30 for 90 min",
            )
            .await
            .clicks("Anybody here")
            .await;
        assert_snapshot!(said.text(), @"Opened C-XXXX in #hiring, planned for Nov 23, 2024 at 08:30. Nobody is named to interview, so anybody there joins the panel by scoring.");
        assert!(
            ada.sees(&hiring)
                .contains("Planned for Nov 23, 2024 at 08:30, 90 minutes"),
            "{}",
            ada.sees(&hiring)
        );
        // Whoever types from New York means their own clock, and last time it was anybody.
        let said = ben
            .types(&hiring, "/interview senior-backend Kim Lee on today 20:00")
            .await;
        assert_snapshot!(said.text(), @"Opened C-XXXX in #hiring, planned for Nov 22, 2024 at 01:00. Nobody is named to interview, so anybody there joins the panel by scoring.");
    })
    .await;
}

#[tokio::test]
async fn a_time_that_cannot_be_meant_opens_nothing_and_gets_a_sentence() {
    story(async |slack| {
        let ([rita, _, ben], hiring) = team(slack);
        rita.types(&hiring, "/interview mine").await;
        ben.types(&hiring, "/interview mine").await;
        let kept = slack.everything_kept().await;
        let mut said = Vec::new();
        for time in [
            "2024-12-02 25:00",
            "2024-02-30 14:00",
            "2024-11-01 14:00",
            "2062-11-01 14:00",
            "1.12. 14:00",
            "monday 14:00",
            "tomorrow",
            "2025-03-30 02:30",
            "2025-10-26 02:30",
            "tomorrow 14:00 for 2 min",
        ] {
            let line = format!("/interview senior-backend Jane Doe @ada on {time}");
            said.push(rita.types(&hiring, &line).await.text());
        }
        let line = "/interview senior-backend Jane Doe on 2025-11-02 01:30";
        said.push(ben.types(&hiring, line).await.text());
        let nameless = "/interview senior-backend on tomorrow 14:00";
        said.push(rita.types(&hiring, nameless).await.text());
        assert_snapshot!(said.join("\n"), @"
        25:00 is no time of day. Write it like 14:00 or 2pm. Nothing was saved.
        2024-02-30 is no date. Write it as 2026-12-01, or today or tomorrow. Nothing was saved.
        2024-11-01 14:00 in Europe/Berlin is past. An interview can be planned from now on. Nothing was saved.
        2062-11-01 14:00 in Europe/Berlin is more than a year away. Please choose an earlier day. Nothing was saved.
        1.12. is no date. Write it as 2026-12-01, or today or tomorrow. Nothing was saved.
        monday is no date. Write it as 2026-12-01, or today or tomorrow. Nothing was saved.
        I cannot read a day and a time from on tomorrow, so nothing was opened. Write on 2026-12-01 14:00, on today 14:00 or on tomorrow 14:00 at the end, in your own time; for 60 min may follow.
        2025-03-30 02:30 in Europe/Berlin does not exist: the clocks are put forward over it. 01:30 and 03:30 exist on that day. Nothing was saved.
        2025-10-26 02:30 in Europe/Berlin comes twice: the clocks are put back over it. 01:30 and 03:30 come once on that day. Nothing was saved.
        2 is no length. An interview takes from 5 to 600 minutes. Nothing was saved.
        2025-11-02 01:30 in America/New_York comes twice: the clocks are put back over it. 00:30 and 02:30 come once on that day. Nothing was saved.
        Please give the candidate's name. Nothing was saved.
        ");
        assert_eq!(slack.everything_kept().await, kept);
    })
    .await;
}

#[tokio::test]
async fn the_form_names_the_zone_and_says_under_the_field_what_is_wrong() {
    on_both(async |slack| {
        let ([_, _, ben], hiring) = team(slack);
        let kit = ben.types(&hiring, "/interview senior-backend").await;
        let form = kit.clicks("Start a candidate").await;
        assert_snapshot!(form.text(), @"
        [Start a candidate]
        Senior Backend Developer
        Candidate's name: []
        Panel (optional): [Choose people v]
        Who interviews. If nobody is named, anybody in the channel can join by scoring.
        Shadows (optional): [Choose people v]
        They learn: they fill in a scorecard like everybody, and it stays out of every figure.
        Observers (optional): [Choose people v]
        They have no scorecard, and may read the debrief.
        Channel: [#hiring v]
        The candidate's post and thread go there.
        Day of the interview (optional): [Choose a day v]
        Time of the interview (optional): [Choose a time v]
        In America/New_York; everybody sees it in their own time.
        Length in minutes (optional): [45]
        From 5 to 600.
        Requisition (optional): []
        Which opening of yours this is for.
        Note (optional): []
        What tells namesakes apart.
        Link to the CV (optional): []
        It begins with https://.
        ");
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .fills("Day of the interview", "2024-12-02");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Time of the interview: Please choose the time as well, or no day. Nothing was saved.");
        let form = form
            .fills("Time of the interview", "14:00")
            .fills("Length", "an hour");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Length in minutes: an hour is no length. An interview takes from 5 to 600 minutes. Nothing was saved.");
        let form = form
            .fills("Length", "60")
            .fills("Day of the interview", "2024-11-20");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Time of the interview: 2024-11-20 14:00 in America/New_York is past. An interview can be planned from now on. Nothing was saved.");
        form.fills("Day of the interview", "2024-12-02")
            .submits()
            .await;
        assert_snapshot!(ben.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @ben · 0 scorecards in
        Planned for Dec 2, 2024 at 19:00, 60 minutes
        Anybody here can join by scoring.
        [Score] [Kit] [Plan] [More]
        ");
    })
    .await;
}

#[tokio::test]
async fn an_interview_is_planned_moved_and_taken_back_and_the_panel_is_told_by_day() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = team(slack);
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Plan a time")
            .await;
        assert_snapshot!(form.text(), @"
        [Plan a time]
        Jane Doe · Senior Backend Developer · C-XXXX
        The panel is told, and everybody gets the kit ten minutes before.
        Day of the interview: [Choose a day v]
        Time of the interview: [Choose a time v]
        In Europe/Berlin; everybody sees it in their own time.
        Length in minutes (optional): [45]
        From 5 to 600.
        ");
        let form = form
            .fills("Day of the interview", "2024-11-25")
            .fills("Time of the interview", "16:00");
        assert_snapshot!(form.submits().await.text(), @"Planned for Nov 25, 2024 at 15:00. The panel is told.");
        // It is night for Ada, not for Ben.
        assert_snapshot!(newest(slack, &ben), @"
        The interview of Jane Doe · Senior Backend Developer · C-XXXX is planned for Nov 25, 2024 at 15:00, 45 minutes.
        [Score] [Kit]
        ");
        assert_eq!(told(slack, &ada, "is planned for"), 0);
        slack.lives_on(HOUR * 9).await;
        assert_eq!(told(slack, &ada, "is planned for"), 1);
        assert_snapshot!(ada.sees(&hiring), @"
        Jane Doe · Senior Backend Developer · C-XXXX · opened by @rita · 0 of 2 scorecards in
        Planned for Nov 25, 2024 at 15:00, 45 minutes
        [Score] [Kit] [Plan] [More]
        ");

        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Change the time")
            .await;
        assert_snapshot!(form.says(), @"
        Jane Doe · Senior Backend Developer · C-XXXX
        The panel is told, and everybody gets the kit ten minutes before.
        Day of the interview: [2024-11-25 v]
        Time of the interview: [16:00 v]
        In Europe/Berlin; everybody sees it in their own time.
        Length in minutes (optional): [45]
        From 5 to 600.
        Or take it back (optional): ( ) No time is planned any more
        ");
        let form = form
            .fills("Time of the interview", "16:30")
            .fills("Length", "60");
        form.submits().await;
        assert_snapshot!(newest(slack, &ada), @"
        The interview of Jane Doe · Senior Backend Developer · C-XXXX moved from Nov 25, 2024 at 15:00 to Nov 25, 2024 at 15:30, 60 minutes.
        [Score] [Kit]
        ");
        // At four in the morning in New York it waits.
        assert_eq!(told(slack, &ben, "moved from"), 0);
        let more = rita.clicks(&hiring, "More").await;
        assert!(
            more.text()
                .contains("Planned for Nov 25, 2024 at 15:30, 60 minutes"),
            "{}",
            more.text()
        );
        let form = more.clicks("Change the time").await;
        form.ticks("Or take it back").submits().await;
        assert_snapshot!(newest(slack, &ada), @"
        The interview of Jane Doe · Senior Backend Developer · C-XXXX has no time any more. What was planned does not hold.
        [Score] [Kit]
        ");
        slack.lives_on(HOUR * 9).await;
        assert_snapshot!(newest(slack, &ben), @"
        The interview of Jane Doe · Senior Backend Developer · C-XXXX has no time any more. What was planned does not hold.
        [Score] [Kit]
        ");
        assert_eq!(told(slack, &ben, "The interview of"), 2);
        assert!(
            !ada.sees(&hiring).contains("Planned for"),
            "{}",
            ada.sees(&hiring)
        );
        slack.lives_on(5 * DAY).await;
        assert_eq!(told(slack, &ben, "you interview"), 0);
    })
    .await;
}

#[tokio::test]
async fn ten_minutes_before_each_interviewer_gets_the_kit() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = team(slack);
        rita.types(
            &hiring,
            "/interview senior-backend Jane Doe @ada @ben on today 10:00",
        )
        .await;
        slack.lives_on(HOUR * 10 - 11 * MINUTE).await;
        assert_eq!(told(slack, &ada, "you interview"), 0);
        slack.lives_on(MINUTE * 2).await;
        assert_snapshot!(newest(slack, &ada), @"
        At 09:00 you interview Jane Doe · Senior Backend Developer · C-XXXX.
        15 questions, about 45 minutes.
        [Kit] [Score]
        ");
        // At four in the morning, since the interview is then.
        assert_eq!(told(slack, &ben, "you interview"), 1);
        let direct = slack.direct_messages(&ada);
        let kit = ada.clicks(&direct, "Kit").await;
        assert_snapshot!(kit.head(1), @"Senior Backend Developer");
        let card = ada.card_with(&direct, "Score").clicks("Score").await;
        assert_snapshot!(card.head(1), @"Scorecard: Jane Doe");
        // Until it is over, nobody owes a scorecard.
        let digest = async || {
            rita.types(&hiring, "/interview digest now").await;
            newest_in(slack, &rita, &hiring)
        };
        assert!(
            !digest().await.contains("Scorecards owed"),
            "{}",
            digest().await
        );
        let mine = ada.types(&hiring, "/interview mine").await;
        assert!(!mine.text().contains("you owe"), "{}", mine.text());
        slack.lives_on(HOUR).await;
        assert!(
            digest().await.contains("Scorecards owed: 1"),
            "{}",
            digest().await
        );
        let mine = ada.types(&hiring, "/interview mine").await;
        assert!(
            mine.text().contains("you owe a scorecard"),
            "{}",
            mine.text()
        );
        assert_eq!(told(slack, &ada, "you interview"), 1);
        // An hour after its end they are reminded, in their own working hours.
        slack.lives_on(HOUR).await;
        assert_eq!(told(slack, &ada, "still to come:"), 1);
        assert_eq!(told(slack, &ben, "still to come:"), 0);
        slack.lives_on(HOUR * 5).await;
        assert_eq!(told(slack, &ben, "still to come:"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_briefing_follows_the_plan_and_survives_a_restart_but_is_not_sent_too_late() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = team(slack);
        for (name, time) in [
            ("Jane Doe", "10:00"),
            ("Sam Okafor", "11:00"),
            ("Kim Lee", "12:00"),
        ] {
            let line = format!("/interview senior-backend {name} @ada on today {time}");
            rita.types(&hiring, &line).await;
        }
        // Jane's moves to the afternoon, and Ben comes.
        let more = async |name: &str| {
            let posts = slack.copies(&rita, &hiring);
            let post = posts.iter().find(|post| post.text().contains(name));
            post.expect("its post").clicks("More").await
        };
        let form = more("Jane Doe").await.clicks("Change the time").await;
        form.fills("Time of the interview", "15:00").submits().await;
        let form = more("Jane Doe").await.clicks("Edit panel").await;
        form.names("Panel", ["ada", "ben"]).submits().await;
        let briefed = |of: &Member, name: &str| {
            let direct = slack.direct_messages(of);
            let all = slack.copies(of, &direct);
            let all = all.iter().map(Card::text);
            all.filter(|text| text.contains("you interview") && text.contains(name))
                .count()
        };
        slack.stops().await;
        slack.moves_on_by(HOUR * 10 + 55 * MINUTE);
        slack.restarts().await;
        // Five minutes before the second one; the third one is begun when the bot is back.
        assert_eq!(
            [briefed(&ada, "Jane Doe"), briefed(&ada, "Sam Okafor")],
            [0, 1]
        );
        slack.stops().await;
        slack.moves_on_by(HOUR * 2);
        slack.restarts().await;
        slack.lives_on(HOUR * 6).await;
        assert_eq!(
            [briefed(&ada, "Sam Okafor"), briefed(&ada, "Kim Lee")],
            [1, 0]
        );
        assert_eq!(
            [briefed(&ada, "Jane Doe"), briefed(&ben, "Jane Doe")],
            [1, 1]
        );
        // Whoever submitted early needs none.
        let form = more("Kim Lee").await.clicks("Change the time").await;
        form.fills("Day of the interview", "2024-11-25")
            .submits()
            .await;
        submits(&ada, &hiring).await;
        slack.lives_on(4 * DAY).await;
        assert_eq!(briefed(&ada, "Kim Lee"), 0);
    })
    .await;
}
