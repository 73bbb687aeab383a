//! What clients do, the good and the bad.

use crate::{
    client::{Client, Gone, Served},
    garbage, hostile,
    server::{LOUD, TOPICS},
    tally::Tally,
};
use fastrand::Rng;
use serde_json::json;
use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// Where and until when clients act.
pub(crate) struct Stage<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) tally: &'a Tally,
    pub(crate) end: Instant,
}

impl Stage<'_> {
    /// Plays one role after the other until the end.
    pub(crate) fn play(&self, rng: &mut Rng) {
        while Instant::now() < self.end {
            let played = match rng.u8(..100) {
                0..70 => {
                    self.behave(rng);
                    Ok(())
                }
                70..76 => self.flood(rng),
                76..82 => self.stall(rng),
                82..90 => self.talk_garbage(rng),
                90..94 => hostile::act(self, rng),
                _ => self.vanish(rng),
            };
            // Whoever misbehaves may be thrown out: it was told.
            drop(played);
        }
    }

    pub(crate) fn connect(&self) -> Client<'_> {
        Client::connect(self.address, self.tally)
    }

    /// A member that does nothing wrong may be disconnected, but not without being told.
    pub(crate) fn behave(&self, rng: &mut Rng) {
        if let Err(Gone(None)) = self.be_member(rng) {
            let fault = "a connection broke without a close";
            self.tally.fault(fault.to_owned());
        }
    }

    fn be_member(&self, rng: &mut Rng) -> Served<()> {
        let mut client = self.connect();
        let topics: Vec<_> = (0..rng.usize(1..4)).map(|_| topic(rng)).collect();
        for topic in &topics {
            client.join(topic)?;
        }
        for _ in 0..rng.usize(3..15) {
            let topic = &topics[rng.usize(..topics.len())];
            match rng.u8(..8) {
                0..3 => client.listen(Duration::from_millis(rng.u64(10..500)))?,
                3 => client.check()?,
                4 => drop(client.call(topic, "echo", &json!({"n": 1}))?),
                5 => {
                    client.leave(topic)?;
                    client.join(topic)?;
                }
                6 => {
                    client.push(topic, "boom", &json!({}))?;
                    client.wait_for_end(topic)?;
                    client.join(topic)?;
                }
                _ => {
                    // Cut off by the second join.
                    client.push(topic, "slow", &json!({}))?;
                    client.join(topic)?;
                }
            }
        }
        client.check()?;
        if rng.u8(..5) > 0 {
            client.close();
        }
        Ok(())
    }

    /// Asks more than it listens to.
    fn flood(&self, rng: &mut Rng) -> Served<()> {
        let mut client = self.connect();
        let topic = topic(rng);
        client.join(&topic)?;
        let payload = json!({"text": "x".repeat(rng.usize(..4096))});
        for _ in 0..rng.usize(100..1000) {
            client.push(&topic, "echo", &payload)?;
        }
        client.check()
    }

    /// Listens to nothing for a while, where there is much to be heard.
    fn stall(&self, rng: &mut Rng) -> Served<()> {
        let mut client = self.connect();
        client.join(&topic(rng))?;
        client.join(LOUD)?;
        let left = self.end.saturating_duration_since(Instant::now());
        thread::sleep(left.min(Duration::from_millis(rng.u64(3000..8000))));
        client.leave(LOUD)?;
        client.check()
    }

    fn talk_garbage(&self, rng: &mut Rng) -> Served<()> {
        let mut client = self.connect();
        client.join(&topic(rng))?;
        for _ in 0..rng.usize(1..30) {
            garbage::send(&mut client, self.tally, rng)?;
        }
        client.check()
    }

    /// Goes without a word, at any point.
    fn vanish(&self, rng: &mut Rng) -> Served<()> {
        const HANDSHAKE: &[u8] = b"GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nhost: localhost\r\n";
        if rng.bool() {
            let mut stream = TcpStream::connect(self.address).unwrap();
            let length = rng.usize(..HANDSHAKE.len());
            stream.write_all(&HANDSHAKE[..length]).unwrap();
            return Ok(());
        }
        let mut client = self.connect();
        client.join(&topic(rng))?;
        client.push(&topic(rng), "slow", &json!({}))?;
        // A frame that is longer than what comes of it. Whether it still arrives is all the same.
        let _ = client.stream().write_all(&[0x81, 0xfe, 0x10]);
        Ok(())
    }
}

fn topic(rng: &mut Rng) -> String {
    format!("numbers:{}", rng.usize(..TOPICS))
}
