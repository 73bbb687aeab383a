//! Wildcards, named and not.

#![deny(warnings)]

use phx_channels::channel;
use std::path::PathBuf;

struct Files;

#[channel]
impl Files {
    #[join("*")]
    async fn all(&self) {}

    #[join("files:{user}:{*path}")]
    async fn file(&self, user: &str, path: PathBuf) {
        let _ = (user, path);
    }

    #[join("food*")]
    async fn food(&self) {}

    #[join("foods:*")]
    async fn foods(&self) {}

    #[on("{*everything}")]
    async fn fallback(&self, everything: &str) {
        let _ = everything;
    }

    #[leave("files:{*_rest}")]
    async fn left(&self, _rest: &str) {}
}

fn main() {
    let _ = channel(Files);
}
