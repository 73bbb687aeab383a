//! A bare trillium-websockets handler that sends every message back. `echo smol` or `echo tokio`, on HOST and PORT.

use futures_lite::StreamExt;
use trillium_websockets::{Message, WebSocketConn, websocket};

async fn echo(mut conn: WebSocketConn) {
    while let Some(Ok(message)) = conn.next().await {
        if let Message::Text(_) = message
            && conn.send(message).await.is_err()
        {
            return;
        }
    }
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("smol") => trillium_smol::config().with_nodelay().run(websocket(echo)),
        Some("tokio") => trillium_tokio::config().with_nodelay().run(websocket(echo)),
        _ => panic!("the runtime must be given: smol or tokio"),
    }
}
