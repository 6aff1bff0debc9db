//! What is promised of loops: their parts, their lists, their audit.

use super::*;

pub(in crate::store) async fn a_commit_is_written_as_a_whole_or_not_at_all<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let (first, second) = (code(1), code(2));
    done(
        &store,
        writes("T1", 0, vec![opens(head(&first, &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&store, "T1", &first, Needs::Own(user("U1"))).await;
    let everything = |key| {
        vec![
            opens(head(&second, &["U1"], at(0))),
            Change::Owe(Post::Loop(second.clone())),
            Change::PutDraft(DraftId::from("D1"), Box::new(opening())),
            Change::Wait(Box::new(delivery("T1", key))),
            Change::Fact(Fact::Group(GroupId::from("S1"), vec![user("U1")])),
            changes(&loaded, &["U1"], None, vec![card("U1", "one")]),
            Change::TakeDraft(DraftId::from("no such draft")),
        ]
    };
    conflicts(&store, answers("T1", 1, "K1", "never", everything("W1"))).await;
    let t1 = team("T1");
    assert!(
        store
            .load(&t1, &second, &Needs::Head)
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        load(&store, "T1", &first, Needs::All)
            .await
            .cards
            .is_empty()
    );
    assert_eq!(store.parcels().await.expect("read"), []);
    assert_eq!(store.waiting().await.expect("read"), []);
    assert!(
        store
            .draft(&t1, &DraftId::from("D1"))
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        store
            .group(&t1, &GroupId::from("S1"))
            .await
            .expect("read")
            .is_none()
    );
    assert!(
        store
            .answered(&t1, &DeliveryKey::from("K1"), at(1))
            .await
            .expect("read")
            .is_none()
    );
    assert_eq!(
        list(&store, List::Of(user("U1")), 9).await,
        std::slice::from_ref(&first)
    );

    let mut all = everything("W1");
    all.pop();
    done(&store, answers("T1", 1, "K1", "now", all)).await;
    assert_eq!(load(&store, "T1", &first, Needs::All).await.cards.len(), 1);
    assert_eq!(store.parcels().await.expect("read").len(), 1);
    assert_eq!(store.waiting().await.expect("read"), [delivery("T1", "W1")]);
    assert_eq!(
        store
            .answered(&t1, &DeliveryKey::from("K1"), at(1))
            .await
            .expect("read"),
        Some(said("now"))
    );
}

pub(in crate::store) async fn a_change_of_what_has_changed_since_is_refused<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let one = code(1);
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U1"], at(0)))]),
    )
    .await;
    conflicts(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U2"], at(0)))]),
    )
    .await;
    let before = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    assert_eq!((before.revision, before.cards.len()), (Revision(1), 0));

    // The head moves on: whoever read it before writes neither head nor scorecard.
    change_head(&store, &one, |head| head.title.push('!')).await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &["U1"], None, vec![card("U1", "late")])],
        ),
    )
    .await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &[], Some(before.head.clone()), vec![])],
        ),
    )
    .await;

    // A scorecard that came meanwhile, or moved on.
    let before = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    done(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &["U1"], None, vec![card("U1", "one")])],
        ),
    )
    .await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&before, &["U1"], None, vec![card("U1", "two")])],
        ),
    )
    .await;
    let after = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    done(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&after, &[], None, vec![card("U1", "two")])],
        ),
    )
    .await;
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&after, &[], None, vec![card("U1", "three")])],
        ),
    )
    .await;
    assert_eq!(
        load(&store, "T1", &one, Needs::All).await.cards[&user("U1")],
        (card("U1", "two"), Revision(2))
    );

    // A scorecard nobody looked for is not overwritten, and what is not there has no base.
    let unread = Loaded {
        cards: BTreeMap::new(),
        ..load(&store, "T1", &one, Needs::Head).await
    };
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&unread, &[], None, vec![card("U1", "four")])],
        ),
    )
    .await;
    let mut absent = unread.clone();
    absent.head.code = code(2);
    conflicts(
        &store,
        writes(
            "T1",
            1,
            vec![changes(&absent, &[], None, vec![card("U1", "five")])],
        ),
    )
    .await;
}

pub(in crate::store) async fn interviewers_do_not_stand_in_each_others_way<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let one = code(1);
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U1", "U2"], at(0)))]),
    )
    .await;
    let first = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    let second = load(&store, "T1", &one, Needs::Own(user("U2"))).await;
    let (a, b) = futures_util::future::join(
        store.commit(writes(
            "T1",
            1,
            vec![changes(&first, &["U1"], None, vec![card("U1", "one")])],
        )),
        store.commit(writes(
            "T1",
            1,
            vec![changes(&second, &["U2"], None, vec![card("U2", "two")])],
        )),
    )
    .await;
    assert_eq!(
        (a.expect("written"), b.expect("written")),
        (Committed::Done, Committed::Done)
    );
    let loaded = load(&store, "T1", &one, Needs::All).await;
    assert_eq!(
        loaded.revision,
        Revision(1),
        "a scorecard leaves the head alone"
    );
    assert_eq!(loaded.cards.len(), 2);
    assert_eq!(
        load(&store, "T1", &one, Needs::Own(user("U2")))
            .await
            .cards
            .len(),
        1
    );
    assert_eq!(load(&store, "T1", &one, Needs::Head).await.cards.len(), 0);
}

