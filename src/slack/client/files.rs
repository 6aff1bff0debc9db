//! Files, by Slack's present way of sending them: a place is asked for, filled, and shared. What is in a file is decided elsewhere.

use super::{CallError, Client, Done, Unreached, connector};
use crate::telemetry::figures;
use futures_util::TryFutureExt as _;
use serde::Deserialize;
use serde_json::json;
use url::Url;

/// The longest description that a file takes with it, in characters: one more is `alt_txt_too_large`
/// (<https://docs.slack.dev/reference/methods/files.getUploadURLExternal>).
pub const FILE_ALT_TEXT: usize = 1000;

/// A file to send.
#[derive(Clone, Default)]
pub struct Upload {
    /// Its name.
    pub filename: String,
    /// Its kind, as `image/png`.
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What stands above it.
    pub title: String,
    /// What a picture shows, for those who do not see it: at most [`FILE_ALT_TEXT`].
    pub alt: String,
    /// What is said with it. Escaped by the caller.
    pub comment: String,
}

crate::slack::inbound::quiet_debug!(Upload);

#[derive(Deserialize)]
struct PlaceWire {
    upload_url: String,
    file_id: String,
}

#[derive(Deserialize)]
struct DirectWire {
    channel: ChannelIdWire,
}

#[derive(Deserialize)]
struct ChannelIdWire {
    id: String,
}

impl Client {
    /// The direct messages between the bot and a person (<https://docs.slack.dev/reference/methods/conversations.open>): files go to
    /// conversations only, not to people.
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn direct_messages(&self, user: &str) -> Result<String, CallError> {
        let body = json!({ "users": user });
        let wire: DirectWire = self.post("conversations.open", &body).await?;
        Ok(wire.channel.id)
    }

    /// Puts a file where Slack keeps it: asks for a place (<https://docs.slack.dev/reference/methods/files.getUploadURLExternal>) and fills it.
    /// Returns Slack's id of it. Nobody sees it, and Slack forgets it, until it is shared.
    ///
    /// # Errors
    ///
    /// As every call; [`Unreached::NotSlack`], and nothing sent, where the place is none of Slack's.
    pub async fn place_file(&self, file: &Upload) -> Result<String, CallError> {
        // As a form, which this method has taken from the beginning; in the body, since a description may be long and is nobody's business.
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("filename", &file.filename)
            .append_pair("length", &file.bytes.len().to_string())
            .append_pair("alt_txt", &file.alt)
            .finish();
        let place: PlaceWire = self.post_form("files.getUploadURLExternal", form).await?;
        let url = Url::parse(&place.upload_url)
            .ok()
            .filter(|url| self.is_slack(url))
            .ok_or(CallError::Unreachable(Unreached::NotSlack))?;
        let bytes = file.bytes.clone();
        let put = self.connector().put_bytes(url, &file.content_type, bytes);
        self.counted(figures::UPLOAD, put).await?;
        Ok(place.file_id)
    }

    /// Shares a file that was placed with a conversation (<https://docs.slack.dev/reference/methods/files.completeUploadExternal>).
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn share_file(
        &self,
        channel: &str,
        id: &str,
        file: &Upload,
    ) -> Result<(), CallError> {
        let share = json!({
            "files": [{ "id": id, "title": file.title }],
            "channel_id": channel,
            "initial_comment": file.comment,
        });
        let Done {} = self.post("files.completeUploadExternal", &share).await?;
        Ok(())
    }

    /// Takes a file of the bot's back; what was said with it may stay (<https://docs.slack.dev/reference/methods/files.delete>).
    ///
    /// # Errors
    ///
    /// As every call.
    pub async fn delete_file(&self, file: &str) -> Result<(), CallError> {
        let Done {} = self.post("files.delete", &json!({ "file": file })).await?;
        Ok(())
    }

    async fn post_form<RS: for<'de> Deserialize<'de> + Send>(
        &self,
        method: &str,
        form: String,
    ) -> Result<RS, CallError> {
        let base = self.connector().base();
        let url = base
            .join(method)
            .map_err(|_| CallError::Unreachable(Unreached::Unsendable))?;
        let kind = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
        let session = self.0.line.slack.open_session(self.bot()?);
        let api = &session.http_session_api;
        let call = api.http_post_uri_binary(url, kind, form.as_bytes(), None);
        self.counted(method, call.map_err(connector::unwrap)).await
    }
}
