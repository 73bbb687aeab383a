#[channel]
impl Chat {
    #[cfg(feature = "rooms")]
    #[join("rooms:*")]
    async fn join(&self) {}

    #[cfg(not(feature = "rooms"))]
    #[join("*")]
    async fn anywhere(&self) {}

    #[cfg(feature = "rooms")]
    #[on("rooms:*", "new:msg")]
    #[instrument(skip(self))]
    async fn new_msg(&self) {}
}