pub(in crate::store) async fn workspaces_do_not_see_each_other<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let one = code(1);
    // The second pair would run into each other if ids were just put one after the other.
    for (workspace, name) in [
        ("T1", "one"),
        ("T2", "two"),
        ("T", "three"),
        ("T12", "four"),
    ] {
        let mut head = head(&one, &["U1"], at(0));
        head.title = name.to_owned();
        let person = Person {
            zone: Some(name.to_owned()),
            ..somebody()
        };
        let place = Place {
            shared: workspace == "T2",
            ..somewhere()
        };
        let all = vec![
            opens(head),
            Change::Owe(Post::Loop(one.clone())),
            Change::PutDraft(DraftId::from("D1"), Box::new(opening())),
            Change::Wait(Box::new(delivery(workspace, "W1"))),
            Change::Fact(Fact::Person(user("U1"), person)),
            Change::Fact(Fact::Place(ChannelId::from("C1"), place)),
            Change::Fact(Fact::Group(GroupId::from("S1"), vec![user(name)])),
        ];
        done(&store, answers(workspace, 0, "K1", name, all)).await;
    }
    for (workspace, name) in [
        ("T1", "one"),
        ("T2", "two"),
        ("T", "three"),
        ("T12", "four"),
    ] {
        let team = team(workspace);
        assert_eq!(
            load(&store, workspace, &one, Needs::All).await.head.title,
            name
        );
        assert_eq!(
            list_in(&store, workspace, List::Of(user("U1")), 9).await,
            std::slice::from_ref(&one)
        );
        let person = store
            .person(&team, &user("U1"))
            .await
            .expect("read")
            .expect("told");
        assert_eq!(person.zone.as_deref(), Some(name));
        let place = store
            .place(&team, &ChannelId::from("C1"))
            .await
            .expect("read")
            .expect("told");
        assert_eq!(place.shared, workspace == "T2");
        let group = store
            .group(&team, &GroupId::from("S1"))
            .await
            .expect("read");
        assert_eq!(group, Some((vec![user(name)], at(0))));
        assert_eq!(
            store
                .answered(&team, &DeliveryKey::from("K1"), at(0))
                .await
                .expect("read"),
            Some(said(name))
        );
    }
    done(
        &store,
        writes(
            "T2",
            0,
            vec![
                Change::TakeDraft(DraftId::from("D1")),
                Change::Unwait(DeliveryKey::from("W1")),
            ],
        ),
    )
    .await;
    assert!(
        store
            .draft(&team("T1"), &DraftId::from("D1"))
            .await
            .expect("read")
            .is_some()
    );
    assert_eq!(store.waiting().await.expect("read").len(), 3);
    assert!(
        store
            .load(&team("T3"), &one, &Needs::Head)
            .await
            .expect("read")
            .is_none()
    );
    assert_eq!(list_in(&store, "T3", List::Of(user("U1")), 9).await, []);
    assert!(
        store
            .person(&team("T3"), &user("U1"))
            .await
            .expect("read")
            .is_none()
    );
}

