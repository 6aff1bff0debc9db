//! A small kit and a loop for the tests of the rules.

use super::access::Actor;
use super::ids::{UserId, WorkspaceId};
use super::kit::Kit;
use serde_json::json;

/// Three competencies, of which one has no question; four questions.
pub fn kit() -> Kit {
    let question = |id: &str, section: &str, competency: Option<&str>| json!({"id": id, "section": section, "competency": competency, "ask": format!("Tell me about {id}."), "follow_up": []});
    serde_json::from_value(json!({
        "slug": "sample",
        "title": "Sample Engineer",
        "minutes": 30,
        "profile": {"summary": "A sample."},
        "competency": [
            {"id": "teamwork", "name": "Teamwork"},
            {"id": "databases", "name": "Databases"},
            {"id": "coding", "name": "Coding"},
        ],
        "question": [
            question("screening/1", "screening", None),
            question("technical/1", "technical", Some("databases")),
            question("technical/2", "technical", Some("databases")),
            question("behavioural/1", "behavioural", Some("teamwork")),
        ],
    }))
    .expect("the sample is a kit")
}

/// Somebody who acts.
pub fn actor(user: &str) -> Actor {
    Actor {
        user: UserId::from(user),
        workspace: WorkspaceId::from("T1"),
        administrator: false,
    }
}
