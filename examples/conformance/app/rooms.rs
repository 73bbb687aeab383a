//! `rooms:*`: a join for every way to be let in or not, and an event for everything that a channel
//! can do.

use super::connect::{Login, User, login};
use async_io::Timer;
use phx_channels::{
    Binary, ChannelConn, ChannelEvent, Close, Payload, Pusher, Refused, Reply, ReplyTo, channel,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{thread, time::Duration};

pub(crate) struct Rooms;

#[derive(Deserialize)]
struct Milliseconds {
    ms: u64,
}

#[derive(Deserialize)]
struct MayBeMilliseconds {
    ms: Option<u64>,
}

#[derive(Deserialize)]
struct Allow {
    #[serde(default)]
    allow: Value,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Deserialize)]
struct Held {
    value: Value,
}

#[derive(Deserialize)]
struct Announcement {
    topic: String,
    event: String,
    payload: Value,
}

#[derive(Deserialize)]
struct Ticks {
    every: u64,
    count: u64,
}

#[derive(Deserialize)]
struct Someone {
    user: String,
}

#[derive(Deserialize)]
struct Hex {
    hex: String,
}

/// The bytes of a binary payload, or those that a JSON payload writes in hexadecimal.
fn bytes(payload: &Payload) -> Result<Binary, String> {
    if let Some(bytes) = payload.as_binary() {
        return Ok(Binary(bytes.to_vec()));
    }
    let Hex { hex } = payload.decode().map_err(|error| error.to_string())?;
    let bytes = hex.as_bytes().chunks(2).map(|digits| {
        let digits = str::from_utf8(digits).unwrap_or_default();
        u8::from_str_radix(digits, 16).map_err(|error| error.to_string())
    });
    bytes.collect::<Result<_, _>>().map(Binary)
}

async fn sleep(milliseconds: u64) {
    Timer::after(Duration::from_millis(milliseconds)).await;
}

fn bye() -> Reply {
    Reply::ok(&json!({"bye": true}))
}

