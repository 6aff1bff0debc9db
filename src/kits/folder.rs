//! A file written as a whole: whoever reads it sees the old one or the new one. What is written is decided elsewhere.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file, on disk when this returns. An old one of the name is replaced; it is decided before whether it may be.
///
/// # Errors
/// If the folder cannot be written to. The old file stands then.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut beside = tempfile::Builder::new()
        .prefix(".kit-")
        .suffix(".part")
        .tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    keep_permissions(path, beside.as_file())?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    // The name is on disk when its folder is.
    File::open(folder)?.sync_all()
}

/// A temporary file is for its owner alone; a kit is read by whoever could read the one before, or any file here.
#[cfg(unix)]
fn keep_permissions(path: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).map_or(0o644, |old| old.permissions().mode());
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_permissions(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.toml");
        for text in ["one", "another"] {
            write_whole(&path, text).expect("it can be written");
            assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
        }
        let names = std::fs::read_dir(folder.path()).expect("it is there");
        assert_eq!(names.count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(write_whole(&folder.path().join("no/a.toml"), "text").is_err());
    }
}
