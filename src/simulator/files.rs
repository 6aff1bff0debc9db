//! Files, by Slack's present way of uploading them: ask for a URL, post the bytes, complete.
//!
//! Not in here: snippets, several channels at once, multipart uploads, and files of people.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Simulator;
use super::block_kit::units;
use super::misbehaviour::Fate;
use super::web_api::{Answer, ApiError, broken};
use super::workspace::BOT_USER;
use super::world::{Call, Message, World};

/// The largest upload that is taken here, in bytes. Slack's is a gigabyte.
pub(crate) const LARGEST: usize = 16_000_000;

/// Slack's limit of an `alt_txt`.
const LONGEST_ALT: usize = 1000;

/// What posts of bytes are called in [`Call`] and [`Misbehaviour`](super::Misbehaviour).
const UPLOAD: &str = "file_upload";

/// A file that was announced, uploaded, or shared.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub id: String,
    pub name: String,
    pub title: String,
    pub alt_text: String,
    length: usize,
    path: String,
    pub bytes: Option<Arc<[u8]>>,
    /// Completed: a person may see it.
    pub complete: bool,
    created: i64,
}

impl File {
    /// Its MIME type, by its name.
    pub(crate) fn mimetype(&self) -> &'static str {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending);
        match ending.unwrap_or_default().to_ascii_lowercase().as_str() {
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "pdf" => "application/pdf",
            "csv" => "text/csv",
            "txt" | "log" => "text/plain",
            "json" => "application/json",
            _ => "application/octet-stream",
        }
    }

    /// Whether Slack shows a picture in place of its name.
    pub(crate) fn is_picture(&self) -> bool {
        self.mimetype().starts_with("image/")
    }

    fn begins_as_named(&self, bytes: &[u8]) -> bool {
        match self.mimetype() {
            "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            "image/jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
            "image/gif" => bytes.starts_with(b"GIF8"),
            "application/pdf" => bytes.starts_with(b"%PDF-"),
            _ => true,
        }
    }

    /// The file as Slack puts it into messages and answers.
    pub(crate) fn json(&self, team: &str) -> Value {
        let (id, name) = (&self.id, &self.name);
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let url = format!("https://files.slack.com/files-pri/{team}-{id}/{name}");
        let mut json = json!({
            "id": id,
            "created": self.created,
            "timestamp": self.created,
            "name": name,
            "title": self.title,
            "mimetype": self.mimetype(),
            "filetype": ending,
            "pretty_type": ending.to_uppercase(),
            "user": BOT_USER,
            "user_team": team,
            "editable": false,
            "size": self.length,
            "mode": "hosted",
            "is_external": false,
            "is_public": false,
            "display_as_bot": false,
            "username": "",
            "url_private": url,
            "url_private_download": url,
            "permalink": format!("https://simulated.slack.com/files/{BOT_USER}/{id}/{name}"),
            "file_access": "visible",
        });
        if !self.alt_text.is_empty() {
            json["alt_txt"] = json!(self.alt_text);
        }
        json
    }
}

impl World {
    pub(crate) fn files_method(&mut self, method: &str, args: &Value, base: &str) -> Answer {
        match method {
            "files.getUploadURLExternal" => self.promise_upload(args, base),
            "files.completeUploadExternal" => self.complete_upload(args),
            "files.delete" => self.delete_file(args),
            _ => Err("unknown_method".into()),
        }
    }

