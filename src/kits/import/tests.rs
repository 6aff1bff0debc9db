//! Whole guides: the samples, and invented ones for everything that varies.

use super::*;

#[test]
fn show() {
    for name in ["mobile-team-lead", "staff-data-engineer"] {
        let text = std::fs::read_to_string(format!(
            "{}/../shared/guide-samples/{name}.txt",
            env!("CARGO_MANIFEST_DIR")
        ))
        .expect("x");
        let import = import(&text).expect("guide");
        println!("{}\n{}", import.report, crate::kits::write(&import.kit));
    }
}
