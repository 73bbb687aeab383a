//! A chat in rooms.
//!
//! ```text
//! npm ci --prefix examples && cargo run --release --example chat
//! ```
//!
//! Open the address that it prints in two browser tabs, or on two devices (`HOST=0.0.0.0` lets other
//! devices in), choose two names and the same room. Look at who enters, at what a message without
//! text is answered, and at what the tabs do when you stop the server and start it again.
//!
//! `HOST` and `PORT` say where it listens: 127.0.0.1 and 8080 unless said otherwise.

mod server;
#[cfg(test)]
mod tests;

use phx_channels::{ChannelConn, Event, channel};
use serde::{Deserialize, Serialize};

struct Chat;

/// Characters that a name may have. What one member sends, all members get.
const LONGEST_NAME: usize = 40;
/// Characters that a message may have.
const LONGEST_MESSAGE: usize = 2_000;

/// What a client says of itself when it joins. It need not.
#[derive(Deserialize)]
struct Profile {
    user: Option<String>,
}

#[derive(Serialize, Event)]
#[event("user:entered")]
struct Entered {
    user: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event("new:msg")]
struct Message {
    user: String,
    body: String,
}

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>, profile: Profile) -> Result<(), &'static str> {
        let user = profile.user.unwrap_or_else(|| "somebody".into());
        check_name(&user)?;
        conn.broadcast(Entered { user });
        Ok(())
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) -> Result<(), &'static str> {
        if message.body.trim().is_empty() {
            return Err("empty message");
        }
        check_name(&message.user)?;
        if message.body.chars().count() > LONGEST_MESSAGE {
            return Err("message too long");
        }
        conn.broadcast(message);
        Ok(())
    }
}

fn check_name(user: &str) -> Result<(), &'static str> {
    if user.chars().count() > LONGEST_NAME {
        return Err("user name too long");
    }
    Ok(())
}

fn main() {
    server::run(channel(Chat));
}
