#![deny(warnings)]
#![allow(unexpected_cfgs, dead_code)]

use phx_channels::{Joined, LeaveReason, channel};

struct Counter;

struct Count<T>(T);

type Own = Count<u64>;

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self) -> Result<Joined<Count<u64>, String>, &'static str> {
        Ok(Joined::new(Count(0)).reply("welcome".into()))
    }

    /// Takes these topics from the join above, so that it may make another state.
    #[join("counter:named:{name}")]
    async fn named(&self, name: &str) -> Joined<String> {
        Joined::new(name.to_owned())
    }

    #[cfg(absent)]
    #[join("counter:none")]
    async fn none(&self) {}

    #[on("counter:named:{name}", "rename")]
    async fn rename(&self, _name: &str, own: &mut String, to: String) {
        *own = to;
    }

    #[on("counter:{number}", "add")]
    async fn add(&self, number: u64, count: &mut Own) {
        count.0 += number;
    }

    #[on("counter:{_number}", "read")]
    async fn read(&self, _number: &str, Count(value): &Count<u64>) -> Result<u64, ()> {
        Ok(*value)
    }

    #[cfg(absent)]
    #[on("counter:*", "other")]
    async fn other(&self, count: &u8) {}

    #[leave("counter:{number}")]
    async fn left(&self, number: u8, _reason: LeaveReason, count: &Own) {
        let _ = u64::from(number) + count.0;
    }
}

fn main() {}
