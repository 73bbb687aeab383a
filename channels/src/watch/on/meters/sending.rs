use crate::wire::Frame;
use metrics::Counter;

/// Counts messages that go by, all of them at once in the end.
pub(crate) struct Sending<'a, I> {
    frames: I,
    count: u64,
    bytes: u64,
    sent: &'a Counter,
    sent_bytes: &'a Counter,
}

impl<'a, I> Sending<'a, I> {
    pub(super) fn new(frames: I, sent: &'a Counter, sent_bytes: &'a Counter) -> Self {
        Self {
            frames,
            count: 0,
            bytes: 0,
            sent,
            sent_bytes,
        }
    }
}

impl<I: Iterator<Item = Frame>> Iterator for Sending<'_, I> {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        let frame = self.frames.next()?;
        self.count += 1;
        self.bytes += frame.len() as u64;
        Some(frame)
    }
}

impl<I> Drop for Sending<'_, I> {
    fn drop(&mut self) {
        if self.count > 0 {
            self.sent.increment(self.count);
            self.sent_bytes.increment(self.bytes);
        }
    }
}
