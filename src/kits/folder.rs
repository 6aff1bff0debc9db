//! A file written as a whole: whoever reads it sees the old one or the new one. What is written is decided elsewhere.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes a file, on disk when this returns. An old one of the name is replaced; it is decided before whether it may be.
///
/// # Errors
/// If the folder cannot be written to. The old file stands then.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    write_together(&[(path, text)]).map_err(|(_, error)| error)
}

/// Writes files, each as `write_whole` does, and none before all of them are on disk beside their places.
///
/// # Errors
/// If a folder cannot be written to, with how many of the files have their names: mostly none.
pub fn write_together(files: &[(&Path, &str)]) -> Result<(), (usize, io::Error)> {
    let ready: io::Result<Vec<NamedTempFile>> = files
        .iter()
        .map(|(path, text)| written_beside(path, text))
        .collect();
    let ready = ready.map_err(|error| (0, error))?;
    for (count, (beside, (path, _))) in ready.into_iter().zip(files).enumerate() {
        beside.persist(path).map_err(|error| (count, error.error))?;
    }
    for (path, _) in files {
        // The name is on disk when its folder is.
        let on_disk = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
        on_disk.map_err(|error| (files.len(), error))?;
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn written_beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut beside = tempfile::Builder::new()
        .prefix(".kit-")
        .suffix(".part")
        .tempfile_in(folder_of(path))?;
    beside.write_all(text.as_bytes())?;
    keep_permissions(path, beside.as_file())?;
    beside.as_file().sync_all()?;
    Ok(beside)
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
    fn of_several_files_none_is_written_if_one_cannot_be() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (good, bad) = (
            folder.path().join("a.toml"),
            folder.path().join("no/b.toml"),
        );
        let (written, _) =
            write_together(&[(&good, "a"), (&bad, "b")]).expect_err("one folder is missing");
        assert_eq!(written, 0);
        let names = std::fs::read_dir(folder.path()).expect("it is there");
        assert_eq!(names.count(), 0);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(write_whole(&folder.path().join("no/a.toml"), "text").is_err());
    }
}
