//! Whatever an `#[on]` may return.

#![deny(warnings)]

use phx_channels::{IntoReply, Reply, channel};

struct Chat;

/// A reply of the user's own.
enum Verdict {
    Guilty,
    Unknown,
}

impl IntoReply for Verdict {
    fn into_reply(self) -> Option<Reply> {
        match self {
            Self::Guilty => Some(Reply::new("guilty", &()).stop()),
            Self::Unknown => None,
        }
    }
}

#[channel]
impl Chat {
    #[join("*")]
    async fn join(&self) {}

    #[on("*", "nothing")]
    async fn nothing(&self) {}

    #[on("*", "result")]
    async fn result(&self) -> Result<[u8; 2], String> {
        Ok([1, 2])
    }

    #[on("*", "units")]
    async fn units(&self) -> Result<(), ()> {
        Err(())
    }

    #[on("*", "reply")]
    async fn reply(&self) -> Reply {
        Reply::error("no").fail()
    }

    #[on("*", "verdict")]
    async fn verdict(&self, guilty: bool) -> Verdict {
        if guilty { Verdict::Guilty } else { Verdict::Unknown }
    }
}

fn main() {
    let _ = channel(Chat);
}
