//! Slack's limits on blocks and views, each broken one named with a JSON pointer.
//!
//! Not in here: what blocks look like to a person (`render`). Lengths are UTF-16 units of the escaped
//! string, as Slack's clients count.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::block_elements::element;

/// Where blocks are shown; some are allowed in one place only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A message or an ephemeral: at most 50 blocks.
    Message,
    /// A modal: at most 100 blocks.
    Modal,
    /// The Home tab: at most 100 blocks.
    Home,
}

/// The text of all blocks of a message together, in UTF-16 units (observed, not documented).
pub const MESSAGE_TEXT_BUDGET: usize = 12_000;

/// Checks the `blocks` of a message; an empty list means that all is well. Each entry ends with the
/// pointer to the culprit, as Slack's own `response_metadata.messages` do.
#[must_use]
pub fn check_blocks(blocks: &Value, surface: Surface) -> Vec<String> {
    let mut check = Check::new(surface);
    check.blocks(blocks, "/blocks");
    check.finish()
}

/// Checks a view (modal or Home tab) as given to `views.*` or to a `response_action`.
#[must_use]
pub fn check_view(view: &Value) -> Vec<String> {
    let surface = if view["type"] == "home" {
        Surface::Home
    } else {
        Surface::Modal
    };
    let mut check = Check::new(surface);
    let Some(object) = view.as_object() else {
        check.fault("/view", "must provide an object");
        return check.finish();
    };
    match view["type"].as_str() {
        Some("modal") => {
            check.keys(
                object,
                "/view",
                &["type", "title", "blocks"],
                &[
                    "close",
                    "submit",
                    "private_metadata",
                    "callback_id",
                    "clear_on_close",
                    "notify_on_close",
                    "external_id",
                    "submit_disabled",
                ],
            );
            for key in ["title", "submit", "close"] {
                check.text(object, key, "/view", Mark::Plain, 24);
            }
            let has_input = view["blocks"]
                .as_array()
                .is_some_and(|b| b.iter().any(|b| b["type"] == "input"));
            if has_input && view["submit"].is_null() {
                check.fault(
                    "/view/submit",
                    "a modal with input blocks must have a submit button",
                );
            }
        }
        Some("home") => check.keys(
            object,
            "/view",
            &["type", "blocks"],
            &["private_metadata", "callback_id", "external_id"],
        ),
        _ => check.fault("/view/type", "must be modal or home"),
    }
    check.string(object, "private_metadata", "/view", 0, 3000);
    check.string(object, "callback_id", "/view", 0, 255);
    check.string(object, "external_id", "/view", 0, 255);
    if let Some(blocks) = object.get("blocks") {
        check.blocks(blocks, "/view/blocks");
    }
    check.finish()
}

/// A string's length as Slack counts it.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// What markup a text object may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Plain,
    Any,
}

/// A walk over one payload, collecting what is wrong with it.
pub(crate) struct Check {
    pub(crate) surface: Surface,
    faults: Vec<String>,
    block_ids: HashSet<String>,
    action_ids: HashSet<String>,
    text_total: usize,
    markdown_total: usize,
    tables: usize,
}

impl Check {
    fn new(surface: Surface) -> Self {
        Self {
            surface,
            faults: Vec::new(),
            block_ids: HashSet::new(),
            action_ids: HashSet::new(),
            text_total: 0,
            markdown_total: 0,
            tables: 0,
        }
    }

    fn finish(mut self) -> Vec<String> {
        if self.surface == Surface::Message && self.text_total > MESSAGE_TEXT_BUDGET {
            let total = self.text_total;
            self.fault(
                "/blocks",
                &format!(
                    "msg_blocks_too_long: {total} characters of text, {MESSAGE_TEXT_BUDGET} allowed"
                ),
            );
        }
        if self.markdown_total > 12_000 {
            self.fault(
                "/blocks",
                "markdown blocks may hold 12000 characters together",
            );
        }
        if self.tables > 1 {
            self.fault("/blocks", "only_one_table_allowed");
        }
        self.faults
    }

