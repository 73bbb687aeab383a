//! socketioxide on axum.

use super::{HOST, Message};
use axum::{Router, serve::ListenerExt};
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef},
};
use std::io;
use tokio::{net::TcpListener, runtime::Runtime};

pub(super) fn serve(port: u16) -> io::Result<()> {
    Runtime::new()?.block_on(run(port))
}

async fn run(port: u16) -> io::Result<()> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", connected);
    let listener = TcpListener::bind((HOST, port)).await?.tap_io(|stream| {
        // A connection without it is slow, and works.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().layer(layer)).await
}

/// Runs beside the connection, which does not wait for it: what a client says before the welcome is heard by nobody.
async fn connected(socket: SocketRef) {
    // A client that is gone is not heard of in any of these.
    socket.on(
        "join",
        async |socket: SocketRef, Data::<String>(room), ack: AckSender| {
            socket.join(room);
            let _ = ack.send(&());
        },
    );
    socket.on(
        "msg",
        async |io: SocketIo, Data::<(String, Message)>((room, message))| {
            let _ = io.to(room).emit("msg", &message).await;
        },
    );
    socket.on("echo", async |Data::<Message>(message), ack: AckSender| {
        let _ = ack.send(&message);
    });
    let _ = socket.emit("welcome", &());
}
