//! Raw identifiers name methods, arguments, types and captures.

#![deny(warnings)]
#![allow(non_camel_case_types)]

use phx_channels::{Event, channel};
use serde::{Deserialize, Serialize};

struct r#struct;

#[derive(Serialize, Deserialize, Event)]
struct r#enum {
    r#fn: u8,
}

#[channel]
impl r#struct {
    #[join("rooms:{type}")]
    async fn r#match(&self, r#type: &str) {
        let _ = r#type;
    }

    #[on("rooms:{match}:{loop}")]
    async fn r#loop(&self, mut r#match: String, _loop: &str, r#enum { r#fn }: r#enum) {
        r#match.push(char::from(r#fn));
        drop(r#match);
    }

    #[on(r"rooms:{id}", r#"raw"#)]
    async fn raw(&self, r#id: u32) {
        let _ = id;
    }

    #[join("rooms:*")]
    async fn all(&self) {}
}

fn main() {
    assert_eq!(r#enum::NAME, "enum");
    let _ = channel(r#struct);
}
