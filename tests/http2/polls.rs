//! A poll waits until there is something to tell, and ends when nobody waits for it any more.

use crate::{
    client::{Client, Sent, VERSIONS},
    server::{POLL, Poll, Server},
};
use serde_json::{Value, json};

/// A client with a session that has joined a topic.
struct Session {
    client: Client,
    path: String,
}

impl Session {
    async fn open(mut client: Client) -> Self {
        let opened = client.get(POLL).await.body().await;
        assert_eq!(opened["status"], 410);
        let path = format!("{POLL}&token={}", opened["token"].as_str().unwrap());
        Self { client, path }
    }

    async fn join(server: &Server, client: Client) -> Self {
        let mut session = Self::open(client).await;
        let join = json!(["1", "1", "rooms:1", "phx_join", {}]);
        let posted = session.client.post(&session.path, &join).await;
        assert_eq!(posted["status"], 200);
        assert_eq!(messages(session.poll().await).await[0][3], "phx_reply");
        // The reply may have had to wait for the poll, or not.
        while server.polls.try_recv().is_ok() {}
        session
    }

    async fn poll(&mut self) -> Sent {
        self.client.get(&self.path).await
    }
}

async fn messages(poll: Sent) -> Vec<Value> {
    let answer = poll.body().await;
    let messages = answer["messages"].as_array().unwrap().iter();
    let parsed = messages.map(|message| serde_json::from_str(message.as_str().unwrap()));
    parsed.collect::<Result<_, _>>().unwrap()
}

fn everywhere(test: impl AsyncFn(&Server, Client)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for version in VERSIONS {
        for server in Server::on_each_runtime() {
            runtime.block_on(async {
                let client = Client::new(&server, version).await;
                test(&server, client).await;
                server.end().await;
            });
        }
    }
}

#[test]
fn a_poll_waits_until_there_is_something() {
    everywhere(async |server, client| {
        let mut session = Session::join(server, client).await;
        let poll = session.poll().await;
        assert_eq!(server.polls.recv().await, Ok(Poll::Waits));
        // A request of another session comes and goes, and the poll still waits.
        Session::open(session.client).await;
        assert!(server.polls.is_empty());
        let news = json!({"n": 1});
        server.broadcaster.broadcast(("rooms:1", "news", &news));
        assert_eq!(
            messages(poll).await,
            [json!([null, null, "rooms:1", "news", news])]
        );
        assert_eq!(server.polls.recv().await, Ok(Poll::Ends));
    });
}

#[test]
fn a_poll_ends_when_its_client_gives_up_and_nothing_is_lost() {
    everywhere(async |server, client| {
        let mut session = Session::join(server, client).await;
        let poll = session.poll().await;
        assert_eq!(server.polls.recv().await, Ok(Poll::Waits));
        poll.give_up();
        assert_eq!(server.polls.recv().await, Ok(Poll::Ends));
        let news = json!({"n": 1});
        server.broadcaster.broadcast(("rooms:1", "news", &news));
        let heard = messages(session.poll().await).await;
        assert_eq!(heard, [json!([null, null, "rooms:1", "news", news])]);
    });
}

#[test]
fn a_poll_ends_with_its_connection() {
    everywhere(async |server, client| {
        let mut session = Session::join(server, client).await;
        let poll = session.poll().await;
        assert_eq!(server.polls.recv().await, Ok(Poll::Waits));
        drop((session, poll));
        assert_eq!(server.polls.recv().await, Ok(Poll::Ends));
    });
}
