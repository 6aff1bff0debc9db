//! Modals and Home tabs: the stack of three, hashes, triggers, and Slack's own checks of inputs.
//!
//! Not in here: how a person submits or closes them (`verbs`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::block_elements::is_moment;
use super::block_kit::{check_view, units};
use super::clock::SECOND;
use super::input_state::{flag_texts, is_blank, normalise, slot, state_values};
use super::web_api::{Answer, ApiError};
use super::world::{APP_ID, BOT_ID, View, World};
use super::{Complaint, Submission};

/// How many modals may lie upon each other.
const DEEPEST: usize = 3;

/// The largest view, in bytes of JSON.
const LARGEST: usize = 250_000;

impl World {
    pub(crate) fn views_open(&mut self, args: &Value) -> Answer {
        let view = self.checked_view("views.open", &args["view"], "modal")?;
        let (user, _) = self.exchange(args)?;
        let json = self.build(&view, None, None, None);
        self.modals.insert(
            user,
            vec![View {
                id: id_of(&json),
                json: json.clone(),
                errors: None,
                drawn: self.drawing.clone(),
                acted: None,
            }],
        );
        self.views_changed();
        Ok(json!({ "view": json }))
    }

    pub(crate) fn views_push(&mut self, args: &Value) -> Answer {
        let view = self.checked_view("views.push", &args["view"], "modal")?;
        let (user, from) = self.exchange(args)?;
        let stack = self
            .modals
            .get(&user)
            .map(Vec::as_slice)
            .unwrap_or_default();
        if from.is_none_or(|from| !stack.iter().any(|v| v.id == from)) {
            return Err("not_found".into());
        }
        let json = self.push(&user, &view)?;
        Ok(json!({ "view": json }))
    }

    pub(crate) fn views_update(&mut self, args: &Value) -> Answer {
        let wanted = |v: &View| match (args["view_id"].as_str(), args["external_id"].as_str()) {
            (Some(id), _) => v.id == id,
            (None, Some(external)) => v.json["external_id"] == external,
            (None, None) => false,
        };
        let open = self.modals.values().flatten().chain(self.homes.values());
        let Some(old) = open.into_iter().find(|v| wanted(v)).cloned() else {
            if args.get("view_id").is_none() && args.get("external_id").is_none() {
                self.breach("views.update: neither view_id nor external_id");
                return Err("invalid_arguments".into());
            }
            return Err("not_found".into());
        };
        let kind = old.json["type"].as_str().unwrap_or("modal").to_owned();
        let view = self.checked_view("views.update", &args["view"], &kind)?;
        check_hash(args, &old)?;
        let json = self.replace(&old, &view);
        Ok(json!({ "view": json }))
    }

    pub(crate) fn views_publish(&mut self, args: &Value) -> Answer {
        if !self.has_home {
            self.breach("views.publish: the app has no Home tab; its manifest enables one");
            return Err("not_enabled".into());
        }
        let user = args["user_id"].as_str().unwrap_or_default().to_owned();
        if self.people.iter().all(|p| p.id != user) {
            return Err("user_not_found".into());
        }
        let view = self.checked_view("views.publish", &args["view"], "home")?;
        let json = if let Some(old) = self.homes.get(&user).cloned() {
            check_hash(args, &old)?;
            self.replace(&old, &view)
        } else {
            let json = self.build(&view, None, None, None);
            self.homes.insert(
                user,
                View {
                    id: id_of(&json),
                    json: json.clone(),
                    errors: None,
                    drawn: self.drawing.clone(),
                    acted: None,
                },
            );
            self.views_changed();
            json
        };
        Ok(json!({ "view": json }))
    }

    /// Checks a view by all of Slack's limits; every fault is a breach as well.
    pub(crate) fn checked_view(
        &mut self,
        what: &str,
        view: &Value,
        kind: &str,
    ) -> Result<Value, ApiError> {
        if view.to_string().len() > LARGEST {
            self.breach(format!("{what}: view over 250 kB"));
            return Err("view_too_large".into());
        }
        let mut faults = check_view(view);
        if view["type"] != kind {
            faults.push(format!("a {kind} is wanted here [json-pointer:/view/type]"));
        }
        if faults.is_empty() {
            return Ok(view.clone());
        }
        for fault in &faults {
            self.breach(format!("{what}: {fault}"));
        }
        let messages = faults.into_iter().map(|f| format!("[ERROR] {f}")).collect();
        Err(ApiError {
            messages,
            ..ApiError::from("invalid_arguments")
        })
    }

