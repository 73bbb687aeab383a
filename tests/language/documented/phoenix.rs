use phx_channels::{ChannelConn, Event, Joined, channel};
use serde::{Deserialize, Serialize};

struct RoomChannel;

#[derive(Serialize)]
struct Room {
    id: String,
}

/// What was in the assigns.
#[derive(Default)]
struct Member {
    muted: Vec<String>,
}

#[derive(Deserialize)]
struct Mute {
    user: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event("new_msg")]
struct Message {
    user: String,
    body: String,
}

#[channel]
impl RoomChannel {
    #[join("room:{id}")]
    async fn join(&self, conn: ChannelConn<'_>, id: String) -> Joined<Member, Room> {
        // Held until the join reply is out: there is no need for an `:after_join`.
        conn.push((conn.topic(), "welcome"));
        Joined::new(Member::default()).reply(Room { id })
    }

    #[on("room:*", "mute")]
    async fn mute(&self, member: &mut Member, mute: Mute) -> Result<(), ()> {
        member.muted.push(mute.user);
        Ok(())
    }

    #[on("room:*", "new_msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) -> Result<(), &'static str> {
        if message.body.is_empty() {
            return Err("empty message");
        }
        conn.broadcast(message);
        Ok(())
    }

    #[intercept("room:*", "new_msg")]
    async fn for_member(&self, member: &Member, message: Message) -> Option<Message> {
        (!member.muted.contains(&message.user)).then_some(message)
    }

    #[leave("room:*")]
    async fn left(&self, conn: ChannelConn<'_>) {
        conn.broadcast((conn.topic(), "left"));
    }
}
