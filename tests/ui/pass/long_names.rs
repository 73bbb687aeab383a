//! Topics and events of all kinds of characters.

#![deny(warnings)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("räume/küche:{größe}")]
    async fn kitchen(&self, größe: u32) {
        let _ = größe;
    }

    #[join(r"back\slash:🚀")]
    async fn rocket(&self) {}

    #[join("with space:and.dots-and_more")]
    async fn space(&self) {}

    #[on("räume/küche:*", "нове:повідомлення")]
    async fn message(&self) {}

    #[on("back\\slash:🚀", " ")]
    async fn blank(&self) {}

    #[on("with space:*", "\"quoted\"")]
    async fn quoted(&self) {}
}

fn main() {
    let _ = channel(Chat);
}
