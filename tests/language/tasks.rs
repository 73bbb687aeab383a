//! Tasks and timers of a joined topic: what they send, and that they end with it.

use crate::log;
use async_channel::{Receiver, Sender};
use futures_lite::future::{block_on, pending};
use phx_channels::{
    ChannelConn, Config, Event, Joined, LeaveReason, Pusher, Reply, ReplyTo, Task, channel,
    testing::{TestApp, TestClient},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{iter, time::Duration};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Serialize, Event)]
#[event("said")]
struct Said {
    what: String,
}

struct Tick;

/// A message that no method takes.
struct Unknown;

#[derive(Default)]
struct Timers {
    ticks: u32,
    last: Option<Task>,
}

struct Board {
    /// A task that waits holds one of these.
    held: Sender<()>,
    /// The tasks that a client has asked for.
    tasks: Sender<Task>,
}

#[channel]
impl Board {
    #[join("boards:*")]
    async fn join(
        &self,
        conn: ChannelConn<'_>,
        what: Option<String>,
    ) -> Result<Joined<Timers>, String> {
        self.wait(conn);
        match what.as_deref() {
            Some("refuse") => Err("no".into()),
            Some("panic") => panic!("a join panics"),
            _ => Ok(Joined::new(Timers::default())),
        }
    }

    #[join("early")]
    async fn early(&self, pusher: Pusher) -> Result<(), ()> {
        let sends = pusher.clone();
        pusher.spawn(async move {
            sends.push(Said {
                what: "early".into(),
            });
        });
        // The task has its turn before the join is decided.
        futures_lite::future::yield_now().await;
        Ok(())
    }

    #[on("boards:*", "wait")]
    async fn wait_on(&self, conn: ChannelConn<'_>) -> Result<(), ()> {
        self.wait(conn);
        Ok(())
    }

    #[on("boards:*", "say")]
    async fn say(&self, conn: ChannelConn<'_>, what: String, pusher: Pusher, reply: ReplyTo) {
        conn.spawn(async move {
            pusher.push(Said { what });
            reply.ok(&());
        });
    }

    #[on("boards:*", "tick")]
    async fn start(&self, conn: ChannelConn<'_>, timers: &mut Timers, seconds: u32) {
        timers.last = Some(conn.after(seconds * SECOND, Tick));
    }

    #[info("boards:*")]
    async fn tick(&self, conn: ChannelConn<'_>, timers: &mut Timers, _: Tick) {
        timers.ticks += 1;
        let what = format!("tick {}", timers.ticks);
        conn.push(Said { what });
        timers.last = Some(conn.after(SECOND, Tick));
    }

    #[on("boards:*", "cancel")]
    async fn cancel(&self, timers: &Timers) -> Result<bool, ()> {
        let last = timers.last.as_ref().unwrap();
        let was_finished = last.is_finished();
        last.cancel();
        assert!(last.is_finished());
        Ok(was_finished)
    }

    #[on("boards:*", "unknown")]
    async fn unknown(&self, conn: ChannelConn<'_>) {
        conn.after(SECOND, Unknown);
    }

    #[on("boards:*", "panic")]
    async fn panic(&self, conn: ChannelConn<'_>) {
        conn.spawn(async { panic!("a task panics") });
    }

    #[on("boards:*", "end")]
    async fn end(&self, how: String) -> Reply {
        match &*how {
            "stop" => Reply::ok("so be it").stop(),
            "fail" => Reply::ok("so be it").fail(),
            _ => panic!("a handler panics"),
        }
    }

    #[on("boards:*", "hang")]
    async fn hang(&self) {
        pending::<()>().await;
    }

    #[leave("boards:*")]
    async fn leave(&self, conn: ChannelConn<'_>, reason: LeaveReason, pusher: Pusher) {
        let late = if reason == LeaveReason::Left {
            conn.spawn(pending())
        } else {
            pusher.after(SECOND, Tick)
        };
        assert!(late.is_finished());
    }
}

impl Board {
    fn wait(&self, conn: ChannelConn<'_>) {
        let held = self.held.clone();
        let task = conn.spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        self.tasks.try_send(task).ok();
    }
}

struct Scene {
    app: TestApp<Board>,
    /// Closed when no task is left.
    held: Receiver<()>,
    tasks: Receiver<Task>,
}

