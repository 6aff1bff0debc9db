//! What every store promises of the messages of a loop: its post leads to it, wherever the post goes.

use super::*;

pub(in crate::store) async fn a_loop_is_found_by_its_post_and_by_no_other_message<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let at_post = async |store: &S, workspace: &str, channel: &str, post: &str| {
        let (channel, post) = (ChannelId::from(channel), MessageTs::from(post));
        let found = store.loop_at(&team(workspace), &channel, &post).await;
        found.expect("read")
    };
    let [one, two] = [code(1), code(2)];
    for code in [&one, &two] {
        let opened = opens(head(code, &["U1"], at(0)));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    assert_eq!(at_post(&store, "T1", "C1", "1.1").await, None);
    for (code, post) in [(&one, "1.1"), (&two, "1.2")] {
        let posted = |head: &mut Head| head.messages.post = Some(MessageTs::from(post));
        change_head(&store, code, posted).await;
    }
    assert_eq!(at_post(&store, "T1", "C1", "1.1").await, Some(one.clone()));
    assert_eq!(at_post(&store, "T1", "C1", "1.2").await, Some(two.clone()));
    assert_eq!(at_post(&store, "T1", "C2", "1.1").await, None);
    assert_eq!(at_post(&store, "T2", "C1", "1.1").await, None);
    assert_eq!(at_post(&store, "T1", "C1", "1.").await, None);

    // It stays found when it is decided, and follows its post.
    change_head(&store, &one, decide).await;
    assert_eq!(at_post(&store, "T1", "C1", "1.1").await, Some(one.clone()));
    change_head(&store, &one, |head| {
        head.channel = ChannelId::from("C2");
        head.messages = Messages::default();
    })
    .await;
    assert_eq!(at_post(&store, "T1", "C1", "1.1").await, None);
    let posted = |head: &mut Head| head.messages.post = Some(MessageTs::from("2.1"));
    change_head(&store, &one, posted).await;
    store.close().await;
    drop(store);

    let store = open().await;
    assert_eq!(at_post(&store, "T1", "C2", "2.1").await, Some(one));
    assert_eq!(at_post(&store, "T1", "C1", "1.1").await, None);
    assert_eq!(at_post(&store, "T1", "C1", "1.2").await, Some(two));
}

/// Loops that were posted before posts were listed: they are not found by their post, and go on all the same.
pub(in crate::store) async fn a_post_that_was_never_listed_breaks_nothing<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let (t1, one) = (team("T1"), code(1));
    let (here, post) = (ChannelId::from("C1"), MessageTs::from("0.9"));
    let opened = opens(head(&one, &["U1"], at(0)));
    done(&store, writes("T1", 0, vec![opened])).await;
    let mut loaded = load(&store, "T1", &one, Needs::Head).await;
    loaded.head.messages.post = Some(post.clone());
    let kept = changes(&loaded, &[], Some(loaded.head.clone()), vec![]);
    done(&store, writes("T1", 1, vec![kept])).await;
    let found = store.loop_at(&t1, &here, &post).await;
    assert_eq!(found.expect("read"), None);
    change_head(&store, &one, |head| head.channel = ChannelId::from("C2")).await;
    let found = store.loop_at(&t1, &ChannelId::from("C2"), &post).await;
    assert_eq!(found.expect("read"), Some(one));
}
