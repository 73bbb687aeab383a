#[channel]
impl Cursors {
    #[join("cursors:*", overflow = drop_oldest)]
    async fn join(&self, conn: ChannelConn<'_>) {}
}
