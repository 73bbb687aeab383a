//! `phoenix_channels_client` against a running `conformance` example: connects, joins, pushes with a
//! reply, hears what another client broadcasts, and leaves. Takes the address of the socket.

use phoenix_channels_client::{Channel, Client, Config, Payload};
use serde_json::{Value, json};
use std::{env, error::Error, sync::Arc, time::Duration};
use tokio::sync::mpsc;

const LIMIT: Option<Duration> = Some(Duration::from_secs(10));
const TOPIC: &str = "rooms:rust";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

async fn connect(url: &str, user: &str) -> Result<Client> {
    let mut config = Config::new(url)?;
    config.set("user", user);
    let mut client = Client::new(config)?;
    client.connect().await?;
    Ok(client)
}

async fn call(channel: &Arc<Channel>, event: &str, payload: Value) -> Result<Option<Value>> {
    Ok(channel.send(event, payload).await?.into_value())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let url = env::args()
        .nth(1)
        .ok_or("the address of the socket is missing")?;
    let ann = connect(&url, "ann").await?;
    let bob = connect(&url, "bob").await?;
    let ann_room = ann.join(TOPIC, LIMIT).await?;
    let bob_room = bob.join(TOPIC, LIMIT).await?;

    let echo = json!({"text": "Grüße"});
    assert_eq!(call(&ann_room, "echo", echo.clone()).await?, Some(echo));
    let who = json!({"user": "ann", "topic": TOPIC});
    assert_eq!(call(&ann_room, "whoami", json!({})).await?, Some(who));

    let (heard, mut hears) = mpsc::unbounded_channel();
    bob_room
        .on("shout", move |_, payload: &Payload| {
            heard.send(payload.clone().into_value()).ok();
        })
        .await?;
    ann_room.send_noreply("shout", json!({"n": 1})).await?;
    let shouted = tokio::time::timeout(Duration::from_secs(10), hears.recv()).await?;
    assert_eq!(shouted, Some(Some(json!({"n": 1}))));

    ann_room.leave().await;
    println!("phoenix_channels_client: passed");
    Ok(())
}