impl Scene {
    fn new() -> Self {
        Self::with(Config::new())
    }

    fn with(config: Config) -> Self {
        let (held, none_left) = async_channel::unbounded();
        let (tasks, seen) = async_channel::unbounded();
        let board = Board { held, tasks };
        Self {
            app: TestApp::new(&channel(board).with_config(config)),
            held: none_left,
            tasks: seen,
        }
    }

    async fn joined(&self) -> TestClient {
        let mut client = self.app.connect().await.unwrap();
        client.join("boards:1", json!(null)).await.unwrap_ok();
        client
    }

    /// How many tasks hold something. The channel itself holds one more.
    fn waiting(&self) -> usize {
        self.app.settle();
        self.held.sender_count() - 1
    }
}

async fn said(client: &mut TestClient) -> Value {
    client.event("boards:1", "said").await["what"].take()
}

#[test]
fn a_task_sends_and_answers() {
    block_on(async {
        let mut client = Scene::new().joined().await;
        client.call("boards:1", "say", "hi").await.unwrap_ok();
        assert_eq!(said(&mut client).await, "hi");
    });
}

#[test]
fn what_a_task_of_a_join_sends_comes_after_the_reply() {
    block_on(async {
        let mut client = Scene::new().app.connect().await.unwrap();
        client.start_join("early", json!({}));
        assert_eq!(client.message().await.event, "phx_reply");
        assert_eq!(client.message().await.payload, json!({ "what": "early" }));
    });
}

#[test]
fn a_timer_tells_its_topic_by_the_clock_of_the_test() {
    block_on(async {
        let scene = Scene::new();
        let mut client = scene.joined().await;
        client.push("boards:1", "tick", 2);
        scene.app.advance(Duration::from_millis(1_999));
        client.assert_quiet();
        scene.app.advance(Duration::from_millis(1));
        assert_eq!(said(&mut client).await, "tick 1");
        // It sets itself anew each second.
        scene.app.advance(3 * SECOND);
        for tick in ["tick 2", "tick 3", "tick 4"] {
            assert_eq!(said(&mut client).await, tick);
        }
        client.assert_quiet();
    });
}

#[test]
fn a_timer_that_is_cancelled_does_not_go_off() {
    block_on(async {
        let scene = Scene::new();
        let mut client = scene.joined().await;
        client.push("boards:1", "tick", 1);
        let was_finished = client.call("boards:1", "cancel", ()).await.unwrap_ok();
        assert_eq!(was_finished, false);
        scene.app.advance(5 * SECOND);
        client.assert_quiet();
        let was_finished = client.call("boards:1", "cancel", ()).await.unwrap_ok();
        assert_eq!(was_finished, true);
    });
}

#[test]
fn a_task_that_is_cancelled_gives_up_what_it_holds() {
    block_on(async {
        let scene = Scene::new();
        let _client = scene.joined().await;
        assert_eq!(scene.waiting(), 1);
        let task = scene.tasks.try_recv().unwrap();
        assert!(!task.is_finished());
        task.cancel();
        assert_eq!(scene.waiting(), 0);
    });
}

#[test]
fn a_message_that_no_method_takes_is_logged() {
    block_on(async {
        let scene = Scene::new();
        let mut client = scene.joined().await;
        client.push("boards:1", "unknown", ());
        client.settle();
        log::listen();
        scene.app.advance(SECOND);
        let errors = log::errors();
        assert!(
            matches!(&*errors, [error] if error.contains("Unknown") && error.contains("boards:1")),
            "{errors:?}"
        );
        client.assert_quiet();
    });
}

/// However a topic ends, its tasks have been cut off and its timers do not go off, and nothing of either
/// is left with the connection.
async fn ends_with(ends: impl AsyncFnOnce(&Scene, TestClient) -> Option<TestClient>) {
    let scene = Scene::new();
    let mut client = scene.joined().await;
    client.call("boards:1", "wait", ()).await.unwrap_ok();
    client.push("boards:1", "tick", 1);
    assert_eq!(scene.waiting(), 2);
    let mut client = ends(&scene, client).await;
    assert_eq!(scene.waiting(), 0);
    while let Ok(task) = scene.tasks.try_recv() {
        assert!(task.is_finished());
    }
    scene.app.advance(5 * SECOND);
    if let Some(client) = &mut client {
        client.assert_quiet();
    }
}

