//! Messages, modals, the page and changes of the workspace, as the tiny app and its people meet them.

use super::*;

#[tokio::test]
async fn a_click_leads_to_a_modal_and_a_submission() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        (payload["type"] == "view_submission"
            && payload["view"]["state"]["values"]["name"]["text"]["value"] == "bad")
            .then(|| json!({ "response_action": "errors", "errors": { "name": "Not that one." } }))
    })
    .await;
    let posted = app
        .call(
            "chat.postMessage",
            json!({ "channel": "C0HIRING", "text": "Go?", "blocks": go_button() }),
        )
        .await;
    assert_eq!(posted["ok"], true, "{posted}");
    let message = sim.messages("ada", "hiring").remove(0);
    let go = message.controls().remove(0);
    assert_eq!((go.label.as_str(), go.value.as_deref()), ("Go", Some("7")));
    sim.acts(
        "ada",
        &message.on(),
        &go.block_id,
        &go.action_id,
        ActionValue::Click,
        None,
    )
    .await
    .expect("acknowledged");
    let click = told.recv().await.expect("a click");
    assert_eq!(click["actions"][0]["value"], "7");
    assert_eq!(click["container"]["is_ephemeral"], false);
    assert_eq!(click["message"]["ts"], message.ts.as_str());

    let trigger = &click["trigger_id"];
    let opened = app
        .call(
            "views.open",
            json!({ "trigger_id": trigger, "view": name_modal() }),
        )
        .await;
    assert_eq!(opened["ok"], true, "{opened}");
    let again = app
        .call(
            "views.open",
            json!({ "trigger_id": trigger, "view": name_modal() }),
        )
        .await;
    assert_eq!(again["error"], "exchanged_trigger_id");
    let view = sim.views("ada").remove(0);
    assert_eq!(view.inputs()[0].label, "Name");
    let fill =
        |text: &str| json!({ "name": { "text": { "type": "plain_text_input", "value": text } } });
    for (text, sentence) in [
        ("", "Please complete this required field."),
        ("too long", "Please enter at most 5 characters."),
        ("bad", "Not that one."),
    ] {
        let said = sim
            .submits("ada", &view.id, fill(text))
            .await
            .expect("acknowledged");
        let Submission::Errors(errors) = said else {
            panic!("{said:?}")
        };
        assert_eq!(errors["name"], sentence);
    }
    assert_eq!(
        sim.submits("ada", &view.id, fill("Jane")).await,
        Ok(Submission::Closed)
    );
    assert!(sim.views("ada").is_empty());
    let late = app
        .call(
            "views.update",
            json!({ "view_id": view.id, "view": name_modal() }),
        )
        .await;
    assert_eq!(late["error"], "not_found");
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn triggers_and_response_urls_expire_on_the_simulators_clock() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    sim.types("rita", "random", None, "/interview")
        .await
        .expect("acknowledged");
    let command = told.recv().await.expect("a command");
    let url = command["response_url"]
        .as_str()
        .expect("a response url")
        .to_owned();
    for _ in 0..5 {
        assert_eq!(app.post(&url, json!({ "text": "hi" })).await.0, 200);
    }
    let (status, body) = app.post(&url, json!({ "text": "hi" })).await;
    assert_eq!((status, &body["error"]), (404, &json!("used_url")));
    // The bot is not in #random, and was heard there all the same.
    assert_eq!(sim.messages("rita", "random").len(), 5);
    sim.advance(Duration::from_secs(4));
    let args = json!({ "trigger_id": command["trigger_id"], "view": name_modal() });
    assert_eq!(
        app.call("views.open", args).await["error"],
        "expired_trigger_id"
    );

    sim.types("rita", "random", None, "/interview")
        .await
        .expect("acknowledged");
    let command = told.recv().await.expect("a command");
    sim.advance(Duration::from_secs(31 * 60));
    let url = command["response_url"].as_str().expect("a response url");
    assert_eq!(
        app.post(url, json!({ "text": "hi" })).await.1["error"],
        "expired_url"
    );
}

