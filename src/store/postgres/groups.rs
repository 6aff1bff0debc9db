//! Questions that wait while others are under way, and then go to the database together. What is asked is in `read` and `together`.
//!
//! Nobody waits for company: who comes while little is under way goes at once, alone. Those who come meanwhile gather, and go with the next.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How many groups are under way at once: the second uses the way and the processor while the first waits for the disk.
const UNDER_WAY: usize = 2;
/// One that has no answer after so long is stuck, behind a lock or a connection that is gone: then others may go meanwhile, that many in all.
const STUCK: Duration = Duration::from_millis(250);
const MOST: usize = 8;
/// The largest group.
const LARGEST: usize = 64;
/// How many questions wait before those who ask wait with them.
const WAITING: usize = 1024;

/// A question, and where its answer goes.
pub(super) type Asked<Q, A> = (Q, oneshot::Sender<A>);

/// Takes questions, and asks them in groups.
pub(super) struct Groups<Q, A> {
    queue: mpsc::Sender<Asked<Q, A>>,
    _ask: JoinSet<()>,
}

impl<Q: Send + 'static, A: Send + 'static> Groups<Q, A> {
    /// Those who go together are handed over in the order in which they came.
    pub(super) fn of<F>(handle: impl Fn(Vec<Asked<Q, A>>) -> F + Clone + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (queue, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let under_way = Arc::new(Semaphore::new(UNDER_WAY));
        let mut ask = JoinSet::new();
        for _ in 0..MOST {
            let (waiting, under_way) = (Arc::clone(&waiting), Arc::clone(&under_way));
            ask.spawn(groups(waiting, under_way, handle.clone()));
        }
        Self { queue, _ask: ask }
    }

    /// Asks, alone or with others. `None`: nobody knows what became of the question.
    pub(super) async fn ask(&self, question: Q) -> Option<A> {
        let (answer, answered) = oneshot::channel();
        self.queue.send((question, answer)).await.ok()?;
        answered.await.ok()
    }
}

/// One group after the other, until nobody can ask any more. They belong to no question: so who does not wait any more is in nobody's way.
async fn groups<Q, A, F: Future<Output = ()> + Send>(
    waiting: Arc<Mutex<mpsc::Receiver<Asked<Q, A>>>>,
    under_way: Arc<Semaphore>,
    handle: impl Fn(Vec<Asked<Q, A>>) -> F,
) {
    // It is never closed.
    while let Ok(turn) = under_way.acquire().await {
        let mut group = Vec::new();
        if waiting.lock().await.recv_many(&mut group, LARGEST).await == 0 {
            return;
        }
        let mut handled = std::pin::pin!(handle(group));
        if timeout(STUCK, &mut handled).await.is_err() {
            drop(turn);
            handled.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use tokio::sync::Notify;

    type Seen = Arc<std::sync::Mutex<Vec<Vec<u32>>>>;

    /// Numbers are answered by their doubles, each group once the gate lets it through, or at once where there is none.
    fn doubles(gate: Option<Arc<Notify>>) -> (Groups<u32, u32>, Seen) {
        let seen = Seen::default();
        let seen_here = Arc::clone(&seen);
        let groups = Groups::of(move |group: Vec<Asked<u32, u32>>| {
            let numbers = group.iter().map(|(number, _)| *number).collect();
            seen_here.lock().expect("not poisoned").push(numbers);
            let gate = gate.clone();
            async move {
                if let Some(gate) = gate {
                    gate.notified().await;
                }
                for (number, answer) in group {
                    let _ = answer.send(number * 2);
                }
            }
        });
        (groups, seen)
    }

    /// Until so many groups have begun.
    async fn begun(seen: &Seen, many: usize) {
        while seen.lock().expect("not poisoned").len() < many {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_gets_its_own_answer_once() {
        let (groups, seen) = doubles(None);
        let answers = join_all((0..5000).map(|number| groups.ask(number))).await;
        let doubles = (0..5000).map(|number| Some(number * 2));
        assert!(answers.into_iter().eq(doubles));
        let mut all = seen.lock().expect("not poisoned").concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..5000));
    }

    #[tokio::test]
    async fn who_comes_while_two_are_under_way_goes_with_the_next_and_what_is_stuck_stops_nobody() {
        let gate = Arc::new(Notify::new());
        let (groups, seen) = doubles(Some(Arc::clone(&gate)));
        let later = async {
            begun(&seen, 2).await;
            join_all((3..=9).map(|number| groups.ask(number))).await
        };
        let opens = async {
            // Nothing was answered, and the third begins nevertheless.
            begun(&seen, 3).await;
            (0..3).for_each(|_| gate.notify_waiters());
        };
        let second = async {
            begun(&seen, 1).await;
            groups.ask(2).await
        };
        let (one, two, later, ()) = tokio::join!(groups.ask(1), second, later, opens);
        assert_eq!((one, two), (Some(2), Some(4)));
        assert!(later.into_iter().eq((3..=9).map(|number| Some(number * 2))));
        let seen = seen.lock().expect("not poisoned");
        assert_eq!(*seen, [vec![1], vec![2], (3..=9).collect()]);
    }

    #[tokio::test]
    async fn who_does_not_wait_any_more_strands_nobody() {
        let gate = Arc::new(Notify::new());
        let (groups, seen) = doubles(Some(Arc::clone(&gate)));
        {
            let mut first = std::pin::pin!(groups.ask(1));
            let mut waits = std::pin::pin!(groups.ask(2));
            tokio::select! {
                biased;
                _ = &mut first => unreachable!("nothing is answered"),
                _ = &mut waits => unreachable!("nothing is answered"),
                () = begun(&seen, 1) => {}
            }
        }
        let opens = async {
            loop {
                gate.notify_one();
                tokio::task::yield_now().await;
            }
        };
        let others = join_all((3..200).map(|number| groups.ask(number)));
        let answers = tokio::select! {
            answers = others => answers,
            () = opens => unreachable!("it opens for ever"),
        };
        assert!(
            answers
                .into_iter()
                .eq((3..200).map(|number| Some(number * 2)))
        );
    }
}
