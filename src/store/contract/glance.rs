//! What is promised of reading several things at once.

use super::*;
use crate::domain::settings::{RevealRule, Settings};
use crate::store::{Glance, GlanceAt};

pub(in crate::store) async fn a_glance_sees_what_each_look_would<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let (code, nobody) = (code(1), code(2));
    let (workspace, actor, channel) = (team("T1"), user("U1"), ChannelId::from("C1"));
    let own = Needs::Own(actor.clone());
    let look = GlanceAt {
        workspace: &workspace,
        actor: &actor,
        place: Some(&channel),
        code: &code,
        needs: &own,
    };
    let seen = store.glance(look).await.expect("read");
    assert_eq!(seen, Glance::default());

    let panel = ["U1", "U2"];
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code, &panel, at(0)))]),
    )
    .await;
    let loaded = load(&store, "T1", &code, Needs::All).await;
    let cards = vec![card("U1", "one"), card("U2", "two")];
    let settings = Sheet::Settings(Settings {
        reveal: RevealRule::ByTheOwner,
        ..Settings::default()
    });
    let facts = [
        Fact::Person(actor.clone(), somebody()),
        Fact::Place(channel.clone(), somewhere()),
    ];
    let mut all = vec![
        changes(&loaded, &panel, None, cards),
        Change::Sheet(Revision(0), Box::new(settings)),
    ];
    all.extend(facts.map(Change::Fact));
    done(&store, writes("T1", 1, all)).await;

    for needs in [Needs::Head, own.clone(), Needs::All] {
        let seen = store
            .glance(GlanceAt {
                needs: &needs,
                ..look
            })
            .await;
        let expected = Glance {
            person: store.person(&workspace, &actor).await.expect("read"),
            place: store.place(&workspace, &channel).await.expect("read"),
            settings: (store.sheet(&workspace, &SheetId::Settings).await).expect("read"),
            loaded: (store.load(&workspace, &code, &needs).await).expect("read"),
        };
        let there = expected.person.is_some() && expected.place.is_some();
        assert!(there && expected.settings.is_some() && expected.loaded.is_some());
        assert_eq!(seen.expect("read"), expected);
    }
    let other = GlanceAt {
        place: None,
        code: &nobody,
        ..look
    };
    let seen = store.glance(other).await.expect("read");
    assert!(seen.person.is_some() && seen.place.is_none() && seen.loaded.is_none());
    let elsewhere = GlanceAt {
        workspace: &team("T2"),
        ..look
    };
    let seen = store.glance(elsewhere).await.expect("read");
    assert_eq!(seen, Glance::default());
}
