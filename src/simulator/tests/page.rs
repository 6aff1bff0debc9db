//! What the page shows to people who build apps.

use super::*;

async fn payload(app: &App, asked: &str) -> Value {
    let url = format!("{}page/payload?{asked}", app.sim.page_url());
    let answer = app.http.get(url).send().await.expect("the page answers");
    answer.json().await.expect("JSON")
}

fn parts(payload: &Value) -> Vec<(&str, &str)> {
    let parts = payload["parts"].as_array().into_iter().flatten();
    parts
        .map(|part| {
            let word = |key: &str| part[key].as_str().unwrap_or_default();
            (word("which"), word("how"))
        })
        .collect()
}

#[tokio::test]
async fn of_a_message_the_page_tells_what_was_sent_kept_and_clicked() {
    let (sim, app) = started().await;
    app.serve(|payload| {
        (payload["command"] == "/interview")
            .then(|| json!({ "text": "kit", "blocks": go_button() }))
    })
    .await;
    let said = json!({ "channel": "C0HIRING", "text": "Go?", "blocks": go_button(), "unfurl_links": false });
    let posted = app.call("chat.postMessage", said.clone()).await;
    let ts = posted["ts"].as_str().expect("a ts");
    let asked = format!("as=U0ADA&channel=C0HIRING&ts={ts}");
    let told = payload(&app, &asked).await;
    assert_eq!(parts(&told), [("sent", "chat.postMessage"), ("kept", "")]);
    assert_eq!(told["parts"][0]["json"], said);
    assert_eq!(told["parts"][0]["at"], sim.now_millis());
    assert_eq!(told["parts"][1]["json"]["ts"], ts);

    let on = sim.messages("ada", "hiring")[0].on();
    sim.acts("ada", &on, "row", "go", ActionValue::Click, None)
        .await
        .expect("acknowledged");
    let update = json!({ "channel": "C0HIRING", "ts": ts, "text": "Gone" });
    app.call("chat.update", update.clone()).await;
    let told = payload(&app, &asked).await;
    assert_eq!(
        parts(&told),
        [
            ("sent", "chat.update"),
            ("kept", ""),
            ("clicked", "block_actions")
        ]
    );
    assert_eq!(told["parts"][0]["json"], update);
    assert_eq!(told["parts"][2]["json"]["actions"][0]["value"], "7");

    // An answer to one person is shown to them only.
    sim.types("rita", "hiring", None, "/interview")
        .await
        .expect("acknowledged");
    let answer = sim.messages("rita", "hiring").pop().expect("it is there");
    let asked = |who: &str| format!("as={who}&channel=C0HIRING&ts={}", answer.ts);
    let told = payload(&app, &asked("U0RITA")).await;
    assert_eq!(parts(&told), [("sent", "ack of /interview"), ("kept", "")]);
    assert!(payload(&app, &asked("U0ADA")).await["error"].is_string());
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn of_a_modal_and_of_the_home_tab_too() {
    let (sim, app) = started().await;
    app.serve(|payload| {
        (payload["type"] == "view_submission")
            .then(|| json!({ "response_action": "update", "view": name_modal() }))
    })
    .await;
    let home = json!({ "type": "home", "blocks": go_button() });
    app.call("views.publish", json!({ "user_id": "U0ADA", "view": home }))
        .await;
    let seen = sim.home("ada").expect("it is published");
    let told = payload(&app, &format!("as=U0ADA&view={}", seen.id)).await;
    assert_eq!(parts(&told), [("sent", "views.publish"), ("kept", "")]);
    assert_eq!(told["parts"][0]["json"]["view"], home);
    assert_eq!(told["parts"][1]["json"]["hash"], seen.json["hash"]);
    let of_another = payload(&app, &format!("as=U0BEN&view={}", seen.id)).await;
    assert!(of_another["error"].is_string());

    sim.acts("ada", &seen.on(), "row", "go", ActionValue::Click, None)
        .await
        .expect("acknowledged");
    let told = payload(&app, &format!("as=U0ADA&view={}", seen.id)).await;
    let trigger = &told["parts"][2]["json"]["trigger_id"];
    let args = json!({ "trigger_id": trigger, "view": name_modal() });
    assert_eq!(app.call("views.open", args).await["ok"], true);
    let modal = sim.views("ada").remove(0);
    let filled = json!({ "name": { "text": { "type": "plain_text_input", "value": "Jane" } } });
    sim.submits("ada", &modal.id, filled)
        .await
        .expect("acknowledged");
    let told = payload(&app, &format!("as=U0ADA&view={}", modal.id)).await;
    assert_eq!(
        parts(&told),
        [
            ("sent", "ack of view_submission"),
            ("kept", ""),
            ("clicked", "view_submission")
        ]
    );
    assert_eq!(sim.breaches(), Vec::<String>::new());
}
