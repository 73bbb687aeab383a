//! Whatever can be decoded is a payload.

#![deny(warnings)]

use phx_channels::{Payload, channel};
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::HashMap, marker::PhantomData};

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
#[serde(tag = "kind")]
enum Shape {
    Circle { radius: f64 },
    Nothing,
}

struct Chat<T>(PhantomData<T>);

#[channel]
impl<T: DeserializeOwned + Send + Sync + 'static> Chat<T> {
    #[join("*")]
    async fn join(&self, (): ()) {}

    #[on("*", "own")]
    async fn own(&self, page: Page<T>) {
        drop(page.items);
    }

    #[on("*", "enum")]
    async fn shape(&self, shape: Shape) -> Result<f64, ()> {
        match shape {
            Shape::Circle { radius } => Ok(radius),
            Shape::Nothing => Err(()),
        }
    }

    #[on("*", "tuple")]
    async fn tuple(&self, (name, number): (String, u8)) {
        drop((name, number));
    }

    #[on("*", "map")]
    async fn map(&self, map: HashMap<String, Option<Vec<bool>>>) {
        drop(map);
    }

    #[on("*", "boxed")]
    async fn boxed(&self, text: Box<str>) {
        drop(text);
    }

    #[on("*", "raw")]
    async fn raw(&self, payload: Payload) {
        drop(payload);
    }
}

fn main() {
    let _ = channel(Chat::<u8>(PhantomData));
}
