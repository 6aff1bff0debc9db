//! From a click to the payload it becomes: which control, what was chosen, and the state after it.
//!
//! Not in here: delivering it (`verbs`).

use std::sync::Arc;

use serde_json::{Value, json};

use super::block_elements::{all_options, is_moment};
use super::input_state::{Placed, elements, overlay, slot, state_values};
use super::world::World;
use super::{ActionValue, Complaint};

/// One click: on which control, as it was drawn, with what value, and what else stood in the inputs.
pub(crate) struct Click<'a> {
    pub block_id: &'a str,
    pub action_id: &'a str,
    pub drawn: Option<&'a Value>,
    pub value: &'a ActionValue,
    pub given: &'a Value,
}

impl World {
    pub(crate) fn act_on_message(
        &mut self,
        base: &str,
        user: &str,
        channel: &str,
        ts: &str,
        click: &Click<'_>,
    ) -> Result<Value, Complaint> {
        let (_, channel) = self.place(user, channel)?;
        let message = self.message(&channel, ts).filter(|m| m.is_for(user));
        let message = message.cloned().ok_or(Complaint::NoSuchMessage)?;
        let blocks = message.blocks.clone().unwrap_or(Value::Null);
        let action_ts = self.clock.stamp();
        let (action, mut values) = self.act(&blocks, &Value::Null, click, &action_ts)?;
        if values.is_null() {
            values = json!({});
        }
        let mut payload = self.message_action_payload(user, &channel, &message, &action, &values);
        payload["trigger_id"] = json!(self.new_trigger(user, None));
        let path = self.new_response_url(user, &channel, Some(ts.to_owned()));
        payload["response_url"] = json!(format!("{base}{path}"));
        if let Some(place) = self.message_mut(&channel, ts) {
            place.acted = Some(Arc::new(payload.clone()));
        }
        Ok(payload)
    }

    pub(crate) fn act_on_view(
        &mut self,
        user: &str,
        id: &str,
        click: &Click<'_>,
    ) -> Result<Value, Complaint> {
        let view = self
            .view(id)
            .filter(|(u, _)| *u == user)
            .map(|(_, v)| v.clone());
        let mut view = view.ok_or(Complaint::NoSuchView)?;
        let action_ts = self.clock.stamp();
        let kept = view.json["state"]["values"].clone();
        let blocks = view.json["blocks"].clone();
        let (action, values) = self.act(&blocks, &kept, click, &action_ts)?;
        view.json["state"] = json!({ "values": values });
        if let Some(place) = self.view_mut(id) {
            place.json = view.json.clone();
        }
        let mut payload = self.view_action_payload(user, &view, &action);
        payload["trigger_id"] = json!(self.new_trigger(user, Some(id.to_owned())));
        if let Some(place) = self.view_mut(id) {
            place.acted = Some(Arc::new(payload.clone()));
        }
        Ok(payload)
    }

    /// The entry of `actions`, and the `state.values` after the act.
    fn act(
        &self,
        blocks: &Value,
        kept: &Value,
        click: &Click<'_>,
        action_ts: &str,
    ) -> Result<(Value, Value), Complaint> {
        let Click {
            block_id,
            action_id,
            drawn,
            value,
            given,
        } = *click;
        let missing = || Complaint::NoSuchControl(format!("{block_id}/{action_id}"));
        let all = elements(blocks);
        let gone = json!({ "type": "actions", "block_id": block_id });
        let placed = all
            .iter()
            .find(|p| {
                p.action_id() == action_id && (block_id.is_empty() || p.block_id() == block_id)
            })
            .copied()
            .or(drawn.map(|element| Placed {
                block: &gone,
                element,
            }))
            .ok_or_else(missing)?;
        if placed.block["type"] == "input" && placed.block["dispatch_action"] != json!(true) {
            return Err(missing());
        }
        let mut action = json!({
            "type": placed.kind(),
            "action_id": placed.action_id(),
            "block_id": placed.block_id(),
            "action_ts": action_ts,
        });
        let mut kept = if kept.is_null() {
            json!({})
        } else {
            kept.clone()
        };
        overlay(&mut kept, given);
        if placed.kind() == "button" {
            for key in ["text", "value", "style"] {
                if let Some(field) = placed.element.get(key) {
                    action[key] = field.clone();
                }
            }
        } else {
            let chosen = self.chosen(&placed, value)?;
            for (key, field) in chosen.as_object().into_iter().flatten() {
                action[key] = field.clone();
            }
            if slot(placed.kind()).is_some() {
                let mut entry = chosen;
                entry["type"] = json!(placed.kind());
                let mut over = json!({});
                over[placed.block_id()] = json!({ placed.action_id(): entry });
                overlay(&mut kept, &over);
            }
        }
        Ok((action, state_values(blocks, &kept)))
    }

    /// What was chosen, in the form of the element: `{"selected_option": …}` and the like.
    fn chosen(&self, placed: &Placed<'_>, value: &ActionValue) -> Result<Value, Complaint> {
        let option = |wanted: &str| {
            all_options(placed.element)
                .find(|o| o["value"] == wanted || o["text"]["text"] == wanted)
                .cloned()
                .ok_or_else(|| Complaint::NoSuchControl(format!("option {wanted}")))
        };
        let key = slot(placed.kind()).map_or("selected_option", |(key, _, _)| key);
        let several = key.ends_with('s');
        let person = |who: &String| self.who(who);
        let channel = |which: &String| {
            let found = self.channel(which).map(|c| c.id.clone());
            found.ok_or_else(|| Complaint::NoSuchChannel(which.clone()))
        };
        let value = match value {
            ActionValue::Click => return Err(Complaint::NoSuchControl("a button".to_owned())),
            ActionValue::Raw(fields) => return Ok(fields.clone()),
            ActionValue::Option(wanted) if several => json!([option(wanted)?]),
            ActionValue::Option(wanted) => option(wanted)?,
            ActionValue::Options(wanted) => {
                json!(
                    wanted
                        .iter()
                        .map(|w| option(w))
                        .collect::<Result<Vec<_>, _>>()?
                )
            }
            ActionValue::Users(users) if several => {
                json!(users.iter().map(person).collect::<Result<Vec<_>, _>>()?)
            }
            ActionValue::Users(users) => json!(users.first().map(person).transpose()?),
            ActionValue::Channels(channels) if several => {
                json!(
                    channels
                        .iter()
                        .map(channel)
                        .collect::<Result<Vec<_>, _>>()?
                )
            }
            ActionValue::Channels(channels) => json!(channels.first().map(channel).transpose()?),
            ActionValue::Text(text) => json!(text),
            ActionValue::Moment(seconds) => json!(seconds),
        };
        if placed.kind().ends_with("picker") && !is_moment(placed.kind(), &value) {
            return Err(Complaint::NoSuchControl(format!(
                "{value} in a {}",
                placed.kind()
            )));
        }
        Ok(json!({ key: value }))
    }
}
