//! The rules of a calibration, by examples and by chance.

use super::*;
use crate::domain::samples::{self, actor};
use proptest::prelude::*;

fn at(days: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + days * 24 * 3600).expect("a moment")
}

fn started(by: &str) -> Calibration {
    Calibration {
        id: CalibrationId::from("00ff"),
        kit: KitRef {
            slug: KitSlug::from("sample"),
            version: KitVersion::from("0123456789ab"),
        },
        question: QuestionId::from("technical/1"),
        sample: 'A',
        channel: ChannelId::from("C1"),
        started_at: at(0),
        stage: Stage::Open {
            started_by: UserId::from(by),
            ratings: BTreeMap::new(),
            clicked: BTreeMap::new(),
        },
        post: None,
        deleted: 0,
    }
}

fn rated(mut state: Calibration, ratings: &[(&str, Rating)]) -> Calibration {
    for (user, rating) in ratings {
        let outcome = state
            .rate(&UserId::from(*user), *rating, None)
            .expect("it is open");
        state = outcome.state;
    }
    state
}

fn why(refusal: Refusal) -> NotCalibrated {
    match refusal {
        Refusal::Calibration(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_click_of_each_counts_and_only_a_new_one_changes_the_post() {
    let ada = UserId::from("ada");
    let first = started("rita")
        .rate(&ada, Rating::Poor, None)
        .expect("it is open");
    assert!(first.changed && first.redraws);
    let again = first
        .state
        .rate(&ada, Rating::Poor, None)
        .expect("it is open");
    assert!(!again.changed && !again.redraws);
    let other = again
        .state
        .rate(&ada, Rating::Good, None)
        .expect("it is open");
    assert!(
        other.changed && !other.redraws,
        "who changes their mind is not seen"
    );
    assert_eq!(other.state.ratings_in(), 1);
    assert_eq!(other.state.rating_of(&ada), Some(Rating::Good));
    assert_eq!(other.state.rating_of(&UserId::from("ben")), None);
}

#[test]
fn a_click_that_was_overtaken_by_a_later_one_does_not_count() {
    let ada = UserId::from("ada");
    let rates = |state: Calibration, rating, millis: i64| {
        let clicked = Timestamp::from_millisecond(1_795_262_400_000 + millis).expect("a moment");
        state.rate(&ada, rating, Some(clicked)).expect("it is open")
    };
    let first = rates(started("rita"), Rating::Good, 1000);
    let overtaken = rates(first.state.clone(), Rating::Poor, 999);
    assert!(!overtaken.changed);
    assert_eq!(overtaken.state, first.state);
    assert_eq!(overtaken.reply, first.reply);
    // The same once more is the last click from then on.
    let again = rates(first.state, Rating::Good, 3000);
    assert!(again.changed && !again.redraws);
    assert!(!rates(again.state.clone(), Rating::Poor, 2000).changed);
    let later = rates(again.state, Rating::Poor, 3001);
    assert_eq!(later.state.rating_of(&ada), Some(Rating::Poor));
    // A clock that was set back far says nothing of the order.
    let set_back = rates(later.state, Rating::Mixed, -60_000);
    assert_eq!(set_back.state.rating_of(&ada), Some(Rating::Mixed));
}

#[test]
fn a_click_that_waits_from_before_its_time_was_kept_is_read_as_one_of_no_known_time() {
    let waiting = r#"{"rate":["0123456789abcdef","good"]}"#;
    let read: Calibrate = serde_json::from_str(waiting).expect("it is read");
    let id = CalibrationId::from("0123456789abcdef");
    assert_eq!(read, Calibrate::Rate(id, Rating::Good, None));
}

#[test]
fn an_answer_to_a_click_holds_no_rating() {
    let outcome = started("rita")
        .rate(&UserId::from("ada"), Rating::Poor, None)
        .expect("it is open");
    let kept = serde_json::to_string(&outcome.reply).expect("text");
    assert_eq!(kept, r#"{"show":{"calibration":{"own":"00ff"}}}"#);
}

#[test]
fn the_spread_needs_two_ratings_and_whoever_started_or_administers() {
    let state = started("rita");
    assert_eq!(
        why(state
            .clone()
            .show(&actor("rita"), at(0))
            .expect_err("none is in")),
        NotCalibrated::TooFew { number: 0 }
    );
    let state = rated(state, &[("ada", Rating::Poor)]);
    assert_eq!(
        why(state
            .clone()
            .show(&actor("rita"), at(0))
            .expect_err("one is in")),
        NotCalibrated::TooFew { number: 1 }
    );
    let state = rated(state, &[("ben", Rating::Good)]);
    assert_eq!(
        why(state
            .clone()
            .show(&actor("ada"), at(0))
            .expect_err("she did not start it")),
        NotCalibrated::NotYours {
            started_by: UserId::from("rita")
        }
    );
    let mut olga = actor("olga");
    olga.administrator = true;
    assert!(state.clone().show(&olga, at(0)).is_ok());
    assert!(state.show(&actor("rita"), at(0)).is_ok());
}

#[test]
fn with_the_spread_who_gave_what_is_gone() {
    let state = rated(
        started("rita"),
        &[
            ("ada", Rating::Poor),
            ("ben", Rating::Good),
            ("cid", Rating::Good),
        ],
    );
    let outcome = state.show(&actor("rita"), at(1)).expect("three are in");
    assert!(outcome.changed && outcome.redraws);
    let spread = Spread {
        counts: [1, 0, 2, 0],
        at: at(1),
    };
    assert_eq!(outcome.state.stage, Stage::Shown(spread));
    assert_eq!(spread.range(), Some((Rating::Poor, Rating::Good)));
    let kept = serde_json::to_string(&outcome.state).expect("text");
    for user in ["rita", "ada", "ben", "cid"] {
        assert!(!kept.contains(user), "{kept}");
    }
    let late = outcome
        .state
        .clone()
        .rate(&UserId::from("dan"), Rating::Good, None);
    assert_eq!(why(late.expect_err("it is over")), NotCalibrated::Over);
    assert_eq!(
        why(outcome
            .state
            .show(&actor("rita"), at(1))
            .expect_err("it is over")),
        NotCalibrated::Over
    );
}

#[test]
fn one_that_is_left_open_is_over_after_thirty_days_and_keeps_no_rating() {
    let state = rated(
        started("rita"),
        &[("ada", Rating::Poor), ("ben", Rating::Good)],
    );
    assert_eq!(state.clone().lapse(at(29)), None);
    let outcome = state.clone().lapse(at(30)).expect("it is due");
    assert!(outcome.changed && outcome.redraws);
    assert_eq!(outcome.state.stage, Stage::Lapsed);
    assert_eq!(outcome.state.clone().lapse(at(60)), None);
    assert_eq!(
        why(outcome
            .state
            .rate(&UserId::from("ada"), Rating::Good, None)
            .expect_err("over")),
        NotCalibrated::Lapsed
    );
    let shown = state.show(&actor("rita"), at(1)).expect("two are in").state;
    assert_eq!(shown.lapse(at(90)), None, "a spread stays");
}

#[test]
fn a_post_that_is_deleted_is_posted_anew_once() {
    let stands = |ts: &str| PostResult::Standing {
        channel: ChannelId::from("C1"),
        ts: MessageTs::from(ts),
    };
    let state = started("rita").observe(&stands("1")).state;
    assert!(!state.clone().observe(&stands("1")).changed);
    let anew = state.observe(&PostResult::Gone);
    assert!(anew.changed && anew.redraws && !anew.state.is_unwanted());
    let late = anew.state.clone().observe(&PostResult::Gone);
    assert!(!late.changed, "it is not there to be deleted");
    let gone = anew
        .state
        .observe(&stands("2"))
        .state
        .observe(&PostResult::Gone);
    assert!(gone.changed && !gone.redraws && gone.state.is_unwanted());
    let stuck = gone
        .state
        .observe(&PostResult::Stuck(crate::domain::event::Trouble::Archived));
    assert!(!stuck.changed && !stuck.redraws);
}

fn kit_with(samples: &[(&str, &str)]) -> Kit {
    let mut kit = samples::kit();
    kit.samples = samples
        .iter()
        .map(|(question, text)| Sample {
            question: QuestionId::from(*question),
            text: (*text).to_owned(),
        })
        .collect();
    kit
}

#[test]
fn letters_do_not_tell_which_answer_came_first_in_the_file() {
    let weak_first = kit_with(&[
        ("technical/1", "middling"),
        ("technical/1", "excellent"),
        ("technical/2", "x"),
    ]);
    let strong_first = kit_with(&[
        ("technical/2", "x"),
        ("technical/1", "excellent"),
        ("technical/1", "middling"),
    ]);
    for kit in [&weak_first, &strong_first] {
        let technical = QuestionId::from("technical/1");
        let letter = |letter| sample(kit, &technical, letter).map(|sample| sample.text.as_str());
        assert_eq!(
            (letter('A'), letter('B'), letter('C')),
            (Some("excellent"), Some("middling"), None)
        );
    }
}

#[test]
fn only_questions_that_are_asked_and_answered_are_offered() {
    let mut kit = kit_with(&[
        ("technical/1", "one"),
        ("technical/1", "one"),
        ("technical/2", " "),
        ("behavioural/1", "b"),
    ]);
    let ids = |kit: &Kit| -> Vec<(String, usize)> {
        let offered = offered(kit);
        offered
            .iter()
            .map(|(question, samples)| (question.id.to_string(), samples.len()))
            .collect()
    };
    assert_eq!(
        ids(&kit),
        [
            ("technical/1".to_owned(), 1),
            ("behavioural/1".to_owned(), 1)
        ]
    );
    kit.questions[1].retired = true;
    assert_eq!(ids(&kit), [("behavioural/1".to_owned(), 1)]);
    assert!(sample(&kit, &QuestionId::from("technical/1"), 'A').is_none());
}

#[test]
fn its_debug_says_nothing_of_ratings() {
    let state = rated(
        started("rita"),
        &[("ada", Rating::Poor), ("ben", Rating::Good)],
    );
    let told = format!("{state:?}");
    assert!(!told.contains("ada") && !told.contains("Poor"), "{told}");
}

proptest! {
    #[test]
    fn a_spread_counts_the_last_click_of_everybody_once(clicks in proptest::collection::vec((0_u8..6, 0_usize..4), 0..40)) {
        let mut state = started("rita");
        let mut last = BTreeMap::new();
        for (who, rating) in clicks {
            let user = UserId::from(format!("U{who}"));
            let rating = Rating::ALL[rating];
            let outcome = state.rate(&user, rating, None).expect("it is open");
            prop_assert_eq!(outcome.redraws, !last.contains_key(&user));
            last.insert(user, rating);
            state = outcome.state;
        }
        let shown = state.show(&actor("rita"), at(0));
        if last.len() < ENOUGH {
            prop_assert!(shown.is_err());
            return Ok(());
        }
        let Stage::Shown(spread) = shown.expect("there are enough").state.stage else {
            return Err(TestCaseError::fail("it is shown"));
        };
        prop_assert_eq!(spread.all(), last.len());
        for (rating, number) in spread.by_rating() {
            prop_assert_eq!(number, last.values().filter(|given| **given == rating).count());
        }
        let (lowest, highest) = spread.range().expect("somebody rated");
        prop_assert_eq!(Some(&lowest), last.values().min());
        prop_assert_eq!(Some(&highest), last.values().max());
    }
}
