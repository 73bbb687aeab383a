#[channel]
impl Chat {
    #[join("*")]
    async fn any(&self) {}

    #[join("food*")]
    async fn food(&self) {}

    #[join("rooms:{room}")]
    async fn room(&self, _room: &str) {}

    #[join("rooms:{*rest}")]
    async fn rest(&self, rest: String) {}

    #[join("rooms:lobby")]
    async fn lobby(&self) {}
}
