//! Bytes that are shared instead of copied, as the WebSocket library has them.

pub(crate) use trillium_websockets::tungstenite::{Bytes, Utf8Bytes};
