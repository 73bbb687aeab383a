use async_channel::{Receiver, Sender};
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Info, Joined, LeaveReason, Pusher, ReplyTo,
    async_trait, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};
use std::cell::Cell;

struct Clock {
    pushers: Sender<Pusher>,
    /// What the event `wait` waits for.
    gate: Receiver<()>,
}

#[derive(Clone)]
struct Tick(u32);

#[derive(Clone)]
struct Kick;

/// Only its own thread may look into it.
struct Parcel(Cell<u32>);

#[derive(Clone)]
struct Unknown;

#[derive(Default)]
struct Seen(u32);

#[channel]
impl Clock {
    #[join("clock:{zone}")]
    async fn join(&self, _zone: &str, pusher: Pusher) -> Result<Joined<Seen>, ()> {
        // It waits behind the join.
        pusher.tell(Tick(100));
        _ = self.pushers.try_send(pusher);
        Ok(Joined::new(Seen::default()))
    }

    #[join("relay:{*room}")]
    async fn relay(&self, room: &str, conn: ChannelConn<'_>) -> Result<(), &'static str> {
        conn.subscribe(&format!("clock:{room}"));
        conn.subscribe(&format!("clock:{room}"));
        if room == "refused" { Err("no") } else { Ok(()) }
    }

    #[on("relay:*", "stop")]
    async fn stop_listening(&self, conn: ChannelConn<'_>) -> Result<(), ()> {
        conn.unsubscribe("clock:utc");
        Ok(())
    }

    #[on("clock:*", "shout")]
    async fn shout(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }

    #[on("clock:*", "wait")]
    async fn wait(&self) -> Result<(), ()> {
        self.gate.recv().await.unwrap();
        Ok(())
    }

    #[info("clock:*")]
    async fn tick(&self, conn: ChannelConn<'_>, seen: &mut Seen, Tick(number): Tick) {
        seen.0 += number;
        conn.push((conn.topic(), "tick", json!({"sum": seen.0})));
    }

    /// Takes ticks of one zone from the one above.
    #[info("clock:{zone}")]
    async fn beat(&self, zone: u32, tick: Tick, conn: ChannelConn<'_>) {
        let beat = json!({"zone": zone, "beat": tick.0});
        conn.push((conn.topic(), "beat", beat));
    }

    #[info("clock:*")]
    async fn kick(&self, _: Kick, conn: ChannelConn<'_>) {
        conn.stop();
    }

    #[info("clock:*")]
    async fn parcel(&self, conn: ChannelConn<'_>, parcel: Parcel) {
        conn.push((conn.topic(), "parcel", json!({"holds": parcel.0.get()})));
    }

    #[info("clock:*")]
    async fn crash(&self, message: String) {
        panic!("{message}")
    }

    /// There is nothing to reply to, so this never runs.
    #[info("clock:*")]
    async fn reply(&self, reply: ReplyTo, _number: u8, conn: ChannelConn<'_>) {
        reply.ok("");
        conn.stop();
    }

    #[info("relay:*")]
    async fn relayed(&self, event: ChannelEvent, conn: ChannelConn<'_>) {
        let original = json!({
            "topic": event.topic(),
            "event": event.event(),
            "payload": event.payload().decode::<Value>().unwrap(),
        });
        conn.push((conn.topic(), "relayed", original));
    }

    #[leave("clock:*")]
    async fn left(&self, reason: LeaveReason, pusher: Pusher) {
        assert!(!pusher.is_alive(), "{reason:?}");
        pusher.tell(Tick(1));
    }
}

struct Fixture {
    app: TestApp<Clock>,
    client: TestClient,
    pusher: Pusher,
    pushers: Receiver<Pusher>,
    gate: Sender<()>,
}

const TOPIC: &str = "clock:utc";

async fn fixture() -> Fixture {
    let (sender, pushers) = async_channel::unbounded();
    let (gate, waits) = async_channel::unbounded();
    let app = TestApp::new(&channel(Clock {
        pushers: sender,
        gate: waits,
    }));
    let mut client = app.connect().await.unwrap();
    client.join(TOPIC, json!({})).await.unwrap_ok();
    assert_eq!(client.event(TOPIC, "tick").await, json!({"sum": 100}));
    let pusher = pushers.recv().await.unwrap();
    Fixture {
        app,
        client,
        pusher,
        pushers,
        gate,
    }
}

#[test]
fn a_task_tells_a_topic_something() {
    block_on(async {
        let Fixture {
            mut client, pusher, ..
        } = fixture().await;
        let task = std::thread::spawn(move || {
            pusher.tell(Tick(5));
            pusher.tell(Parcel(Cell::new(7)));
            pusher.tell(Tick(6));
        });
        assert_eq!(client.event(TOPIC, "tick").await, json!({"sum": 105}));
        assert_eq!(client.event(TOPIC, "parcel").await, json!({"holds": 7}));
        assert_eq!(client.event(TOPIC, "tick").await, json!({"sum": 111}));
        task.join().unwrap();
    });
}

#[test]
fn a_told_message_takes_its_turn() {
    block_on(async {
        let mut fixture = fixture().await;
        let client = &mut fixture.client;
        let waiting = client.push(TOPIC, "wait", json!({}));
        client.settle();
        fixture.pusher.tell(Tick(5));
        client.settle();
        let shout = client.push(TOPIC, "shout", json!({}));
        client.assert_quiet();
        fixture.gate.send(()).await.unwrap();
        client.reply(&waiting).await.unwrap_ok();
        let (first, second) = (client.message().await, client.message().await);
        assert_eq!([&*first.event, &*second.event], ["tick", "shout"]);
        drop(shout);
    });
}

#[test]
fn all_members_of_a_topic_are_told() {
    block_on(async {
        let Fixture {
            app,
            client: mut ann,
            ..
        } = fixture().await;
        let mut bob = app.connect().await.unwrap();
        bob.join("clock:7", json!({})).await.unwrap_ok();
        assert_eq!(
            bob.event("clock:7", "beat").await,
            json!({"zone": 7, "beat": 100})
        );
        app.broadcaster().tell(TOPIC, Tick(1));
        app.broadcaster().tell("clock:7", Tick(2));
        app.broadcaster().tell("clock:nobody", Tick(3));
        assert_eq!(ann.event(TOPIC, "tick").await, json!({"sum": 101}));
        assert_eq!(
            bob.event("clock:7", "beat").await,
            json!({"zone": 7, "beat": 2})
        );
        app.broadcaster().tell(TOPIC, Kick);
        ann.event(TOPIC, "phx_close").await;
        bob.assert_quiet();
    });
}

#[test]
fn nothing_is_told_to_a_topic_that_has_ended() {
    block_on(async {
        let mut fixture = fixture().await;
        let client = &mut fixture.client;
        let waiting = client.push(TOPIC, "wait", json!({}));
        client.settle();
        // These wait when the topic ends.
        fixture.pusher.tell(Kick);
        fixture.pusher.tell(Tick(1));
        fixture.gate.send(()).await.unwrap();
        client.reply(&waiting).await.unwrap_ok();
        client.event(TOPIC, "phx_close").await;
        client.join(TOPIC, json!({})).await.unwrap_ok();
        fixture.pushers.recv().await.unwrap();
        // The new instance has heard of its own tick alone.
        assert_eq!(client.event(TOPIC, "tick").await, json!({"sum": 100}));
        fixture.pusher.tell(Tick(1));
        client.assert_quiet();
    });
}

/// The message waits in one place, the leave and the join in another.
#[test]
fn a_message_does_not_reach_the_next_instance() {
    block_on(async {
        let mut fixture = fixture().await;
        let client = &mut fixture.client;
        fixture.pusher.tell(Tick(5));
        client.push(TOPIC, "phx_leave", json!({}));
        let join = client.start_join(TOPIC, json!({}));
        client.reply(&join).await.unwrap_ok();
        assert_eq!(client.event(TOPIC, "tick").await, json!({"sum": 100}));
        client.event(TOPIC, "phx_close").await;
    });
}

#[test]
fn messages_that_nobody_takes_are_dropped_and_logged() {
    block_on(async {
        let Fixture {
            mut client,
            pusher,
            app,
            ..
        } = fixture().await;
        crate::log::listen();
        pusher.tell(Unknown);
        pusher.tell(7_u8);
        client.assert_quiet();
        let errors = crate::log::errors();
        assert!(errors[0].contains("info::Unknown"), "{errors:?}");
        assert!(errors[1].contains("nothing to reply to"), "{errors:?}");
        pusher.tell(Tick(1));
        client.event(TOPIC, "tick").await;
        app.broadcaster().tell(TOPIC, "crash".to_owned());
        client.event(TOPIC, "phx_error").await;
    });
}

#[test]
fn p_7_a_topic_hears_another_one() {
    block_on(async {
        let Fixture {
            app, mut client, ..
        } = fixture().await;
        let mut other = app.connect().await.unwrap();
        other.join("relay:utc", json!({})).await.unwrap_ok();
        client.push(TOPIC, "shout", json!({"x": 1}));
        let message = other.message().await;
        assert_eq!(message.join_reference, json!("1"), "it is a push");
        let original = json!({"topic": TOPIC, "event": "shout", "payload": {"x": 1}});
        assert_eq!(
            (&*message.topic, message.payload),
            ("relay:utc", original.clone())
        );
        // Having subscribed twice it hears things once, and is no member that could be told.
        crate::log::listen();
        app.broadcaster().tell(TOPIC, Kick);
        other.assert_quiet();
        assert!(crate::log::errors().is_empty());

        app.broadcaster()
            .broadcast((TOPIC, "shout", json!({"x": 1})));
        assert_eq!(other.event("relay:utc", "relayed").await, original);
        let reply = other.call("relay:utc", "stop", json!({})).await;
        reply.unwrap_ok();
        app.broadcaster().broadcast((TOPIC, "shout"));
        other.assert_quiet();
    });
}

#[test]
fn a_subscription_ends_with_its_topic() {
    block_on(async {
        let Fixture { app, .. } = fixture().await;
        let mut client = app.connect().await.unwrap();
        client.join("relay:a", json!({})).await.unwrap_ok();
        client.leave("relay:a").await.unwrap_ok();
        client.event("relay:a", "phx_close").await;
        client.join("relay:refused", json!({})).await.unwrap_error();
        app.broadcaster().broadcast(("clock:a", "x"));
        app.broadcaster().broadcast(("clock:refused", "x"));
        client.assert_quiet();
        // The hub keeps no topic that nobody listens to.
        let app_says = format!("{app:?}");
        assert!(app_says.contains("topics: 0"), "{app_says}");
    });
}

#[test]
fn p_3_a_broadcaster_leaves_out_one_member() {
    block_on(async {
        let Fixture {
            app,
            client: mut ann,
            pusher,
            ..
        } = fixture().await;
        let mut bob = app.connect().await.unwrap();
        bob.join(TOPIC, json!({})).await.unwrap_ok();
        bob.event(TOPIC, "tick").await;
        app.broadcaster()
            .broadcast_from(&pusher, (TOPIC, "from_ann"));
        bob.event(TOPIC, "from_ann").await;
        ann.assert_quiet();
        ann.leave(TOPIC).await.unwrap_ok();
        app.broadcaster()
            .broadcast_from(&pusher, (TOPIC, "from_ann"));
        bob.event(TOPIC, "from_ann").await;
    });
}

struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }

    async fn handle_info(&self, conn: ChannelConn<'_>, info: Info) {
        let info = match info.downcast::<Tick>() {
            Ok(Tick(number)) => return conn.push((conn.topic(), "tick", json!({"tick": number}))),
            Err(info) => info,
        };
        let name = info.type_name().rsplit("::").next().unwrap();
        conn.push((conn.topic(), "other", json!({ "is": name })));
    }
}

#[test]
fn handlers_by_hand_in_a_tuple_are_told() {
    block_on(async {
        let (pushers, _pushers) = async_channel::unbounded();
        let (_gate, gate) = async_channel::unbounded();
        let app = TestApp::new(&channel((Clock { pushers, gate }, ByHand)));
        let mut client = app.connect().await.unwrap();
        client.join("elsewhere", json!({})).await.unwrap_ok();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        assert_eq!(client.event(TOPIC, "tick").await, json!({"sum": 100}));
        app.broadcaster().tell("elsewhere", Tick(1));
        app.broadcaster().tell("elsewhere", Kick);
        assert_eq!(client.event("elsewhere", "tick").await, json!({"tick": 1}));
        assert_eq!(
            client.event("elsewhere", "other").await,
            json!({"is": "Kick"})
        );
    });
}
