//! A check of blocks and views against Slack's limits. What is checked is in `limits`.

use crate::slack::screens::Drawn;
use crate::slack::screens::weight::weight;
use crate::slack::text::units;
use serde_json::Value;
use slack_morphism::prelude::SlackView;
use std::collections::BTreeSet;

/// What is wrong with a payload, each with its place.
pub struct Check {
    faults: Vec<String>,
    blocks: BTreeSet<String>,
    actions: BTreeSet<String>,
}

impl Check {
    pub fn new() -> Self {
        Self {
            faults: Vec::new(),
            blocks: BTreeSet::new(),
            actions: BTreeSet::new(),
        }
    }

    fn that(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    fn text(&mut self, at: &str, text: &Value, most: usize) {
        let text = text["text"].as_str().or(text.as_str()).unwrap_or_default();
        self.that(!text.is_empty() && units(text) <= most, || {
            format!("{at}: {} of 1 to {most} units", units(text))
        });
    }

    pub fn message(&mut self, drawn: &Drawn) {
        let blocks = serde_json::to_value(&drawn.blocks).expect("blocks are JSON");
        self.text("text", &Value::from(drawn.text.clone()), 4000);
        self.that(!drawn.blocks.is_empty() && drawn.blocks.len() <= 50, || {
            format!("{} blocks", drawn.blocks.len())
        });
        let weight = weight(&blocks);
        self.that(weight <= 10_000, || {
            format!("{weight} units of text in all")
        });
        self.blocks(&blocks);
    }

    pub fn view(&mut self, view: &SlackView) {
        let view = serde_json::to_value(view).expect("a view is JSON");
        let (size, number) = (
            view.to_string().len(),
            view["blocks"].as_array().map_or(0, Vec::len),
        );
        self.that(size <= 250_000, || format!("a view of {size} bytes"));
        self.that((1..=100).contains(&number), || format!("{number} blocks"));
        self.text("title", &view["title"], 24);
        self.text("close", &view["close"], 24);
        self.text("callback_id", &view["callback_id"], 255);
        self.text("private_metadata", &view["private_metadata"], 3000);
        let has_input = view["blocks"].to_string().contains("\"type\":\"input\"");
        self.that(!has_input || view.get("submit").is_some(), || {
            "inputs need a submit button".to_owned()
        });
        self.blocks(&view["blocks"]);
    }

    pub fn home(&mut self, view: &SlackView) {
        let view = serde_json::to_value(view).expect("a view is JSON");
        let (size, number) = (
            view.to_string().len(),
            view["blocks"].as_array().map_or(0, Vec::len),
        );
        self.that(view["type"] == "home", || "no Home tab".to_owned());
        self.that(size <= 250_000, || format!("a view of {size} bytes"));
        self.that((1..=100).contains(&number), || format!("{number} blocks"));
        let has_input = view["blocks"].to_string().contains("\"type\":\"input\"");
        self.that(!has_input, || "inputs on a Home tab".to_owned());
        self.blocks(&view["blocks"]);
    }

    fn blocks(&mut self, blocks: &Value) {
        for (place, block) in blocks.as_array().into_iter().flatten().enumerate() {
            let at = format!("/{place}");
            if let Some(id) = block["block_id"].as_str() {
                self.that(units(id) <= 255, || format!("{at}: a long block id"));
                let fresh = self.blocks.insert(id.to_owned());
                self.that(fresh, || format!("{at}: the block id {id} twice"));
            }
            let elements = block["elements"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            match block["type"].as_str().unwrap_or_default() {
                "header" => self.text(&at, &block["text"], 150),
                "section" if block.get("fields").is_some() => {
                    let fields = block["fields"].as_array().map_or(&[][..], Vec::as_slice);
                    self.that((1..=10).contains(&fields.len()), || {
                        format!("{at}: {} fields", fields.len())
                    });
                    for field in fields {
                        self.text(&at, field, 2000);
                        self.that(field["verbatim"] == true, || {
                            format!("{at}: names are looked for in it")
                        });
                    }
                }
                "section" => {
                    self.text(&at, &block["text"], 3000);
                    self.that(block["text"]["verbatim"] == true, || {
                        format!("{at}: names are looked for in it")
                    });
                    if block.get("accessory").is_some() {
                        self.element(&at, &block["accessory"]);
                    }
                }
                "divider" => {}
                "context" => {
                    self.that((1..=10).contains(&elements.len()), || {
                        format!("{at}: {} elements", elements.len())
                    });
                    for element in elements {
                        self.text(&at, element, 3000);
                        self.that(element["verbatim"] == true, || {
                            format!("{at}: names are looked for in it")
                        });
                    }
                }
                "actions" => {
                    self.that((1..=25).contains(&elements.len()), || {
                        format!("{at}: {} elements", elements.len())
                    });
                    for element in elements {
                        self.element(&at, element);
                    }
                }
                "input" => {
                    self.text(&at, &block["label"], 2000);
                    if block.get("hint").is_some() {
                        self.text(&at, &block["hint"], 2000);
                    }
                    self.element(&at, &block["element"]);
                }
                "rich_text" => {
                    self.that(!elements.is_empty(), || format!("{at}: nothing in it"));
                    let weight = weight(block);
                    self.that(weight <= 9000, || format!("{at}: rich text of {weight}"));
                }
                other => self.that(false, || format!("{at}: a block of another kind, {other}")),
            }
        }
    }

    fn element(&mut self, at: &str, element: &Value) {
        let id = element["action_id"].as_str().unwrap_or_default().to_owned();
        self.that(!id.is_empty() && units(&id) <= 255, || {
            format!("{at}: the action id {id}")
        });
        let fresh = self.actions.insert(id.clone());
        self.that(fresh, || format!("{at}: the action id {id} twice"));
        if element.get("placeholder").is_some() {
            self.text(at, &element["placeholder"], 150);
        }
        let options = element["options"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        match element["type"].as_str().unwrap_or_default() {
            "button" => {
                self.text(at, &element["text"], 75);
                self.text(at, &element["value"], 2000);
                if element.get("accessibility_label").is_some() {
                    self.text(at, &element["accessibility_label"], 75);
                }
                if let Some(confirm) = element.get("confirm") {
                    self.text(at, &confirm["title"], 100);
                    self.text(at, &confirm["text"], 300);
                    self.text(at, &confirm["confirm"], 30);
                    self.text(at, &confirm["deny"], 30);
                }
            }
            "plain_text_input" => {
                let most = element["max_length"].as_u64().unwrap_or(3000);
                self.that((1..=3000).contains(&most), || {
                    format!("{at}: max_length {most}")
                });
                let initial = element["initial_value"].as_str().unwrap_or_default();
                self.that(units(initial) as u64 <= most, || {
                    format!("{at}: {} of {most} filled in", units(initial))
                });
            }
            "static_select" if element.get("option_groups").is_some() => {
                self.that(element.get("options").is_none(), || {
                    format!("{at}: options beside groups of them")
                });
                let groups = element["option_groups"].as_array();
                let groups = groups.map(Vec::as_slice).unwrap_or_default();
                self.that((1..=100).contains(&groups.len()), || {
                    format!("{at}: {} groups", groups.len())
                });
                for group in groups {
                    self.text(at, &group["label"], 75);
                    let options = group["options"].as_array();
                    let options = options.map(Vec::as_slice).unwrap_or_default();
                    self.that((1..=100).contains(&options.len()), || {
                        format!("{at}: {} options in a group", options.len())
                    });
                    for option in options {
                        self.text(at, &option["text"], 75);
                        self.text(at, &option["value"], 150);
                    }
                }
            }
            kind @ ("radio_buttons" | "checkboxes" | "static_select") => {
                let most = if kind == "static_select" { 100 } else { 10 };
                self.that((1..=most).contains(&options.len()), || {
                    format!("{at}: {} options", options.len())
                });
                for option in options {
                    self.text(at, &option["text"], 75);
                    self.text(at, &option["value"], 150);
                }
                let initial = &element["initial_option"];
                self.that(initial.is_null() || options.contains(initial), || {
                    format!("{at}: what is chosen is no option")
                });
            }
            "multi_static_select" => {
                let options = super::picture::items(&element["options"]);
                self.that((1..=100).contains(&options.len()), || {
                    format!("{at}: {} options", options.len())
                });
                for option in options {
                    self.text(at, &option["text"], 75);
                    self.text(at, &option["value"], 150);
                }
                let initial = super::picture::items(&element["initial_options"]);
                self.that(initial.iter().all(|one| options.contains(one)), || {
                    format!("{at}: what is chosen is no option")
                });
            }
            "multi_users_select" | "users_select" | "conversations_select" => {}
            "datepicker" => self.text(at, &element["placeholder"]["text"], 150),
            "timepicker" => {
                let time = element["initial_time"].as_str();
                self.that(time.is_none_or(|time| time.len() == 5), || {
                    format!("{at}: the time {time:?}")
                });
            }
            other => self.that(false, || {
                format!("{at}: an element of another kind, {other}")
            }),
        }
    }

    pub fn passes(self, what: &str) {
        assert!(self.faults.is_empty(), "{what}: {:#?}", self.faults);
    }
}
