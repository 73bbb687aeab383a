//! A channel may be generic; its methods may use its parameters.

#![deny(warnings)]

use phx_channels::{ChannelConn, Event, channel};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{fmt::Display, str::FromStr};

struct Chat<T, const N: usize = 1> {
    values: [T; N],
}

#[derive(Serialize, Deserialize, Event)]
#[event("wrapped")]
struct Wrapped<T>(T);

#[derive(Serialize, Event)]
#[event("borrowed")]
struct Borrowed<'a, T: ?Sized + Display>
where
    &'a T: Serialize,
{
    value: &'a T,
}

#[channel]
impl<T: Clone, const N: usize> Chat<T, N>
where
    T: Serialize + DeserializeOwned + FromStr + Send + Sync + 'static,
{
    #[join("a:{id}")]
    async fn join(&self, id: T, Wrapped(value): Wrapped<T>) -> Result<T, &'static str> {
        drop((id, value));
        self.values.first().cloned().ok_or("empty")
    }

    #[on("a:*", "value")]
    async fn value(&self, conn: ChannelConn<'_>, value: T) -> Result<T, &'static str> {
        conn.push(Wrapped(value.clone()));
        conn.push(Borrowed { value: "text" });
        Ok(value)
    }
}

fn main() {
    let _ = channel(Chat { values: ["a".to_owned()] });
    assert_eq!(Wrapped::<u8>::NAME, "wrapped");
}
