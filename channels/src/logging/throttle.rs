use crate::sync::Mutex;
use std::{
    fmt::{self, Display, Formatter},
    time::{Duration, Instant},
};

/// How long a line keeps others of its kind out of the log.
const PAUSE: Duration = Duration::from_secs(10);

/// Lets a line of its kind into the log every ten seconds, and counts those between.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    /// From when on the next one may be written.
    next: Option<Instant>,
    held_back: u64,
}

/// How many lines of a kind were held back before this one. Shown at the end of the line, if there were any.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HeldBack(u64);

impl Throttle {
    /// Whether a line may be written now; if not, it is counted.
    pub(crate) fn admit(&self, now: Instant) -> Option<HeldBack> {
        let mut lines = self.0.lock();
        if lines.next.is_some_and(|next| now < next) {
            lines.held_back += 1;
            return None;
        }
        lines.next = now.checked_add(PAUSE);
        Some(HeldBack(std::mem::take(&mut lines.held_back)))
    }
}

impl Display for HeldBack {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            count => write!(f, " (and {count} more since the last such line)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_line_every_ten_seconds() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        let mut lines = Vec::new();
        for millis in 0..30_000 {
            lines.extend(throttle.admit(start + Duration::from_millis(millis)));
        }
        assert_eq!(lines, [HeldBack(0), HeldBack(9_999), HeldBack(9_999)]);
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines[..2],
            ["", " (and 9999 more since the last such line)"]
        );
    }
}