#[test]
fn tasks_end_when_the_client_leaves() {
    block_on(ends_with(async |_: &Scene, mut client: TestClient| {
        client.leave("boards:1").await.unwrap_ok();
        client.event("boards:1", "phx_close").await;
        Some(client)
    }));
}

#[test]
fn tasks_end_when_the_topic_is_stopped_or_fails() {
    for (how, end) in [
        ("stop", "phx_close"),
        ("fail", "phx_error"),
        ("panic", "phx_error"),
    ] {
        block_on(ends_with(async |_: &Scene, mut client: TestClient| {
            let push = client.push("boards:1", "end", how);
            if how != "panic" {
                client.reply(&push).await.unwrap_ok();
            }
            client.event("boards:1", end).await;
            Some(client)
        }));
    }
}

#[test]
fn tasks_end_when_the_topic_is_joined_anew() {
    block_on(async {
        let scene = Scene::new();
        let mut client = scene.joined().await;
        client.call("boards:1", "wait", ()).await.unwrap_ok();
        client.push("boards:1", "tick", 1);
        client.join("boards:1", json!(null)).await.unwrap_ok();
        client.event("boards:1", "phx_close").await;
        assert_eq!(scene.waiting(), 1, "that of the new join");
        scene.app.advance(5 * SECOND);
        client.assert_quiet();
    });
}

#[test]
fn tasks_end_when_the_client_has_gone() {
    block_on(ends_with(async |_: &Scene, client: TestClient| {
        drop(client);
        None
    }));
}

/// Nobody waits for the handler, which may never come to its end.
#[test]
fn tasks_end_with_a_client_that_has_gone_while_a_handler_hangs() {
    block_on(ends_with(async |_: &Scene, mut client: TestClient| {
        client.push("boards:1", "hang", ());
        client.settle();
        drop(client);
        None
    }));
}

#[test]
fn tasks_end_when_their_join_is_refused_or_panics() {
    for what in ["refuse", "panic"] {
        block_on(async {
            let scene = Scene::new();
            let mut client = scene.app.connect().await.unwrap();
            client.join("boards:1", what).await.unwrap_error();
            assert_eq!(scene.waiting(), 0);
        });
    }
}

#[test]
fn a_task_that_panics_ends_its_topic_as_a_handler_does() {
    block_on(async {
        let scene = Scene::new();
        let mut client = scene.joined().await;
        client.join("boards:2", json!(null)).await.unwrap_ok();
        client.push("boards:1", "panic", ());
        client.event("boards:1", "phx_error").await;
        client.assert_quiet();
        assert_eq!(scene.waiting(), 1, "that of the other topic");
        client
            .call("boards:2", "say", "still here")
            .await
            .unwrap_ok();
    });
}

#[test]
fn one_task_too_many_does_not_run() {
    block_on(async {
        let scene = Scene::with(Config::new().max_tasks(3));
        let mut client = scene.joined().await;
        for _ in 0..2 {
            client.call("boards:1", "wait", ()).await.unwrap_ok();
        }
        assert_eq!(scene.waiting(), 3);
        log::listen();
        client.call("boards:1", "wait", ()).await.unwrap_ok();
        client.push("boards:1", "tick", 1);
        scene.app.advance(10 * SECOND);
        client.assert_quiet();
        client.push("boards:1", "tick", 1);
        client.settle();
        let errors = log::errors();
        let [first, second] = &*errors else {
            panic!("{errors:?}")
        };
        assert!(first.contains("boards:1") && first.contains("max_tasks"));
        assert!(
            second.contains("1 more"),
            "the client does not fill the log"
        );
        assert_eq!(scene.waiting(), 3);
        let tasks: Vec<_> = iter::from_fn(|| scene.tasks.try_recv().ok()).collect();
        assert_eq!(
            tasks.iter().map(Task::is_finished).collect::<Vec<_>>(),
            [false, false, false, true]
        );
        // One that has ended makes room.
        tasks[0].cancel();
        client.settle();
        client.call("boards:1", "wait", ()).await.unwrap_ok();
        assert_eq!(scene.waiting(), 3);
    });
}
