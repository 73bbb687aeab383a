#[channel]
impl Chat {
    #[join("rooms:lobby")]
    async fn join(&self) {}
}