#[channel]
impl Rooms {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, who: Login) -> Result<(), Refused> {
        login(conn, who)
    }

    #[join("rooms:*")]
    async fn join(&self) {}

    #[join("rooms:private*")]
    async fn private(&self) -> Result<(), &'static str> {
        Err("unauthorized")
    }

    #[join("rooms:welcome*")]
    async fn welcome(&self, conn: ChannelConn<'_>) -> Result<Value, ()> {
        conn.push((conn.topic(), "welcome", json!({"n": 1})));
        Ok(json!({"motd": "hi"}))
    }

    #[join("rooms:crash_on_join*")]
    async fn crash_on_join(&self) {
        panic!("crash on join");
    }

    /// What a join pushes is held until it is decided.
    #[join("rooms:push_in_join*")]
    async fn push_in_join(&self, conn: ChannelConn<'_>) {
        conn.push((conn.topic(), "too:early"));
    }

    #[join("rooms:slow_join*")]
    async fn slow_join(&self, wait: MayBeMilliseconds) {
        sleep(wait.ms.unwrap_or(200)).await;
    }

    #[join("rooms:params*")]
    async fn params(&self, payload: Payload) -> Result<Value, ()> {
        let params = match payload.as_binary() {
            Some(bytes) => json!({"binary_bytes": bytes.len()}),
            None => json!(payload),
        };
        Ok(json!({ "params": params }))
    }

    #[join("rooms:if_allowed*")]
    async fn if_allowed(&self, allow: Allow) -> Result<(), &'static str> {
        if allow.allow == true {
            Ok(())
        } else {
            Err("unauthorized")
        }
    }

    // ---- Replies ----

    #[on("rooms:*", "echo")]
    async fn echo(&self, payload: Payload) -> Reply {
        Reply::new("ok", &payload)
    }

    #[on("rooms:*", "fail")]
    async fn fail(&self, payload: Payload) -> Reply {
        Reply::new("error", &payload)
    }

    #[on("rooms:*", "ok_empty")]
    async fn ok_empty(&self) -> Result<(), ()> {
        Ok(())
    }

    #[on("rooms:*", "custom_status")]
    async fn custom_status(&self) -> Reply {
        Reply::new("rate_limited", &json!({}))
    }

    #[on("rooms:*", "silent")]
    async fn silent(&self) {}

    #[on("rooms:*", "late")]
    async fn late(&self, wait: MayBeMilliseconds, reply: ReplyTo) {
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(wait.ms.unwrap_or(50)));
            reply.ok(&json!({"late": true}));
        });
    }

    #[on("rooms:*", "twice")]
    async fn twice(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        for n in 1..=2 {
            conn.reply(&event, &Reply::ok(&json!({ "n": n })));
        }
    }

    #[on("rooms:*", "slow")]
    async fn slow(&self, wait: Milliseconds) -> Result<(), ()> {
        sleep(wait.ms).await;
        Ok(())
    }

    #[on("rooms:*", "whoami")]
    async fn whoami(&self, conn: ChannelConn<'_>, User(user): User) -> Result<Value, ()> {
        Ok(json!({"user": user, "topic": conn.topic()}))
    }

    #[on("rooms:*", "connect_params")]
    async fn connect_params(&self, conn: ChannelConn<'_>) -> Result<Value, ()> {
        Ok(json!({"params": conn.params()}))
    }

    #[on("rooms:*", "auth_token")]
    async fn auth_token(&self, conn: ChannelConn<'_>) -> Result<Value, ()> {
        Ok(json!({"auth_token": conn.auth_token()}))
    }

    // ---- Broadcasts and pushes ----

    #[on("rooms:*", "shout")]
    async fn shout(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }

    #[on("rooms:*", "shout_reply")]
    async fn shout_reply(&self, conn: ChannelConn<'_>, payload: Payload) -> Result<(), ()> {
        conn.broadcast((conn.topic(), "shout", payload));
        Ok(())
    }

    #[on("rooms:*", "shout_from")]
    async fn shout_from(&self, conn: ChannelConn<'_>, payload: Payload) {
        conn.broadcast_from((conn.topic(), "shout", payload));
    }

    #[on("rooms:*", "announce")]
    async fn announce(&self, conn: ChannelConn<'_>, news: Announcement) -> Result<(), ()> {
        let Announcement {
            topic,
            event,
            payload,
        } = news;
        conn.broadcaster().broadcast((topic, &*event, payload));
        Ok(())
    }

    #[on("rooms:*", "push_me")]
    async fn push_me(&self, conn: ChannelConn<'_>, payload: Payload) -> Result<(), ()> {
        conn.push((conn.topic(), "pushed", payload));
        Ok(())
    }

    #[on("rooms:*", "push_many")]
    async fn push_many(&self, conn: ChannelConn<'_>, many: Count) -> Result<(), ()> {
        for i in 1..=many.count {
            conn.push((conn.topic(), "n", json!({ "i": i })));
        }
        Ok(())
    }

    #[on("rooms:*", "push_value")]
    async fn push_value(&self, conn: ChannelConn<'_>, held: Held) -> Result<(), ()> {
        conn.push((conn.topic(), "pushed", held.value));
        Ok(())
    }

    #[on("rooms:*", "shout_value")]
    async fn shout_value(&self, conn: ChannelConn<'_>, held: Held) -> Result<(), ()> {
        conn.broadcast((conn.topic(), "shout", held.value));
        Ok(())
    }

    #[on("rooms:*", "ticks")]
    async fn ticks(&self, conn: ChannelConn<'_>, ticks: Ticks, pusher: Pusher) -> Result<(), ()> {
        let topic = conn.topic().to_owned();
        thread::spawn(move || {
            for n in 1..=ticks.count {
                thread::sleep(Duration::from_millis(ticks.every));
                pusher.push((&topic, "tick", json!({ "n": n })));
            }
        });
        Ok(())
    }

    // ---- Bytes ----

    #[on("rooms:*", "bin_echo")]
    async fn bin_echo(&self, payload: Payload) -> Result<Binary, String> {
        bytes(&payload)
    }

    #[on("rooms:*", "bin_fail")]
    async fn bin_fail(&self, payload: Payload) -> Result<(), Binary> {
        bytes(&payload).map_or(Ok(()), Err)
    }

    #[on("rooms:*", "bin_size")]
    async fn bin_size(&self, payload: Payload) -> Result<Value, String> {
        let Binary(bytes) = bytes(&payload)?;
        Ok(json!({"bytes": bytes.len()}))
    }

    #[on("rooms:*", "bin_push")]
    async fn bin_push(&self, conn: ChannelConn<'_>, payload: Payload) -> Result<(), String> {
        conn.push((conn.topic(), "bin", bytes(&payload)?));
        Ok(())
    }

    #[on("rooms:*", "bin_broadcast")]
    async fn bin_broadcast(&self, conn: ChannelConn<'_>, payload: Payload) {
        if let Ok(bytes) = bytes(&payload) {
            conn.broadcast((conn.topic(), "bin", bytes));
        }
    }

    // ---- Ends ----

    #[on("rooms:*", "boom")]
    async fn boom(&self) {
        panic!("boom");
    }

    #[on("rooms:*", "kill")]
    async fn kill(&self, conn: ChannelConn<'_>) {
        conn.fail();
    }

    #[on("rooms:*", "stop")]
    async fn stop(&self, conn: ChannelConn<'_>) {
        conn.stop();
    }

    #[on("rooms:*", "stop_shutdown")]
    async fn stop_shutdown(&self, conn: ChannelConn<'_>) {
        conn.stop();
    }

    #[on("rooms:*", "stop_reply")]
    async fn stop_reply(&self) -> Reply {
        bye().stop()
    }

    #[on("rooms:*", "stop_error")]
    async fn stop_error(&self, conn: ChannelConn<'_>) {
        conn.fail();
    }

    #[on("rooms:*", "stop_error_reply")]
    async fn stop_error_reply(&self) -> Reply {
        bye().fail()
    }

    #[on("rooms:*", "kick")]
    async fn kick(&self, conn: ChannelConn<'_>, whom: Someone) -> Result<(), ()> {
        conn.broadcaster()
            .disconnect(&format!("users:{}", whom.user));
        Ok(())
    }

    /// What is broadcast on a topic of that name is none of the connection's business.
    #[on("rooms:*", "nudge")]
    async fn nudge(&self, conn: ChannelConn<'_>, whom: Someone) -> Result<(), ()> {
        conn.broadcast((format!("users:{}", whom.user), "nudge"));
        Ok(())
    }

    #[on("rooms:*", "drain")]
    async fn drain(&self, conn: ChannelConn<'_>) {
        conn.close(Close::Restart);
    }

    /// The events of the protocol that clients have no use for come here like any other.
    #[on("rooms:*")]
    async fn other(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        if event.event().starts_with("phx_") {
            conn.reply(&event, &Reply::ok(&json!({"seen": event.event()})));
        } else if event.reference().is_some() {
            conn.reply(&event, &Reply::error("unmatched event"));
        }
    }
}
