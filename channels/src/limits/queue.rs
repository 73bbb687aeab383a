/// How much a queue may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueueLimits {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
}

impl QueueLimits {
    /// The same, if there are only so many bytes.
    pub(crate) fn within(self, bytes: usize) -> Self {
        Self {
            bytes: self.bytes.min(bytes),
            ..self
        }
    }
}
