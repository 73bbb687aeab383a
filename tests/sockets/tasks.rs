//! Tasks and timers of a joined topic, on the runtime of the server.

use crate::server::Server;
use async_channel::Sender;
use futures_lite::future::pending;
use phx_channels::{ChannelConn, Config, Event, Pusher, channel};
use serde::Serialize;
use serde_json::json;
use std::{thread, time::Duration};

const MOMENT: Duration = Duration::from_millis(1);

#[derive(Serialize, Event)]
#[event("said")]
struct Said {
    what: &'static str,
}

struct Tick;

/// Says that it was dropped.
struct Held(Sender<()>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.try_send(()).ok();
    }
}

struct Timers {
    dropped: Sender<()>,
}

#[channel]
impl Timers {
    #[join("timers")]
    async fn join(&self, conn: ChannelConn<'_>) {
        let held = Held(self.dropped.clone());
        conn.spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
    }

    #[on("timers", "spawn")]
    async fn spawn(&self, conn: ChannelConn<'_>, pusher: Pusher) {
        conn.spawn(async move {
            pusher.push(Said { what: "spawned" });
        });
    }

    #[on("timers", "after")]
    async fn after(&self, conn: ChannelConn<'_>) {
        conn.after(MOMENT, Tick);
    }

    #[on("timers", "panic")]
    async fn panic(&self, conn: ChannelConn<'_>) {
        conn.spawn(async { panic!("a task panics") });
    }

    /// From a thread that knows of no runtime.
    #[on("timers", "thread")]
    async fn thread(&self, pusher: Pusher) {
        thread::spawn(move || {
            let inner = pusher.clone();
            pusher.spawn(async move {
                inner.after(MOMENT, Tick);
            });
        });
    }

    #[info("timers")]
    async fn tick(&self, conn: ChannelConn<'_>, _: Tick) {
        conn.push(Said { what: "tick" });
    }
}

#[test]
fn tasks_and_timers_run_and_end_on_each_runtime() {
    for start in [Server::on_smol, Server::on_tokio] {
        let (dropped, gone) = async_channel::unbounded();
        let server = start(Timers { dropped }, Config::new());
        let mut client = server.connect();
        client.join("timers");
        for (event, what) in [("spawn", "spawned"), ("after", "tick"), ("thread", "tick")] {
            client.send(&json!(["1", "2", "timers", event, {}]));
            let said = json!(["1", null, "timers", "said", { "what": what }]);
            assert_eq!(client.receive(), said);
        }
        assert!(gone.is_empty());
        client.send(&json!(["1", "3", "timers", "panic", {}]));
        let crash = json!(["1", "1", "timers", "phx_error", { "reason": "channel_crash" }]);
        assert_eq!(client.receive(), crash);
        gone.recv_blocking().unwrap();

        client.join("timers");
        drop(client);
        gone.recv_blocking().unwrap();
        server.stop();
    }
}
