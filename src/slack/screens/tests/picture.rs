//! A screen as a person reads it, from the JSON that Slack gets.

use crate::slack::screens::Drawn;
use serde_json::Value;
use slack_morphism::prelude::*;

/// The blocks as text, a rule, and what is read aloud.
pub fn message(drawn: &Drawn) -> String {
    let blocks = serde_json::to_value(&drawn.blocks).expect("blocks are JSON");
    let spoken = drawn.text.replace('\u{2060}', "");
    format!("{}\n--- read aloud:\n{spoken}", blocks_as_text(&blocks))
}

pub fn modal(view: &SlackView) -> String {
    let view = serde_json::to_value(view).expect("a view is JSON");
    let buttons: Vec<String> = ["submit", "close"]
        .iter()
        .filter_map(|key| view[key]["text"].as_str())
        .map(|label| format!("[{label}]"))
        .collect();
    let carried = view["private_metadata"].as_str().unwrap_or_default();
    format!(
        "== {} == {} {carried}\n{}\n{}",
        text(&view["title"]),
        text(&view["callback_id"]),
        blocks_as_text(&view["blocks"]),
        buttons.join(" ")
    )
}

pub fn home(view: &SlackView) -> String {
    let view = serde_json::to_value(view).expect("a view is JSON");
    blocks_as_text(&view["blocks"])
}

pub fn blocks_as_text(blocks: &Value) -> String {
    items(blocks)
        .iter()
        .map(block)
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(object: &Value) -> String {
    object["text"]
        .as_str()
        .or(object.as_str())
        .unwrap_or_default()
        .replace('\u{2060}', "")
}

fn block(block: &Value) -> String {
    match block["type"].as_str().unwrap_or_default() {
        "header" => format!("# {}", text(&block["text"])),
        "section" if block.get("fields").is_some() => items(&block["fields"])
            .iter()
            .map(|field| format!("| {}", text(field).replace('\n', " / ")))
            .collect::<Vec<_>>()
            .join("\n"),
        "section" if block.get("accessory").is_some() => {
            format!("{}  {}", text(&block["text"]), element(&block["accessory"]))
        }
        "section" => text(&block["text"]),
        "divider" => "----".to_owned(),
        "context" => items(&block["elements"])
            .iter()
            .map(|line| format!("~ {}", text(line).replace('\n', "\n~ ")))
            .collect::<Vec<_>>()
            .join("\n"),
        "actions" => items(&block["elements"])
            .iter()
            .map(element)
            .collect::<Vec<_>>()
            .join(" "),
        "rich_text" => items(&block["elements"])
            .iter()
            .map(part)
            .collect::<Vec<_>>()
            .join("\n"),
        "input" => {
            let needed = if block["optional"] == true {
                ""
            } else {
                " (required)"
            };
            let hint = block["hint"]["text"]
                .as_str()
                .map(|hint| format!("\n   {hint}"))
                .unwrap_or_default();
            format!(
                "{}{needed}: {}{hint}",
                text(&block["label"]),
                element(&block["element"])
            )
        }
        other => format!("?? {other}"),
    }
}

fn element(element: &Value) -> String {
    let options = || -> Vec<String> {
        items(&element["options"])
            .iter()
            .map(|option| {
                let chosen = element["initial_option"] == *option;
                format!(
                    "{} {}",
                    if chosen { "(•)" } else { "( )" },
                    text(&option["text"])
                )
            })
            .collect()
    };
    match element["type"].as_str().unwrap_or_default() {
        "button" => {
            let style = if element["style"] == "primary" {
                "!"
            } else {
                ""
            };
            let confirm = element["confirm"]["text"]["text"]
                .as_str()
                .map(|words| format!(" ⟨{words}⟩"))
                .unwrap_or_default();
            format!("[{}{style}{confirm}]", text(&element["text"]))
        }
        "plain_text_input" => format!(
            "|{}|",
            element["initial_value"].as_str().unwrap_or_default()
        ),
        "radio_buttons" | "checkboxes" | "static_select" => options().join(" "),
        kind => {
            let chosen = [
                "initial_users",
                "initial_user",
                "initial_conversation",
                "initial_date",
                "initial_time",
            ]
            .iter()
            .find_map(|key| element.get(key));
            format!(
                "<{kind}{}>",
                chosen.map(|it| format!(" {it}")).unwrap_or_default()
            )
        }
    }
}

fn part(part: &Value) -> String {
    match part["type"].as_str().unwrap_or_default() {
        "rich_text_list" => items(&part["elements"])
            .iter()
            .map(|item| format!("  • {}", inline(item)))
            .collect::<Vec<_>>()
            .join("\n"),
        "rich_text_preformatted" => format!("```\n{}\n```", inline(part)),
        _ => inline(part),
    }
}

fn inline(part: &Value) -> String {
    items(&part["elements"])
        .iter()
        .map(
            |element| match element["type"].as_str().unwrap_or_default() {
                "user" => format!("@{}", element["user_id"].as_str().unwrap_or_default()),
                "channel" => format!("#{}", element["channel_id"].as_str().unwrap_or_default()),
                "date" => format!("‹{}›", element["fallback"].as_str().unwrap_or_default()),
                "link" => format!("[{}]({})", text(&element["text"]), text(&element["url"])),
                _ => {
                    let words = text(&element["text"]);
                    let style = &element["style"];
                    let marks = [("bold", "*"), ("code", "`"), ("strike", "~")];
                    marks
                        .iter()
                        .filter(|(name, _)| style[name] == true)
                        .fold(words, |words, (_, mark)| format!("{mark}{words}{mark}"))
                }
            },
        )
        .collect()
}
