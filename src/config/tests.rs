use super::*;
use secrecy::ExposeSecret as _;
use std::io::Write;

const BOT: (&str, &str) = ("SLACK_BOT_TOKEN", "xoxb-1111-2222-abcdef");
const APP: (&str, &str) = ("SLACK_APP_TOKEN", "xapp-1-A1-2222-abcdef");
const SECRET: (&str, &str) = ("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99yyyzzz85a5");

fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
        .collect()
}

fn read(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::read(environment(pairs), None)
}

fn with(pair: (&str, &str)) -> Result<Config, Problems> {
    read(&[BOT, APP, pair])
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(text.as_bytes()).expect("it can be written");
    file
}

fn bot_token(config: &Config) -> &str {
    match &config.workspaces {
        Workspaces::One(token) => token.expose_secret(),
        Workspaces::Many(_) => panic!("it serves many"),
    }
}

/// The one problem that a setting makes.
fn trouble(pair: (&str, &str)) -> String {
    let problems = with(pair).expect_err("the setting is wrong");
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert_eq!(problems.0[0].name, pair.0);
    problems.0[0].to_string()
}

#[test]
fn two_tokens_are_enough() {
    let config = read(&[BOT, APP, ("PATH", "/bin"), ("INTERVIEW_KITS", " ")])
        .expect("nothing else is needed");
    assert_eq!(bot_token(&config), BOT.1);
    assert_eq!(config.api_url.as_str(), "https://slack.com/api");
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.data, PathBuf::from("./data"));
    assert_eq!(config.log.filter, "info");
    assert!(config.kits.is_none() && config.admins.is_empty() && config.extra_ca.is_empty());
    assert!(!config.log.json && !config.plain() && config.signing_secret.is_none());
    read(&[BOT, SECRET]).expect("signed HTTP needs no app-level token");
}

#[test]
fn every_problem_is_reported_at_once() {
    let problems = read(&[
        ("SLACK_API_URL", "http://slack.example/api"),
        ("INTERVIEW_LISTEN", "3000"),
        ("INTERVIEW_LOG", "=[="),
        ("INTERVIEW_LOG_FORMAT", "xml"),
        ("INTERVIEW_ADMINS", "rita, U123"),
        ("INTERVIEW_EXTRA_CA", "/nowhere/ca.pem"),
        ("INTERVIEW_KITS", "/nowhere"),
        ("INTERVIEW_AT_ONCE", "10"),
    ])
    .expect_err("nothing is right");
    let names: Vec<&str> = problems
        .0
        .iter()
        .map(|problem| problem.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET",
            "INTERVIEW_ADMINS",
            "SLACK_API_URL",
            "INTERVIEW_LISTEN",
            "INTERVIEW_KITS",
            "INTERVIEW_LOG",
            "INTERVIEW_LOG_FORMAT",
            "INTERVIEW_EXTRA_CA",
            "INTERVIEW_AT_ONCE"
        ]
    );
    assert!(
        problems
            .to_string()
            .starts_with("the configuration has 10 problems:")
    );
}

