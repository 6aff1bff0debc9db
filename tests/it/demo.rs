//! The demo's clock: moved on the page, for Slack and for the bot together.

use interview_assistant::start::{Demo, DemoOptions};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Asks the page something, or tells it something, as somebody.
async fn page(demo: &Demo, path: &str, told: Option<Value>) -> (StatusCode, Value) {
    let url = format!("{}page/{path}", demo.slack().page_url());
    let client = reqwest::Client::new();
    let request = match told {
        Some(told) => client.post(url).json(&told),
        None => client.get(url),
    };
    let answer = request.send().await.expect("the page answers");
    let status = answer.status();
    (status, answer.json().await.expect("it answers with JSON"))
}

#[tokio::test]
async fn slack_and_the_bot_go_by_the_clock_that_is_moved_on_the_page() {
    interview_assistant::slack::tls::install();
    for http in [false, true] {
        let demo = Demo::start(DemoOptions {
            http,
            data: None,
            port: Some(0),
        })
        .await
        .expect("the demo starts");
        let (slack, clock) = (demo.slack(), demo.bot().app().clock().clone());
        let hiring = "#hiring";
        let opens = "/interview senior-backend Jane Doe";
        slack
            .types("rita", hiring, None, opens)
            .await
            .expect("taken");
        demo.bot().app().idle().await;
        let (_, offered) = page(&demo, "clock?as=U0RITA", None).await;
        let labels: Vec<&str> = offered["choices"]
            .as_array()
            .expect("some are offered")
            .iter()
            .filter_map(|choice| choice["label"].as_str())
            .collect();
        let wanted = ["One hour later", "Tomorrow 09:00", "Next working day 09:00"];
        assert_eq!(labels, wanted);

        let asked = json!({ "as": "U0RITA", "to": "working-day" });
        assert_eq!(page(&demo, "clock", Some(asked)).await.0, StatusCode::OK);
        let (before, moved, after) = (
            slack.now_millis(),
            clock.now().as_millisecond(),
            slack.now_millis(),
        );
        assert!(
            before <= moved && moved <= after,
            "{before} {moved} {after}"
        );
        let local = clock
            .now()
            .in_tz("Europe/Berlin")
            .expect("the zone is known");
        assert_eq!(local.hour(), 9, "{local}");

        // Signed and checked by the same clock, and said at that time.
        slack
            .types("rita", hiring, None, "/interview mine")
            .await
            .expect("it is taken as signed just now");
        demo.bot().app().idle().await;
        let newest = slack.messages("rita", hiring).pop().expect("it answers");
        assert!(
            newest.rendered().contains("Jane Doe"),
            "{}",
            newest.rendered()
        );
        let said: f64 = newest.ts.parse().expect("a ts is a number");
        let (_, state) = page(&demo, "state?as=U0RITA", None).await;
        let now = state["clock"]["now"].as_i64().expect("milliseconds");
        #[expect(clippy::cast_possible_truncation, reason = "a moment in this century")]
        let said = (said * 1000.0) as i64;
        assert!((moved..=now).contains(&said), "{moved} {said} {now}");
        assert_eq!(state["clock"]["zone"], "Europe/Berlin");

        for (to, sentence) in [
            ("2020-01-01T09:00", "This clock only goes forward"),
            (
                "next week",
                "Give a date and a time, such as 2026-12-01T09:00.",
            ),
        ] {
            let asked = json!({ "as": "U0RITA", "to": to });
            let (status, answer) = page(&demo, "clock", Some(asked)).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let told = answer["error"].as_str().expect("a sentence");
            assert!(told.starts_with(sentence), "{told}");
        }
        assert_eq!(slack.breaches(), Vec::<String>::new());
        demo.stop().await;
    }
}
