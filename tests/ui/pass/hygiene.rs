//! Nothing of the prelude is needed, and no name of the user's is in the way.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]

mod core {}
mod std {}
mod phx_channels {}
mod alloc {}

struct Option;
struct Some;
struct None;
struct Result;
struct Ok;
struct Err;
struct Box;
struct Send;
struct str;
struct bool;
struct usize;
struct u16;
struct ChannelHandler;

struct Chat;

#[derive(::serde::Serialize, ::serde::Deserialize, ::phx_channels::Event)]
#[event("x")]
struct Message;

#[::phx_channels::channel]
impl Chat {
    #[connect]
    async fn connect(&self, _conn: ::phx_channels::ChannelConn<'_>) {}

    #[join("rooms:{__topic}:{self}")]
    async fn join(&self, __topic: &::core::primitive::str, _self: i8) {}

    #[on("rooms:*", "x")]
    async fn event(&self, __event: ::phx_channels::ChannelEvent, __arg0: Message) {}

    #[leave("rooms:*")]
    async fn leave(&self, __value: ::phx_channels::LeaveReason) {}

    #[disconnect]
    async fn disconnect(&self) {}
}

fn main() {
    let _ = ::phx_channels::channel(Chat);
}
