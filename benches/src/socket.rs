//! A non-blocking socket that carries frames.

use crate::frame;
use mio::{Interest, Registry, Token, net::TcpStream};
use std::io::{self, ErrorKind, Read, Write};

pub(crate) struct Socket {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come yet.
    partial: Vec<u8>,
    /// What the kernel did not take.
    unsent: Vec<u8>,
}

impl Socket {
    /// Watches a stream whose first `partial` bytes have been read already.
    pub(crate) fn new(
        mut stream: TcpStream,
        partial: Vec<u8>,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self {
            stream,
            partial,
            unsent: Vec::new(),
        })
    }

    /// Reads what is there, by way of `buffer`, and hands over every whole frame. `false` when the other side is gone.
    pub(crate) fn receive(
        &mut self,
        buffer: &mut [u8],
        mut hear: impl FnMut(&[u8]),
    ) -> io::Result<bool> {
        loop {
            let length = match self.stream.read(buffer) {
                Ok(0) => return Ok(false),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            };
            let mut partial = std::mem::take(&mut self.partial);
            let bytes = if partial.is_empty() {
                &mut buffer[..length]
            } else {
                partial.extend_from_slice(&buffer[..length]);
                &mut partial[..]
            };
            let mut taken = 0;
            while let Some((payload, length)) = frame::take(&mut bytes[taken..]) {
                hear(payload);
                taken += length;
            }
            self.partial = bytes[taken..].to_vec();
            // Less than there was room for: that was all.
            if length < buffer.len() {
                return Ok(true);
            }
        }
    }

    /// Writes bytes: with one write, if the kernel takes them all.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.unsent.is_empty() {
            let written = write(&mut self.stream, bytes)?;
            self.unsent.extend_from_slice(&bytes[written..]);
        } else {
            self.unsent.extend_from_slice(bytes);
        }
        Ok(())
    }

    /// Writes what the kernel did not take before.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if !self.unsent.is_empty() {
            let written = write(&mut self.stream, &self.unsent)?;
            self.unsent.drain(..written);
        }
        Ok(())
    }
}

fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while written < bytes.len() {
        match stream.write(&bytes[written..]) {
            Ok(length) => written += length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}