#[tokio::test]
async fn an_ephemeral_is_replaced_through_the_clicks_response_url() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    let args =
        json!({ "channel": "C0HIRING", "user": "U0BEN", "text": "Go?", "blocks": go_button() });
    assert_eq!(app.call("chat.postEphemeral", args).await["ok"], true);
    let seen = sim.messages("ben", "hiring").remove(0);
    sim.acts("ben", &seen.on(), "row", "go", ActionValue::Click, None)
        .await
        .expect("acknowledged");
    let click = told.recv().await.expect("a click");
    assert!(click.get("message").is_none());
    let url = click["response_url"].as_str().expect("a response url");
    app.post(
        url,
        json!({ "replace_original": true, "text": "Gone <@U0ADA>" }),
    )
    .await;
    assert_eq!(sim.messages("ben", "hiring")[0].rendered(), "Gone @ada");
    app.post(url, json!({ "delete_original": true })).await;
    assert!(sim.messages("ben", "hiring").is_empty());
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn modals_lie_three_deep_and_a_stale_hash_is_refused() {
    let (sim, app) = started().await;
    app.serve(|payload| {
        (payload["type"] == "view_submission")
            .then(|| json!({ "response_action": "push", "view": name_modal() }))
    })
    .await;
    sim.types("rita", "hiring", None, "/interview")
        .await
        .expect("acknowledged");
    let trigger = {
        let world = sim.world();
        world
            .triggers
            .keys()
            .next()
            .cloned()
            .expect("the command's trigger")
    };
    let opened = app
        .call(
            "views.open",
            json!({ "trigger_id": trigger, "view": name_modal() }),
        )
        .await;
    let first = &opened["view"];
    let update = json!({ "view_id": first["id"], "hash": first["hash"], "view": name_modal() });
    assert_eq!(app.call("views.update", update.clone()).await["ok"], true);
    assert_eq!(
        app.call("views.update", update).await["error"],
        "hash_conflict"
    );
    let filled = json!({ "name": { "text": { "type": "plain_text_input", "value": "Jane" } } });
    for depth in 2..=3 {
        let top = sim.views("rita").pop().expect("a modal is open");
        let said = sim.submits("rita", &top.id, filled.clone()).await;
        assert_eq!(said, Ok(Submission::Pushed));
        assert_eq!(sim.views("rita").len(), depth);
    }
    let top = sim.views("rita").pop().expect("a modal is open");
    assert_eq!(top.json["root_view_id"], first["id"]);
    assert_eq!(
        sim.submits("rita", &top.id, filled).await,
        Err(Complaint::BadAnswer)
    );
    assert_eq!(sim.take_breaches(), ["a fourth modal was pushed"]);
    sim.closes("rita", &top.id).await;
    assert_eq!(sim.views("rita").len(), 2);
    sim.closes_all("rita").await;
    assert!(sim.views("rita").is_empty());
}

