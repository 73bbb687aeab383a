//! The application that these tests talk to, and a client that hangs.

use phx_channels::{
    ChannelConn, Config, Overflow, Reply, channel,
    testing::{Frame, TestApp, TestClient},
};
use serde_json::{Value, json};

/// A topic pattern for each policy, and one for that of the configuration.
pub(crate) struct Live;

#[channel]
impl Live {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) {
        conn.set_id("ann");
    }

    #[join("any:*")]
    async fn any(&self) {}

    #[join("sure:*", overflow = disconnect)]
    async fn sure(&self) {}

    #[join("oldest:*", overflow = drop_oldest)]
    async fn oldest(&self) {}

    #[join("newest:*", overflow = drop_newest)]
    async fn newest(&self) {}

    #[join("latest:*", overflow = latest)]
    async fn latest(&self) {}

    /// Each member chooses for itself; without a choice it is what the attribute says.
    #[join("choice:*", overflow = drop_newest)]
    async fn choice(&self, conn: ChannelConn<'_>, choice: Option<String>) {
        match choice.as_deref() {
            Some("disconnect") => conn.overflow(Overflow::Disconnect),
            Some("drop_oldest") => conn.overflow(Overflow::DropOldest),
            Some("latest") => conn.overflow(Overflow::Latest),
            _ => {}
        }
    }

    #[on("*", "echo")]
    async fn echo(&self, n: Value) -> Result<Value, ()> {
        Ok(n)
    }

    /// Pushes so many messages, that is to say not broadcasts.
    #[on("*", "push")]
    async fn push(&self, conn: ChannelConn<'_>, count: u32) {
        for n in 0..count {
            conn.push((conn.topic(), "pushed", &json!({ "n": n })));
        }
    }

    /// Broadcasts so many messages.
    #[on("*", "broadcast")]
    async fn broadcast(&self, conn: ChannelConn<'_>, count: u32) -> Result<u32, ()> {
        for n in 0..count {
            conn.broadcast((conn.topic(), "n", &json!({ "n": n })));
        }
        Ok(count)
    }

    #[on("*", "crash")]
    async fn crash(&self) -> Reply {
        Reply::ok("so be it").fail()
    }
}

pub(crate) fn app(config: Config) -> TestApp<Live> {
    TestApp::new(&channel(Live).with_config(config))
}

/// A mailbox that holds so many messages, of any size.
pub(crate) fn messages(messages: usize) -> Config {
    Config::new().mailbox(messages, 1 << 20)
}

/// Stops reading. The connection itself holds this one message then, and what follows waits in the
/// mailbox.
pub(crate) fn hang(client: &TestClient) {
    client.pause_reading();
    client.send_text(json!([null, "plug", "phoenix", "heartbeat", {}]).to_string());
    client.settle();
}

/// Broadcasts the numbers of a range, each in a message of the same size.
pub(crate) fn broadcast(app: &TestApp<Live>, topic: &str, numbers: std::ops::Range<u32>) {
    for n in numbers {
        app.broadcaster()
            .broadcast((topic, "n", &json!({ "n": n, "filler": "x".repeat(50) })));
    }
    app.settle();
}

/// Reads on, and gives all that comes, but for the plug: the topic's first word with the number, or
/// with the event.
pub(crate) async fn read_on(client: &mut TestClient) -> Vec<String> {
    client.resume_reading();
    client.settle();
    // Now that nothing waits any more, the answer to it is the last thing that comes.
    client.send_text(json!([null, "last", "phoenix", "heartbeat", {}]).to_string());
    let mut all = Vec::new();
    loop {
        let text = match client.frame().await {
            Frame::Text(text) => text,
            Frame::Close(code) => {
                all.push(code.to_string());
                return all;
            }
            other => panic!("{other:?}"),
        };
        let frame: Value = serde_json::from_str(&text).unwrap();
        match frame[1].as_str() {
            Some("plug") => {}
            Some("last") => return all,
            _ => all.push(said(&frame)),
        }
    }
}

fn said(frame: &Value) -> String {
    let [_, _, topic, event, payload] = frame.as_array().unwrap().as_slice() else {
        panic!("{frame}");
    };
    let topic = topic.as_str().unwrap().split(':').next().unwrap();
    match (event.as_str().unwrap(), payload) {
        ("n", payload) => format!("{topic} {}", payload["n"]),
        ("pushed", payload) => format!("{topic} pushed {}", payload["n"]),
        ("phx_reply", payload) => format!("{topic} replied {}", payload["response"]),
        (event, _) => format!("{topic} {event}"),
    }
}
