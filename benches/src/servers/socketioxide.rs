//! socketioxide 0.18 on axum, on HOST and PORT.

use axum::serve::ListenerExt;
use serde::{Deserialize, Serialize};
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef},
};
use std::env;
use tokio::net::TcpListener;

#[derive(Serialize, Deserialize)]
struct Message {
    by: u32,
    no: u32,
    pad: String,
}

async fn connected(socket: SocketRef) {
    socket.on("join", async |socket: SocketRef, Data::<String>(room), ack: AckSender| {
        socket.join(room);
        ack.send(&()).expect("the client is there");
    });
    socket.on("msg", async |io: SocketIo, Data::<(String, Message)>((room, message))| {
        // A client that is gone is not heard of here.
        let _ = io.to(room).emit("msg", &message).await;
    });
    socket.on("echo", async |Data::<Message>(message), ack: AckSender| {
        let _ = ack.send(&message);
    });
}

#[tokio::main]
async fn main() {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", connected);
    let variable = |name| env::var(name).expect("HOST and PORT are given");
    let address = format!("{}:{}", variable("HOST"), variable("PORT"));
    let listener = TcpListener::bind(address).await.expect("the port is free");
    let listener = listener.tap_io(|stream| {
        stream.set_nodelay(true).expect("a socket has this option");
    });
    axum::serve(listener, axum::Router::new().layer(layer)).await.expect("the server runs");
}