#[test]
fn a_token_in_the_wrong_place_is_recognised_and_never_quoted() {
    let swapped = read(&[("SLACK_BOT_TOKEN", APP.1), ("SLACK_APP_TOKEN", BOT.1)])
        .expect_err("they are swapped");
    let text = swapped.to_string();
    assert!(text.contains("looks like an app-level token"), "{text}");
    assert!(text.contains("it belongs in SLACK_BOT_TOKEN"), "{text}");
    let problems = [
        swapped,
        read(&[BOT, ("SLACK_SIGNING_SECRET", APP.1)]).expect_err("a token is no secret"),
        read(&[APP, ("SLACK_BOT_TOKEN", "xoxb-1111 2222-abcdef")]).expect_err("a space"),
        read(&[APP, ("SLACK_BOT_TOKEN", "xoxp-1111-2222-abcdef")]).expect_err("a user's"),
        with(("INTERVIEW_LISTEN", BOT.1)).expect_err("no address"),
    ];
    for problems in problems {
        let text = format!("{problems} {problems:?}");
        assert!(!text.contains("2222"), "{text}");
    }
    let config = read(&[BOT, APP, SECRET]).expect("all is right");
    let text = format!("{config:?}");
    assert!(!text.contains("2222") && !text.contains("8f74"), "{text}");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for url in [
        "http://127.0.0.1:9000/api/",
        "http://localhost:9000/api",
        "http://[::1]:9000/api",
    ] {
        let config = with(("SLACK_API_URL", url)).expect("it is on this machine");
        assert!(config.plain());
        assert!(config.api_url.as_str().ends_with(":9000/api"));
    }
    let config = with(("SLACK_API_URL", "https://slack.example/api")).expect("it is encrypted");
    assert!(!config.plain());
    for url in [
        "http://slack.example/api",
        "http://localhost.example/api",
        "http://10.0.0.1/api",
        "ftp://127.0.0.1/api",
        "slack.com/api",
        "https://a:b@slack.com/api",
        "https://slack.com/api?x=1",
    ] {
        let text = trouble(("SLACK_API_URL", url));
        assert!(text.contains("\n"), "there is a hint: {text}");
    }
}

#[test]
fn an_address_without_a_host_is_explained() {
    assert!(trouble(("INTERVIEW_LISTEN", ":8080")).contains("0.0.0.0:8080"));
    assert!(trouble(("INTERVIEW_LISTEN", "bot.example")).contains("127.0.0.1:3000"));
    let config = with(("INTERVIEW_LISTEN", "localhost:8080")).expect("it is an address");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
}

#[test]
fn administrators_are_ids() {
    let config =
        with(("INTERVIEW_ADMINS", " U024BE7LH,W1234567 ,U024BE7LH,")).expect("they are ids");
    assert_eq!(config.admins, ["U024BE7LH", "W1234567"]);
    assert!(trouble(("INTERVIEW_ADMINS", "@rita")).contains("Copy member ID"));
    assert!(trouble(("INTERVIEW_ADMINS", " , ")).contains("no user id"));
}

#[test]
fn a_file_serves_and_the_environment_wins() {
    let file = file(
        "slack_bot_token = 'xoxb-1111-2222-file'\nslack_app_token = 'xapp-1111-2222-file'\ninterview_admins = ['U123', 'U456']\ninterview_data = '/srv/interviews'\n",
    );
    let config = Config::read(environment(&[BOT]), Some(file.path())).expect("the file is right");
    assert_eq!(bot_token(&config), BOT.1);
    assert_eq!(
        config.app_token.expect("it is in the file").expose_secret(),
        "xapp-1111-2222-file"
    );
    assert_eq!(config.admins, ["U123", "U456"]);
    assert_eq!(config.data, PathBuf::from("/srv/interviews"));
}

