#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:{zone}")]
    async fn tick(&self, zone: Zone, conn: ChannelConn<'_>, tick: Tick) {}

    #[info("clock:{zone}")]
    async fn relayed(&self, _zone: &str, event: ChannelEvent) {}
}
