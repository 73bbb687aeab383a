//! Captures of any type that can be parsed.

#![deny(warnings)]

use phx_channels::channel;
use std::{borrow::Cow, convert::Infallible, net::IpAddr, str::FromStr, sync::Arc};

struct Id<const N: usize>;

impl<const N: usize> FromStr for Id<N> {
    type Err = Infallible;

    fn from_str(_: &str) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

struct Chat;

#[channel]
impl Chat {
    #[join("hosts:{address}:{up}")]
    async fn host(&self, address: IpAddr, up: bool) {
        let _ = (address, up);
    }

    #[join("ids:{id}")]
    async fn id(&self, id: Id<3>) {
        let Id = id;
    }

    #[join("text:{text}:{owned}")]
    async fn text(&self, owned: String, text: &str) {
        let _ = (owned, text);
    }

    #[join("shared:{boxed}:{shared}:{text}:{*rest}")]
    async fn shared(&self, boxed: Box<str>, shared: Arc<str>, text: Cow<'_, str>, rest: Cow<'static, str>) {
        let _ = (boxed, shared, text, rest);
    }

    #[join("ignored:{one}:{two}")]
    async fn ignored(&self, _one: &str, _two: u8) {}
}

fn main() {
    let _ = channel(Chat);
}