    /// Uses up a trigger: whose it was and the view it came from.
    fn exchange(&mut self, args: &Value) -> Result<(String, Option<String>), ApiError> {
        let id = args["trigger_id"].as_str().unwrap_or_default();
        let now = self.clock.now();
        let Some(trigger) = self.triggers.get_mut(id) else {
            return Err("invalid_trigger_id".into());
        };
        if trigger.used {
            return Err("exchanged_trigger_id".into());
        }
        if now > trigger.expires {
            return Err("expired_trigger_id".into());
        }
        trigger.used = true;
        Ok((trigger.user.clone(), trigger.from_view.clone()))
    }

    /// Lays a modal upon a person's stack.
    pub(crate) fn push(&mut self, user: &str, view: &Value) -> Result<Value, ApiError> {
        let stack = self.modals.get(user).map(Vec::as_slice).unwrap_or_default();
        if stack.len() >= DEEPEST {
            self.breach("a fourth modal was pushed");
            return Err("push_limit_reached".into());
        }
        let root = stack.first().map(|v| v.id.clone());
        let previous = stack.last().map(|v| v.id.clone());
        let json = self.build(view, None, root.as_deref(), previous.as_deref());
        let view = View {
            id: id_of(&json),
            json: json.clone(),
            errors: None,
            drawn: self.drawing.clone(),
            acted: None,
        };
        self.modals.entry(user.to_owned()).or_default().push(view);
        self.views_changed();
        Ok(json)
    }

    /// Puts a new view in the place of an old one. What was entered stays where `block_id` and
    /// `action_id` stay the same.
    pub(crate) fn replace(&mut self, old: &View, view: &Value) -> Value {
        let root = old.json["root_view_id"].as_str();
        let previous = old.json["previous_view_id"].as_str();
        let json = self.build(view, Some(old), root, previous);
        let drawn = self.drawing.clone();
        if let Some(place) = self.view_mut(&old.id) {
            place.json = json.clone();
            place.errors = None;
            place.drawn = drawn;
        }
        self.views_changed();
        json
    }

    fn build(
        &mut self,
        view: &Value,
        old: Option<&View>,
        root: Option<&str>,
        previous: Option<&str>,
    ) -> Value {
        let mut json = view.clone();
        let id = match old {
            Some(old) => old.id.clone(),
            None => format!("V0{:06}", self.fresh()),
        };
        normalise(&mut json["blocks"], || self.fresh());
        for key in ["title", "submit", "close"] {
            if let Some(text) = json.get_mut(key) {
                flag_texts(text);
            }
        }
        let empty = Value::Null;
        let kept = old.map_or(&empty, |o| &o.json["state"]["values"]);
        let values = state_values(&json["blocks"], kept);
        json["state"] = json!({ "values": values });
        json["hash"] = json!(format!(
            "{}.{:08x}",
            self.clock.now() / SECOND,
            rand::random::<u32>()
        ));
        json["root_view_id"] = json!(root.unwrap_or(&id));
        json["previous_view_id"] = json!(previous);
        json["team_id"] = json!(self.team_id);
        json["app_id"] = json!(APP_ID);
        json["app_installed_team_id"] = json!(self.team_id);
        json["bot_id"] = json!(BOT_ID);
        json["id"] = json!(id);
        for (key, value) in [
            ("private_metadata", json!("")),
            ("callback_id", json!("")),
            ("external_id", json!("")),
            ("clear_on_close", json!(false)),
            ("notify_on_close", json!(false)),
            (
                "title",
                json!({ "type": "plain_text", "text": "View Title", "emoji": true }),
            ),
            ("close", Value::Null),
            ("submit", Value::Null),
        ] {
            if json.get(key).is_none() {
                json[key] = value;
            }
        }
        json
    }

