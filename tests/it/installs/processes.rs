//! Two processes on one store: of all that could exchange an installation's tokens at once, one does.

use futures_util::FutureExt as _;
use interview_assistant::app::{App, AppOptions};
use interview_assistant::clock::Clock;
use interview_assistant::domain::ids::{UserId, WorkspaceId};
use interview_assistant::domain::install::{Claim, Install, Standing};
use interview_assistant::manifest::SCOPES;
use interview_assistant::seal::Keys;
use interview_assistant::simulator::{Misbehaviour, Pace, STEPPED_START, Simulator, Workspace};
use interview_assistant::slack::client::{Client, ClientSettings};
use interview_assistant::slack::clients::{Clients, Keeper};
use interview_assistant::slack::oauth::AppIdentity;
use interview_assistant::start::pretend_setup;
use interview_assistant::store::Store;
use interview_assistant::store::sled::SledStore;
use jiff::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

const HOUR: u64 = 3600;

struct Cluster {
    sim: Simulator,
    clock: Clock,
    id: WorkspaceId,
    apps: [App; 2],
    clients: [Clients; 2],
    _folder: tempfile::TempDir,
}

impl Cluster {
    /// Two processes, as far as they know of each other; the app is installed, with tokens that end.
    async fn start() -> (Self, [Keeper; 2]) {
        let workspace = Workspace::new("T0STORY", "Northwind");
        let sim = Simulator::start(pretend_setup(workspace, Pace::Stepped)).await;
        let sim = sim.expect("a port is free");
        sim.app_takes(false, true);
        let folder = tempfile::tempdir().expect("a folder");
        let store = SledStore::open(folder.path()).expect("the store opens");
        let store: Arc<dyn Store> = Arc::new(store);
        let start = Timestamp::from_second(STEPPED_START).expect("a time");
        let clock = Clock::held(start);
        let begin = async || {
            let app = App::start(Arc::clone(&store), clock.clone(), AppOptions::default());
            app.await.expect("it starts")
        };
        let apps = [begin().await, begin().await];
        let credentials = sim.credentials();
        let identity = AppIdentity {
            client_id: credentials.client_id,
            client_secret: SecretString::from(credentials.client_secret),
            public_url: "https://interviews.example.org".parse().expect("a URL"),
            scopes: &SCOPES,
            pkce: false,
            rotation: false,
        };
        let keys = Keys::new(&[crate::harness::installs::key(1)]);
        let mut settings = ClientSettings::new(None);
        settings.api_url = sim.api_url().parse().expect("a URL");
        let line = || Client::new(&settings).expect("a client");
        let many = |app: &App| Clients::many(line(), app.clone(), keys.clone(), identity.clone());
        let (one, first) = many(&apps[0]);
        let (two, second) = many(&apps[1]);

        let install = installed(&sim, &identity, &keys, &line(), start).await;
        one.installed(&install).await.expect("it is kept");
        let cluster = Self {
            sim,
            clock,
            id: install.id,
            apps,
            clients: [one, two],
            _folder: folder,
        };
        (cluster, [first, second])
    }

    fn moves_on(&self, by: Duration) {
        self.sim.advance(by);
        self.clock.advance(by);
    }

    async fn install(&self) -> Install {
        let found = self.apps[0].install(&self.id).await.expect("read");
        found.expect("it is there").0
    }

    fn exchanges(&self) -> usize {
        let calls = self.sim.calls();
        let of_tokens = calls
            .iter()
            .filter(|it| it.args["grant_type"] == "refresh_token");
        of_tokens.count()
    }

    /// Waits until neither does anything; there is no outbox, so what it would be told is taken here.
    async fn idle(&self) {
        for app in &self.apps {
            drop(app.newly_owed().now_or_never());
            app.idle().await;
        }
    }

