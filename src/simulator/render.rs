//! Blocks as the plain text that a person reads.
//!
//! Not in here: which messages they see (`seen`). Marks such as `*bold*` and backticks stay as written;
//! style and emoji names too.

use serde_json::Value;

use super::world::World;

impl World {
    /// A message's or view's blocks, one line or more each.
    pub(crate) fn render_blocks(&self, blocks: &Value) -> String {
        let parts: Vec<String> = blocks
            .as_array()
            .into_iter()
            .flatten()
            .map(|b| self.render_block(b))
            .collect();
        parts.join("\n")
    }

    fn render_block(&self, block: &Value) -> String {
        match block["type"].as_str().unwrap_or_default() {
            "section" => {
                let mut parts = Vec::new();
                if block["text"].is_object() {
                    parts.push(self.render_text(&block["text"]));
                }
                for field in block["fields"].as_array().into_iter().flatten() {
                    parts.push(self.render_text(field));
                }
                if block["accessory"].is_object() {
                    parts.push(self.render_element(&block["accessory"]));
                }
                parts.join("\n")
            }
            "header" | "alert" => self.render_text(&block["text"]),
            "divider" => "---".to_owned(),
            "context" => self.join(&block["elements"], " ", |e| match e["type"].as_str() {
                Some("image") => alt(e),
                _ => self.render_text(e),
            }),
            "actions" | "context_actions" => {
                self.join(&block["elements"], " ", |e| self.render_element(e))
            }
            "image" => alt(block),
            "input" => {
                let label = self.render_text(&block["label"]);
                let optional = if block["optional"] == true {
                    " (optional)"
                } else {
                    ""
                };
                let mut out = format!(
                    "{label}{optional}: {}",
                    self.render_element(&block["element"])
                );
                if block["hint"].is_object() {
                    out.push('\n');
                    out.push_str(&self.render_text(&block["hint"]));
                }
                out
            }
            "rich_text" => self.join(&block["elements"], "\n", |e| self.render_rich(e)),
            "markdown" => block["text"].as_str().unwrap_or_default().to_owned(),
            "table" => {
                let rows = block["rows"].as_array().into_iter().flatten();
                let rows: Vec<String> = rows
                    .map(|row| {
                        self.join(row, " | ", |cell| match cell["type"].as_str() {
                            Some("rich_text") => {
                                self.join(&cell["elements"], " ", |e| self.render_rich(e))
                            }
                            _ => cell["text"].as_str().unwrap_or_default().to_owned(),
                        })
                    })
                    .collect();
                rows.join("\n")
            }
            _ => String::new(),
        }
    }

    fn join(&self, items: &Value, with: &str, render: impl Fn(&Value) -> String) -> String {
        let parts: Vec<String> = items.as_array().into_iter().flatten().map(render).collect();
        parts.join(with)
    }

    /// A text object: plain text as it is, mrkdwn with its tokens read out.
    pub(crate) fn render_text(&self, text: &Value) -> String {
        let content = text["text"].as_str().unwrap_or_default();
        if text["type"] == "mrkdwn" {
            self.render_mrkdwn(content)
        } else {
            content.to_owned()
        }
    }

    /// Text with Slack's tokens: people, channels, groups, dates and links as they are shown, and the
    /// three escaped signs.
    pub(crate) fn render_mrkdwn(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find('<') {
            out.push_str(&unescape(&rest[..start]));
            let after = &rest[start + 1..];
            let Some(end) = after.find('>') else {
                rest = &rest[start..];
                break;
            };
            out.push_str(&self.render_token(&after[..end]));
            rest = &after[end + 1..];
        }
        out.push_str(&unescape(rest));
        out
    }

    fn render_token(&self, token: &str) -> String {
        let (head, label) = match token.split_once('|') {
            Some((head, label)) => (head, Some(label)),
            None => (token, None),
        };
        if let Some(user) = head.strip_prefix('@') {
            return self.at_name(user);
        }
        if let Some(channel) = head.strip_prefix('#') {
            return self.hash_name(channel);
        }
        if let Some(group) = head.strip_prefix("!subteam^") {
            return self.group_name(group);
        }
        if let Some(date) = head.strip_prefix("!date^") {
            let mut parts = date.splitn(3, '^');
            let unix = parts.next().and_then(|n| n.parse::<i64>().ok());
            let format = parts.next();
            return match (unix, format) {
                (Some(unix), Some(format)) => render_date(unix, format),
                _ => unescape(label.unwrap_or_default()),
            };
        }
        if let Some(range) = head.strip_prefix('!') {
            return format!("@{range}");
        }
        unescape(label.unwrap_or(head))
    }

    fn at_name(&self, user: &str) -> String {
        let name = self
            .people
            .iter()
            .find(|p| p.id == user)
            .map(|p| p.name.as_str());
        format!("@{}", name.unwrap_or(user))
    }

    fn hash_name(&self, channel: &str) -> String {
        let known = self
            .channels
            .iter()
            .find(|c| c.id == channel)
            .map(|c| c.name.as_str());
        format!("#{}", known.unwrap_or(channel))
    }