    /// Does what the app answered to a submission.
    pub(crate) fn after_submission(
        &mut self,
        user: &str,
        view: &View,
        said: &Value,
    ) -> Result<Submission, Complaint> {
        let stack = self.modals.entry(user.to_owned()).or_default();
        let at = stack.iter().position(|v| v.id == view.id);
        match said["response_action"].as_str() {
            None => {
                if said.as_object().is_some_and(|f| !f.is_empty()) {
                    self.breach(format!(
                        "a submission's ack that says nothing known: {said}"
                    ));
                }
                let stack = self.modals.entry(user.to_owned()).or_default();
                if let Some(at) = at {
                    stack.truncate(at);
                }
                self.views_changed();
                Ok(Submission::Closed)
            }
            Some("clear") => {
                stack.clear();
                self.views_changed();
                Ok(Submission::Closed)
            }
            Some("errors") => {
                let mut errors = BTreeMap::new();
                for (block, text) in said["errors"].as_object().into_iter().flatten() {
                    errors.insert(block.clone(), text.as_str().unwrap_or_default().to_owned());
                }
                let blocks = view.json["blocks"].as_array().into_iter().flatten();
                let inputs: Vec<&str> = blocks
                    .filter(|b| b["type"] == "input")
                    .filter_map(|b| b["block_id"].as_str())
                    .collect();
                for block in errors.keys().filter(|b| !inputs.contains(&b.as_str())) {
                    self.breach(format!("an error for {block}, which is no input block"));
                }
                if errors.is_empty() {
                    self.breach("response_action errors without errors");
                }
                if let Some(place) = self.view_mut(&view.id) {
                    place.errors = Some(json!(errors));
                }
                self.views_changed();
                Ok(Submission::Errors(errors))
            }
            Some("update") => {
                let new = self.checked_answer(&said["view"])?;
                self.replace(view, &new);
                Ok(Submission::Updated)
            }
            Some("push") => {
                let new = self.checked_answer(&said["view"])?;
                self.push(user, &new).map_err(|_| Complaint::BadAnswer)?;
                Ok(Submission::Pushed)
            }
            Some(other) => {
                self.breach(format!("unknown response_action {other}"));
                Err(Complaint::BadAnswer)
            }
        }
    }

    fn checked_answer(&mut self, view: &Value) -> Result<Value, Complaint> {
        self.checked_view("response_action", view, "modal")
            .map_err(|_| Complaint::BadAnswer)
    }
}

fn id_of(view: &Value) -> String {
    view["id"].as_str().unwrap_or_default().to_owned()
}

fn check_hash(args: &Value, old: &View) -> Result<(), ApiError> {
    match args.get("hash") {
        Some(hash) if *hash != old.json["hash"] => Err("hash_conflict".into()),
        _ => Ok(()),
    }
}

/// Slack's own checks before a submission goes out: what is required, and how long it may be. Sentences
/// by block id.
pub(crate) fn check_inputs(blocks: &Value, values: &Value) -> BTreeMap<String, String> {
    let mut errors = BTreeMap::new();
    for block in blocks
        .as_array()
        .into_iter()
        .flatten()
        .filter(|b| b["type"] == "input")
    {
        let element = &block["element"];
        let id = block["block_id"].as_str().unwrap_or_default();
        let entry = &values[id][element["action_id"].as_str().unwrap_or_default()];
        if is_blank(entry) {
            if block["optional"] != json!(true) {
                errors.insert(
                    id.to_owned(),
                    "Please complete this required field.".to_owned(),
                );
            }
            continue;
        }
        let Some(text) = entry["value"].as_str() else {
            continue;
        };
        let length = u64::try_from(units(text)).unwrap_or(u64::MAX);
        let least = element["min_length"].as_u64().unwrap_or(0);
        let most = element["max_length"].as_u64().unwrap_or(3000);
        let kind = element["type"].as_str().unwrap_or_default();
        let fault = if length < least {
            Some(format!("Please enter at least {least} characters."))
        } else if kind == "plain_text_input" && length > most {
            Some(format!("Please enter at most {most} characters."))
        } else if kind == "email_text_input" && !text.contains('@') {
            Some("Please enter a valid email address.".to_owned())
        } else if kind == "url_text_input" && url::Url::parse(text).is_err() {
            Some("Please enter a valid URL.".to_owned())
        } else if kind == "number_input" && text.parse::<f64>().is_err() {
            Some("Please enter a valid number.".to_owned())
        } else {
            None
        };
        if let Some(fault) = fault {
            errors.insert(id.to_owned(), fault);
        }
    }
    errors
}

/// Whether given `state.values` name an input that the view does not have, or of another type.
pub(crate) fn stray_input(blocks: &Value, given: &Value) -> Option<String> {
    let known = state_values(blocks, &Value::Null);
    for (block, actions) in given.as_object().into_iter().flatten() {
        for (action, entry) in actions.as_object().into_iter().flatten() {
            let Some(kind) = known[block][action]["type"].as_str() else {
                return Some(format!("{block}/{action}"));
            };
            let key = slot(kind).map_or("value", |(key, _, _)| key);
            let Some(value) = entry.get(key) else {
                return Some(format!("{block}/{action} ({kind} wants {key})"));
            };
            if kind.ends_with("picker") && !value.is_null() && !is_moment(kind, value) {
                return Some(format!("{block}/{action} ({kind} cannot hold {value})"));
            }
        }
    }
    None
}