    fn promise_upload(&mut self, args: &Value, base: &str) -> Answer {
        let name = args["filename"].as_str().unwrap_or_default().to_owned();
        let length = match &args["length"] {
            Value::Number(n) => n.as_u64(),
            Value::String(s) => s.parse().ok(),
            _ => None,
        };
        let length = length.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        if length == 0 {
            self.breach("files.getUploadURLExternal: length is not a number above 0");
            return Err("missing_argument".into());
        }
        if length > LARGEST {
            return Err("file_upload_size_restricted".into());
        }
        let alt_text = args["alt_txt"].as_str().unwrap_or_default().to_owned();
        if units(&alt_text) > LONGEST_ALT {
            self.breach(format!(
                "files.getUploadURLExternal: alt_txt over {LONGEST_ALT} characters"
            ));
            return Err("alt_txt_too_large".into());
        }
        let id = format!("F0{:08}", self.fresh());
        let path = format!("/upload/v1/{:032x}", rand::random::<u128>());
        let file = File {
            id: id.clone(),
            title: name.clone(),
            name,
            alt_text,
            length,
            path: path.clone(),
            bytes: None,
            complete: false,
            created: self.clock.now() / super::clock::SECOND,
        };
        if file.is_picture() && file.alt_text.is_empty() {
            self.breach("files.getUploadURLExternal: a picture without alt_txt");
        }
        self.files.push(file);
        Ok(json!({ "upload_url": format!("{base}{path}"), "file_id": id }))
    }

    /// Takes the bytes of a file; an error is a sentence, as Slack gives it there.
    fn take_bytes(&mut self, path: &str, bytes: &[u8], form: bool) -> Result<usize, &'static str> {
        let Some(at) = self.files.iter().position(|f| f.path == path) else {
            self.breach("bytes were posted to a URL that was never given");
            return Err("no such upload");
        };
        if form {
            self.breach("multipart uploads are not copied here: post the bytes themselves");
            return Err("not copied here");
        }
        let file = &self.files[at];
        if file.bytes.is_some() {
            return Err("already uploaded");
        }
        if file.length != bytes.len() {
            let (promised, got) = (file.length, bytes.len());
            self.breach(format!(
                "{got} bytes were uploaded where {promised} were promised"
            ));
            return Err("wrong length");
        }
        if !file.begins_as_named(bytes) {
            let name = file.name.clone();
            self.breach(format!("{name} is no file of that kind"));
        }
        self.files[at].bytes = Some(bytes.into());
        Ok(bytes.len())
    }

    fn complete_upload(&mut self, args: &Value) -> Answer {
        let what = "files.completeUploadExternal";
        let listed = args["files"].as_array().cloned().unwrap_or_default();
        if listed.is_empty() {
            self.breach(format!("{what}: files is no list of files"));
            return Err("invalid_arguments".into());
        }
        let mut places = Vec::new();
        for entry in &listed {
            let id = entry["id"].as_str().unwrap_or_default();
            let Some(at) = self.files.iter().position(|f| f.id == id) else {
                self.breach(format!("{what}: there is no file {id}"));
                return Err("file_not_found".into());
            };
            if self.files[at].bytes.is_none() {
                self.breach(format!("{what}: the bytes of {id} were never uploaded"));
                return Err("file_not_found".into());
            }
            if self.files[at].complete || places.contains(&at) {
                return Err("file_already_completed".into());
            }
            places.push(at);
        }
        let share = match args.get("channel_id") {
            None => None,
            Some(channel) => Some(self.place_to_share(what, channel, args)?),
        };
        for (at, entry) in places.iter().zip(&listed) {
            let file = &mut self.files[*at];
            file.complete = true;
            if let Some(title) = entry["title"].as_str().filter(|t| !t.is_empty()) {
                title.clone_into(&mut file.title);
            }
        }
        let files: Vec<String> = places.iter().map(|at| self.files[*at].id.clone()).collect();
        let told: Vec<Value> = places
            .iter()
            .map(|at| self.files[*at].json(&self.team_id))
            .collect();
        if let Some((channel, thread_ts)) = share {
            self.post(
                &channel,
                Message {
                    thread_ts,
                    user: BOT_USER.to_owned(),
                    text: args["initial_comment"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                    files,
                    ..Message::default()
                },
            );
        }
        Ok(json!({ "files": told }))
    }

    /// Takes a file away, and from every message it was shared with. What was said with it stays.
    fn delete_file(&mut self, args: &Value) -> Answer {
        let id = args["file"].as_str().unwrap_or_default().to_owned();
        let Some(at) = self.files.iter().position(|f| f.id == id && f.complete) else {
            return Err("file_not_found".into());
        };
        self.files.remove(at);
        let mut emptied = Vec::new();
        for (channel, messages) in &mut self.messages {
            for message in messages.iter_mut().filter(|m| m.files.contains(&id)) {
                message.files.retain(|file| *file != id);
                if message.files.is_empty() && message.text.is_empty() {
                    emptied.push((channel.clone(), message.ts.clone()));
                }
            }
        }
        for (channel, ts) in emptied {
            self.remove(&channel, &ts);
        }
        Ok(json!({}))
    }

    fn place_to_share(
        &mut self,
        what: &str,
        channel: &Value,
        args: &Value,
    ) -> Result<(String, Option<String>), ApiError> {
        let channel = channel.as_str().unwrap_or_default();
        if !channel.starts_with(['C', 'D', 'G', 'Z']) {
            self.breach(format!(
                "{what}: channel_id is {channel}, not the id of a conversation"
            ));
            let message = "[ERROR] input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$ [json-pointer:/channel_id]";
            return Err(ApiError {
                messages: vec![message.to_owned()],
                ..ApiError::from("invalid_arguments")
            });
        }
        let channel = self.postable(channel)?.id;
        let thread = self.thread(&channel, args)?;
        Ok((channel, thread))
    }

    /// A file that this person sees: it was shared where they are.
    pub(crate) fn file_for(&self, user: &str, id: &str) -> Option<&File> {
        let shown = self
            .channels
            .iter()
            .filter(|c| self.sees(user, c))
            .any(|c| {
                let messages = self.messages.get(&c.id).into_iter().flatten();
                messages
                    .filter(|m| m.is_for(user))
                    .any(|m| m.files.iter().any(|f| f == id))
            });
        self.files.iter().find(|f| f.id == id && shown)
    }
}

