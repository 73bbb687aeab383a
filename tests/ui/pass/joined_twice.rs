//! The same topics in several roles, under several names.

#![deny(warnings)]

use phx_channels::{Joined, LeaveReason, channel};

struct Chat;

struct Seat(u8);

#[channel]
impl Chat {
    #[join("rooms:{room}:{seat}")]
    async fn join(&self, _room: &str, seat: u8) -> Joined<Seat> {
        Joined::new(Seat(seat))
    }

    #[on("rooms:{name}:{number}", "move")]
    async fn number(&self, name: String, number: u8, seat: &mut Seat) {
        drop(name);
        seat.0 = number;
    }

    #[on("{kind}:{*rest}", "move")]
    async fn others(&self, kind: &str, rest: &str, seat: &Seat) {
        let _ = (kind, rest, seat.0);
    }

    #[leave("rooms:{*all}")]
    async fn left(&self, all: &str, reason: LeaveReason, Seat(number): &mut Seat) {
        let _ = (all, reason, number);
    }
}

fn main() {
    let _ = channel(Chat);
}
