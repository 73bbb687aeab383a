//! Nothing of one block is in the way of another, not even in one module and for one type.

#![deny(warnings)]

mod first {
    use phx_channels::channel;

    pub struct Chat;

    #[channel]
    impl Chat {
        #[join("a:*")]
        pub async fn join(&self) {}
    }

    pub struct Other;

    #[channel]
    impl Other {
        #[join("b:*")]
        async fn join(&self) {}
    }
}

mod second {
    pub struct Chat;

    #[phx_channels::channel()]
    impl self::Chat {
        #[join("c:*")]
        pub(super) async fn join(&self) {}
    }
}

fn main() {
    let _ = phx_channels::channel((first::Chat, first::Other, second::Chat));
}