#[tokio::test]
async fn what_was_chosen_is_in_the_payload_and_in_the_state() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    let option = |name: &str| {
        json!({
            "text": { "type": "plain_text", "text": name, "emoji": true }, "value": name.to_lowercase(),
        })
    };
    let blocks = json!([{ "type": "actions", "block_id": "row", "elements": [{
        "type": "static_select", "action_id": "pick", "options": [option("One"), option("Two")],
        "placeholder": { "type": "plain_text", "text": "Which?" },
    }] }]);
    app.call(
        "chat.postMessage",
        json!({ "channel": "C0HIRING", "text": "?", "blocks": blocks, "metadata": { "event_type": "e", "event_payload": { "n": 1 } } }),
    )
    .await;
    let seen = sim.messages("gus", "hiring").remove(0);
    assert_eq!(seen.rendered(), "[Which? v]");
    assert_eq!(
        seen.metadata.as_ref().expect("kept")["event_payload"]["n"],
        1
    );
    let two = ActionValue::Option("Two".to_owned());
    sim.acts("gus", &seen.on(), "row", "pick", two, None)
        .await
        .expect("acknowledged");
    let click = told.recv().await.expect("a choice");
    assert_eq!(click["actions"][0]["selected_option"]["value"], "two");
    assert_eq!(
        click["state"]["values"]["row"]["pick"]["selected_option"]["value"],
        "two"
    );
    let none = ActionValue::Option("Three".to_owned());
    assert!(
        sim.acts("gus", &seen.on(), "row", "pick", none, None)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_page_types_and_clicks_over_http() {
    let (sim, app) = started().await;
    app.serve(|_| Some(json!({ "text": "kit", "blocks": go_button() })))
        .await;
    let page = sim.page_url();
    let get = async |path: &str| -> Value {
        let answer = app
            .http
            .get(format!("{page}{path}"))
            .send()
            .await
            .expect("the page answers");
        answer.json().await.expect("JSON")
    };
    let html = app.http.get(&page).send().await.expect("the page answers");
    assert!(html.headers().contains_key("content-security-policy"));
    let state = get("page/state?as=U0RITA").await;
    assert_eq!(state["command"]["name"], "/interview");
    assert_eq!(state["connected"], true);
    assert_eq!(state["channels"][0]["kind"], "private");
    let mut events = app
        .http
        .get(format!("{page}page/events?as=U0RITA"))
        .send()
        .await
        .expect("the page answers");
    let said = json!({ "as": "U0RITA", "channel": "C0HIRING", "text": "/interview" });
    assert_eq!(
        app.post(&format!("{page}page/type"), said).await.1["ok"],
        true
    );
    let event = events.chunk().await.expect("a chunk").expect("an event");
    let event = String::from_utf8_lossy(&event).into_owned();
    assert!(
        event.contains("event: change") && event.contains("C0HIRING"),
        "{event}"
    );
    let seen = get("page/channel/C0HIRING?as=U0RITA").await;
    let message = &seen["messages"][0];
    assert_eq!(
        (&message["ephemeral"], &message["bot"]),
        (&json!(true), &json!(true))
    );
    let place = json!({ "channel": "C0HIRING", "ts": message["ts"], "ephemeral": true });
    // Drawn once, gone since: the click goes out as it was made.
    let act = json!({
        "as": "U0RITA", "in": place, "block_id": "old", "action_id": "past",
        "element": { "type": "button", "action_id": "past", "value": "v" },
    });
    assert_eq!(
        app.post(&format!("{page}page/act"), act).await.1["ok"],
        true
    );
    let wrong = get("page/channel/C0NOWHERE?as=U0RITA").await;
    assert!(wrong["error"].is_string());
    // The app answers clicks with a payload, which is not accepted there.
    assert_eq!(sim.take_breaches().len(), 1);
}

#[tokio::test]
async fn people_and_channels_change_and_the_app_hears_of_it() {
    let (sim, app) = started().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload["event"].clone())
            .expect("the test listens");
        None
    })
    .await;
    sim.deactivate("ben").await;
    let event = told.recv().await.expect("an event");
    assert_eq!(
        (&event["type"], &event["user"]["deleted"]),
        (&json!("user_change"), &json!(true))
    );
    sim.archive("hiring").await;
    assert_eq!(
        told.recv().await.expect("an event")["type"],
        "group_archive"
    );
    assert_eq!(
        sim.types("ada", "hiring", None, "hello").await,
        Err(Complaint::Archived)
    );
    sim.add_person(Person::new("zoe", "Zoe Adeyemi").tz("Asia/Tokyo"));
    assert_eq!(
        app.call("users.info", json!({ "user": "U0ZOE" })).await["user"]["tz_offset"],
        32400
    );
    sim.share_channel("general").await;
    let info = app
        .call("conversations.info", json!({ "channel": "C0GENERAL" }))
        .await;
    assert_eq!(info["channel"]["is_ext_shared"], true);
    assert_eq!(sim.dm("zoe").as_deref(), Some("D0ZOE"));
}