pub(in crate::store) async fn lists_follow_the_loops<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let t1 = team("T1");
    let slug = KitSlug::from("sample");
    let [old, mid, new] = [code(3), code(1), code(2)];
    let of = async |name: &str| list(&store, List::Of(user(name)), 9).await;
    let within = async |name: &str| list(&store, List::In(ChannelId::from(name)), 9).await;
    let named = async |likeness: &str| store.namesakes(&t1, &slug, likeness).await.expect("read");
    for (code, seconds) in [(&mid, 5), (&new, 9), (&old, -5)] {
        done(
            &store,
            writes("T1", 0, vec![opens(head(code, &["U1", "U9"], at(seconds)))]),
        )
        .await;
    }
    let all = [new.clone(), mid.clone(), old.clone()];
    assert_eq!(
        (of("U1").await, of("U9").await, within("C1").await),
        (all.to_vec(), all.to_vec(), all.to_vec())
    );
    assert_eq!(list(&store, List::Of(user("U1")), 2).await, all[..2]);
    assert_eq!(
        list(&store, List::In(ChannelId::from("C1")), 1).await,
        all[..1]
    );
    assert_eq!(
        named("zoeobrien").await,
        [mid.clone(), new.clone(), old.clone()]
    );
    assert_eq!(named("zoe").await, []);
    assert_eq!(
        store
            .namesakes(&t1, &KitSlug::from("other"), "zoeobrien")
            .await
            .expect("read"),
        []
    );

    change_head(&store, &mid, |head| {
        head.candidate = CandidateName::parse("Jane Doe").expect("a name");
    })
    .await;
    assert_eq!(
        (named("zoeobrien").await, named("janedoe").await),
        (vec![new.clone(), old.clone()], vec![mid.clone()])
    );
    change_head(&store, &mid, |head| head.channel = ChannelId::from("C2")).await;
    assert_eq!(
        (within("C1").await, within("C2").await),
        (vec![new.clone(), old.clone()], vec![mid.clone()])
    );
    // The old owner stays where they are on the panel, and only there.
    change_head(&store, &mid, |head| head.owner = user("U7")).await;
    assert_eq!(
        (of("U7").await, of("U9").await),
        (vec![mid.clone()], all.to_vec())
    );
    change_head(&store, &mid, |head| {
        head.panel = vec![Seat::new(user("U1")), Seat::new(user("U2"))];
    })
    .await;
    assert_eq!(of("U2").await, std::slice::from_ref(&mid));
    assert_eq!(of("U9").await, [new.clone(), old.clone()]);

    change_head(&store, &new, decide).await;
    assert_eq!(named("zoeobrien").await, std::slice::from_ref(&old));
    change_head(&store, &new, |head| head.decision = None).await;
    assert_eq!(named("zoeobrien").await, [new.clone(), old.clone()]);
    let reveal = Reveal {
        at: at(1),
        by: None,
        snapshot: Vec::new(),
        shadows: Vec::new(),
    };
    change_head(&store, &old, |head| head.reveal = Some(reveal)).await;
    assert_eq!(
        named("zoeobrien").await,
        [new.clone(), old.clone()],
        "it is not decided yet"
    );
    // What is refused is listed nowhere.
    conflicts(
        &store,
        writes("T1", 0, vec![opens(head(&old, &["U4"], at(0)))]),
    )
    .await;
    assert_eq!(of("U4").await, []);
}

pub(in crate::store) async fn the_audit_is_kept_in_order<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let entry = |seconds, what| AuditEntry {
        at: at(seconds),
        actor: Some(user("U1")),
        what,
    };
    let change = |loaded: &Loaded, audit| {
        Change::Loop(Box::new(LoopChange {
            code: loaded.head.code.clone(),
            base: base(loaded, &[]),
            head: None,
            cards: Vec::new(),
            audit,
        }))
    };
    let mut expected = Vec::new();
    for number in [1, 2] {
        done(
            &store,
            writes("T1", 0, vec![opens(head(&code(number), &[], at(0)))]),
        )
        .await;
    }
    let loaded = load(&store, "T1", &code(1), Needs::Head).await;
    let other = load(&store, "T1", &code(2), Needs::Head).await;
    for round in 0..3 {
        // Time may stand still, and even go back.
        let both = vec![
            entry(-round, Audited::Opened),
            entry(0, Audited::Joined(user(&round.to_string()))),
        ];
        expected.extend(both.clone());
        done(&store, writes("T1", 0, vec![change(&loaded, both)])).await;
        done(
            &store,
            writes(
                "T1",
                0,
                vec![change(&other, vec![entry(0, Audited::Reopened)])],
            ),
        )
        .await;
    }
    assert_eq!(
        store.audit(&team("T1"), &code(1)).await.expect("read"),
        expected
    );
    store.close().await;
    drop(store);
    let store = open().await;
    let loaded = load(&store, "T1", &code(1), Needs::Head).await;
    expected.push(entry(0, Audited::AskedToJoin));
    done(
        &store,
        writes(
            "T1",
            0,
            vec![change(&loaded, vec![entry(0, Audited::AskedToJoin)])],
        ),
    )
    .await;
    assert_eq!(
        store.audit(&team("T1"), &code(1)).await.expect("read"),
        expected
    );
    assert_eq!(store.audit(&team("T2"), &code(1)).await.expect("read"), []);
}

pub(in crate::store) async fn a_loop_is_read_as_of_one_moment<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let one = code(1);
    let names = ["U1", "U2", "U3", "U4"];
    let cards = |round: u32| names.map(|name| card(name, &round.to_string())).to_vec();
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &names, at(0)))]),
    )
    .await;
    let writing = async {
        for round in 0..60 {
            let loaded = load(&store, "T1", &one, Needs::All).await;
            let mut head = loaded.head.clone();
            head.title = round.to_string();
            done(
                &store,
                writes(
                    "T1",
                    0,
                    vec![changes(&loaded, &names, Some(head), cards(round))],
                ),
            )
            .await;
        }
    };
    let reading = async {
        loop {
            let Loaded { head, cards, .. } = load(&store, "T1", &one, Needs::All).await;
            assert!(
                cards
                    .values()
                    .all(|(card, _)| card.reason.as_str() == head.title),
                "a mixture"
            );
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = writing => {}
        () = reading => {}
    }
    assert_eq!(load(&store, "T1", &one, Needs::All).await.cards.len(), 4);
}
