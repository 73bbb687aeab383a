//! A bare trillium-websockets handler that sends every message back: what a reply costs without a protocol.

use futures_lite::StreamExt;
use trillium::Handler;
use trillium_websockets::{Message, WebSocketConn, websocket};

pub(super) fn handler() -> impl Handler {
    websocket(echo)
}

async fn echo(mut conn: WebSocketConn) {
    while let Some(Ok(message)) = conn.next().await {
        if let Message::Text(_) = message
            && conn.send(message).await.is_err()
        {
            return;
        }
    }
}
