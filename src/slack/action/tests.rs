//! Names on the wire, there and back.

use super::*;
use proptest::prelude::*;

#[test]
fn a_button_means_on_the_way_back_what_it_meant_on_the_way_out() {
    let rate = Action::Rate {
        code: LoopCode::from("C-7F3Q"),
        question: QuestionId::from("technical/3"),
        mark: Mark::Rated(Rating::Good),
        open: None,
    };
    let (id, value) = rate.on_the_wire();
    assert!(id.starts_with("scorecard.rate.v1:"), "{id}");
    assert!(id.len() <= 255, "{id}");
    assert_eq!(Action::parse(&id, Some(&value)), Ok(rate));
}

#[test]
fn a_menu_carries_its_draft_in_its_name() {
    let pick = Action::PickChannel {
        draft: DraftId::from("00ff"),
    };
    let (id, _) = pick.on_the_wire();
    assert_eq!(Action::parse(&id, None), Ok(pick));
}

#[test]
fn a_value_under_another_name_is_nobodys() {
    let (_, value) = Action::Reveal {
        code: LoopCode::from("C-7F3Q"),
    }
    .on_the_wire();
    assert_eq!(
        Action::parse("loop.more.v1:C-7F3Q", Some(&value)),
        Err(UnknownAction)
    );
    assert_eq!(Action::parse("click_me", Some("1")), Err(UnknownAction));
    assert_eq!(Action::parse("", None), Err(UnknownAction));
}

proptest! {
    #[test]
    fn no_name_and_no_value_breaks_the_reader(id in ".{0,80}", value in proptest::option::of(".{0,200}")) {
        let _ = Action::parse(&id, value.as_deref());
    }
}
