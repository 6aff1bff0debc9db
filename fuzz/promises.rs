//! What the program's readers and writers promise for any bytes whatever. The fuzz targets hold it, and a test over the stored inputs.

use interview_assistant::domain::event::Request;
use interview_assistant::domain::ids::{ChannelId, UserId};
use interview_assistant::domain::words::Words;
use interview_assistant::kits::{Fate, Level, check, decode, import, read, version, write};
use interview_assistant::simulator::{Surface, check_blocks, check_view};
use interview_assistant::slack::action::Action;
use interview_assistant::slack::inbound::{self, Inbound};
use interview_assistant::slack::understand::{Understood, understand};
use interview_assistant::slack::{command as typed, http, screens, socket, text};
use interview_assistant::store::damage;

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

/// What Slack sent over either transport is read or not, keeps no more than came, and shows nothing of itself in the log.
pub fn request(bytes: &[u8]) {
    let mut read = vec![
        inbound::read_command_form(&mut bytes.to_vec()),
        inbound::read_command_json(bytes),
        inbound::read_event(bytes),
        inbound::read_interaction(bytes),
    ];
    if let Ok(frame) = std::str::from_utf8(bytes) {
        read.extend(socket::read_frame(frame));
    }
    let _ = http::is_ssl_check(bytes);
    for inbound in read.into_iter().flatten() {
        let _ = (inbound.workspace(), inbound.sort());
        if let Inbound::Ignored { kind } = &inbound {
            assert!(kind.chars().count() <= Inbound::KIND_LENGTH, "{kind}");
        }
        let shown = format!("{inbound:?}");
        assert!(shown.len() < 300, "{shown}");
        let Understood::Asked(delivery, route) = understand(&inbound) else {
            continue;
        };
        let kept = serde_json::to_vec(&*delivery).expect("a delivery is JSON");
        // Escaped, and escaped again within the route.
        assert!(
            kept.len() <= 24 * bytes.len() + 4096,
            "{} bytes became {}",
            bytes.len(),
            kept.len()
        );
        assert!(format!("{route:?}").len() < 300);
        if let Request::Interview { panel, groups, .. } = &delivery.request {
            assert!(panel.len() + groups.len() <= bytes.len());
        }
    }
}

/// What somebody typed names nobody whom they did not mention, and is quoted back as text.
pub fn command(bytes: &[u8]) {
    let Ok(line) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = typed::as_read(line);
    let Request::Interview {
        words,
        panel,
        groups,
        unresolved,
    } = typed::parse(line)
    else {
        return;
    };
    for user in &panel {
        assert!(line.contains(&format!("<@{user}")), "{user} was not typed");
    }
    for group in &groups {
        let mention = format!("<!subteam^{group}");
        assert!(line.contains(&mention), "{group} was not typed");
    }
    for words in unresolved
        .iter()
        .map(String::as_str)
        .chain([words.as_str()])
    {
        is_text(&Words::from(words));
    }
}

/// A button's value is one that some version sent, or is refused; what is understood is written as it was.
pub fn action(bytes: &[u8]) {
    let Ok(whole) = std::str::from_utf8(bytes) else {
        return;
    };
    let (id, value) = whole.split_once('\n').unwrap_or((whole, ""));
    let channel = ChannelId::from("C1");
    for value in [Some(value), None] {
        let Ok(action) = Action::parse(id, value) else {
            continue;
        };
        let (name, written) = action.on_the_wire();
        let again = Action::parse(&name, Some(&written)).expect("what we write we read");
        assert_eq!(again, action);
        let names = [id, &name].map(|id| id.split(':').next());
        assert_eq!(names[0], names[1], "the name decides what a click is");
        for chosen in [None, value] {
            let _ = action.clone().request(Some(&channel), chosen);
        }
    }
}

/// A record is read, or it is said to be damaged; what is read once is written so that it is read again as the same.
pub fn record(bytes: &[u8]) {
    let Some(written) = damage::read(bytes) else {
        return;
    };
    let again = damage::read(&written).expect("what is written can be read");
    assert_eq!(again, written);
}

/// Text is shown as text: it mentions nobody, links nowhere, and fits where it is put.
pub fn words(bytes: &[u8]) {
    let Ok(whole) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut words = Words::new();
    for (number, piece) in whole.split('\n').enumerate() {
        words = match number % 3 {
            0 => words.text(piece),
            1 => words.strong(piece),
            _ => words.code(piece),
        };
    }
    is_text(&words);
    // One mention of ours among it is the only one.
    let with_us = words.clone().person(&UserId::from("U1"));
    assert_eq!(text::mrkdwn(&with_us).matches('<').count(), 1);
    for most in [0, 1, 2, 40, 150, 3000] {
        let cut = text::mrkdwn_within(&with_us, most);
        assert!(text::units(&cut) <= most.max(1), "{most}: {cut}");
        assert_eq!(cut.matches('<').count(), cut.matches('>').count(), "{cut}");
        // Three characters that Slack writes as four or five, so fewer of them fit.
        let fits = text::units(&text::fitting(whole, most).replace('&', "&amp;"));
        assert!(fits <= most.max(1), "{most}: {fits}");
    }
    let said = screens::said(&words, &[]);
    let sent = serde_json::to_value(&said.blocks).expect("blocks are JSON");
    let wrong = check_blocks(&sent, Surface::Message);
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(!sent.to_string().contains("\"mrkdwn\""), "{sent}");
    let view = screens::notice_modal("Not yet", &words);
    let view = serde_json::to_value(view).expect("a view is JSON");
    let wrong = check_view(&view);
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(text::units(&said.text) <= 4000, "{}", said.text);
}

/// Nothing of these words is Slack's syntax.
fn is_text(words: &Words) {
    let written = text::mrkdwn(words);
    assert!(!written.contains(['<', '>']), "{written}");
    let rest = written
        .replace("&lt;", "")
        .replace("&gt;", "")
        .replace("&amp;", "");
    assert!(!rest.contains('&'), "{written}");
    let plain = text::escaped(&text::bare(words));
    let mut before = ' ';
    for letter in plain.chars() {
        let is_mark = matches!(letter, '*' | '_' | '~' | '`');
        assert!(!is_mark || before == '\u{2060}', "{plain}");
        before = letter;
    }
}
