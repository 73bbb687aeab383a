//! Clients that are after the server's memory and time, in ways that a WebSocket or a poll allows.

use crate::{actors::Stage, client::Served, server::LONG_POLL};
use fastrand::Rng;
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};
use tungstenite::Message;

/// Frames and bytes without an end, were it not for these.
const FRAMES: usize = 20_000;
/// A message may have this many bytes at the most.
const LARGE: usize = 200 * 1024;
/// How long one waits for the end of what it has left half done.
const WAIT: Duration = Duration::from_secs(15);

/// Frames as they go over the wire, masked with zeros.
const BEGINNING: [u8; 6] = [0x01, 0x80, 0, 0, 0, 0];
const CONTINUATION: [u8; 6] = [0x00, 0x80, 0, 0, 0, 0];
const PING: [u8; 6] = [0x89, 0x80, 0, 0, 0, 0];

/// Does one of these things.
pub(crate) fn act(stage: &Stage<'_>, rng: &mut Rng) -> Served<()> {
    match rng.u8(..5) {
        0 => refer_at_length(stage, rng),
        1 => never_finish(stage, rng),
        2 => flood_while_closing(stage, rng),
        3 => ping_without_reading(stage, rng),
        _ => {
            leave_a_body_half_done(stage, rng);
            Ok(())
        }
    }
}

/// References that are larger than anything that they could refer to.
fn refer_at_length(stage: &Stage<'_>, rng: &mut Rng) -> Served<()> {
    let mut client = stage.connect();
    for number in 0..rng.usize(1..20) {
        let (long, short) = ("r".repeat(rng.usize(..LARGE)), number.to_string());
        let (join_reference, reference) = if rng.bool() {
            (long, short)
        } else {
            (short, long)
        };
        let event = if rng.bool() { "phx_join" } else { "round" };
        let message = json!([join_reference, reference, "rounds:hostile", event, {}]);
        client.send_raw(Message::text(message.to_string()))?;
    }
    client.call("phoenix", "heartbeat", &json!({}))?;
    client.close();
    Ok(())
}

/// A message in fragments of which none is the last.
fn never_finish(stage: &Stage<'_>, rng: &mut Rng) -> Served<()> {
    let mut client = stage.connect();
    client.push("phoenix", "heartbeat", &json!({}))?;
    let mut bytes = BEGINNING.to_vec();
    bytes.extend(CONTINUATION.repeat(rng.usize(..FRAMES)));
    // The server may have had enough before that.
    let _ = client.stream().write_all(&bytes);
    Ok(())
}

/// Garbage until the server closes, and then whatever it may still read.
fn flood_while_closing(stage: &Stage<'_>, rng: &mut Rng) -> Served<()> {
    let mut client = stage.connect();
    for _ in 0..10 {
        client.send_raw(Message::text("garbage"))?;
    }
    let frames = if rng.bool() {
        PING.repeat(FRAMES)
    } else {
        [&BEGINNING[..], &CONTINUATION.repeat(FRAMES)].concat()
    };
    let _ = client.stream().write_all(&frames);
    client.listen(Duration::from_millis(rng.u64(..1000)))
}

/// Pings whose pongs nobody takes.
fn ping_without_reading(stage: &Stage<'_>, rng: &mut Rng) -> Served<()> {
    let mut client = stage.connect();
    let _ = client.stream().write_all(&PING.repeat(rng.usize(..FRAMES)));
    client.listen(Duration::from_millis(rng.u64(..1000)))
}

/// A message of a client that polls, of which the end never comes.
fn leave_a_body_half_done(stage: &Stage<'_>, rng: &mut Rng) {
    let mut stream = TcpStream::connect(stage.address).unwrap();
    stream.set_read_timeout(Some(WAIT)).unwrap();
    let length = rng.usize(2..LARGE);
    let head = format!(
        "POST {LONG_POLL}?vsn=2.0.0&token=none HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n",
        stage.address
    );
    let half = vec![b'['; rng.usize(..length)];
    let sent = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(&half));
    if sent.is_ok() && rng.bool() {
        // Until the server has had enough.
        let _ = stream.read(&mut [0]);
    }
}
