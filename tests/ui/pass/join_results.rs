//! Whatever a `#[join]` may return.

#![deny(warnings)]

use phx_channels::{Joined, channel};

struct Chat;

type Answer<T> = Result<T, &'static str>;

#[channel]
impl Chat {
    #[join("a")]
    async fn nothing(&self) {}

    #[join("b")]
    async fn unit(&self) -> () {}

    #[join("c")]
    async fn alias(&self) -> Answer<Vec<u8>> {
        Ok(vec![1])
    }

    #[join("d")]
    async fn state(&self) -> Joined<String> {
        Joined::new("state".into())
    }

    #[join("e")]
    async fn state_and_response(&self) -> Joined<String, u8> {
        Joined::new("state".into()).reply(1)
    }

    #[join("f")]
    async fn all(&self) -> std::result::Result<Joined<(), (u8, bool)>, Option<String>> {
        Ok(Joined::new(()).reply((1, true)))
    }
}

fn main() {
    let _ = channel(Chat);
}
