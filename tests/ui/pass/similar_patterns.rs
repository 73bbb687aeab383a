//! Patterns that look alike or overlap, none of which is in the way of another.

#![deny(warnings)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("*")]
    async fn everything(&self) {}

    #[join("food*")]
    async fn food(&self) {}

    #[join("foods*")]
    async fn foods(&self) {}

    #[join("rooms:{id}")]
    async fn room(&self, id: &str) {
        let _ = id;
    }

    // The same shape in another role is the same pattern under another name.
    #[on("rooms:{number}", "x")]
    async fn number(&self, number: u64) {
        let _ = number;
    }

    #[leave("rooms:{name}")]
    async fn leave(&self, name: String) {
        drop(name);
    }

    #[on("rooms:{id}")]
    async fn fallback(&self, _id: &str) {}

    #[on("rooms:lobby", "x")]
    async fn literal(&self) {}

    // matchit refuses these two in one router.
    #[on("rooms:seats:free*", "x")]
    async fn prefix(&self) {}

    #[on("rooms:{room}:seats", "x")]
    async fn seats(&self, _room: &str) {}

    #[on("räume/küche", "x")]
    async fn kitchen(&self) {}
}

fn main() {
    let _ = channel(Chat);
}