    pub(crate) fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("{what} [json-pointer:{at}]"));
    }

    /// Required keys present, no keys beyond these. `type`, `block_id` and `action_id` are always known.
    pub(crate) fn keys(
        &mut self,
        object: &Map<String, Value>,
        at: &str,
        required: &[&str],
        optional: &[&str],
    ) {
        for key in required {
            if object.get(*key).is_none_or(Value::is_null) {
                self.fault(at, &format!("missing required field: {key}"));
            }
        }
        for key in object.keys() {
            let key = key.as_str();
            if !required.contains(&key) && !optional.contains(&key) && key != "type" {
                self.fault(
                    &format!("{at}/{key}"),
                    &format!("invalid additional property: {key}"),
                );
            }
        }
    }

    /// A string between `min` and `max` units, when present.
    pub(crate) fn string(
        &mut self,
        object: &Map<String, Value>,
        key: &str,
        at: &str,
        min: usize,
        max: usize,
    ) {
        match object.get(key) {
            None | Some(Value::Null) => {}
            Some(Value::String(s)) => self.length(s, &format!("{at}/{key}"), min, max),
            Some(_) => self.fault(&format!("{at}/{key}"), "must be a string"),
        }
    }

    pub(crate) fn length(&mut self, text: &str, at: &str, min: usize, max: usize) {
        let length = units(text);
        if length < min {
            self.fault(at, &format!("must be more than {} characters", min - 1));
        }
        if length > max {
            self.fault(at, &format!("must be less than {} characters", max + 1));
        }
    }

    /// A text object of 1 to `max` units, when present.
    pub(crate) fn text(
        &mut self,
        object: &Map<String, Value>,
        key: &str,
        at: &str,
        mark: Mark,
        max: usize,
    ) {
        if let Some(text) = object.get(key).filter(|t| !t.is_null()) {
            self.text_object(text, &format!("{at}/{key}"), mark, max);
        }
    }

    pub(crate) fn text_object(&mut self, text: &Value, at: &str, mark: Mark, max: usize) {
        let Some(object) = text.as_object() else {
            return self.fault(at, "must provide a text object");
        };
        match text["type"].as_str() {
            Some("plain_text") => self.keys(object, at, &["text"], &["emoji"]),
            Some("mrkdwn") if mark == Mark::Any => {
                self.keys(object, at, &["text"], &["verbatim"]);
            }
            Some("mrkdwn") => self.fault(at, "must be a plain_text object"),
            _ => self.fault(at, "unsupported type of text object"),
        }
        self.string(object, "text", at, 1, max);
        self.text_total += text["text"].as_str().map_or(0, units);
    }

    /// A list of `min` to `max` items, when present.
    pub(crate) fn list<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        key: &str,
        at: &str,
        min: usize,
        max: usize,
    ) -> &'a [Value] {
        match object.get(key) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => {
                if items.len() < min {
                    self.fault(
                        &format!("{at}/{key}"),
                        &format!("no fewer than {min} items allowed"),
                    );
                }
                if items.len() > max {
                    self.fault(
                        &format!("{at}/{key}"),
                        &format!("no more than {max} items allowed"),
                    );
                }
                items
            }
            Some(_) => {
                self.fault(&format!("{at}/{key}"), "must be an array");
                &[]
            }
        }
    }

    /// An `action_id`: at most 255 units, and once in a message or view.
    pub(crate) fn action_id(&mut self, object: &Map<String, Value>, at: &str) {
        self.string(object, "action_id", at, 1, 255);
        if let Some(id) = object.get("action_id").and_then(Value::as_str)
            && !self.action_ids.insert(id.to_owned())
        {
            self.fault(
                &format!("{at}/action_id"),
                &format!("duplicate action_id: {id}"),
            );
        }
    }

    fn blocks(&mut self, blocks: &Value, at: &str) {
        let Some(blocks) = blocks.as_array() else {
            return self.fault(at, "must provide an array of blocks");
        };
        let max = if self.surface == Surface::Message {
            50
        } else {
            100
        };
        if blocks.len() > max {
            self.fault(at, &format!("no more than {max} items allowed"));
        }
        for (n, block) in blocks.iter().enumerate() {
            self.block(block, &format!("{at}/{n}"));
        }
    }

    fn block(&mut self, block: &Value, at: &str) {
        let Some(object) = block.as_object() else {
            return self.fault(at, "must provide an object");
        };
        self.string(object, "block_id", at, 1, 255);
        if let Some(id) = object.get("block_id").and_then(Value::as_str)
            && !self.block_ids.insert(id.to_owned())
        {
            self.fault(
                &format!("{at}/block_id"),
                &format!("duplicate block_id: {id}"),
            );
        }
        match block["type"].as_str().unwrap_or_default() {
            "section" => self.section(object, at),
            "divider" => self.keys(object, at, &[], &["block_id"]),
            "header" => {
                self.keys(object, at, &["text"], &["block_id"]);
                self.text(object, "text", at, Mark::Plain, 150);
            }
            "context" => self.context(object, at),
            "actions" => {
                self.keys(object, at, &["elements"], &["block_id"]);
                for (n, item) in self.list(object, "elements", at, 1, 25).iter().enumerate() {
                    element(self, item, &format!("{at}/elements/{n}"), "actions");
                }
            }
            "context_actions" => {
                self.keys(object, at, &["elements"], &["block_id"]);
                self.only(Surface::Message, at);
                for (n, item) in self.list(object, "elements", at, 1, 5).iter().enumerate() {
                    element(self, item, &format!("{at}/elements/{n}"), "context_actions");
                }
            }
            "image" => self.image(object, at, &["block_id", "title"]),
            "input" => self.input(object, at),
            "rich_text" => {
                self.keys(object, at, &["elements"], &["block_id"]);
                for (n, item) in self
                    .list(object, "elements", at, 1, 1000)
                    .iter()
                    .enumerate()
                {
                    self.rich(item, &format!("{at}/elements/{n}"));
                }
            }
            "markdown" => {
                self.keys(object, at, &["text"], &["block_id"]);
                self.only(Surface::Message, at);
                self.string(object, "text", at, 1, 12_000);
                self.markdown_total += block["text"].as_str().map_or(0, units);
            }
            "table" => self.table(object, at),
            "alert" => {
                self.keys(object, at, &["text"], &["block_id", "level"]);
                self.only(Surface::Modal, at);
                self.text(object, "text", at, Mark::Any, 3000);
            }
            other => self.fault(at, &format!("unsupported type: {other}")),
        }
    }

    fn only(&mut self, surface: Surface, at: &str) {
        if self.surface != surface {
            self.fault(at, &format!("this block is allowed in a {surface:?} only"));
        }
    }

    fn section(&mut self, object: &Map<String, Value>, at: &str) {
        self.keys(
            object,
            at,
            &[],
            &["block_id", "text", "fields", "accessory", "expand"],
        );
        if !object.contains_key("text") && !object.contains_key("fields") {
            self.fault(at, "missing required field: text or fields");
        }
        self.text(object, "text", at, Mark::Any, 3000);
        for (n, field) in self.list(object, "fields", at, 1, 10).iter().enumerate() {
            self.text_object(field, &format!("{at}/fields/{n}"), Mark::Any, 2000);
        }
        if let Some(accessory) = object.get("accessory") {
            element(self, accessory, &format!("{at}/accessory"), "section");
        }
    }

    fn context(&mut self, object: &Map<String, Value>, at: &str) {
        self.keys(object, at, &["elements"], &["block_id"]);
        for (n, item) in self.list(object, "elements", at, 1, 10).iter().enumerate() {
            let at = format!("{at}/elements/{n}");
            match item.as_object() {
                Some(image) if item["type"] == "image" => self.image(image, &at, &[]),
                _ => self.text_object(item, &at, Mark::Any, 3000),
            }
        }
    }

    pub(crate) fn image(&mut self, object: &Map<String, Value>, at: &str, more: &[&str]) {
        let mut optional = vec!["image_url", "slack_file"];
        optional.extend(more);
        self.keys(object, at, &["alt_text"], &optional);
        self.string(object, "alt_text", at, 1, 2000);
        self.string(object, "image_url", at, 1, 3000);
        self.text(object, "title", at, Mark::Plain, 2000);
    }

    fn input(&mut self, object: &Map<String, Value>, at: &str) {
        if self.surface == Surface::Message {
            self.fault(at, "this block is not allowed in a message");
        }
        self.keys(
            object,
            at,
            &["label", "element"],
            &["block_id", "hint", "optional", "dispatch_action"],
        );
        self.text(object, "label", at, Mark::Plain, 2000);
        self.text(object, "hint", at, Mark::Plain, 2000);
        if let Some(inner) = object.get("element") {
            element(self, inner, &format!("{at}/element"), "input");
        }
    }

    fn table(&mut self, object: &Map<String, Value>, at: &str) {
        self.keys(object, at, &["rows"], &["block_id", "column_settings"]);
        self.only(Surface::Message, at);
        self.tables += 1;
        self.list(object, "column_settings", at, 0, 20);
        for (n, row) in self.list(object, "rows", at, 1, 100).iter().enumerate() {
            let at = format!("{at}/rows/{n}");
            let Some(cells) = row.as_array() else {
                self.fault(&at, "must be an array");
                continue;
            };
            if cells.len() > 20 {
                self.fault(&at, "no more than 20 items allowed");
            }
            for (n, cell) in cells.iter().enumerate() {
                let at = format!("{at}/{n}");
                match cell["type"].as_str() {
                    Some("raw_text" | "raw_number") => {
                        self.text_total += cell["text"].as_str().map_or(0, units);
                    }
                    Some("rich_text") => {
                        for (n, item) in cell["elements"]
                            .as_array()
                            .into_iter()
                            .flatten()
                            .enumerate()
                        {
                            self.rich(item, &format!("{at}/elements/{n}"));
                        }
                    }
                    _ => self.fault(&at, "unsupported type of cell"),
                }
            }
        }
    }

    /// A part of a rich text: a section, list, quote or preformatted part, or a leaf of one.
    fn rich(&mut self, item: &Value, at: &str) {
        let Some(object) = item.as_object() else {
            return self.fault(at, "must provide an object");
        };
        match item["type"].as_str().unwrap_or_default() {
            "rich_text_section" | "rich_text_quote" | "rich_text_preformatted" => {
                self.keys(object, at, &["elements"], &["border", "language"]);
            }
            "rich_text_list" => {
                self.keys(
                    object,
                    at,
                    &["elements", "style"],
                    &["indent", "offset", "border"],
                );
                if !matches!(item["style"].as_str(), Some("bullet" | "ordered")) {
                    self.fault(&format!("{at}/style"), "must be bullet or ordered");
                }
            }
            "text" => {
                self.keys(object, at, &["text"], &["style"]);
                self.string(object, "text", at, 1, 12_000);
                self.text_total += item["text"].as_str().map_or(0, units);
            }
            "link" => {
                self.keys(object, at, &["url"], &["text", "unsafe", "style"]);
                self.text_total += item["text"].as_str().map_or(0, units);
            }
            "user" => self.keys(object, at, &["user_id"], &["style"]),
            "channel" => self.keys(object, at, &["channel_id"], &["style"]),
            "usergroup" => self.keys(object, at, &["usergroup_id"], &["style"]),
            "team" => self.keys(object, at, &["team_id"], &["style"]),
            "emoji" => self.keys(object, at, &["name"], &["unicode", "skin_tone", "style"]),
            "broadcast" => self.keys(object, at, &["range"], &["style"]),
            "date" => self.keys(
                object,
                at,
                &["timestamp", "format"],
                &["url", "fallback", "style"],
            ),
            "color" => self.keys(object, at, &["value"], &["style"]),
            other => return self.fault(at, &format!("unsupported type: {other}")),
        }
        for (n, inner) in item["elements"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            self.rich(inner, &format!("{at}/elements/{n}"));
        }
    }
}

#[cfg(test)]
#[path = "block_kit_tests.rs"]
mod tests;
