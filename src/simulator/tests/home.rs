//! The Home tab, and what can be chosen on it and in modals.

use super::*;

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn option(text: &str) -> Value {
    json!({ "text": { "type": "plain_text", "text": text, "emoji": true }, "value": text.to_lowercase() })
}

fn home(text: &str) -> Value {
    json!({ "type": "home", "private_metadata": "page 1", "blocks": [
        { "type": "section", "block_id": "head", "text": { "type": "mrkdwn", "text": text } },
        { "type": "actions", "block_id": "row", "elements": [
            { "type": "button", "action_id": "go", "value": "7", "text": plain("Continue") },
            { "type": "static_select", "action_id": "zone", "placeholder": plain("Zone"),
              "options": [option("Berlin"), option("Tokyo")] },
        ] },
    ] })
}

/// An app that tells what it received; its payloads.
async fn listening(app: &App) -> tokio::sync::mpsc::UnboundedReceiver<Value> {
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    app.serve(move |payload| {
        tell.send(payload.clone()).expect("the test listens");
        None
    })
    .await;
    told
}

#[tokio::test]
async fn a_home_tab_is_opened_published_and_clicked() {
    let (sim, app) = started().await;
    let mut told = listening(&app).await;
    sim.opens_home("ada").await.expect("there is a Home tab");
    let opened = told.recv().await.expect("an event");
    let mut event = opened["event"].clone();
    assert!(event["event_ts"].take().is_string());
    assert_eq!(
        event,
        json!({ "type": "app_home_opened", "user": "U0ADA", "channel": "D0ADA", "tab": "home", "event_ts": null })
    );
    assert!(sim.home("ada").is_none());

    let args = json!({ "user_id": "U0ADA", "view": home("Hello <@U0ADA>") });
    let published = app.call("views.publish", args).await;
    assert_eq!(published["ok"], true, "{published}");
    let seen = sim.home("ada").expect("it is published");
    assert_eq!(seen.rendered(), "Hello @ada\n[Continue] [Zone v]");
    assert_eq!((seen.kind.as_str(), seen.title.as_str()), ("home", ""));
    assert!(sim.home("ben").is_none());

    sim.opens_home("ada").await.expect("there is a Home tab");
    let opened = told.recv().await.expect("an event");
    assert_eq!(opened["event"]["view"], published["view"]);
    sim.opens_messages("ada").await.expect("they have one");
    let opened = told.recv().await.expect("an event");
    assert_eq!(opened["event"]["tab"], "messages");
    assert!(opened["event"].get("view").is_none());

    let go = seen.control("Continue").expect("it is shown");
    sim.acts(
        "ada",
        &seen.on(),
        &go.block_id,
        &go.action_id,
        ActionValue::Click,
        None,
    )
    .await
    .expect("acknowledged");
    let click = told.recv().await.expect("a click");
    assert_eq!(
        click["container"],
        json!({ "type": "view", "view_id": seen.id })
    );
    assert_eq!(click["view"]["hash"], published["view"]["hash"]);
    assert_eq!(click["view"]["private_metadata"], "page 1");
    assert_eq!(click["actions"][0]["value"], "7");
    for absent in ["channel", "message", "response_url", "state"] {
        assert!(click.get(absent).is_none(), "{absent}");
    }
    let args = json!({ "trigger_id": click["trigger_id"], "view": name_modal() });
    assert_eq!(app.call("views.open", args).await["ok"], true);
    assert_eq!(sim.views("ada").len(), 1);
    let of_another = sim
        .acts("ben", &seen.on(), "row", "go", ActionValue::Click, None)
        .await;
    assert_eq!(of_another, Err(Complaint::NoSuchView));
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_choice_on_home_stays_until_it_is_drawn_under_another_name() {
    let (sim, app) = started().await;
    let mut told = listening(&app).await;
    let publish = async |view: &Value, hash: Option<&Value>| {
        let mut args = json!({ "user_id": "U0ADA", "view": view });
        if let Some(hash) = hash {
            args["hash"] = hash.clone();
        }
        app.call("views.publish", args).await
    };
    let first = publish(&home("One"), None).await["view"].clone();
    let on = sim.home("ada").expect("it is published").on();
    sim.acts(
        "ada",
        &on,
        "row",
        "zone",
        ActionValue::Option("Tokyo".to_owned()),
        None,
    )
    .await
    .expect("acknowledged");
    let chosen = told.recv().await.expect("a choice");
    assert_eq!(chosen["actions"][0]["selected_option"]["value"], "tokyo");
    let state = &chosen["view"]["state"]["values"]["row"]["zone"];
    assert_eq!(state["selected_option"]["value"], "tokyo");

    let second = publish(&home("Two"), Some(&first["hash"])).await;
    assert_eq!(second["view"]["id"], first["id"]);
    let text = |sim: &Simulator| sim.home("ada").expect("it is published").rendered();
    assert_eq!(text(&sim), "Two\n[Continue] [Tokyo v]");
    let stale = publish(&home("Three"), Some(&first["hash"])).await;
    assert_eq!(stale["error"], "hash_conflict");
    let mut renamed = home("Four");
    renamed["blocks"][1]["block_id"] = json!("row-2");
    assert_eq!(publish(&renamed, None).await["ok"], true);
    assert_eq!(text(&sim), "Four\n[Continue] [Zone v]");
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_home_that_slack_would_not_take_is_refused() {
    let (sim, app) = started().await;
    let refused = async |user: &str, view: Value| {
        let args = json!({ "user_id": user, "view": view });
        app.call("views.publish", args).await["error"].clone()
    };
    assert_eq!(refused("U0NOBODY", home("x")).await, "user_not_found");
    assert_eq!(sim.take_breaches(), Vec::<String>::new());
    assert_eq!(refused("U0ADA", name_modal()).await, "invalid_arguments");
    let divider = json!({ "type": "divider" });
    let long = json!({ "type": "home", "blocks": vec![divider; 101] });
    assert_eq!(refused("U0ADA", long).await, "invalid_arguments");
    let large =
        json!({ "type": "section", "text": { "type": "mrkdwn", "text": "x".repeat(2990) } });
    let large = json!({ "type": "home", "blocks": vec![large; 90] });
    assert_eq!(refused("U0ADA", large).await, "view_too_large");
    let titled = json!({ "type": "home", "title": plain("No"), "blocks": [] });
    assert_eq!(refused("U0ADA", titled).await, "invalid_arguments");
    assert_eq!(sim.take_breaches().len(), 4);
    let no_home = Simulator::start(Setup {
        home: false,
        ..Setup::default()
    })
    .await
    .expect("a free port");
    assert_eq!(no_home.opens_home("ada").await, Err(Complaint::NoHome));
    let app = App::new(&no_home);
    let args = json!({ "user_id": "U0ADA", "view": home("x") });
    assert_eq!(
        app.call("views.publish", args).await["error"],
        "not_enabled"
    );
    assert_eq!(no_home.take_breaches().len(), 1);
}

#[tokio::test]
async fn an_app_hears_only_of_what_it_subscribes_to() {
    let events = ["user_change"].map(str::to_owned).to_vec();
    let sim = Simulator::start(Setup {
        events,
        ..Setup::default()
    })
    .await
    .expect("a free port");
    let app = App::new(&sim);
    let mut told = listening(&app).await;
    sim.opens_home("ada").await.expect("there is a Home tab");
    sim.archive("hiring").await;
    sim.types("rita", "general", None, "@interview-assistant hi")
        .await
        .expect("said");
    sim.make_guest("ben").await;
    let event = told.recv().await.expect("an event");
    assert_eq!(event["event"]["type"], "user_change");
}

/// Everything that can be chosen, beginning with something.
fn every_input() -> Value {
    let input = |id: &str, label: &str, mut element: Value| {
        element["action_id"] = json!(format!("{id}-it"));
        json!({ "type": "input", "block_id": id, "label": plain(label), "optional": true, "element": element })
    };
    let options = json!([option("One"), option("Two"), option("Three")]);
    json!([
        input(
            "time",
            "Time",
            json!({ "type": "timepicker", "initial_time": "09:00", "timezone": "Europe/Berlin" })
        ),
        input(
            "date",
            "Date",
            json!({ "type": "datepicker", "initial_date": "2026-12-01" })
        ),
        input(
            "moment",
            "Moment",
            json!({ "type": "datetimepicker", "initial_date_time": 1_796_133_600 })
        ),
        input(
            "boxes",
            "Boxes",
            json!({ "type": "checkboxes", "options": options, "initial_options": [option("One")] })
        ),
        input(
            "radio",
            "Radio",
            json!({ "type": "radio_buttons", "options": options, "initial_option": option("Two") })
        ),
        input(
            "several",
            "Several",
            json!({ "type": "multi_static_select", "options": options, "initial_options": [option("Two"), option("Three")] })
        ),
        input(
            "people",
            "People",
            json!({ "type": "multi_users_select", "initial_users": ["U0ADA", "U0BEN"], "max_selected_items": 5 })
        ),
        input(
            "one",
            "One",
            json!({ "type": "users_select", "initial_user": "U0RITA" })
        ),
        input(
            "number",
            "Number",
            json!({ "type": "number_input", "is_decimal_allowed": false, "initial_value": "3" })
        ),
    ])
}

#[tokio::test]
async fn every_input_begins_with_what_the_app_gave_and_sends_what_was_chosen() {
    let (sim, app) = started().await;
    let mut told = listening(&app).await;
    sim.types("rita", "hiring", None, "/interview")
        .await
        .expect("acknowledged");
    let command = told.recv().await.expect("a command");
    let mut modal = name_modal();
    modal["blocks"] = every_input();
    let args = json!({ "trigger_id": command["trigger_id"], "view": modal });
    assert_eq!(app.call("views.open", args).await["ok"], true);
    let view = sim.views("rita").remove(0);
    assert_eq!(
        view.rendered(),
        "Time (optional): [09:00 v]\n\
         Date (optional): [2026-12-01 v]\n\
         Moment (optional): [2026-12-01 14:00 v]\n\
         Boxes (optional): (x) One ( ) Two ( ) Three\n\
         Radio (optional): ( ) One (x) Two ( ) Three\n\
         Several (optional): [Two, Three v]\n\
         People (optional): [@ada, @ben v]\n\
         One (optional): [@rita v]\n\
         Number (optional): [3]"
    );
    let stray =
        json!({ "time": { "time-it": { "type": "timepicker", "selected_time": "25:00" } } });
    assert!(matches!(
        sim.submits("rita", &view.id, stray).await,
        Err(Complaint::NoSuchControl(_))
    ));
    let entered = json!({
        "time": { "time-it": { "type": "timepicker", "selected_time": "17:30" } },
        "moment": { "moment-it": { "type": "datetimepicker", "selected_date_time": 1_796_220_000 } },
        "boxes": { "boxes-it": { "type": "checkboxes", "selected_options": [] } },
        "people": { "people-it": { "type": "multi_users_select", "selected_users": ["U0BEN"] } },
        "date": { "date-it": { "type": "datepicker", "selected_date": null } },
    });
    let said = sim.submits("rita", &view.id, entered).await;
    assert_eq!(said, Ok(Submission::Closed));
    let sent = told.recv().await.expect("a submission");
    let values = &sent["view"]["state"]["values"];
    assert_eq!(
        values["time"]["time-it"],
        json!({ "type": "timepicker", "selected_time": "17:30", "timezone": "Europe/Berlin" })
    );
    assert_eq!(values["date"]["date-it"]["selected_date"], Value::Null);
    assert_eq!(
        values["moment"]["moment-it"]["selected_date_time"],
        1_796_220_000
    );
    assert_eq!(values["boxes"]["boxes-it"]["selected_options"], json!([]));
    assert_eq!(
        values["radio"]["radio-it"]["selected_option"]["value"],
        "two"
    );
    assert_eq!(
        values["several"]["several-it"]["selected_options"][1]["value"],
        "three"
    );
    assert_eq!(
        values["people"]["people-it"]["selected_users"],
        json!(["U0BEN"])
    );
    assert_eq!(values["one"]["one-it"]["selected_user"], "U0RITA");
    assert_eq!(values["number"]["number-it"]["value"], "3");
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn on_home_choices_act_at_once_and_stay_drawn() {
    let (sim, app) = started().await;
    let mut told = listening(&app).await;
    let mut blocks = every_input();
    let mut elements = Vec::new();
    for block in blocks.as_array_mut().into_iter().flatten() {
        let mut element = block["element"].take();
        element["action_id"] = block["block_id"].clone();
        elements.push(element);
    }
    elements.pop();
    elements.push(json!({ "type": "overflow", "action_id": "more", "options": [option("Later")] }));
    let mut dispatching = every_input()[8].clone();
    dispatching["dispatch_action"] = json!(true);
    let blocks =
        json!([{ "type": "actions", "block_id": "row", "elements": elements }, dispatching]);
    let view = json!({ "type": "home", "blocks": blocks });
    let args = json!({ "user_id": "U0RITA", "view": view });
    let published = app.call("views.publish", args).await;
    assert_eq!(published["ok"], true, "{published}");
    let on = sim.home("rita").expect("it is published").on();
    let words = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
    for (block, action, value, key, sent) in [
        (
            "row",
            "time",
            ActionValue::Text("17:30".to_owned()),
            "selected_time",
            json!("17:30"),
        ),
        (
            "row",
            "date",
            ActionValue::Text("2026-12-24".to_owned()),
            "selected_date",
            json!("2026-12-24"),
        ),
        (
            "row",
            "moment",
            ActionValue::Moment(1_796_220_000),
            "selected_date_time",
            json!(1_796_220_000),
        ),
        (
            "row",
            "boxes",
            ActionValue::Options(words(&["Two"])),
            "selected_options",
            json!([option("Two")]),
        ),
        (
            "row",
            "radio",
            ActionValue::Option("Three".to_owned()),
            "selected_option",
            option("Three"),
        ),
        (
            "row",
            "several",
            ActionValue::Options(words(&["One"])),
            "selected_options",
            json!([option("One")]),
        ),
        (
            "row",
            "people",
            ActionValue::Users(words(&["gus"])),
            "selected_users",
            json!(["U0GUS"]),
        ),
        (
            "row",
            "one",
            ActionValue::Users(words(&["ada"])),
            "selected_user",
            json!("U0ADA"),
        ),
        (
            "row",
            "more",
            ActionValue::Option("Later".to_owned()),
            "selected_option",
            option("Later"),
        ),
        (
            "number",
            "number-it",
            ActionValue::Text("5".to_owned()),
            "value",
            json!("5"),
        ),
    ] {
        sim.acts("rita", &on, block, action, value, None)
            .await
            .expect("acknowledged");
        let act = told.recv().await.expect("an act");
        assert_eq!(act["actions"][0][key], sent, "{action}");
    }
    let wrong = ActionValue::Text("9 am".to_owned());
    assert!(
        sim.acts("rita", &on, "row", "time", wrong, None)
            .await
            .is_err()
    );
    assert_eq!(
        sim.home("rita").expect("it is published").rendered(),
        "[17:30 v] [2026-12-24 v] [2026-12-02 14:00 v] ( ) One (x) Two ( ) Three \
         ( ) One ( ) Two (x) Three [One v] [@gus v] [@ada v] [...: Later]\n\
         Number (optional): [5]"
    );
    assert_eq!(sim.breaches(), Vec::<String>::new());
}
