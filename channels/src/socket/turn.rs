/// What a connection may do before other tasks get their turn: every frame counts, every round of its loop, and every byte
/// that is read.
pub(super) struct Turn {
    left: usize,
}

/// Frames of one turn.
const FRAMES: usize = 64;

/// Bytes that count as much as a frame.
const FRAME: usize = 1024;

impl Turn {
    pub(super) fn new() -> Self {
        Self { left: FRAMES }
    }

    pub(super) fn count(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    pub(super) fn count_bytes(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes / FRAME);
    }

    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }
}
