//! The kits that are built into the binary. Those of a folder are read in `kits` itself.

use include_dir::{Dir, include_dir};

static QUESTIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/questions");

/// Name and bytes of each embedded kit's file, by name.
pub(super) fn files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = QUESTIONS
        .files()
        .filter(|file| {
            file.path()
                .extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|file| {
            (
                format!("questions/{}", file.path().display()),
                file.contents().to_vec(),
            )
        })
        .collect();
    files.sort();
    files
}
