//! `#[cfg]` on methods, both sides.

#![deny(warnings)]
#![allow(unexpected_cfgs)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[cfg(absent)]
    #[connect]
    async fn connect(&self, missing: Missing) {}

    #[cfg(not(absent))]
    #[connect]
    async fn connect(&self) {}

    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {
        let _ = room;
    }

    #[cfg(absent)]
    #[join("absent:*")]
    async fn absent(&self, missing: Missing) {}

    #[cfg(not(absent))]
    #[cfg(not(other))]
    #[join("present:*")]
    async fn present(&self) {}

    #[on("rooms:*", "same")]
    #[cfg(absent)]
    async fn same(&self, missing: Missing) -> Missing {
        missing
    }

    #[on("rooms:*", "same")]
    #[cfg(not(absent))]
    async fn same(&self) {}

    #[cfg(absent)]
    #[leave("rooms:*")]
    async fn left(&self, missing: Missing) {}

    #[cfg_attr(absent, doc = "nothing")]
    #[cfg_attr(not(absent), inline)]
    #[cfg(not(absent))]
    #[disconnect]
    async fn gone(&self) {}
}

fn main() {
    let _ = channel(Chat);
}