    fn group_name(&self, group: &str) -> String {
        let known = self
            .groups
            .iter()
            .find(|g| g.id == group)
            .map(|g| g.handle.as_str());
        format!("@{}", known.unwrap_or(group))
    }

    fn render_element(&self, element: &Value) -> String {
        match element["type"].as_str().unwrap_or_default() {
            "button" | "icon_button" => format!("[{}]", self.render_text(&element["text"])),
            "image" => alt(element),
            "checkboxes" | "radio_buttons" => {
                let several = element["initial_options"].as_array().into_iter().flatten();
                let chosen: Vec<&Value> = several
                    .chain(element.get("initial_option"))
                    .map(|o| &o["value"])
                    .collect();
                self.join(&element["options"], " ", |o| {
                    let mark = if chosen.contains(&&o["value"]) {
                        "(x)"
                    } else {
                        "( )"
                    };
                    format!("{mark} {}", self.render_text(&o["text"]))
                })
            }
            "overflow" => format!(
                "[...: {}]",
                self.join(&element["options"], ", ", |o| self.render_text(&o["text"]))
            ),
            "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
                let value = element["initial_value"].as_str().unwrap_or_default();
                format!("[{value}]")
            }
            _ => {
                let chosen = self.render_chosen(element);
                let shown = if chosen.is_empty() {
                    self.render_text(&element["placeholder"])
                } else {
                    chosen.join(", ")
                };
                format!("[{shown} v]")
            }
        }
    }

    /// What is chosen in a select or picker.
    fn render_chosen(&self, element: &Value) -> Vec<String> {
        let all = |one: &str, many: &str| -> Vec<Value> {
            let several = element[many].as_array().into_iter().flatten();
            element
                .get(one)
                .into_iter()
                .chain(several)
                .filter(|v| !v.is_null())
                .cloned()
                .collect()
        };
        let string = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let mut out: Vec<String> = Vec::new();
        for option in all("initial_option", "initial_options") {
            out.push(self.render_text(&option["text"]));
        }
        for user in all("initial_user", "initial_users") {
            out.push(self.at_name(&string(&user)));
        }
        for channel in all("initial_channel", "initial_channels") {
            out.push(self.hash_name(&string(&channel)));
        }
        for channel in all("initial_conversation", "initial_conversations") {
            out.push(self.hash_name(&string(&channel)));
        }
        for begin in ["initial_date", "initial_time"] {
            out.extend(element[begin].as_str().map(str::to_owned));
        }
        if let Some(unix) = element["initial_date_time"].as_i64() {
            out.push(render_date(unix, "{date_num} {time}"));
        }
        out
    }

    fn render_rich(&self, item: &Value) -> String {
        let str = |key: &str| item[key].as_str().unwrap_or_default();
        let inner = |with: &str| self.join(&item["elements"], with, |e| self.render_rich(e));
        match str("type") {
            "rich_text_list" => {
                let ordered = item["style"] == "ordered";
                let items = item["elements"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .enumerate();
                let indent = usize::try_from(item["indent"].as_u64().unwrap_or(0)).unwrap_or(0);
                let lines: Vec<String> = items
                    .map(|(n, e)| {
                        let mark = if ordered {
                            format!("{}.", n + 1)
                        } else {
                            "•".to_owned()
                        };
                        format!("{}{mark} {}", "  ".repeat(indent), self.render_rich(e))
                    })
                    .collect();
                lines.join("\n")
            }
            "text" => str("text").to_owned(),
            "link" if item["text"].is_string() => str("text").to_owned(),
            "link" => str("url").to_owned(),
            "user" => self.at_name(str("user_id")),
            "channel" => self.hash_name(str("channel_id")),
            "usergroup" => self.group_name(str("usergroup_id")),
            "broadcast" => format!("@{}", str("range")),
            "emoji" => format!(":{}:", str("name")),
            "date" => item["timestamp"]
                .as_i64()
                .map_or_else(String::new, |unix| render_date(unix, str("format"))),
            _ => inner(""),
        }
    }
}

fn alt(image: &Value) -> String {
    format!(
        "[image: {}]",
        image["alt_text"].as_str().unwrap_or_default()
    )
}

/// The three escaped signs, back as typed.
pub(crate) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// A date in UTC; Slack would use the device's time zone, and drop the year within six months.
fn render_date(unix: i64, format: &str) -> String {
    let Ok(at) = jiff::Timestamp::from_second(unix) else {
        return String::new();
    };
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let long = at.strftime("%A, %B %-d, %Y").to_string();
    let short = at.strftime("%b %-d, %Y").to_string();
    let date = at.strftime("%B %-d, %Y").to_string();
    let time = at.strftime("%H:%M").to_string();
    let seconds = at.strftime("%H:%M:%S").to_string();
    let number = at.strftime("%Y-%m-%d").to_string();
    format
        .replace("{date_num}", &number)
        .replace("{date_short_pretty}", &short)
        .replace("{date_long_pretty}", &long)
        .replace("{date_pretty}", &date)
        .replace("{date_short}", &short)
        .replace("{date_long}", &long)
        .replace("{date}", &date)
        .replace("{time_secs}", &seconds)
        .replace("{time}", &time)
        .replace("{ago}", &short)
}
