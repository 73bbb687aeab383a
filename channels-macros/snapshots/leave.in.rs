#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, _room: String) {}

    #[leave("rooms:{room}")]
    async fn left(&self, room: &str, reason: LeaveReason) {}
}
