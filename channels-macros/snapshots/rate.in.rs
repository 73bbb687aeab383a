#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "read")]
    async fn read(&self) {}

    #[on("rooms:*", "new:msg", rate = "10/s")]
    async fn new_msg(&self, message: Message) {}

    #[on("rooms:{room}", "typing", rate = "30/m")]
    async fn typing(&self, room: &str) {}
}
