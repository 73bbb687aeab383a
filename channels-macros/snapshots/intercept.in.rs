#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) -> Joined<Member> {
        Joined::new(Member::default())
    }

    #[intercept("rooms:*", "new:msg")]
    async fn new_msg(&self, member: &Member, message: Message) -> Option<Message> {
        (!member.mutes(&message)).then_some(message)
    }

    #[cfg(feature = "typing")]
    #[intercept("rooms:{room}", "typing")]
    async fn typing(&self, room: u64, conn: ChannelConn<'_>) {}
}
