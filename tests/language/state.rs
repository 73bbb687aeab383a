use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, Joined, LeaveReason, Params, channel,
    testing::{TestApp, TestClient},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Counts for each client by itself, and reports what was counted when a client leaves.
struct Counter {
    total: async_channel::Sender<(u64, LeaveReason)>,
}

/// Not `Sync`: one handler at a time has it.
struct Count {
    value: std::cell::Cell<u64>,
}

#[derive(Deserialize)]
struct Start {
    start: Option<u64>,
}

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self, start: Start) -> Result<Joined<Count, Value>, &'static str> {
        let start = start.start.unwrap_or_default();
        if start > 100 {
            return Err("too much");
        }
        let value = std::cell::Cell::new(start);
        Ok(Joined::new(Count { value }).reply(json!({"from": start})))
    }

    #[join("plain:*")]
    async fn plain(&self) {}

    /// Takes all topics of one segment from the join above, which makes no state.
    #[join("plain:{name}")]
    async fn named(&self, name: &str) -> Joined<String> {
        Joined::new(name.to_owned())
    }

    #[on("counter:*", "add")]
    async fn add(&self, count: &mut Count, amount: u64) -> Result<u64, ()> {
        count.value.set(count.value.get() + amount);
        Ok(count.value.get())
    }

    #[on("plain:{name}", "rename")]
    async fn rename(&self, _name: &str, own: &mut String) -> Result<String, ()> {
        own.push('!');
        Ok(own.clone())
    }

    #[on("counter:*", "boom")]
    async fn boom(&self, count: &mut Count) {
        count.value.set(99);
        panic!("boom")
    }

    #[leave("counter:*")]
    async fn left(&self, reason: LeaveReason, count: &mut Count) {
        self.total.try_send((count.value.get(), reason)).unwrap();
    }
}

async fn joined(topic: &str, payload: Value) -> (TestApp<Counter>, TestClient, Value, Totals) {
    let (total, totals) = async_channel::unbounded();
    let app = TestApp::new(&channel(Counter { total }));
    let mut client = app.connect().await.unwrap();
    let response = client.join(topic, payload).await.unwrap_ok();
    (app, client, response, totals)
}

type Totals = async_channel::Receiver<(u64, LeaveReason)>;

#[test]
fn a_topic_keeps_its_state_from_event_to_event() {
    block_on(async {
        let (_app, mut client, response, totals) = joined("counter:1", json!({"start": 5})).await;
        assert_eq!(response, json!({"from": 5}));
        client.join("counter:2", json!({})).await.unwrap_ok();
        for (topic, amount, sum) in [
            ("counter:1", 1, 6),
            ("counter:2", 10, 10),
            ("counter:1", 2, 8),
        ] {
            let reply = client.call(topic, "add", amount).await;
            assert_eq!(reply.unwrap_ok(), json!(sum));
        }
        client.leave("counter:1").await.unwrap_ok();
        assert_eq!(totals.recv().await.unwrap(), (8, LeaveReason::Left));
    });
}

#[test]
fn a_new_instance_has_a_new_state() {
    block_on(async {
        let (_app, mut client, _, totals) = joined("counter:1", json!({"start": 5})).await;
        let response = client.join("counter:1", json!({})).await.unwrap_ok();
        assert_eq!(response, json!({"from": 0}));
        assert_eq!(totals.recv().await.unwrap(), (5, LeaveReason::Replaced));
        assert_eq!(
            client.call("counter:1", "add", 1).await.unwrap_ok(),
            json!(1)
        );
    });
}

#[test]
fn a_state_survives_the_handler_that_crashes() {
    block_on(async {
        let (_app, mut client, _, totals) = joined("counter:1", json!({})).await;
        client.push("counter:1", "boom", json!({}));
        client.event("counter:1", "phx_error").await;
        assert_eq!(totals.recv().await.unwrap(), (99, LeaveReason::Crashed));
    });
}

#[test]
fn a_more_specific_join_makes_its_own_state() {
    block_on(async {
        let (_app, mut client, _, _totals) = joined("plain:ann", json!({})).await;
        let reply = client.call("plain:ann", "rename", json!({})).await;
        assert_eq!(reply.unwrap_ok(), json!("ann!"));
    });
}

#[test]
fn a_refused_join_keeps_nothing() {
    block_on(async {
        let (_app, mut client, _, totals) = joined("plain:", json!({})).await;
        let refused = client.join("counter:1", json!({"start": 101})).await;
        assert_eq!(refused.unwrap_error(), json!({"reason": "too much"}));
        client.leave("plain:").await.unwrap_ok();
        assert!(totals.is_empty());
    });
}

#[derive(Deserialize)]
struct Client {
    locale: String,
}

/// Greets in the language of the connection.
struct Greeter;

#[channel]
impl Greeter {
    #[join("greet:*")]
    async fn join(&self, Params(client): Params<Client>, conn: ChannelConn<'_>) -> Result<(), ()> {
        conn.push((conn.topic(), "greeting", json!({"locale": client.locale})));
        Ok(())
    }
}

#[test]
fn connect_parameters_are_an_argument() {
    block_on(async {
        let app = TestApp::new(&channel(Greeter));
        let mut client = app.connect().param("locale", "de").await.unwrap();
        client.join("greet:1", json!({})).await.unwrap_ok();
        assert_eq!(
            client.event("greet:1", "greeting").await,
            json!({"locale": "de"})
        );

        let mut client = app.connect().await.unwrap();
        let refused = client.join("greet:1", json!({})).await;
        assert_eq!(
            refused.unwrap_error(),
            json!({"reason": "invalid params", "detail": "missing field `locale`"})
        );
    });
}