#[test]
fn a_files_mistakes_have_their_line_and_a_hint_and_hold_no_secret() {
    let file = file(
        "slack_bot_tokn = 'xoxb-2222'\ninterview_listen = 3000\n[slack]\ntoken = 'xoxb-2222'\n",
    );
    let problems =
        Config::read(environment(&[BOT, APP]), Some(file.path())).expect_err("it has mistakes");
    let text = problems.to_string();
    assert!(
        text.contains(":1:1): there is no such setting\n    did you mean slack_bot_token?"),
        "{text}"
    );
    assert!(text.contains(":2:1): this is not a text"), "{text}");
    assert!(text.contains("no sections"), "{text}");
    assert!(!text.contains("2222"), "{text}");

    let file = self::file("slack_bot_token = xoxb-2222\n");
    let problems =
        Config::read(environment(&[BOT, APP]), Some(file.path())).expect_err("no quotes");
    let text = problems.to_string();
    assert!(text.contains(":1:19"), "{text}");
    assert!(!text.contains("2222"), "{text}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem_among_the_others() {
    let nowhere = Path::new("/nowhere/bot.toml");
    let problems = Config::read(environment(&[APP]), Some(nowhere)).expect_err("there is none");
    assert_eq!(problems.0.len(), 2);
    assert!(problems.to_string().contains("--config"), "{problems}");
}

#[test]
fn a_slip_in_a_variables_name_is_noticed() {
    let problems = with(("INTERVIEW_ADMIN", "U123")).expect_err("it would be ignored silently");
    assert!(
        problems
            .to_string()
            .contains("did you mean INTERVIEW_ADMINS?")
    );
    with(("INTERVIEW_ASSISTANT_PORT", "tcp://10.0.0.1:80")).expect("it is somebody else's");
    with(("SLACK_WEBHOOK", "x")).expect("it is somebody else's");
}

#[test]
fn an_extra_authority_is_a_certificate() {
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("it is made");
    let pem = file(&key.cert.pem());
    let path = pem.path().to_string_lossy().into_owned();
    let config = with(("INTERVIEW_EXTRA_CA", &path)).expect("it is one");
    assert_eq!(config.extra_ca, [key.cert.der().clone()]);
    let rubbish = file("hello");
    let path = rubbish.path().to_string_lossy().into_owned();
    assert!(trouble(("INTERVIEW_EXTRA_CA", &path)).contains("no certificate"));
}

#[test]
fn how_much_is_taken_at_once_is_a_number_within_reason() {
    for (value, most) in [("64", 64), ("1024", 1024)] {
        let config = with(("INTERVIEW_AT_ONCE", value)).expect("it is one");
        assert_eq!(config.most_at_once, Some(most));
    }
    for value in ["63", "16385", "-1", "many"] {
        let told = trouble(("INTERVIEW_AT_ONCE", value));
        assert!(
            value.is_empty() || told.contains("from 64 to 16384"),
            "{told}"
        );
    }
}

#[test]
fn a_lone_word_is_no_filter() {
    assert!(trouble(("INTERVIEW_LOG", "verbose")).contains("debug"));
    for filter in [
        "debug",
        "WARN",
        "info,sled=off",
        "interview_assistant::slack",
    ] {
        with(("INTERVIEW_LOG", filter)).expect("it is a filter");
    }
}

const KEY: (&str, &str) = (
    "INTERVIEW_TOKEN_KEY",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
);
const OTHER_KEY: &str = "__________________________________________8";
const MANY: [(&str, &str); 4] = [
    ("SLACK_CLIENT_ID", "3336676569.7777777"),
    ("SLACK_CLIENT_SECRET", "33fea0113f5b1d5e"),
    (
        "INTERVIEW_PUBLIC_URL",
        "https://interviews.example.org/bot/",
    ),
    SECRET,
];

fn many(more: &[(&str, &str)]) -> Result<Config, Problems> {
    read(&[&MANY[..], more].concat())
}

fn installing(more: &[(&str, &str)]) -> Installing {
    match many(more).expect("all is right").workspaces {
        Workspaces::Many(installing) => *installing,
        Workspaces::One(_) => panic!("it serves one"),
    }
}

/// The one problem that settings for many workspaces have.
fn trouble_of_many(more: &[(&str, &str)]) -> String {
    let problems = many(more).expect_err("something is wrong");
    assert_eq!(problems.0.len(), 1, "{problems}");
    problems.0[0].to_string()
}

#[test]
fn many_workspaces_need_no_bot_token() {
    let found = installing(&[KEY]);
    assert_eq!(found.client_id, "3336676569.7777777");
    assert_eq!(
        found.public_url.as_str(),
        "https://interviews.example.org/bot"
    );
    assert_eq!(found.keys.len(), 1);
    assert_eq!(found.keys[0].expose_secret(), [0; 32]);
    assert!(!found.pkce && !found.rotation);
    let text = format!("{:?}", many(&[KEY]));
    assert!(!text.contains("33fea") && !text.contains("AAAA"), "{text}");
    let found = installing(&[KEY, ("SLACK_PKCE", "on"), ("SLACK_TOKEN_ROTATION", "on")]);
    assert!(found.pkce && found.rotation);
}

#[test]
fn several_keys_are_read_and_the_first_is_the_first() {
    let both = format!("{OTHER_KEY}, {}", KEY.1);
    let named = installing(&[(KEY.0, &both)]);
    let first: Vec<u8> = named
        .keys
        .iter()
        .map(|key| key.expose_secret()[0])
        .collect();
    assert_eq!(first, [255, 0]);
    let file = file(&format!("# since March\n{OTHER_KEY}\n\n{}\n", KEY.1));
    let path = file.path().to_str().expect("text");
    let filed = installing(&[("INTERVIEW_TOKEN_KEY_FILE", path)]);
    assert_eq!(filed.keys.len(), 2);
}

#[test]
fn what_is_missing_for_many_workspaces_is_reported_at_once() {
    let problems = read(&[SECRET, ("SLACK_PKCE", "yes")]).expect_err("nearly all is missing");
    let names: Vec<&str> = problems.0.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "SLACK_CLIENT_ID",
            "SLACK_CLIENT_SECRET",
            "INTERVIEW_PUBLIC_URL",
            "INTERVIEW_TOKEN_KEY or INTERVIEW_TOKEN_KEY_FILE",
            "SLACK_PKCE",
        ]
    );
}