/// `POST /upload/v1/…`: no token, the URL itself is the permission.
pub(crate) async fn upload(
    State(sim): State<Simulator>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let kind = headers.get(header::CONTENT_TYPE);
    let form = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let fate = sim.world().misdeeds.fate(UPLOAD);
    let performs = matches!(
        fate,
        None | Some(Fate::LoseAnswer | Fate::CutShort { .. } | Fate::Hang { performs: true })
    );
    let taken = performs.then(|| sim.world().take_bytes(&path, &body, form));
    let (status, said) = match (&fate, &taken) {
        (Some(Fate::RateLimited(_)), _) => (StatusCode::TOO_MANY_REQUESTS, "slow down".to_owned()),
        (Some(Fate::ServerError), _) => (StatusCode::SERVICE_UNAVAILABLE, "later".to_owned()),
        (Some(Fate::Page(status)), _) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, "<!DOCTYPE html>".to_owned())
        }
        (Some(Fate::Refused(error)), _) => (StatusCode::BAD_REQUEST, error.clone()),
        (_, Some(Err(why))) => (StatusCode::BAD_REQUEST, (*why).to_owned()),
        (_, taken) => {
            let length = taken.as_ref().and_then(|t| t.as_ref().ok());
            let length = length.copied().unwrap_or_default();
            (StatusCode::OK, format!("OK - {length}"))
        }
    };
    let lost = matches!(
        fate,
        Some(Fate::Hang { .. } | Fate::LoseAnswer | Fate::CutShort { .. })
    );
    {
        let mut world = sim.world();
        let at = world.clock.now() / 1000;
        world.calls.push(Call {
            method: UPLOAD.to_owned(),
            args: json!({ "url": format!("{}{path}", sim.base()), "length": body.len() }),
            answer: json!(said),
            status: if lost { 0 } else { status.as_u16() },
            at,
        });
    }
    if matches!(fate, Some(Fate::Hang { .. })) {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
    if lost {
        return broken();
    }
    match fate {
        Some(Fate::RateLimited(Some(wait))) => {
            (status, [(header::RETRY_AFTER, wait.to_string())], said).into_response()
        }
        _ => (status, said).into_response(),
    }
}
