#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) -> Result<(), &'static str> {
        conn.broadcast(message);
        Ok(())
    }

    #[on("rooms:lobby")]
    async fn other(&self, event: ChannelEvent) {}
}
