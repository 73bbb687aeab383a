#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, login: Login) -> Result<(), Refused> {
        self.log_in(conn, login).await
    }

    #[join("rooms:*")]
    async fn join(&self) {}

    #[disconnect]
    async fn disconnect(&self, user: CurrentUser) {}
}