    /// Waits until something is so of the installation, and then until nobody does anything.
    async fn until(&self, is_so: impl Fn(&Install) -> bool) {
        for _ in 0..6000 {
            if is_so(&self.install().await) {
                return self.idle().await;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never is: {:?}", self.install().await);
    }
}

/// What Slack grants to whoever consents on its page.
async fn installed(
    sim: &Simulator,
    identity: &AppIdentity,
    keys: &Keys,
    client: &Client,
    now: Timestamp,
) -> Install {
    let mut url: url::Url = sim.page_url().parse().expect("a URL");
    url.set_path("/oauth/v2/authorize");
    url.query_pairs_mut()
        .append_pair("client_id", &identity.client_id)
        .append_pair("scope", &SCOPES.join(","))
        .append_pair("redirect_uri", &identity.redirect_uri())
        .append_pair("state", &"s".repeat(40));
    let page = reqwest::Client::builder().no_proxy().build();
    let page = page.expect("a client").get(url).send().await;
    let page = page.expect("a page").text().await.expect("text");
    let (_, code) = page.split_once("?code=").expect("a code");
    let code = code.split('&').next().expect("its end");
    let grant = identity.redeem(client, code, None, now).await;
    let grant = grant.expect("it is granted");
    let (id, name) = grant.team.expect("a team");
    let id = WorkspaceId::from(id);
    Install {
        tokens: keys.seal(&id, &grant.tokens),
        id,
        name,
        organisation: false,
        app: grant.app,
        bot: UserId::from(grant.bot),
        scopes: grant.scopes.unwrap_or_default(),
        by: UserId::from(grant.by),
        at: now,
        expires_at: grant.expires_at,
        standing: Standing::Installed,
        claim: None,
    }
}

#[tokio::test]
async fn of_two_processes_one_exchanges_the_tokens_and_both_use_what_came_of_it() {
    let (cluster, [first, second]) = Cluster::start().await;
    let before = cluster.install().await;
    cluster.moves_on(Duration::from_secs(10 * HOUR + 60));
    // So that the other one comes while the first is at it.
    cluster.sim.misbehave(Misbehaviour::Slow { millis: 300 });
    let story = async {
        let exchanged = |it: &Install| it.tokens != before.tokens && it.claim.is_none();
        cluster.until(exchanged).await;
        assert_eq!(cluster.exchanges(), 1);
        // The old token ends, and nobody has to ask again.
        cluster.moves_on(Duration::from_secs(3 * HOUR));
        for clients in &cluster.clients {
            let client = clients.of(&cluster.id).await;
            client.auth_test().await.expect("Slack takes the new token");
        }
        assert_eq!(cluster.exchanges(), 1);
    };
    tokio::select! {
        ended = first.run() => panic!("{ended:?}"),
        ended = second.run() => panic!("{ended:?}"),
        () = story => {}
    }
    assert_eq!(cluster.sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_claim_of_a_process_that_died_ends_by_itself() {
    let (cluster, [keeper, _]) = Cluster::start().await;
    let before = cluster.install().await;
    cluster.moves_on(Duration::from_secs(10 * HOUR + 60));
    let now = cluster.clock.now();
    let claim = || Claim {
        by: "a process that died".to_owned(),
        until: now + Duration::from_secs(180),
    };
    let claims = |it: Install| it.claimed(claim(), now);
    let claimed = cluster.apps[0].change_install(&cluster.id, claims).await;
    assert!(claimed.expect("it is kept").is_some());
    let story = async {
        // Until then the old token does.
        let client = cluster.clients[0].of(&cluster.id).await;
        client.auth_test().await.expect("it has not ended");
        cluster.idle().await;
        assert_eq!(cluster.exchanges(), 0);
        cluster.moves_on(Duration::from_secs(181));
        let _nudges = cluster.clients[0].of(&cluster.id).await;
        let exchanged = |it: &Install| it.tokens != before.tokens && it.claim.is_none();
        cluster.until(exchanged).await;
        assert_eq!(cluster.exchanges(), 1);
    };
    tokio::select! {
        ended = keeper.run() => panic!("{ended:?}"),
        () = story => {}
    }
}
