//! Days of a team's work on a cluster: six processes on one database, three with sockets and three behind a proxy, of which one is killed every few seconds, while the
//! database crashes once. A crowd clicks on ratings all the while. Nothing that was acknowledged is lost, every debrief is right, every digest comes once. `CLUSTER_MINUTES` makes it as
//! long as that; it is half a minute otherwise. And the same with a rolling restart, which loses and doubles nothing at all.

use crate::harness::chance::Chance;
use crate::harness::cluster::{Cluster, at_last, figure};
use crate::harness::hands::Hands;
use crate::harness::postgres::Server;
use crate::harness::program::Program;
use crate::soak::model::{Told, are_in};
use crate::soak::people::Somebody;
use crate::soak::{Lives, NAMES, Shift, Soak, length};
use futures_util::future::join_all;
use interview_assistant::simulator::Channel;
use interview_assistant::start::open_store;
use secrecy::SecretString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SOCKETS: usize = 3;
const BEHIND: usize = 3;
const PROCESSES: usize = SOCKETS + BEHIND;
const CROWD: [&str; 4] = ["ada", "ben", "cid", "dora"];

/// The cluster, and what befalls it.
struct Perils<'a> {
    cluster: Cluster<'a>,
    chance: Chance,
    kills: usize,
    /// One is stopped after the other, and nothing worse happens.
    gently: bool,
    stops: usize,
    /// The database has crashed.
    crashed: bool,
}

/// What no process may have logged, whatever went wrong.
fn is_sound(bot: &Program) {
    let log = bot.log();
    assert!(!log.contains("panicked"), "{log}");
}

impl Perils<'_> {
    /// Not everything has befallen it yet.
    fn is_to_come(&self) -> bool {
        if self.gently {
            self.stops < PROCESSES
        } else {
            !self.crashed
        }
    }

    /// One is killed, and after a while is there again.
    async fn one_dies(&mut self) {
        let place = self.chance.below(PROCESSES as u64);
        let place = usize::try_from(place).expect("a place");
        is_sound(&self.cluster.kills(place));
        self.kills += 1;
        tokio::time::sleep(Duration::from_millis(self.chance.below(1500))).await;
        // Slack lets an app connect once a minute.
        self.cluster.slack.advance(Duration::from_secs(61));
        self.cluster.starts(place).await;
    }

    /// The next one is stopped, and started again.
    async fn one_stops(&mut self) {
        let place = self.stops % PROCESSES;
        is_sound(self.cluster.bots[place].as_ref().expect("it runs"));
        self.cluster.stops(place).await;
        self.stops += 1;
        self.cluster.slack.advance(Duration::from_secs(61));
        self.cluster.starts(place).await;
    }

    /// The database crashes, and is there again. What people were told may be saved is, once nothing waits any more.
    async fn the_database_crashes(&mut self) {
        self.cluster.server.crashes();
        self.cluster.server.comes_back();
        self.crashed = true;
        for bot in self.cluster.running() {
            for (name, wanted) in [("interview_ready", 1), ("interview_commits_waiting", 0)] {
                at_last(name, async || {
                    figure(bot, name).await.filter(|it| *it == wanted)
                })
                .await;
            }
        }
    }
}

impl Lives for Perils<'_> {
    async fn goes_wrong(&mut self, over: &AtomicBool) {
        while !over.load(Ordering::SeqCst) {
            let pause = 800 + self.chance.below(2000);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if self.gently {
                self.one_stops().await;
            } else if !self.crashed && self.kills >= 3 {
                self.the_database_crashes().await;
            } else {
                self.one_dies().await;
            }
        }
    }

    async fn settles(&mut self) {
        self.cluster.has_sent_all().await;
    }

    fn doubts(&self) -> usize {
        self.kills + usize::from(self.crashed)
    }
}

