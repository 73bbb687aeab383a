#[channel]
impl Chat {
    #[join("rooms::lobby")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    fn new_msg(&self, message: &str) {
        syntax error in a body
    }
}
