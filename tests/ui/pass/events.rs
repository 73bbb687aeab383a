//! Types that `derive(Event)` takes.

#![deny(warnings)]

use phx_channels::{ChannelConn, Event, channel};
use serde::Serialize;

#[derive(Serialize, Event)]
struct UserEntered {
    name: String,
}

#[derive(Serialize, Event)]
#[event("server:ping")]
struct Ping;

#[derive(Serialize, Event)]
#[serde(tag = "kind")]
enum Move {
    Left { steps: u8 },
    Right { steps: u8 },
}

#[derive(Serialize, Event)]
#[event("list", crate = phx_channels)]
struct List<'a, T, const N: usize>
where
    [T; N]: Serialize,
{
    items: &'a [T; N],
}

struct Game;

#[derive(Serialize, Event)]
#[event(overflow = latest)]
struct Cursor;

#[derive(Serialize, Event)]
#[event("everything", overflow = drop_oldest, crate = ::phx_channels)]
struct Everything;

#[channel]
impl Game {
    #[join("*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        conn.push(UserEntered { name: "Ann".into() });
        conn.broadcast(Ping);
        conn.broadcast_from(Move::Left { steps: 1 });
        conn.push((conn.topic(), Move::Right { steps: 1 }));
        conn.broadcaster().broadcast(("rooms:1", List { items: &[1, 2] }));
    }
}

fn main() {
    assert_eq!(Cursor::OVERFLOW, Some(phx_channels::Overflow::Latest));
    assert_eq!(Everything::OVERFLOW, Some(phx_channels::Overflow::DropOldest));
    assert_eq!(UserEntered::OVERFLOW, None);
    assert_eq!(UserEntered::NAME, "user_entered");
    assert_eq!(Ping::NAME, "server:ping");
    assert_eq!(Move::NAME, "move");
    assert_eq!(<List<'_, u8, 2>>::NAME, "list");
    let _ = channel(Game);
}
