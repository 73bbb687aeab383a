//! From nothing to a joined connection. This part waits for each answer, as there is nothing else to do.

use super::dialect::{Dialect, Heard};
use crate::frame;
use memchr::memmem;
use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that has joined a topic, and what has been read beyond that.
pub(super) fn join(
    server: SocketAddr,
    dialect: Dialect,
    topic: &str,
) -> io::Result<(mio::net::TcpStream, Vec<u8>)> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut read = upgrade(&mut stream, server, dialect)?;
    talk(&mut stream, &mut read, dialect, topic)?;
    stream.set_nonblocking(true)?;
    Ok((mio::net::TcpStream::from_std(stream), read))
}

/// Becomes a WebSocket; what has been read beyond that.
fn upgrade(stream: &mut TcpStream, server: SocketAddr, dialect: Dialect) -> io::Result<Vec<u8>> {
    // In one write, for the floor takes it for granted. The key is that of RFC 6455.
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        dialect.path(),
    );
    stream.write_all(request.as_bytes())?;
    let mut read = Vec::new();
    let end = loop {
        read_more(stream, &mut read)?;
        if let Some(end) = memmem::find(&read, b"\r\n\r\n") {
            break end + 4;
        }
    };
    if !read.starts_with(b"HTTP/1.1 101") {
        let answer = String::from_utf8_lossy(&read);
        let status = answer.lines().next().unwrap_or_default();
        return Err(io::Error::other(status.to_owned()));
    }
    Ok(read.split_off(end))
}

/// Says what is to be said until the topic is joined.
fn talk(
    stream: &mut TcpStream,
    read: &mut Vec<u8>,
    dialect: Dialect,
    topic: &str,
) -> io::Result<()> {
    let join = frame::client(dialect.join(topic).as_bytes());
    if !dialect.listens_first() {
        stream.write_all(&join)?;
    }
    loop {
        let mut taken = 0;
        let mut is_joined = false;
        while !is_joined && let Some((text, length)) = frame::take(&mut read[taken..]) {
            taken += length;
            match dialect.hear(text) {
                Heard::Reply => is_joined = true,
                Heard::Answer(answer) => stream.write_all(&frame::client(answer.as_bytes()))?,
                Heard::Welcome => stream.write_all(&join)?,
                Heard::Nothing | Heard::Message { .. } => {}
            }
        }
        read.drain(..taken);
        if is_joined {
            return Ok(());
        }
        read_more(stream, read)?;
    }
}

fn read_more(stream: &mut TcpStream, into: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer)? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        length => {
            into.extend_from_slice(&buffer[..length]);
            Ok(())
        }
    }
}
