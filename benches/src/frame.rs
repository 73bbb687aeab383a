//! WebSocket frames, as far as two programs need them that trust each other: whole messages, no fragments.

const TEXT: u8 = 1;
/// What stands for the length when it does not fit and follows.
const LENGTH_OF_16_BITS: u8 = 0x7e;
const LENGTH_OF_64_BITS: u8 = 0x7f;

/// Where the payload of the first frame in some bytes is.
struct Header {
    start: usize,
    end: usize,
    mask: Option<[u8; 4]>,
}

/// The payload of the first frame in `bytes`, unmasked in place, and how long the whole frame is; `None` if it is not
/// all there.
pub(crate) fn take(bytes: &mut [u8]) -> Option<(&[u8], usize)> {
    let Header { start, end, mask } = header(bytes)?;
    let payload = &mut bytes[start..end];
    if let Some(mask) = mask {
        for (byte, key) in payload.iter_mut().zip(mask.into_iter().cycle()) {
            *byte ^= key;
        }
    }
    Some((payload, end))
}

fn header(bytes: &[u8]) -> Option<Header> {
    let (is_masked, short) = (bytes.get(1)? & 0x80 != 0, bytes[1] & 0x7f);
    let (length, start) = match short {
        126 => (
            u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?).into(),
            4,
        ),
        LENGTH_OF_64_BITS => (u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?), 10),
        short => (short.into(), 2),
    };
    let mask = if is_masked {
        Some(*bytes.get(start..)?.first_chunk()?)
    } else {
        None
    };
    let start = start + mask.map_or(0, |mask| mask.len());
    let end = start + usize::try_from(length).ok()?;
    (bytes.len() >= end).then_some(Header { start, end, mask })
}

/// A text frame of a server.
pub(crate) fn server(payload: &[u8]) -> Vec<u8> {
    let mut frame = head(payload.len(), 0);
    frame.extend_from_slice(payload);
    frame
}

/// A text frame of a client. It is masked, as it must be, with a key that changes nothing: servers have the same work
/// with it, this side has none.
pub(crate) fn client(payload: &[u8]) -> Vec<u8> {
    let mut frame = head(payload.len(), 0x80);
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

fn head(length: usize, mask_bit: u8) -> Vec<u8> {
    let mut head = Vec::with_capacity(length + 14);
    head.push(0x80 | TEXT);
    if let Some(short) = u8::try_from(length)
        .ok()
        .filter(|short| *short < LENGTH_OF_16_BITS)
    {
        head.push(mask_bit | short);
    } else if let Ok(length) = u16::try_from(length) {
        head.push(mask_bit | LENGTH_OF_16_BITS);
        head.extend_from_slice(&length.to_be_bytes());
    } else {
        head.push(mask_bit | LENGTH_OF_64_BITS);
        head.extend_from_slice(&(length as u64).to_be_bytes());
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
        let mut bytes = bytes.to_vec();
        let (payload, length) = take(&mut bytes)?;
        Some((payload.to_vec(), length))
    }

    #[test]
    fn lengths_of_all_sizes() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            for frame in [server(&payload), client(&payload)] {
                assert_eq!(taken(&frame), Some((payload.clone(), frame.len())));
            }
        }
    }

    #[test]
    fn half_a_frame_is_none() {
        let frame = client(&[b'x'; 200]);
        for length in 0..frame.len() {
            assert_eq!(taken(&frame[..length]), None);
        }
    }

    #[test]
    fn what_follows_is_not_touched() {
        let bytes = [server(b"one"), server(b"two")].concat();
        assert_eq!(taken(&bytes), Some((b"one".to_vec(), 5)));
    }

    #[test]
    fn a_mask_is_taken_off() {
        let frame = [0x81, 0x82, 1, 2, 3, 4, b'h' ^ 1, b'i' ^ 2];
        assert_eq!(taken(&frame), Some((b"hi".to_vec(), frame.len())));
    }
}