#[test]
fn what_makes_no_sense_together_is_refused() {
    let text = trouble_of_many(&[KEY, BOT]);
    assert!(
        text.contains("a token of its own") && !text.contains("1111"),
        "{text}"
    );
    let text = trouble_of_many(&[KEY, ("INTERVIEW_ADMINS", "U123")]);
    assert!(text.contains("of every workspace"), "{text}");
    let text = trouble_of_many(&[KEY, ("INTERVIEW_TOKEN_KEY_FILE", "/nowhere")]);
    assert!(text.contains("set as well"), "{text}");
}

#[test]
fn a_key_that_is_none_is_explained_and_never_quoted() {
    let short = &KEY.1[4..];
    let twice = format!("{} {}", KEY.1, KEY.1);
    for wrong in ["correct horse", short, &twice, " , "] {
        let text = trouble_of_many(&[(KEY.0, wrong)]);
        assert!(text.contains("Base64") || text.contains("once"), "{text}");
        assert!(!text.contains("horse") && !text.contains("AAAA"), "{text}");
    }
    let text = trouble_of_many(&[("INTERVIEW_TOKEN_KEY_FILE", "/nowhere/key")]);
    assert!(text.contains("/nowhere/key` cannot be read"), "{text}");
    let empty = file("# nothing yet\n");
    let path = empty.path().to_str().expect("text");
    let text = trouble_of_many(&[("INTERVIEW_TOKEN_KEY_FILE", path)]);
    assert!(text.contains("no key in it"), "{text}");
}

#[test]
fn a_public_url_is_one_that_slack_sends_browsers_back_to() {
    for (url, part) in [
        ("interviews.example.org", "is not a URL"),
        ("http://interviews.example.org", "https://"),
        (
            "https://interviews.example.org/slack/install",
            "leave them out",
        ),
        ("https://me:you@interviews.example.org", "a password"),
        ("https://interviews.example.org/?a=b", "a `?`"),
    ] {
        let pairs = [MANY[0], MANY[1], SECRET, KEY, ("INTERVIEW_PUBLIC_URL", url)];
        let text = read(&pairs).expect_err("no such URL").to_string();
        assert!(text.contains(part), "{text}");
    }
    let pairs = [MANY[0], MANY[1], SECRET, KEY];
    let here = [("INTERVIEW_PUBLIC_URL", "http://localhost:3000")];
    read(&[&pairs[..], &here[..]].concat()).expect("it is for trying it out");
    let pairs = [
        ("SLACK_CLIENT_ID", MANY[1].1),
        MANY[1],
        MANY[2],
        SECRET,
        KEY,
    ];
    let text = read(&pairs).expect_err("no client id").to_string();
    assert!(
        text.contains("not a client id") && !text.contains("33fea"),
        "{text}"
    );
}
