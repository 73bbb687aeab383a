#[channel]
impl Chat {
    #[join("rooms:{room}:seats:{seat}")]
    async fn join(&self, conn: ChannelConn<'_>, seat: u32, room: &str) -> Result<(), Full> {
        self.take(room, seat).await
    }
}