/// Beside those of the shift, some click on ratings all the time.
async fn a_crowd_hurries(soak: &Soak, seed: u64, over: &AtomicBool) {
    let channel = Channel::private("crowd").with(NAMES).with_bot();
    let channel = soak.slack.add_channel(channel);
    let which = {
        let mut told = soak.told.lock().expect("no panic");
        told.push(Told {
            name: "Candidate Crowd".to_owned(),
            panel: CROWD.to_vec(),
            ..Told::default()
        });
        told.len() - 1
    };
    let somebody = |name, salt| Somebody::new(soak, name, &channel, seed.wrapping_add(salt));
    somebody("rita", 1).opens(which).await;
    let all = CROWD.into_iter().zip(2..).map(async |(name, salt)| {
        somebody(name, salt).hurries(which, over).await;
    });
    join_all(all).await;
}

/// Whether each of them has taken something since it started, while somebody asks for one thing after the other.
async fn all_take_their_part(soak: &Soak, cluster: &Cluster<'_>) {
    let rita = Hands::new(&soak.slack, "rita", "#crowd");
    for bot in cluster.running() {
        at_last("each to take something", async || {
            rita.types("/interview help").await.ok()?;
            let figures = bot.figures().await?;
            let mut taken = figures
                .lines()
                .filter(|line| line.starts_with("interview_deliveries_total{"));
            taken.any(|line| !line.ends_with(" 0")).then_some(())
        })
        .await;
    }
}

async fn a_cluster_is_worked_with(gently: bool) {
    let Some(server) = Server::starts() else {
        return;
    };
    let seed = rand::random();
    println!("seed {seed}");
    let length = length("CLUSTER_MINUTES");
    let soak = Soak::begins(false).await;
    let cluster = Cluster::of(&soak.slack, &server, SOCKETS, BEHIND).await;
    let cluster = cluster.with_clocks(vec![Duration::ZERO; PROCESSES]);
    let mut life = Perils {
        cluster: cluster.all_start().await,
        chance: Chance(seed),
        kills: 0,
        gently,
        stops: 0,
        crashed: false,
    };
    let mut shifts = 0;
    let over = AtomicBool::new(false);
    let days = async {
        while soak.began.elapsed() < length || shifts < 2 || life.is_to_come() {
            let shift = Shift::begins(&soak, shifts, seed);
            Box::pin(shift.is_worked(&mut life)).await;
            shifts += 1;
        }
        over.store(true, Ordering::SeqCst);
    };
    tokio::join!(days, a_crowd_hurries(&soak, seed, &over));
    all_take_their_part(&soak, &life.cluster).await;
    for place in 0..PROCESSES {
        is_sound(life.cluster.bots[place].as_ref().expect("it runs"));
        life.cluster.stops(place).await;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let url = SecretString::from(life.cluster.url.as_str());
    let store = open_store(folder.path(), Some(&url), &[]).await;
    let store = store.expect("the store opens");
    let told = soak.told.lock().expect("no panic").clone();
    are_in(&*store, &told).await;
    store.close().await;
    // Who was late because the database was away has been told so; and what was signed before the clock was moved on is refused after it.
    let mut breaches = soak.slack.breaches();
    let is_owed_to_it = ["within 3 s", "late ack", "HTTP 401"];
    breaches.retain(|breach| !is_owed_to_it.iter().any(|it| breach.contains(it)));
    assert_eq!(breaches, [""; 0]);
    println!(
        "{} s, {shifts} shifts, {} loops, {} acknowledged, {} kills, {} stops",
        soak.began.elapsed().as_secs(),
        told.len(),
        soak.answers(),
        life.kills,
        life.stops
    );
    drop(life);
    soak.slack.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_processes_with_sockets_and_behind_a_proxy_of_which_one_always_dies_lose_nothing_and_double_nothing()
 {
    Box::pin(a_cluster_is_worked_with(false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_of_six_processes_with_sockets_and_behind_a_proxy_loses_nothing_and_doubles_nothing()
 {
    Box::pin(a_cluster_is_worked_with(true)).await;
}
