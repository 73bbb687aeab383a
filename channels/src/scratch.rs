use std::cell::Cell;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A buffer that was needed for more is not kept.
const KEPT: usize = 256 * 1024;

/// Lends a buffer to put bytes together in, before it is known how many they are: what is copied from
/// it has just the size that it needs. Empty at first. Who asks for one inside of this gets another.
pub(crate) fn scratch<T>(write: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    let mut buffer = BUFFER.take();
    let written = write(&mut buffer);
    buffer.clear();
    if buffer.capacity() <= KEPT {
        BUFFER.set(buffer);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_lent_an_empty_one() {
        let write = |text: &str| {
            scratch(|buffer| {
                assert!(buffer.is_empty());
                buffer.extend_from_slice(text.as_bytes());
                scratch(|inner| {
                    assert!(inner.is_empty());
                    inner.push(b'x');
                });
                buffer.clone()
            })
        };
        assert_eq!(write("one"), b"one");
        assert_eq!(write("other"), b"other");
    }

    #[test]
    fn a_large_one_is_not_kept() {
        scratch(|buffer| buffer.resize(KEPT + 1, 0));
        scratch(|buffer| assert_eq!(buffer.capacity(), 0));
    }
}
