//! What an app developer wants to see of a message, a modal or the Home tab: what the app sent, what
//! Slack keeps, what the last click sent. And the files of messages.
//!
//! Not in here: how people see them (`seen`).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::Micros;
use super::page::{As, refusal};
use super::world::{Drawn, World};
use super::{Complaint, Simulator};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(rename = "as")]
    user: String,
    channel: Option<String>,
    ts: Option<String>,
    view: Option<String>,
}

/// `GET /page/payload`: the parts, each with a title, a moment and its JSON.
pub(crate) async fn payload(
    State(sim): State<Simulator>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match sim.world().parts(&wanted) {
        Ok(parts) => Json(json!({ "parts": parts })).into_response(),
        Err(complaint) => refusal(complaint),
    }
}

impl World {
    fn parts(&self, wanted: &Wanted) -> Result<Vec<Value>, Complaint> {
        let user = self.who(&wanted.user)?;
        if let Some(id) = &wanted.view {
            let view = self.view(id).filter(|(of, _)| *of == user);
            let (_, view) = view.ok_or(Complaint::NoSuchView)?;
            return Ok(told(view.drawn.as_ref(), &view.json, view.acted.as_ref()));
        }
        let (channel, ts) = (wanted.channel.as_deref(), wanted.ts.as_deref());
        let (_, channel) = self.place(&user, channel.unwrap_or_default())?;
        let message = self.message(&channel, ts.unwrap_or_default());
        let message = message.filter(|m| m.is_for(&user));
        let message = message.ok_or(Complaint::NoSuchMessage)?;
        let kept = self.message_json(&channel, message);
        Ok(told(message.drawn.as_ref(), &kept, message.acted.as_ref()))
    }
}

fn told(drawn: Option<&Arc<Drawn>>, kept: &Value, acted: Option<&Arc<Value>>) -> Vec<Value> {
    let mut parts = Vec::new();
    if let Some(drawn) = drawn {
        parts.push(part("sent", &drawn.how, Some(drawn.at), &drawn.said));
    }
    parts.push(part("kept", "", None, kept));
    if let Some(acted) = acted {
        let kind = acted["type"].as_str().unwrap_or_default();
        parts.push(part("clicked", kind, None, acted));
    }
    parts
}

fn part(which: &str, how: &str, at: Option<Micros>, json: &Value) -> Value {
    json!({ "which": which, "how": how, "at": at.map(|at| at / 1000), "json": json })
}

/// `GET /page/file/F…`: what is in a file, for those who see it.
pub(crate) async fn file(
    State(sim): State<Simulator>,
    Path(id): Path<String>,
    Query(As { user }): Query<As>,
) -> Response {
    let world = sim.world();
    let found = world.who(&user).ok();
    let found = found.and_then(|user| world.file_for(&user, &id));
    let Some((file, bytes)) = found.and_then(|file| Some((file, file.bytes.clone()?))) else {
        return refusal("There is no such file before this person.");
    };
    let disposition = if file.is_picture() {
        "inline"
    } else {
        "attachment"
    };
    let headers = [
        (header::CONTENT_TYPE, file.mimetype()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    (headers, bytes.to_vec()).into_response()
}
