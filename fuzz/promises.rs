//! What reading a guide and a kit promise for any bytes whatever. The fuzz targets hold it, and a test over the stored inputs.

use interview_assistant::kits::{Fate, Level, check, decode, import, read, version, write};

/// A guide becomes a kit that can be used and an account of every line, or it is refused.
pub fn guide(bytes: &[u8]) {
    let Ok(text) = decode(bytes) else { return };
    let Ok(found) = import(text) else { return };
    let blank = |line: &str| {
        line.chars().all(|letter| {
            letter.is_whitespace()
                || matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
        })
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.split('\n').enumerate();
    let expected: Vec<usize> = lines
        .filter(|(_, line)| !blank(line))
        .map(|(index, _)| index + 1)
        .collect();
    let told: Vec<usize> = found.report.lines.iter().map(|told| told.line).collect();
    assert_eq!(told, expected, "every line is told of once");
    for told in &found.report.lines {
        assert_ne!(told.what, "not understood", "{told:?}");
        match told.fate {
            Fate::Kept => assert!(told.kept, "{told:?}"),
            Fate::LeftOut => assert!(!told.kept, "{told:?}"),
            Fate::Doubtful => assert!(!told.why.is_empty(), "{told:?}"),
        }
    }
    let _ = found.report.to_string();
    let name = format!("{}.toml", found.kit.slug);
    let again = read(&name, &write(&found.kit)).expect("an imported kit can be read");
    assert_eq!(again.kit, found.kit);
    for finding in check(&[again]) {
        assert_ne!(finding.level, Level::Error, "{finding}");
    }
}

/// A kit's file is read or refused with places, and what was read is written and read again as the same kit.
pub fn kit(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let file = match read("kit.toml", text) {
        Ok(file) => file,
        Err(findings) => {
            assert!(!findings.is_empty(), "a refusal says why");
            for finding in findings {
                let _ = finding.to_string();
            }
            return;
        }
    };
    let written = write(&file.kit);
    let again = read("kit.toml", &written).expect("a written kit can be read");
    assert_eq!(again.kit, file.kit);
    assert_eq!(version(&again.kit), version(&file.kit));
    assert_eq!(write(&again.kit), written);
    for finding in check(&[file]) {
        let _ = finding.to_string();
    }
}
