//! WebSocket frames as a client writes them, whether or not it should.

/// What a frame is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum OpCode {
    Continue = 0,
    Text = 1,
    Binary = 2,
    Ping = 9,
    Pong = 10,
}

const MASKED: u8 = 0x80;
const LENGTH_OF_16_BITS: u8 = 0x7e;
const LENGTH_OF_64_BITS: u8 = 0x7f;

/// A frame, masked with zeros, which is as good as any mask.
pub(crate) fn frame(opcode: OpCode, is_final: bool, payload: &[u8]) -> Vec<u8> {
    let mut bytes = head(opcode, is_final, payload.len());
    bytes.extend_from_slice(payload);
    bytes
}

/// The head of a frame, whose payload may never come.
pub(crate) fn head(opcode: OpCode, is_final: bool, length: usize) -> Vec<u8> {
    let mut bytes = vec![opcode as u8 | if is_final { 0x80 } else { 0 }];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => bytes.push(MASKED | short),
        (_, Ok(medium)) => {
            bytes.push(MASKED | LENGTH_OF_16_BITS);
            bytes.extend(medium.to_be_bytes());
        }
        _ => {
            bytes.push(MASKED | LENGTH_OF_64_BITS);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes
}

/// A whole message.
pub(crate) fn text(text: &str) -> Vec<u8> {
    frame(OpCode::Text, true, text.as_bytes())
}
