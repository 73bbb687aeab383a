use crate::message::bytes::Bytes;
use std::{collections::VecDeque, io};

/// Bytes that a socket has not taken yet, in order. Large frames are not copied for it: what many clients
/// wait for is in memory once.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    chunks: VecDeque<Chunk>,
    /// How much of the first chunk has been written.
    written: usize,
    /// Of all of it.
    length: usize,
}

#[derive(Debug)]
enum Chunk {
    Own(Vec<u8>),
    Shared(Bytes),
}

impl Unsent {
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn copy(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        match self.chunks.back_mut() {
            Some(Chunk::Own(last)) => last.extend_from_slice(bytes),
            Some(Chunk::Shared(_)) | None => self.chunks.push_back(Chunk::Own(bytes.to_vec())),
        }
    }

    pub(super) fn share(&mut self, bytes: Bytes) {
        self.length += bytes.len();
        self.chunks.push_back(Chunk::Shared(bytes));
    }

    /// Writes all of it, unless something goes wrong.
    pub(super) fn write(
        &mut self,
        mut write: impl FnMut(&[u8]) -> io::Result<usize>,
    ) -> io::Result<()> {
        while let Some(first) = self.chunks.front() {
            let left = &first.bytes()[self.written..];
            if left.is_empty() {
                self.chunks.pop_front();
                self.written = 0;
            } else {
                let written = write(left)?;
                self.written += written;
                self.length -= written;
            }
        }
        Ok(())
    }
}

impl Chunk {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    /// Takes so many bytes at a time, and has to be waited for in between.
    fn write_in_pieces(unsent: &mut Unsent, size: usize) -> Vec<u8> {
        let mut written = Vec::new();
        let mut left = unsent.len();
        loop {
            let mut room = size;
            let result = unsent.write(|bytes| {
                let length = bytes.len().min(room);
                if length == 0 {
                    return Err(ErrorKind::WouldBlock.into());
                }
                room -= length;
                written.extend_from_slice(&bytes[..length]);
                Ok(length)
            });
            left = left.saturating_sub(size);
            assert_eq!(unsent.len(), left);
            if result.is_ok() {
                return written;
            }
        }
    }

    #[test]
    fn it_is_written_in_order_whatever_it_is_made_of() {
        for size in 1..20 {
            let mut unsent = Unsent::default();
            unsent.copy(b"one");
            unsent.copy(b"two");
            unsent.share(Bytes::from_static(b"three"));
            unsent.share(Bytes::new());
            unsent.copy(b"four");
            assert_eq!(write_in_pieces(&mut unsent, size), b"onetwothreefour");
        }
    }
}
